import { createShiftCalendar, zoneOffsetOf, type LineDefinition } from "@doppelwerk/operations";
import type { ConcludedState } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import type { AuditInputs, StateSpan } from "../contract.ts";

type Plan = NonNullable<AuditInputs["plan"]>;

/** Planned time, breaks and what is outside of shifts, in order of time. */
export function planOf({ shifts, timeZone }: Pick<LineDefinition, "shifts" | "timeZone">, from: Instant, to: Instant): Plan {
  const calendar = createShiftCalendar(shifts, zoneOffsetOf(timeZone));
  const plan: Plan = [];
  for (let at = from; at < to;) {
    const segment = calendar.segmentAt(at);
    plan.push({ kind: segment.kind, from: at, to: Math.min(segment.to, to) });
    at = segment.to;
  }
  return plan;
}

/** States within planned time, cut where it begins and ends; the last one goes on to the end. */
export function plannedStates(states: readonly ConcludedState[], plan: Plan): readonly StateSpan[] {
  const end = plan.at(-1)?.to ?? 0;
  return states.flatMap(({ from, state, word }, index) => {
    const until = Math.min(states[index + 1]?.from ?? end, end);
    return plan.flatMap((span) => {
      const [begin, stop] = [Math.max(from, span.from), Math.min(until, span.to)];
      return span.kind !== "planned" || stop <= begin ? [] : [{ from: begin, to: stop, state, ...(word !== undefined && { word }) }];
    });
  });
}

/** Planned time that no state covers, or in which it is unknown. */
export function gapsOf(spans: readonly StateSpan[], plan: Plan): readonly { readonly from: Instant; readonly to: Instant }[] {
  const gaps: { from: Instant; to: Instant }[] = [];
  const add = (from: Instant, to: Instant): void => {
    if (to <= from) return;
    const last = gaps.at(-1);
    if (last?.to === from) last.to = to;
    else gaps.push({ from, to });
  };
  for (const { kind, from, to } of plan) {
    if (kind !== "planned") continue;
    let at = from;
    for (const span of spans) {
      if (span.to <= from || span.from >= to) continue;
      add(at, span.from);
      if (span.state === "unknown") add(span.from, span.to);
      at = span.to;
    }
    add(at, to);
  }
  return gaps;
}
