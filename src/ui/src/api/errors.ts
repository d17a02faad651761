// What can go wrong between this page and the daemon, in one shape.
import type { Problem } from "./types";

export type ErrorKind = "network" | "timeout" | "problem";

export class ApiError extends Error {
  readonly kind: ErrorKind;
  readonly status: number;
  readonly problem: Problem | null;
  readonly retryAfter: number | null;

  constructor(kind: ErrorKind, status = 0, problem: Problem | null = null, retryAfter = 0) {
    super(problem?.detail ?? kind);
    this.name = "ApiError";
    this.kind = kind;
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter > 0 ? retryAfter : null;
  }

  get code(): string {
    return this.problem?.code ?? this.kind;
  }

  get requestId(): string | null {
    return this.problem?.requestId ?? null;
  }

  /** Whether it is not known what became of the request. */
  get unanswered(): boolean {
    return this.kind !== "problem";
  }
}

export function isProblem(value: unknown): value is Problem {
  if (typeof value !== "object" || value === null) return false;
  const v = value as Record<string, unknown>;
  return typeof v.code === "string" && typeof v.status === "number" && typeof v.detail === "string";
}

/** The error of an answer that is not a success; a body that is no problem document is kept out. */
export function errorOf(response: Response, body: unknown): ApiError {
  const after = Number(response.headers.get("Retry-After") ?? 0);
  return new ApiError(
    "problem",
    response.status,
    isProblem(body) ? body : null,
    Number.isFinite(after) ? after : 0,
  );
}

/** The error of a fetch that threw. */
export function errorOfThrow(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  const name = cause instanceof Error ? cause.name : "";
  return new ApiError(name === "TimeoutError" ? "timeout" : "network");
}

/** Trying a read again helps only where the answer may change by itself. */
export function worthRetrying(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.unanswered || error.status >= 500;
}
