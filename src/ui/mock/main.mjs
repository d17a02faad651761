// npm run mock [PORT]: the stand-in for the daemon, for working on the pages.
import { fileURLToPath } from "node:url";
import { users } from "./data.mjs";
import { Mock } from "./server.mjs";

const mock = new Mock(fileURLToPath(new URL("../dist", import.meta.url)));
const url = await mock.listen(Number(process.argv[2] ?? 8099));
console.log(`Web UI    ${url}`);
for (const { user, password, roles } of users) console.log(`  ${roles[0]}  ${user}  ${password}`);
