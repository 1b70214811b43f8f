import { alarmReport, type AlarmEvent, type AlarmRule } from "@doppelwerk/operations";
import { DAY, SECOND, type Instant, type RecordId } from "@doppelwerk/world";
import type { WhatIf } from "../../model/what-if-shape.ts";
import { figuresOf } from "../try-rules.ts";

export interface JudgedSteps {
  readonly from: Instant;
  readonly to: Instant;
  readonly rules: readonly AlarmRule[];
  /** In order of time. */
  readonly was: readonly AlarmEvent[];
  readonly would: readonly AlarmEvent[];
  readonly unevaluatedS: Readonly<Record<RecordId, number>>;
}

/** Rules that are listed. */
const LISTED_MAX = 1_000;

/** How often, by day and rule, the longest, and floods: before and after. */
export function whatIfOf({ from, to, rules, was, would, unevaluatedS }: JudgedSteps): Omit<WhatIf, "samples" | "isWhole"> {
  const [before, after] = [spansOf(was, to), spansOf(would, to)];
  const listed = rules
    .map(({ id, title }) => ({
      id,
      title,
      was: before.get(id)?.count ?? 0,
      would: after.get(id)?.count ?? 0,
      longestWasS: before.get(id)?.longestS ?? 0,
      longestWouldS: after.get(id)?.longestS ?? 0,
      unevaluatedS: unevaluatedS[id] ?? 0,
    }))
    .filter((rule) => rule.was + rule.would + rule.unevaluatedS > 0)
    .toSorted((a, b) => Math.abs(b.would - b.was) - Math.abs(a.would - a.was) || b.would - a.would || (a.id < b.id ? -1 : 1));
  return {
    from,
    to,
    was: figuresOf(alarmReport(was, from, to)),
    would: figuresOf(alarmReport(would, from, to)),
    days: daysOf(from, to, was, would),
    rules: listed.slice(0, LISTED_MAX),
  };
}

const isRaise = ({ action, state }: AlarmEvent): boolean => action === "alarm" && state === "unacknowledged";

function spansOf(steps: readonly AlarmEvent[], to: Instant): ReadonlyMap<RecordId, { count: number; longestS: number }> {
  const found = new Map<RecordId, { count: number; longestS: number; since: Instant | undefined }>();
  const end = (span: { longestS: number; since: Instant | undefined }, at: Instant): void => {
    if (span.since !== undefined) span.longestS = Math.max(span.longestS, (at - span.since) / SECOND);
    span.since = undefined;
  };
  for (const step of steps) {
    const span = found.get(step.rule) ?? { count: 0, longestS: 0, since: undefined };
    found.set(step.rule, span);
    if (isRaise(step)) {
      span.count++;
      span.since ??= step.instant;
    } else if (step.action !== "acknowledge") end(span, step.instant);
  }
  for (const span of found.values()) end(span, to);
  return found;
}

function daysOf(from: Instant, to: Instant, was: readonly AlarmEvent[], would: readonly AlarmEvent[]): WhatIf["days"] {
  const days = Array.from({ length: Math.ceil((to - from) / DAY) }, (_, n) => ({ from: from + n * DAY, was: 0, would: 0 }));
  const count = (steps: readonly AlarmEvent[], of: "was" | "would"): void => {
    for (const step of steps) if (isRaise(step)) days[Math.floor((step.instant - from) / DAY)]![of]++;
  };
  count(was, "was");
  count(would, "would");
  return days;
}
