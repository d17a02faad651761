// Names for the contract's shapes, as generated from docs/openapi.yaml.
import type { components } from "#schema";

type Schemas = components["schemas"];

export type Session = Schemas["Session"];
export type Role = Schemas["Role"];
export type Plant = Schemas["Plant"];
export type TaskSummary = Schemas["TaskSummary"];
export type TaskDetail = Schemas["TaskDetail"];
export type TaskState = Schemas["TaskState"];
export type TaskKind = Schemas["TaskKind"];
export type Priority = Schemas["Priority"];
export type Confidence = Schemas["Confidence"];
export type Effects = Schemas["Effects"];
export type Money = Schemas["Money"];
export type Part = Schemas["Part"];
export type Decision = Schemas["Decision"];
export type Series = Schemas["Series"];
export type Problem = Schemas["Problem"];
export type Change = NonNullable<Problem["changes"]>[number];
export type RejectReason = Schemas["RejectReason"];
export type Meaning = NonNullable<Schemas["Approve"]["meaning"]>;
export type View = "open" | "mine" | "expiring" | "decided";
