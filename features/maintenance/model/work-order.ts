import { message, type Message } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";
import type { Act, Opened, RecordedAct } from "./acts.ts";
import type { JobStep } from "./job-kind.ts";

export const ORDER_STATES = ["open", "planned", "started", "finished", "signedOff", "cancelled"] as const;
export type OrderState = (typeof ORDER_STATES)[number];

interface Done {
  readonly by: string;
  readonly at: number;
}

export interface StepState extends JobStep {
  readonly done?: Done & { readonly note?: string };
}

export interface LockState {
  readonly text: { readonly en: string; readonly zh: string };
  readonly locked?: Done & { readonly tag?: string };
}

export interface Photo extends Done {
  readonly hash: string;
  readonly type: string;
  readonly bytes: number;
  readonly step?: number;
}

/** A work order as its acts leave it. */
export interface WorkOrder extends Omit<Opened, "act" | "steps" | "lockOut"> {
  readonly id: string;
  readonly state: OrderState;
  readonly steps: readonly StepState[];
  readonly lockOut: readonly LockState[];
  readonly photos: readonly Photo[];
  readonly used: readonly (Done & { readonly part: string; readonly quantity: number })[];
  readonly notes: readonly (Done & { readonly text: string })[];
  readonly owner?: string;
  readonly openedAt: number;
  readonly openedBy: string;
  readonly startedAt?: number;
  /** Undefined also where it was opened again. */
  readonly finished?: (Done & { readonly note?: string }) | undefined;
  readonly signed?: Done & { readonly seen: number };
  readonly cancelled?: Done & { readonly reason: string };
  /** Number of acts. */
  readonly acts: number;
  readonly lastAt: number;
}

export const isOver = ({ state }: Pick<WorkOrder, "state">): boolean => state === "signedOff" || state === "cancelled";
export const isLockedOut = ({ lockOut }: Pick<WorkOrder, "lockOut">): boolean => lockOut.every(({ locked }) => locked !== undefined);

/** Acts in the order in which they were accepted; undefined where the first is missing. The same acts give the same work order, however often one of them is given. */
export function foldOrder(acts: readonly RecordedAct[]): WorkOrder | undefined {
  let order: WorkOrder | undefined;
  for (const recorded of acts.toSorted((a, b) => a.n - b.n)) {
    if (order === undefined) order = recorded.act.act === "opened" ? opened(recorded, recorded.act) : undefined;
    else if (recorded.n === order.acts + 1) order = after(order, recorded);
  }
  return order;
}

function opened({ order: id, at, by }: RecordedAct, { act: _act, ...fields }: Opened): WorkOrder {
  return { ...fields, id, state: "open", photos: [], used: [], notes: [], openedAt: at, openedBy: by, acts: 1, lastAt: at };
}

/** The work order once this has happened too. */
export function after(order: WorkOrder, { act, at, by, n }: RecordedAct): WorkOrder {
  const next = { ...order, acts: n, lastAt: Math.max(order.lastAt, at) };
  return { ...next, ...changed(next, act, { at, by }) };
}

const replaced = <Item>(items: readonly Item[], index: number, item: (before: Item) => Item): Item[] =>
  items.map((each, at) => (at === index ? item(each) : each));

function changed(order: WorkOrder, act: Act, done: Done): Partial<WorkOrder> {
  switch (act.act) {
    case "opened":
      return {};
    case "planned":
    case "assigned":
    case "taken":
      return planned(order, act, done);
    case "started":
      return { state: "started", startedAt: order.startedAt ?? done.at, owner: order.owner ?? done.by };
    case "locked":
      return {
        lockOut: replaced(order.lockOut, act.point, ({ text }) => ({ text, locked: { ...done, ...(act.tag && { tag: act.tag }) } })),
      };
    case "unlocked":
      return { lockOut: replaced(order.lockOut, act.point, ({ text }) => ({ text })) };
    case "stepDone":
      return { steps: replaced(order.steps, act.step, (step) => ({ ...step, done: { ...done, ...(act.note && { note: act.note }) } })) };
    case "stepUndone":
      return { steps: replaced(order.steps, act.step, ({ text, needsLockOut }) => ({ text, needsLockOut })) };
    case "photo":
      return { photos: [...order.photos, { ...done, ...withoutAct(act) }] };
    case "partUsed":
      return { used: [...order.used, { ...done, part: act.part, quantity: act.quantity }] };
    case "noted":
      return { notes: [...order.notes, { ...done, text: act.text }] };
    default:
      return ended(order, act, done);
  }
}

