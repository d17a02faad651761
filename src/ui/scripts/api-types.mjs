// Writes the API's types from docs/openapi.yaml. They are not kept in the repository: the build,
// the type check and the tests make them anew, so code that drifts from the contract fails there.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const contract = new URL("../../../docs/openapi.yaml", import.meta.url);
const folder = new URL("../node_modules/.millwright/", import.meta.url);
const target = new URL("schema.d.ts", folder);

const text = astToString(await openapiTS(contract));
mkdirSync(folder, { recursive: true });
let before = "";
try {
  before = readFileSync(target, "utf8");
} catch {
  // The first time there is none.
}
if (before !== text) writeFileSync(target, text);
if (!text.includes("TaskDetail")) throw new Error(`no TaskDetail in ${fileURLToPath(contract)}`);
