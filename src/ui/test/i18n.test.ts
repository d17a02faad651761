import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fill, speak, t, tn, word } from "../src/i18n";
import { de } from "../src/i18n/de";
import { en } from "../src/i18n/en";

const source = fileURLToPath(new URL("../src", import.meta.url));
const code = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !name.startsWith("i18n"))
  .map((name) => readFileSync(join(source, name), "utf8"))
  .join("\n");
const contract = readFileSync(new URL("../../../docs/openapi.yaml", import.meta.url), "utf8");
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

describe("catalogues", () => {
  it("have the same keys, and the same holes in each text", () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      expect([key, holes(de[key])]).toEqual([key, holes(en[key])]);
      expect(de[key].trim(), key).not.toBe("");
    }
  });

  it("hold no key that the pages never say", () => {
    const stems = [...code.matchAll(/(?:word\("|t\(`)([\w.]+?)(?:"|\.\$\{)/g)].map((m) => m[1]);
    const counted = [...code.matchAll(/tn\("([\w.]+)"/g)].map((m) => m[1]);
    const said = (key: string) =>
      code.includes(`"${key}"`) ||
      counted.some((stem) => key === `${stem}.one` || key === `${stem}.other`) ||
      stems.some((stem) => key.startsWith(`${stem}.`)) ||
      /^menu\.(theme|contrast|language)\.\w+$/.test(key);
    expect(Object.keys(en).filter((key) => !said(key))).toEqual([]);
  });

  it("have a word for every code of the contract", () => {
    const codes = (name: string) =>
      new RegExp(`^    ${name}: \\{.*?enum: \\[([^\\]]+)\\]`, "m")
        .exec(contract)?.[1]
        ?.split(", ") ?? [];
    const missing = (prefix: string, name: string) => {
      expect(codes(name).length, name).toBeGreaterThan(0);
      return codes(name).filter((one) => !(`${prefix}.${one}` in en));
    };
    expect(missing("state", "TaskState")).toEqual([]);
    expect(missing("kind", "TaskKind")).toEqual([]);
    expect(missing("role", "Role")).toEqual([]);
    expect(missing("rung", "Rung")).toEqual([]);
    expect(missing("reason", "RejectReason")).toEqual([]);
  });
});

describe("t", () => {
  it("fills holes, and leaves one without a value visible", () => {
    expect(fill("{a} of {b}", { a: 1 })).toBe("1 of {b}");
  });

  it("counts in the language in use", async () => {
    expect(tn("news", 1)).toBe("1 new task");
    expect(tn("news", 3)).toBe("3 new tasks");
    await speak("de");
    expect(tn("news", 3)).toBe("3 neue Aufgaben");
    expect(t("nav.inbox")).toBe("Eingang");
    await speak("en");
  });

  it("shows a code newer than the page as itself", () => {
    expect(word("state", "PARKED")).toBe("PARKED");
  });
});
