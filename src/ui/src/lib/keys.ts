// Single-key shortcuts. They never act while somebody writes, and can be switched off.
import { useEffect } from "preact/hooks";
import { prefs } from "./prefs";

export type Keys = Record<string, (event: KeyboardEvent) => void>;

function writing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  return /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}

export function useKeys(keys: Keys): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (!prefs.get().singleKeys || writing(event.target)) return;
      // What lies under an open dialog hears nothing.
      if (document.querySelector("dialog[open]")) return;
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      act(event);
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
}
