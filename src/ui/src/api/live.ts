// The stream of changes: one EventSource for the page, its state, and who wants to hear.
import { session } from "../lib/session";
import { createStore } from "../lib/store";
import { api, call } from "./client";
import type { Priority, TaskState } from "./types";

export interface TaskChange {
  id: string;
  state: TaskState;
  revision: number;
  priority: Priority;
}

export interface Live {
  status: "connecting" | "live" | "offline";
  /** When the connection was lost, by this device's clock. */
  since: number | null;
  /** The last time the daemon said anything, by this device's clock. */
  heardAt: number | null;
  lastEventAt: string | null;
  /** The plant's time when it was last heard, and how fast it runs. */
  plantAt: number | null;
  speed: number;
}

export const live = createStore<Live>({
  status: "connecting",
  since: null,
  heardAt: null,
  lastEventAt: null,
  plantAt: null,
  speed: 1,
});

type Listener = (changes: TaskChange[] | "reload") => void;

const silenceMs = 25_000;
const graceMs = 1_500;
const gatherMs = 200;
const retryMaxMs = 15_000;

const listeners = new Set<Listener>();
let source: EventSource | null = null;
let gathered: TaskChange[] = [];
let gatherTimer = 0;
let retryTimer = 0;
let graceTimer = 0;
let watchTimer = 0;
let attempts = 0;

export function onChanges(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function plantNow(): number {
  const { heardAt, plantAt, speed } = live.get();
  if (heardAt === null || plantAt === null) return Date.now();
  return plantAt + (Date.now() - heardAt) * speed;
}

function tell(changes: TaskChange[] | "reload"): void {
  for (const listener of [...listeners]) listener(changes);
}

/** Only the newest change of each task counts. */
export function newest(changes: TaskChange[]): TaskChange[] {
  return [...new Map(changes.map((change) => [change.id, change])).values()];
}

function heard(time: string, lastEventAt?: string | null, speed?: number): void {
  const now = Date.now();
  const was = live.get();
  clearTimeout(graceTimer);
  graceTimer = 0;
  live.set({
    status: "live",
    since: null,
    heardAt: now,
    lastEventAt: lastEventAt === undefined ? was.lastEventAt : lastEventAt,
    plantAt: Date.parse(time) || null,
    speed: speed ?? was.speed,
  });
}

function lost(): void {
  if (graceTimer || live.get().status === "offline") return;
  const since = live.get().heardAt ?? Date.now();
  // A connection that comes back at once is not worth a bar across the page.
  graceTimer = window.setTimeout(() => {
    graceTimer = 0;
    live.set({ ...live.get(), status: "offline", since });
  }, graceMs);
}

function data<T>(event: MessageEvent): T {
  return JSON.parse(event.data as string) as T;
}

function onHello(event: MessageEvent): void {
  const hello = data<{ time: string; speed: number; resumed: boolean }>(event);
  const again = live.get().heardAt !== null;
  attempts = 0;
  heard(hello.time, undefined, hello.speed);
  if (again && !hello.resumed) tell("reload");
}

function onTaskChanged(event: MessageEvent): void {
  gathered.push(data<TaskChange>(event));
  if (gatherTimer) return;
  gatherTimer = window.setTimeout(() => {
    gatherTimer = 0;
    const changes = newest(gathered);
    gathered = [];
    tell(changes);
  }, gatherMs);
}

async function onBroken(broken: EventSource): Promise<void> {
  lost();
  // While it is CONNECTING the browser tries again by itself; CLOSED means it was refused.
  if (broken.readyState !== EventSource.CLOSED || broken !== source) return;
  source = null;
  attempts += 1;
  const wait = Math.min(1_000 * 2 ** attempts, retryMaxMs);
  retryTimer = window.setTimeout(connect, wait);
  // A refusal may mean that the session has ended; call() sees to that.
  await call(api.GET("/api/v1/session")).catch(() => undefined);
}

function connect(): void {
  clearTimeout(retryTimer);
  source?.close();
  if (!session.get()) return;
  const opened = new EventSource("/api/v1/events");
  source = opened;
  opened.addEventListener("hello", onHello);
  opened.addEventListener("task.changed", onTaskChanged);
  opened.addEventListener("heartbeat", (event) => {
    const beat = data<{ time: string; lastEventAt: string | null }>(event);
    heard(beat.time, beat.lastEventAt);
  });
  opened.addEventListener("error", () => void onBroken(opened));
}

function watch(): void {
  const { heardAt, status } = live.get();
  if (status === "live" && heardAt !== null && Date.now() - heardAt > silenceMs) {
    lost();
    connect();
  }
}

export function startLive(): () => void {
  connect();
  watchTimer = window.setInterval(watch, 5_000);
  return () => {
    for (const timer of [retryTimer, graceTimer, gatherTimer]) clearTimeout(timer);
    clearInterval(watchTimer);
    graceTimer = 0;
    gatherTimer = 0;
    gathered = [];
    source?.close();
    source = null;
  };
}

export function tryNow(): void {
  connect();
  tell("reload");
}
