// How long ago the plant last said anything, as far as this page can know.
import { live } from "../api/live";
import { useNow } from "./clock";
import { usePlant } from "./plant";
import { useStore } from "./store";

const beatMs = 11_000;

/** Milliseconds, or null where nothing has ever come in. */
export function useEventAge(): number | null {
  const { lastEventAt, heardAt, speed } = useStore(live);
  const read = usePlant().data?.lastEventAt ?? null;
  const now = useNow(1_000);
  const last = lastEventAt ?? read;
  if (last === null) return null;
  // The daemon tells the time of its last event each 10 s; between two beats nothing is older.
  const unheard = heardAt === null ? 0 : Math.min(Date.now() - heardAt, beatMs);
  return Math.max(0, now - Date.parse(last) - unheard * speed);
}
