import { signalsOfCondition, UNATTENDED, type AlarmRule } from "@doppelwerk/operations";
import { SECOND, type Instant, type RecordId, type SignalRecord } from "@doppelwerk/world";
import type { AlarmOccurrence } from "../../contract.ts";
import type { OccurrenceSource } from "./occurrence-page.ts";
import type { Occurrence } from "./occurrences.ts";
import { shownAlarmEvent, type AlarmNames } from "./shown-alarm.ts";

/** Names, and rules as they held. */
export interface OccurrenceReading extends OccurrenceSource {
  readonly names: AlarmNames;
  /** The rule that an occurrence was raised by; undefined where it was edited since. */
  ruleAt(rule: RecordId, raised: Instant): AlarmRule | undefined;
  signal(id: RecordId): SignalRecord | undefined;
}

/** An occurrence as screens get it. Value and limit are in the unit of the signal; a limit is named only where the rule is the one that raised it. */
export function shownOccurrence(
  occurrence: Occurrence,
  firstOutOf: ReadonlyMap<Occurrence, Occurrence>,
  reading: OccurrenceReading,
): AlarmOccurrence {
  const { raise, last, returned, acknowledged, actor, suppressed, raisedAgain } = occurrence;
  const { title, priority, station, value, place } = shownAlarmEvent(raise, reading.names);
  const rule = reading.ruleAt(raise.rule, raise.instant);
  const leader = firstOutOf.get(occurrence);
  return {
    key: keyOf(occurrence),
    rule: raise.rule,
    station,
    ...(place !== undefined && { place }),
    title,
    priority,
    state: last.state,
    raised: raise.instant,
    ...(returned !== undefined && { returned }),
    ...(acknowledged !== undefined && { acknowledged }),
    ...(actor !== undefined && (actor === UNATTENDED.actor ? { automatic: true as const } : { by: reading.names.nameOf(actor) })),
    ...(suppressed !== undefined && { suppressed }),
    ...(suppressed !== undefined && last.actor !== undefined && { suppressedBy: reading.names.nameOf(last.actor) }),
    ...(suppressed !== undefined && last.until !== undefined && { shelvedUntil: last.until }),
    ...(raisedAgain !== undefined && { raisedAgain }),
    ...(last.reason !== undefined && { reason: last.reason }),
    ...(value !== undefined && { value }),
    ...(rule !== undefined && conditionOf(rule, reading)),
    ...(rule !== undefined && { respondBy: raise.instant + Math.round(rule.timeToRespondS * SECOND) }),
    ...(leader !== undefined && { follows: keyOf(leader) }),
  };
}

const keyOf = ({ raise }: Occurrence): string => `${raise.rule}@${raise.instant}`;

function conditionOf({ condition }: AlarmRule, { signal }: OccurrenceReading): Pick<AlarmOccurrence, "condition" | "unit" | "limit"> {
  const [measured] = signalsOfCondition(condition);
  const unit = measured === undefined || condition.kind === "noData" ? undefined : signal(measured)?.unit;
  return {
    condition: condition.kind,
    ...(unit !== undefined && { unit }),
    ...("limit" in condition && { limit: condition.limit }),
  };
}
