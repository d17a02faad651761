// Reads what cel_expressions prints and evaluates it with @bufbuild/cel; prints what differs and
// the counts, and fails if a difference is none of the known ones.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [folder, dialect] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${folder}/dist/esm/${file}`).href);
const cel = await load("index.js");
const { strings } = await load("ext/index.js");
const { createTimestamp } = await load("timestamp.js");
const { createDuration } = await load("duration.js");

const env = cel.celEnv({ funcs: dialect === "strings" ? strings : [] });

function toInput(value) {
  const [kind, content] = Object.entries(value)[0];
  switch (kind) {
    case "int64": return BigInt(content);
    case "uint64": return cel.celUint(BigInt(content));
    case "double": return Number(content);
    case "list": return content.map(toInput);
    case "map": return new Map(content.map(([k, v]) => [toInput(k), toInput(v)]));
    case "duration": return createDuration(BigInt(content) / 1000000000n, Number(BigInt(content) % 1000000000n));
    case "timestamp": return createTimestamp(BigInt(content[0]), content[1]);
    default: return content;
  }
}

// One text for each value, with its kind: 1 is neither 1u nor 1.0.
function ours(value) {
  const [kind, content] = Object.entries(value)[0];
  switch (kind) {
    case "int64": return `int ${content}`;
    case "uint64": return `uint ${content}`;
    case "double": return `double ${asDouble(content)}`;
    case "string": return JSON.stringify(content);
    case "list": return `[${content.map(ours).join(", ")}]`;
    case "map": return `{${content.map(([k, v]) => `${ours(k)}: ${ours(v)}`).sort().join(", ")}}`;
    case "duration": return `duration ${content}`;
    case "timestamp": return `time ${content[0]} ${content[1]}`;
    case "null": return "null";
    default: return `${content}`;
  }
}
const asDouble = (text) => {
  const d = text === "inf" ? Infinity : text === "-inf" ? -Infinity : Number(text.replace("-nan", "nan"));
  return Object.is(d, -0) ? "0" : String(d);
};

function theirs(value) {
  if (typeof value === "bigint") return `int ${value}`;
  if (typeof value === "number") return `double ${Object.is(value, -0) ? "0" : value}`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean" || value === null) return String(value);
  if (cel.isCelUint(value)) return `uint ${value.value}`;
  if (cel.isCelList(value)) return `[${[...value].map(theirs).join(", ")}]`;
  if (cel.isCelMap(value)) {
    return `{${[...value].map(([k, v]) => `${theirs(k)}: ${theirs(v)}`).sort().join(", ")}}`;
  }
  const message = value.message ?? value;
  if (message.$typeName === "google.protobuf.Duration") {
    return `duration ${BigInt(message.seconds) * 1000000000n + BigInt(message.nanos)}`;
  }
  if (message.$typeName === "google.protobuf.Timestamp") return `time ${message.seconds} ${message.nanos}`;
  return `unknown ${Object.prototype.toString.call(value)}`;
}

function evaluate(test) {
  const bindings = {};
  for (const [name, value] of Object.entries(test.vars)) {
    const [head, field] = name.split(".");
    if (field === undefined) bindings[head] = toInput(value);
    else bindings[head] = new Map([[field, toInput(value)]]);
  }
  try {
    const result = cel.plan(env, cel.parse(test.expr))(bindings);
    return cel.isCelError(result) ? { error: result.message } : { value: theirs(result) };
  } catch (error) {
    return { error: String(error) };
  }
}

const counts = { all: 0, errors: 0, known: {}, differ: 0 };
const { reasonFor } = await import("./oracle_known.mjs");
for await (const line of createInterface({ input: process.stdin })) {
  const test = JSON.parse(line);
  counts.all += 1;
  const expected = "error" in test ? "error" : ours(test.value);
  const other = evaluate(test);
  const got = "error" in other ? "error" : other.value;
  if (expected === "error" && got === "error") counts.errors += 1;
  if (expected === got) continue;
  const reason = reasonFor(test, expected, other);
  if (reason) {
    counts.known[reason] = (counts.known[reason] ?? 0) + 1;
    continue;
  }
  counts.differ += 1;
  if (counts.differ <= 20) {
    console.log(`${test.expr}\n  here ${expected}${test.error ? `: ${test.error.split("\n")[0]}` : ""}`);
    console.log(`  there ${got}${other.error ? `: ${other.error}` : ""}`);
  }
}
console.log(`${counts.all} expressions, ${counts.errors} of them errors in both, ${counts.differ} differences`);
for (const [reason, count] of Object.entries(counts.known)) console.log(`  ${count} known: ${reason}`);
process.exitCode = counts.differ > 0 || counts.all === 0 ? 1 : 0;
