// A small plant whose tasks have the contract's shapes; the type check holds them to it.

/** @typedef {import("#schema").components["schemas"]} Schemas */
/** @typedef {Schemas["TaskDetail"]} TaskDetail */
/** @typedef {Schemas["Series"]} Series */
/** @typedef {Schemas["Session"] & { password: string }} User */

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** @param {number} ms */
export const iso = (ms) => new Date(ms).toISOString();

/** @type {User[]} */
export const users = [
  {
    user: "j.ortiz",
    password: "mock-ortiz-1",
    name: "Jo Ortiz",
    roles: ["maintenance_supervisor"],
    serviceAccount: false,
    expiresAt: null,
  },
  {
    user: "s.moreau",
    password: "mock-moreau-2",
    name: "Sana Moreau",
    roles: ["plant_manager"],
    serviceAccount: false,
    expiresAt: null,
  },
  {
    user: "t.berg",
    password: "mock-berg-3",
    name: "Tomas Berg",
    roles: ["operator"],
    serviceAccount: false,
    expiresAt: null,
  },
];

/**
 * @typedef {object} Sort
 * @property {string} what
 * @property {string} asset
 * @property {string} name
 * @property {string} path
 * @property {Schemas["TaskKind"]} kind
 * @property {1 | 2 | 3 | 4} priority
 * @property {number} decideIn
 * @property {number | null} stop
 * @property {number} cost
 * @property {number} confidence
 * @property {Schemas["Confidence"]["calibrated"]} calibrated
 * @property {Schemas["Criticality"]} criticality
 */

/** @type {Sort[]} */
const sorts = [
  {
    what: "Approve bearing change",
    asset: "C-301",
    name: "Compressor 3",
    path: "lyon/utilities/compressed-air",
    kind: "work_order",
    priority: 1,
    decideIn: 6 * minute,
    stop: 5,
    cost: 1860,
    confidence: 0.93,
    calibrated: { right: 93, of: 100 },
    criticality: "A",
  },
  {
    what: "Approve bearing change",
    asset: "P-101",
    name: "Cooling water pump 1",
    path: "lyon/utilities/cooling",
    kind: "work_order",
    priority: 2,
    decideIn: 46 * minute,
    stop: 3.5,
    cost: 966,
    confidence: 0.86,
    calibrated: { right: 86, of: 100 },
    criticality: "A",
  },
  {
    what: "Reserve parts",
    asset: "P-101",
    name: "Cooling water pump 1",
    path: "lyon/utilities/cooling",
    kind: "part_reservation",
    priority: 2,
    decideIn: 72 * minute,
    stop: null,
    cost: 382,
    confidence: 0.86,
    calibrated: { right: 86, of: 100 },
    criticality: "B",
  },
  {
    what: "Approve inspection",
    asset: "F-2",
    name: "Furnace 2",
    path: "lyon/heat-treatment/furnaces",
    kind: "inspection",
    priority: 2,
    decideIn: 171 * minute,
    stop: 0,
    cost: 140,
    confidence: 0.62,
    calibrated: null,
    criticality: "B",
  },
  {
    what: "Approve sensor check",
    asset: "TT-2107",
    name: "Temperature, zone 3",
    path: "lyon/heat-treatment/furnaces",
    kind: "sensor_check",
    priority: 3,
    decideIn: 14 * hour,
    stop: 0,
    cost: 70,
    confidence: 0.97,
    calibrated: { right: 97, of: 100 },
    criticality: "C",
  },
  {
    what: "Complete master data",
    asset: "M-412",
    name: "M-412",
    path: "",
    kind: "master_data",
    priority: 4,
    decideIn: 3 * day,
    stop: null,
    cost: 0,
    confidence: 1,
    calibrated: null,
    criticality: "C",
  },
];

