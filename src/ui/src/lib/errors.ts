// Errors as sentences: what happened, and what to do.
import { ApiError } from "../api/errors";
import { t, word } from "../i18n";

export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return t("error.page");
  if (error.kind === "timeout") return t("error.timeout");
  if (error.kind === "network") return t("error.network");
  if (error.problem) return error.problem.detail;
  return t("error.status", { status: error.status });
}

export function roleNames(roles: readonly string[]): string {
  return roles.map((role) => word("role", role)).join(", ");
}
