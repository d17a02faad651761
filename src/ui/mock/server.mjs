// A stand-in for the daemon: the contract's paths over tasks in memory, with switches for faults.
import { createServer } from "node:http";
import { iso, makeSeries, makeTask, makeTasks, users } from "./data.mjs";
import { decide } from "./decide.mjs";
import { serveFile } from "./files.mjs";

/** @typedef {import("./data.mjs").TaskDetail} TaskDetail */
/** @typedef {import("./data.mjs").User} User */
/** @typedef {import("node:http").ServerResponse} Response */
/** @typedef {import("node:http").IncomingMessage} Request */

export class Mock {
  /** @param {string} folder where the built pages are */
  constructor(folder) {
    this.folder = folder;
    this.started = Date.now();
    this.tasks = makeTasks(this.started);
    /** @type {Map<string, User>} */
    this.sessions = new Map();
    /** @type {Set<Response>} */
    this.streams = new Set();
    /** @type {Map<string, number>} */
    this.failures = new Map();
    this.serial = 0;
    /** Answers to every write while it is not null. @type {number | null} */
    this.refuseWrites = null;
    this.cut = false;
    /** Does what it is told, but the answer never arrives. */
    this.dropAnswers = false;
    this.server = createServer((request, response) => {
      this.handle(request, response).catch(() => response.destroy());
    });
    this.beat = setInterval(() => this.heartbeat(), 2_000);
  }

  /** @param {number} [port] @returns {Promise<string>} */
  listen(port = 0) {
    return new Promise((resolve) => {
      this.server.listen(port, "127.0.0.1", () => {
        const address = /** @type {import("node:net").AddressInfo} */ (this.server.address());
        resolve(`http://127.0.0.1:${address.port}/`);
      });
    });
  }

  close() {
    clearInterval(this.beat);
    for (const stream of this.streams) stream.destroy();
    this.server.closeAllConnections();
    this.server.close();
  }

  heartbeat() {
    const now = iso(Date.now());
    this.say("heartbeat", { time: now, lastEventAt: iso(Date.now() - 400) });
  }

