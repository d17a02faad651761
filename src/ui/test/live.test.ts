import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { TaskChange } from "../src/api/live";

class FakeSource extends EventTarget {
  static CLOSED = 2;
  static made: FakeSource[] = [];
  readyState = 1;
  constructor(readonly url: string) {
    super();
    FakeSource.made.push(this);
  }
  close(): void {
    this.readyState = FakeSource.CLOSED;
  }
  say(type: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }
}

vi.stubGlobal("navigator", { language: "en" });
vi.stubGlobal("EventSource", FakeSource);
vi.stubGlobal("window", globalThis);
vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
const { live, newest, onChanges, plantNow, startLive } = await import("../src/api/live");
const { session } = await import("../src/lib/session");

const change = (id: string, revision: number): TaskChange => ({
  id,
  state: "PROPOSED",
  revision,
  priority: 2,
});
const hello = (resumed: boolean) => ({ id: "a-1", time: new Date().toISOString(), resumed });
const source = () => FakeSource.made[FakeSource.made.length - 1]!;

let stop = () => {};
let heard: (TaskChange[] | "reload")[] = [];
let forget = () => {};

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-03-02T06:24:00Z") });
  FakeSource.made = [];
  heard = [];
  session.set({ user: "u", name: "U", roles: [], serviceAccount: false, expiresAt: null });
  live.set({
    status: "connecting",
    since: null,
    heardAt: null,
    lastEventAt: null,
    plantAt: null,
    speed: 1,
  });
  stop = startLive();
  forget = onChanges((changes) => heard.push(changes));
});

afterEach(() => {
  stop();
  forget();
  vi.useRealTimers();
});

describe("the stream", () => {
  it("runs the clock at the plant's speed", () => {
    source().say("hello", { ...hello(false), time: "2026-03-02T06:24:30Z", speed: 20 });
    vi.advanceTimersByTime(3_000);
    expect(plantNow()).toBe(Date.parse("2026-03-02T06:25:30Z"));
  });

  it("is live from hello on, and keeps the daemon's time", () => {
    source().say("hello", { ...hello(false), time: "2026-03-02T06:24:30Z" });
    expect(live.get().status).toBe("live");
    expect(plantNow()).toBe(Date.parse("2026-03-02T06:24:30Z"));
    expect(heard).toEqual([]);
  });

  it("gathers a burst and tells only the newest of each task", () => {
    source().say("hello", hello(false));
    for (const one of [change("a", 1), change("b", 1), change("a", 2)]) {
      source().say("task.changed", one);
    }
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(250);
    expect(heard).toEqual([[change("a", 2), change("b", 1)]]);
    expect(newest([change("a", 1), change("a", 3)])).toEqual([change("a", 3)]);
  });

  it("asks for a new load when it comes back and knows not what was missed", () => {
    source().say("hello", hello(false));
    source().say("hello", hello(true));
    expect(heard).toEqual([]);
    source().say("hello", hello(false));
    expect(heard).toEqual(["reload"]);
  });

  it("forgives a short break, and shows a long one", () => {
    source().say("hello", hello(false));
    source().dispatchEvent(new Event("error"));
    vi.advanceTimersByTime(1_000);
    expect(live.get().status).toBe("live");
    source().say("hello", hello(true));
    vi.advanceTimersByTime(5_000);
    expect(live.get().status).toBe("live");
    source().dispatchEvent(new Event("error"));
    vi.advanceTimersByTime(2_000);
    expect(live.get()).toMatchObject({ status: "offline", since: live.get().heardAt });
    source().say("heartbeat", { time: new Date().toISOString(), lastEventAt: null });
    expect(live.get()).toMatchObject({ status: "live", since: null });
  });

  it("connects again after a refusal, later each time", async () => {
    source().readyState = FakeSource.CLOSED;
    source().dispatchEvent(new Event("error"));
    expect(FakeSource.made).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_100);
    expect(FakeSource.made).toHaveLength(2);
    source().readyState = FakeSource.CLOSED;
    source().dispatchEvent(new Event("error"));
    await vi.advanceTimersByTimeAsync(2_100);
    expect(FakeSource.made).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(FakeSource.made).toHaveLength(3);
  });

  it("takes silence for a loss: a dead connection does not say so", () => {
    source().say("hello", hello(false));
    vi.advanceTimersByTime(33_000);
    expect(FakeSource.made.length).toBeGreaterThan(1);
    expect(live.get().status).toBe("offline");
  });
});