const withoutAct = <A extends { readonly act: string }>({ act: _act, ...rest }: A): Omit<A, "act"> => rest;

function planned(order: WorkOrder, act: Extract<Act, { act: "planned" | "assigned" | "taken" }>, { by }: Done): Partial<WorkOrder> {
  const state = order.state === "open" ? "planned" : order.state;
  if (act.act === "planned")
    return { state, ...(act.due !== undefined && { due: act.due }), ...(act.priority && { priority: act.priority }) };
  return { state, owner: act.act === "assigned" ? act.person : by };
}

function ended(
  order: WorkOrder,
  act: Extract<Act, { act: "finished" | "reopened" | "signedOff" | "cancelled" }>,
  done: Done,
): Partial<WorkOrder> {
  if (act.act === "finished") return { state: "finished", finished: { ...done, ...(act.note && { note: act.note }) } };
  if (act.act === "signedOff") return { state: "signedOff", signed: { ...done, seen: act.seen } };
  if (act.act === "cancelled") return { state: "cancelled", cancelled: { ...done, reason: act.reason } };
  return { finished: undefined, state: "started", notes: [...order.notes, { ...done, text: act.reason }] };
}

/** Why an act cannot be; undefined: it can. */
export function refusal(order: WorkOrder, act: Act, by: string): Message | undefined {
  if (act.act === "opened") return message("maintenance.refused.state", { state: order.state });
  // what is remembered later is written beside it, whatever the state
  if (act.act === "noted") return undefined;
  if (isOver(order)) return message("maintenance.refused.over");
  switch (act.act) {
    case "signedOff":
      return signRefusal(order, act.seen, by);
    case "reopened":
      return order.state === "finished" ? undefined : message("maintenance.refused.state", { state: order.state });
    case "unlocked":
    case "locked":
      return lockRefusal(order, act, by);
    case "planned":
    case "assigned":
    case "cancelled":
      return act.act === "cancelled" && order.lockOut.some(({ locked }) => locked) ? message("maintenance.refused.stillLocked") : undefined;
    default:
      return order.state === "finished" ? message("maintenance.refused.finished") : workRefusal(order, act);
  }
}

function workRefusal(order: WorkOrder, act: Act): Message | undefined {
  if (act.act === "finished") {
    if (order.steps.some(({ done }) => done === undefined)) return message("maintenance.refused.stepsOpen");
    return order.lockOut.some(({ locked }) => locked) ? message("maintenance.refused.stillLocked") : undefined;
  }
  if (act.act === "started") return order.state === "started" ? message("maintenance.refused.started") : undefined;
  if (act.act === "photo")
    return act.step !== undefined && order.steps[act.step] === undefined ? message("maintenance.refused.noStep") : undefined;
  if (act.act !== "stepDone" && act.act !== "stepUndone") return undefined;
  const step = order.steps[act.step];
  if (step === undefined) return message("maintenance.refused.noStep");
  if (order.state !== "started") return message("maintenance.refused.notStarted");
  if ((act.act === "stepDone") === (step.done !== undefined)) return message("maintenance.refused.stepAlready");
  return act.act === "stepDone" && step.needsLockOut && !isLockedOut(order) ? message("maintenance.refused.notLocked") : undefined;
}

/** A lock is taken off by who put it on. */
function lockRefusal(order: WorkOrder, act: Extract<Act, { act: "locked" | "unlocked" }>, by: string): Message | undefined {
  const point = order.lockOut[act.point];
  if (point === undefined) return message("maintenance.refused.noPoint");
  if (act.act === "locked") {
    if (order.state !== "started") return message("maintenance.refused.notStarted");
    return point.locked === undefined ? undefined : message("maintenance.refused.pointAlready");
  }
  if (point.locked === undefined) return message("maintenance.refused.pointAlready");
  return point.locked.by === by ? undefined : message("maintenance.refused.notYourLock");
}

/** Signed by another person than who finished it, of exactly what the signer had before him. */
function signRefusal(order: WorkOrder, seen: number, by: string): Message | undefined {
  if (order.state !== "finished") return message("maintenance.refused.notFinished");
  if (order.acts !== seen) return message("maintenance.refused.changed");
  return order.finished?.by === by ? message("maintenance.refused.ownWork") : undefined;
}

/** The most urgent first: what is late or due first, without a due date last; then by priority, then the oldest. */
export function byUrgency(a: WorkOrder, b: WorkOrder): number {
  return (a.due ?? Infinity) - (b.due ?? Infinity) || a.priority - b.priority || a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1);
}
