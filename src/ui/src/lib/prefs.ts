// What a person chose for this device. Nothing here is needed: storage may be refused.
import { createStore } from "./store";

export interface Prefs {
  theme: "auto" | "light" | "dark";
  contrast: "auto" | "more";
  language: "en" | "de";
  singleKeys: boolean;
}

const key = "millwright.prefs";

function initial(): Prefs {
  const language = navigator.language?.startsWith("de") ? "de" : "en";
  const fallback: Prefs = { theme: "auto", contrast: "auto", language, singleKeys: true };
  return { ...fallback, ...readStored<Partial<Prefs>>(key) };
}

export function readStored<T>(name: string): T | null {
  try {
    const text = localStorage.getItem(name);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

export function writeStored(name: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Private windows and full disks: the choice then lasts as long as the page.
  }
}

export const prefs = createStore<Prefs>(initial());

export function choose(change: Partial<Prefs>): void {
  const next = { ...prefs.get(), ...change };
  prefs.set(next);
  writeStored(key, next);
}

export function showPrefs({ theme, contrast, language }: Prefs): void {
  const root = document.documentElement;
  root.lang = language;
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  if (contrast === "auto") delete root.dataset.contrast;
  else root.dataset.contrast = contrast;
}
