import { MINUTE, type Instant } from "@doppelwerk/kit";
import type { AndonRuleFields, StoredCall } from "./andon-kinds.ts";

export interface HeldRule {
  readonly id: string;
  readonly fields: AndonRuleFields;
}

export function isAbout({ id, fields }: HeldRule, call: Pick<StoredCall, "station" | "reason" | "rule">): boolean {
  if (!fields.isOn) return false;
  if (fields.cause.kind === "kpi") return call.rule === id;
  if (call.reason === "kpi") return false;
  return (
    (fields.cause.reasons.length === 0 || fields.cause.reasons.includes(call.reason)) &&
    (fields.station === undefined || fields.station === call.station)
  );
}

/** Steps that are due and were not notified; none once somebody took it, or it is closed. Of several at once the last one alone: who comes later is notified in place of who did not. */
export function dueStep(rule: HeldRule, call: StoredCall, now: Instant): number | undefined {
  if (call.owner !== undefined || call.closedAt !== undefined || !isAbout(rule, call)) return undefined;
  const due = rule.fields.steps.filter(({ afterMinutes }) => call.raisedAt + afterMinutes * MINUTE <= now).length;
  return due > (call.notified[rule.id] ?? 0) ? due : undefined;
}

/** Whether a KPI is beyond the limit of a rule. */
export function isBeyond({ cause }: AndonRuleFields, value: number): boolean {
  if (cause.kind !== "kpi") return false;
  return cause.limit === "below" ? value < cause.value : value > cause.value;
}
