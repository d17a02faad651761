// Calls to the daemon: typed by the contract, with a time limit, failing only as ApiError.
import createClient from "openapi-fetch";
import type { paths } from "#schema";
import { session } from "../lib/session";
import { ApiError, errorOf, errorOfThrow } from "./errors";

const timeoutMs = 10_000;

function fetchInTime(request: Request): Promise<Response> {
  const signals = [request.signal, AbortSignal.timeout(timeoutMs)];
  return fetch(request, { signal: AbortSignal.any(signals), credentials: "same-origin" });
}

export const api = createClient<paths>({ fetch: fetchInTime });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a success; everything else is thrown as ApiError. A lost session ends here. */
export async function call<T>(answer: Promise<Answer<T>>): Promise<T> {
  let got: Answer<T>;
  try {
    got = await answer;
  } catch (cause) {
    throw errorOfThrow(cause);
  }
  if (got.response.ok) return got.data as T;
  const error = errorOf(got.response, got.error);
  if (error.status === 401 && error.code !== "bad_credentials") session.set(null);
  throw error;
}

/** A key that makes a repeated write harmless. randomUUID is missing on plain-HTTP networks. */
export function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}

export { ApiError };
