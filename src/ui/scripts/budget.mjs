// Fails when the first route, or everything together, has grown over its budget.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const folder = process.argv[2] ?? "dist";
const kb = (bytes) => Math.round(bytes / 102.4) / 10;
const size = (path) => gzipSync(readFileSync(path), { level: 9 }).length;

// What the page itself names is what the first route loads.
const page = readFileSync(join(folder, "index.html"), "utf8");
const named = [...page.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((m) => m[1]);
const sum = (ending) =>
  named
    .filter((name) => name.endsWith(ending))
    .reduce((n, name) => n + size(join(folder, name)), 0);
const all = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !/\.(gz|br)$/.test(entry.name))
  .reduce((n, entry) => n + size(join(entry.parentPath, entry.name)), 0);

let over = false;
for (const [what, bytes, limit] of [
  ["first route, JavaScript", sum(".js"), 60],
  ["first route, CSS", sum(".css"), 12],
  ["everything", all, 500],
]) {
  console.log(`${what}: ${kb(bytes)} of ${limit} KB gzip`);
  over ||= kb(bytes) > limit;
}
if (/\sstyle=|<style|<script(?![^>]*\ssrc=)/.test(page)) {
  console.error(
    "index.html holds an inline style or script, which the policy of the server refuses",
  );
  over = true;
}
process.exit(over ? 1 : 0);