/** @param {Sort} sort @param {number} now @returns {Schemas["Effects"]} */
function effectsOf(sort, now) {
  const parts = sort.kind === "work_order" || sort.kind === "part_reservation";
  const part = { quantity: 1, unit: "C62", shortBy: 0, held: true };
  const start = Math.ceil((now + 3 * day) / hour) * hour;
  return {
    workOrder:
      sort.kind === "work_order" || sort.kind === "inspection"
        ? {
            text: `Replace DE bearing 6312, ${sort.asset}`,
            equipment: "10004711",
            workCentre: "MECH-UT",
            start: iso(start),
            end: iso(start + (sort.stop ?? 1) * hour),
            planned: true,
            crafts: [{ craft: "MECH", name: "Mechanic", hours: 8.5 }],
            permit: "LOTO 12",
          }
        : null,
    parts: parts
      ? [
          { ...part, material: "BRG-6312-C3", name: "Bearing 6312-C3", available: 1, after: 0 },
          { ...part, material: "SEAL-40-P", name: "Shaft seal", available: 3, after: 2 },
        ]
      : [],
    reservesParts: sort.kind === "part_reservation",
    system: sort.kind === "master_data" ? null : "ERP",
    money:
      sort.cost > 0
        ? {
            parts: parts ? 382 : 0,
            labour: sort.cost - (parts ? 382 : 0),
            total: sort.cost,
            currency: "EUR",
          }
        : null,
  };
}

let serial = 0;

/** @param {Sort} sort @param {number} now @returns {TaskDetail} */
function taskOf(sort, now) {
  serial += 1;
  const id = `task-${(0x7f3a91c4e2d00000 + serial * 4096).toString(16)}`;
  const proposed = now - (20 + serial) * minute;
  const signal = sort.kind === "master_data" ? null : `${sort.asset}/DE-H`;
  return {
    id,
    caseId: `case-${sort.asset}`,
    title: `${sort.what}, ${sort.asset}`,
    kind: sort.kind,
    state: "PROPOSED",
    priority: sort.priority,
    revision: 2,
    asset: {
      id: sort.asset,
      name: sort.name,
      path: sort.path,
      criticality: sort.criticality,
    },
    decideBy: iso(now + sort.decideIn),
    due: iso(now + 4 * day),
    proposedAt: iso(proposed),
    changedAt: iso(proposed + 2 * minute),
    confidence: {
      value: sort.confidence,
      rung: sort.calibrated ? "model" : "limits",
      calibrated: sort.calibrated,
    },
    cost: sort.cost > 0 ? { amount: sort.cost, currency: "EUR" } : null,
    stopHours: sort.stop,
    approvals: { have: 0, need: sort.criticality === "A" ? 2 : 1 },
    recurring: sort.asset === "F-2",
    externalNumber: null,
    decided: null,
    ...evidenceOf(sort, now, proposed, signal),
    effects: effectsOf(sort, now),
    siblings: [],
    allowed: { approve: { allowed: true, why: "" }, reject: { allowed: true, why: "" } },
    approvers: ["maintenance_supervisor", "plant_manager"],
    signed: [],
    failure: null,
    outcome: { result: "unknown", detail: "" },
    release: null,
  };
}

