// What the pages come from: a daemon's demo, or the stand-in in this process.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const startMs = 120_000;
const stopMs = 20_000;

export async function startMock() {
  const ui = new URL("../../../src/ui/", import.meta.url);
  const { Mock } = await import(new URL("mock/server.mjs", ui).href);
  const { users } = await import(new URL("mock/data.mjs", ui).href);
  const mock = new Mock(fileURLToPath(new URL("dist", ui)));
  return { url: await mock.listen(), users, mock, stop: async () => mock.close() };
}

/** Reads what the demo prints: a READY line, or its address and its log-ins. */
export function readyFrom(lines) {
  const ready = lines.find((line) => line.startsWith("READY "));
  if (ready) return JSON.parse(ready.slice("READY ".length));
  const url = lines.map((line) => /https?:\/\/127\.0\.0\.1:\d+\//.exec(line)?.[0]).find(Boolean);
  const users = lines
    .map((line) => /^\s+([a-z][a-z_ ]*?)\s{2,}([a-z]\.?[a-z]+)\s+(\S+)\s*$/.exec(line))
    .filter(Boolean)
    .map(([, role, user, password]) => ({ user, password, roles: [fullRole(role)] }));
  return url && users.length >= 2 ? { url, users } : null;
}

function fullRole(role) {
  const name = role.trim().replace(/ /g, "_");
  return { supervisor: "maintenance_supervisor", manager: "plant_manager" }[name] ?? name;
}

export function startDemo(binary) {
  const options = ["demo", "--no-browser", "--port", "0", "--seed", "7", "--ready-json"];
  const child = spawn(binary, options, { stdio: ["ignore", "pipe", "pipe"] });
  const lines = [];
  const said = [];
  const ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill("SIGINT");
    const late = new Promise((resolve) => setTimeout(() => resolve("late"), stopMs));
    if ((await Promise.race([ended, late])) === "late") child.kill("SIGKILL");
  };
  return new Promise((resolve, reject) => {
    const fail = (why) => {
      clearTimeout(timer);
      void stop();
      reject(new Error(`${why}\n${[...lines, ...said].slice(-30).join("\n")}`));
    };
    const timer = setTimeout(() => fail(`the demo was not ready in ${startMs} ms`), startMs);
    child.once("error", (error) => fail(`cannot start ${binary}: ${error.message}`));
    const early = (code) => fail(`the demo ended with ${code} before it was ready`);
    child.once("exit", early);
    createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      const ready = readyFrom(lines);
      if (!ready) return;
      clearTimeout(timer);
      child.off("exit", early);
      resolve({ ...ready, mock: null, stop, said });
    });
  });
}
