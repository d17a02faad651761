import { describe, expect, it, vi } from "vitest";
import { ApiError, errorOf, errorOfThrow, isProblem, worthRetrying } from "../src/api/errors";

vi.stubGlobal("navigator", { language: "en" });
const { errorText, roleNames } = await import("../src/lib/errors");
const { call } = await import("../src/api/client");
const { session } = await import("../src/lib/session");

const problem = {
  type: "about:blank",
  title: "Changed",
  status: 412,
  code: "stale_revision" as const,
  detail: "The task is at revision 3; you saw 2.",
  requestId: "01HV6",
  changes: [{ field: "cost" as const, before: "966", after: "1034" }],
};
const answer = (status: number, headers = {}) => new Response(null, { status, headers });

describe("an answer that is no success", () => {
  it("carries the problem, its code and its request", () => {
    const error = errorOf(answer(412), problem);
    expect(error).toMatchObject({ kind: "problem", status: 412, code: "stale_revision" });
    expect(error.requestId).toBe("01HV6");
    expect(error.problem?.changes).toHaveLength(1);
    expect(errorText(error)).toBe(problem.detail);
  });

  it("keeps out a body that is no problem, as a proxy would send", () => {
    const error = errorOf(answer(502), "<html>Bad gateway</html>");
    expect(error.problem).toBeNull();
    expect(errorText(error)).toBe("The server answered 502 without saying why.");
    expect(isProblem({ status: 400 })).toBe(false);
    expect(isProblem(null)).toBe(false);
  });

  it("reads Retry-After, and nothing out of nonsense", () => {
    expect(errorOf(answer(429, { "Retry-After": "30" }), null).retryAfter).toBe(30);
    expect(errorOf(answer(429, { "Retry-After": "soon" }), null).retryAfter).toBeNull();
    expect(errorOf(answer(429), null).retryAfter).toBeNull();
  });
});

describe("no answer", () => {
  it("tells a time-out from a dead network, and knows that both leave the outcome open", () => {
    const late = errorOfThrow(new DOMException("late", "TimeoutError"));
    const dead = errorOfThrow(new TypeError("Failed to fetch"));
    expect([late.kind, dead.kind]).toEqual(["timeout", "network"]);
    expect([late.unanswered, dead.unanswered]).toEqual([true, true]);
    expect(errorOf(answer(503), problem).unanswered).toBe(false);
  });

  it("is worth another try, and so is a server in trouble; a refusal is not", () => {
    expect(worthRetrying(new ApiError("network"))).toBe(true);
    expect(worthRetrying(new ApiError("problem", 503))).toBe(true);
    expect(worthRetrying(new ApiError("problem", 404))).toBe(false);
    expect(worthRetrying(new Error("a bug"))).toBe(false);
  });
});

describe("call", () => {
  const who = {
    user: "j.ortiz",
    name: "Jo Ortiz",
    roles: [],
    serviceAccount: false,
    expiresAt: null,
  };

  it("hands back the body of a success", async () => {
    const got = await call(Promise.resolve({ data: { n: 1 }, response: answer(200) }));
    expect(got).toEqual({ n: 1 });
  });

  it("ends the session on 401, but not on a wrong password", async () => {
    session.set(who);
    const bad = { ...problem, status: 401, code: "bad_credentials" };
    await expect(
      call(Promise.resolve({ error: bad, response: answer(401) })),
    ).rejects.toMatchObject({ code: "bad_credentials" });
    expect(session.get()).toBe(who);
    const ended = { ...problem, status: 401, code: "unauthenticated" };
    await expect(
      call(Promise.resolve({ error: ended, response: answer(401) })),
    ).rejects.toBeInstanceOf(ApiError);
    expect(session.get()).toBeNull();
  });

  it("turns a throw into an ApiError", async () => {
    await expect(call(Promise.reject(new TypeError("x")))).rejects.toMatchObject({
      kind: "network",
    });
  });
});

it("names roles, and shows one it does not know as it is", () => {
  expect(roleNames(["plant_manager", "new_role"])).toBe("Plant manager, new_role");
});
