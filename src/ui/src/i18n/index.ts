// t(): words by key from the catalogue of the person's language, on Intl, and nothing more.
import { createStore } from "../lib/store";
import { en } from "./en";

export type Key = keyof typeof en;
export type Catalogue = Record<Key, string>;
export type Language = "en" | "de";
export type Values = Record<string, string | number>;

const locales: Record<Language, string> = { en: "en-GB", de: "de-DE" };

export const catalogue = createStore<{ language: Language; words: Catalogue }>({
  language: "en",
  words: en,
});

export async function speak(language: Language): Promise<void> {
  const words = language === "de" ? (await import("./de")).de : en;
  catalogue.set({ language, words });
}

export function locale(): string {
  return locales[catalogue.get().language];
}

export function fill(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : String(value);
  });
}

export function t(key: Key, values?: Values): string {
  return fill(catalogue.get().words[key], values);
}

/** The form of `key` for a number: the catalogue has `key.one` and `key.other`. */
export function tn(key: Countable, n: number, values?: Values): string {
  const form = new Intl.PluralRules(locale()).select(n) === "one" ? "one" : "other";
  return t(`${key}.${form}` as Key, { n, ...values });
}

type Countable = {
  [K in Key]: K extends `${infer Stem}.one` ? Stem : never;
}[Key];

/** A word for a code of the contract; a code that is newer than this page shows as itself. */
export function word(prefix: string, code: string): string {
  return catalogue.get().words[`${prefix}.${code}` as Key] ?? code;
}