  /** @param {string} event @param {unknown} data @param {string} [id] */
  say(event, data, id) {
    const text = `${id ? `id: ${id}\n` : ""}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const stream of this.streams) stream.write(text);
  }

  /** @param {TaskDetail} task */
  changed(task) {
    this.serial += 1;
    task.changedAt = iso(Date.now());
    const { id, state, revision, priority } = task;
    this.say("task.changed", { id, state, revision, priority }, `mock-${this.serial}`);
  }

  /** @param {string} asset */
  raise(asset) {
    const task = makeTask(Date.now(), asset);
    this.tasks.push(task);
    this.changed(task);
    return task;
  }

  /**
   * New evidence that raises the revision.
   * @param {TaskDetail} task
   * @param {number} cost
   * @param {boolean} [silent] nothing is said on the streams
   */
  revise(task, cost, silent = false) {
    task.revision += 1;
    task.cost = { amount: cost, currency: "EUR" };
    const at = iso(Date.now());
    const who = "rule:bearing-vibration@7";
    const detail = "Cost has changed.";
    task.timeline.push({ at, who, what: "revised", revision: task.revision, detail });
    if (!silent) this.changed(task);
  }

  /** Takes the network away, or gives it back. @param {boolean} cut */
  cutNetwork(cut) {
    this.cut = cut;
    if (!cut) return;
    for (const stream of this.streams) stream.destroy();
    this.streams.clear();
  }

  /** @param {Request} request @returns {User | undefined} */
  who(request) {
    const token = /mw_session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
    return token ? this.sessions.get(token) : undefined;
  }

  /** @param {Request} request @param {Response} response */
  async handle(request, response) {
    const url = new URL(request.url ?? "/", "http://mock");
    if (!url.pathname.startsWith("/api/")) return serveFile(this.folder, url.pathname, response);
    if (this.cut) return response.destroy();
    const body = await readBody(request);
    if (url.pathname === "/api/v1/session") return this.session(request, response, body);
    const who = this.who(request);
    if (!who) return problem(response, 401, "unauthenticated", "No session.");
    if (request.method === "POST") return this.write(request, response, url, body, who);
    return this.read(request, response, url, who);
  }

  /** @param {Request} request @param {Response} response @param {any} body */
  session(request, response, body) {
    if (request.method === "GET") {
      const who = this.who(request);
      if (!who) return problem(response, 401, "unauthenticated", "No session.");
      return json(response, 200, publicUser(who));
    }
    if (request.method === "DELETE") {
      response.writeHead(204, { "Set-Cookie": "mw_session=; Path=/; Max-Age=0" });
      return response.end();
    }
    const tries = this.failures.get(body.user) ?? 0;
    if (tries >= 5) {
      response.setHeader("Retry-After", "30");
      return problem(response, 429, "too_many", "Too many attempts.");
    }
    const found = users.find((u) => u.user === body.user && u.password === body.password);
    if (!found) {
      this.failures.set(body.user, tries + 1);
      return problem(response, 401, "bad_credentials", "Name or password is wrong.");
    }
    this.serial += 1;
    const token = `mock${this.serial}${Math.round(Math.random() * 1e12)}`;
    this.sessions.set(token, found);
    response.setHeader("Set-Cookie", `mw_session=${token}; Path=/; HttpOnly; SameSite=Strict`);
    return json(response, 201, publicUser(found));
  }

  /** @param {Request} request @param {Response} response @param {URL} url @param {User} who */
  read(request, response, url, who) {
    const { pathname } = url;
    if (pathname === "/api/v1/plant") return json(response, 200, this.plant(who));
    if (pathname === "/api/v1/events") return this.stream(request, response);
    if (pathname === "/api/v1/tasks") {
      return json(response, 200, { items: this.list(url.searchParams, who), next: null });
    }
    const [, id, part] = /^\/api\/v1\/tasks\/([^/]+)(\/signal)?$/.exec(pathname) ?? [];
    const task = this.tasks.find((t) => t.id === id);
    if (!task) return problem(response, 404, "not_found", "There is no such task.");
    if (part) {
      if (task.signal === null) return problem(response, 404, "no_signal", "No signal.");
      return json(response, 200, makeSeries(task, this.started));
    }
    response.setHeader("ETag", `"${task.revision}"`);
    return json(response, 200, seenBy(task, who));
  }

  /** @param {URLSearchParams} query @param {User} who */
  list(query, who) {
    const q = (query.get("q") ?? "").toLowerCase();
    const soon = Date.now() + 3_600_000;
    const view = query.get("view");
    return this.tasks.filter((task) => {
      const open = task.state === "PROPOSED";
      const text = `${task.title} ${task.asset.id} ${task.cause}`.toLowerCase();
      if (!text.includes(q)) return false;
      if (view === "decided") return !open;
      if (view === "mine") return open && seenBy(task, who).allowed.approve.allowed;
      if (view === "expiring") return open && Date.parse(task.decideBy ?? "") < soon;
      return open;
    });
  }

  /** @param {User} who @returns {import("./data.mjs").Schemas["Plant"]} */
  plant(who) {
    const now = Date.now();
    const count = (/** @type {string} */ view) =>
      this.list(new URLSearchParams({ view }), who).length;
    const shift = Math.floor(now / 28_800_000) * 28_800_000;
    return {
      site: { id: "lyon", name: "Lyon" },
      timeZone: "Europe/Paris",
      currency: "EUR",
      now: iso(now),
      lastEventAt: iso(now - 400),
      shift: { id: "early", from: iso(shift), to: iso(shift + 28_800_000) },
      rulesActive: 12,
      counts: {
        assets: 24,
        signals: 96,
        open: count("open"),
        mine: count("mine"),
        expiring: count("expiring"),
        effectsPending: 0,
        effectsParked: 0,
      },
      rejectReasons: ["FALSE_ALARM", "ALREADY_PLANNED", "NOT_NOW", "WRONG_CAUSE", "OTHER"],
      version: "0.1.0",
    };
  }

  /** @param {Request} request @param {Response} response */
  stream(request, response) {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    const hello = { id: `mock-${this.serial}`, time: iso(Date.now()), speed: 1, resumed: false };
    response.write(`event: hello\ndata: ${JSON.stringify(hello)}\n\n`);
    this.streams.add(response);
    request.on("close", () => this.streams.delete(response));
  }

  /**
   * @param {Request} request
   * @param {Response} response
   * @param {URL} url
   * @param {any} body
   * @param {User} who
   */
  write(request, response, url, body, who) {
    const [, id, verb] = /^\/api\/v1\/tasks\/([^/]+)\/(approve|reject)$/.exec(url.pathname) ?? [];
    const task = this.tasks.find((t) => t.id === id);
    if (!task || !verb) return problem(response, 404, "not_found", "There is no such task.");
    if (this.refuseWrites !== null) {
      return problem(response, this.refuseWrites, "unavailable", "The ledger takes no writes now.");
    }
    const refused = decide(task, /** @type {"approve" | "reject"} */ (verb), body, who, {
      ifMatch: request.headers["if-match"],
      key: String(request.headers["idempotency-key"] ?? ""),
    });
    if (refused) {
      return problem(response, refused.status, refused.code, refused.detail, refused.more);
    }
    this.changed(task);
    if (task.state === "APPROVED") this.dispatch(task);
    if (this.dropAnswers) return response.destroy();
    return json(response, 200, seenBy(task, who));
  }

  /** The approved work goes out and is answered. @param {TaskDetail} task */
  dispatch(task) {
    const step = (/** @type {number} */ after, /** @type {TaskDetail["state"]} */ state) =>
      setTimeout(() => {
        task.state = state;
        if (state === "ACKNOWLEDGED") task.externalNumber = "4000123";
        this.changed(task);
      }, after).unref();
    step(1_200, "DISPATCHED");
    step(2_400, "ACKNOWLEDGED");
  }
}

/** @param {User} user */
function publicUser({ password: _, ...rest }) {
  return { ...rest, expiresAt: iso(Date.now() + 8 * 3_600_000) };
}

/** @param {TaskDetail} task @param {User} who @returns {TaskDetail} */
export function seenBy(task, who) {
  const may = who.roles.some((role) => task.approvers.includes(role));
  const again = task.signed.some((s) => s.user === who.user);
  const no = "The maintenance supervisor or the plant manager decides this.";
  const reject = { allowed: may, why: may ? "" : no };
  const twice = "You have signed it; a second person signs next.";
  const approve = again ? { allowed: false, why: twice } : reject;
  return { ...task, allowed: { approve, reject } };
}

/** @param {Request} request */
async function readBody(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : {};
}

/** @param {Response} response @param {number} status @param {unknown} body */
function json(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {string} code
 * @param {string} detail
 * @param {object} [more]
 */
function problem(response, status, code, detail, more = {}) {
  response.writeHead(status, { "Content-Type": "application/problem+json" });
  const requestId = `mock-${Date.now().toString(36)}`;
  const body = { type: "about:blank", title: code, status, code, detail, requestId, ...more };
  response.end(JSON.stringify(body));
}
