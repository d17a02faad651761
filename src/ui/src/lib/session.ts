// Who is here: undefined while it is not known yet, null when nobody is.
import type { Session } from "../api/types";
import { createStore } from "./store";

export const session = createStore<Session | null | undefined>(undefined);
