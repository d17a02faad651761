// Log in, come back, log out.
import { api, call } from "../api/client";
import { queries } from "../api/query";
import { session } from "../lib/session";

export async function restore(): Promise<void> {
  session.set(await call(api.GET("/api/v1/session")));
}

export async function logIn(user: string, password: string): Promise<void> {
  const who = await call(api.POST("/api/v1/session", { body: { user, password } }));
  // Somebody else may have been here: what they saw is not this person's.
  queries.clear();
  session.set(who);
}

/** Without an answer the person is still gone from this screen, and the server's limit ends it. */
export async function logOut(): Promise<void> {
  await call(api.DELETE("/api/v1/session")).catch(() => undefined);
  queries.clear();
  session.set(null);
}
