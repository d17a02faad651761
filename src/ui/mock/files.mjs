// Serves the built pages as the daemon does: any other path is the page, and the policy is strict.
import { readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

const policy =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/**
 * @param {string} folder
 * @param {string} path
 * @param {import("node:http").ServerResponse} response
 */
export function serveFile(folder, path, response) {
  const asset = /\.\w+$/.test(path);
  const name = asset ? normalize(path).replace(/^(\.\.[/\\])+/, "") : "/index.html";
  try {
    const body = readFileSync(join(folder, name));
    response.writeHead(200, {
      "Content-Type": types[/** @type {keyof typeof types} */ (extname(name))] ?? "text/plain",
      "Content-Security-Policy": policy,
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "no-cache",
    });
    response.end(body);
  } catch {
    response.writeHead(404, { "Content-Type": "text/plain" });
    response.end("not found");
  }
}