/** @param {Sort} sort @param {number} now @param {number} proposed @param {string | null} signal */
function evidenceOf(sort, now, proposed, signal) {
  const rule = { id: "bearing-vibration", version: 7, hash: "9f3c71d04be820a5" };
  return {
    symptom: "Vibration in zone C",
    cause: "Outer race of the drive-end bearing",
    failureMode: "BRG-OUTER",
    failureCost: sort.cost > 500 ? { amount: 9800, currency: "EUR" } : null,
    rationale: signal
      ? "Vibration at the drive end is 3.24 mm/s, three readings in a row in zone C (over 2.80)."
      : `Events name ${sort.asset}, which no asset of the plant has. 14 events wait for it.`,
    rule,
    model: signal ? { id: "bearing-anomaly", version: "4" } : null,
    readings: signal
      ? [
          {
            name: "signal.value",
            label: "Vibration, drive end",
            text: "3.24",
            value: 3.24,
            unit: "mm/s",
            limit: 2.8,
          },
          {
            name: "signal.kurtosis",
            label: "Kurtosis",
            text: "6.1",
            value: 6.1,
            unit: "",
            limit: 4,
          },
          {
            name: "signal.speed",
            label: "Speed",
            text: "1482",
            value: 1482,
            unit: "rpm",
            limit: null,
          },
        ]
      : [],
    contributions: signal
      ? [
          { name: "Envelope peak at 75.7 Hz", weight: 1.92, detail: "0.92, outer race (BPFO)" },
          { name: "Vibration over baseline", weight: 1.41, detail: "3.24 against 1.10 mm/s" },
          { name: "Kurtosis", weight: 0.88, detail: "6.1, limit 4" },
          { name: "Rise over 5 days", weight: 0.61, detail: "0.24 mm/s a day" },
          { name: "Load", weight: -0.2, detail: "78 %, near usual" },
        ]
      : [],
    reasons: signal
      ? [
          {
            source: "signal.zone_confirmed in ['C', 'D']",
            values: "signal.zone_confirmed = 'C'",
          },
          { source: "cause.score >= 0.7", values: "cause.score = 0.86" },
        ]
      : [],
    counterfactual: signal
      ? 'With "Zone, three in a row" at anything else instead of C, this rule would have proposed nothing.'
      : null,
    signal,
    decisions: ["dec-0c9f41d7a8e3b652", "dec-0b11c2d9f7a4e310"],
    events: [
      { source: "/lyon/vib/gw-2", id: "01HV5K3M" },
      { source: "/lyon/vib/gw-2", id: "01HV5K2A" },
    ],
    evidenceCount: 14,
    lastSeen: iso(now - 4 * minute),
    timeline: timelineOf(proposed),
  };
}

/** @param {number} proposed @returns {TaskDetail["timeline"]} */
function timelineOf(proposed) {
  const who = "rule:bearing-vibration@7";
  return [
    { at: iso(proposed), who, what: "proposed", revision: 1, detail: "" },
    {
      at: iso(proposed + 2 * minute),
      who,
      what: "revised",
      revision: 2,
      detail: "Last free bearing held for 72 h.",
    },
  ];
}

/** @param {number} now */
export function makeTasks(now) {
  const tasks = sorts.map((sort) => taskOf(sort, now));
  for (const task of tasks) {
    task.siblings = tasks
      .filter((other) => other.caseId === task.caseId && other.id !== task.id)
      .map(({ id, title, kind, state, priority, revision }) => ({
        id,
        title,
        kind,
        state,
        priority,
        revision,
      }));
  }
  return tasks;
}

/** One more task, as the plant would raise it. @param {number} now @param {string} asset */
export function makeTask(now, asset) {
  const sort = /** @type {Sort} */ (sorts[3]);
  return taskOf({ ...sort, asset, path: "lyon/packaging/line-2", name: asset }, now);
}

/** @param {TaskDetail} task @param {number} now @returns {Series} */
export function makeSeries(task, now) {
  /** @type {Series["points"]} */
  const points = [];
  /** @type {Series["band"]} */
  const band = [];
  const count = 240;
  for (let i = 0; i <= count; i += 1) {
    const at = iso(now - (count - i) * 10 * minute);
    const wave = Math.sin(i / 3) * 0.06 + Math.sin(i / 1.7) * 0.05;
    const rise = i > 120 ? ((i - 120) / 120) ** 1.6 * 2.1 : 0;
    points.push([at, i > 60 && i < 72 ? null : Number((1.12 + wave + rise).toFixed(3))]);
    if (i % 4 === 0) band.push([at, 0.93 + wave / 4, 1.33 + wave / 4]);
  }
  const last = /** @type {[string, number]} */ (points[count]);
  return {
    signal: task.signal ?? "",
    label: "Vibration, drive end, horizontal",
    unit: "mm/s",
    points,
    band,
    limits: [
      { name: "Zone B/C", value: 2.8, crossed: true },
      { name: "Zone C/D", value: 4.5, crossed: false },
    ],
    event: { at: last[0], value: last[1] },
    forecast: null,
  };
}
