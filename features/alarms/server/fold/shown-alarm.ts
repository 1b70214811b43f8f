import type { AlarmEntry, AlarmEvent } from "@doppelwerk/operations";
import type { AlarmItem } from "@doppelwerk/sync";
import type { RecordId } from "@doppelwerk/world";

export interface AlarmNames {
  nameOf(actor: string): string;
  /** Where the condition stands that a rule follows; undefined where the rule is ours. */
  atPlant(rule: RecordId): AlarmItem["atPlant"];
  /** The name that the plant gives to the value that raised it; undefined where it gives none. */
  nameOfValue?(rule: RecordId, value: number): string | undefined;
}

/** An entry of the alarm list as screens get it. */
export function shownAlarm(entry: AlarmEntry, names: AlarmNames): AlarmItem {
  const atPlant = names.atPlant(entry.rule);
  const by = entry.acknowledgedBy ?? entry.actor;
  return {
    id: entry.rule,
    rule: entry.rule,
    station: entry.station ?? "",
    title: entry.title,
    state: entry.state,
    priority: entry.priority,
    since: entry.raisedAt,
    changed: entry.changedAt,
    ...(entry.value === undefined ? {} : { value: shownValue(entry.rule, entry.value, names) }),
    ...(entry.place === undefined ? {} : { place: entry.place }),
    ...(entry.firstOut ? { firstOut: true } : {}),
    ...(by === undefined ? {} : { by: names.nameOf(by) }),
    ...(entry.reason === undefined ? {} : { reason: entry.reason }),
    ...(atPlant === undefined ? {} : { atPlant }),
    ...(entry.until === undefined ? {} : { shelvedUntil: entry.until }),
  };
}

/** One step of an alarm; a return to normal is told too, so that it leaves the lists. */
export function shownAlarmEvent(event: AlarmEvent, names: AlarmNames): AlarmItem {
  const atPlant = names.atPlant(event.rule);
  return {
    id: event.rule,
    rule: event.rule,
    station: event.station ?? "",
    title: event.title,
    state: event.state,
    priority: event.priority,
    since: event.instant,
    changed: event.instant,
    ...(event.value === undefined ? {} : { value: shownValue(event.rule, event.value, names) }),
    ...(event.place === undefined ? {} : { place: event.place }),
    ...(event.firstOut ? { firstOut: true } : {}),
    ...(event.actor === undefined ? {} : { by: names.nameOf(event.actor) }),
    ...(event.reason === undefined ? {} : { reason: event.reason }),
    ...(atPlant === undefined ? {} : { atPlant }),
    ...(event.until === undefined ? {} : { shelvedUntil: event.until }),
  };
}

function shownValue(rule: RecordId, value: number | string, names: AlarmNames): string {
  if (typeof value !== "number") return value;
  const name = names.nameOfValue?.(rule, value);
  return name === undefined ? String(Number(value.toPrecision(4))) : `${name} (${value})`;
}
