import type { AlarmEntry, AlarmEvent } from "@doppelwerk/operations";
import type { AlarmItem } from "@doppelwerk/sync";
import type { RecordId } from "@doppelwerk/world";

export interface AlarmNames {
  nameOf(actor: string): string;
  /** Where the condition stands that a rule follows; undefined where the rule is ours. */
  atPlant(rule: RecordId): AlarmItem["atPlant"];
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
    ...(entry.value === undefined ? {} : { value: shownValue(entry.value) }),
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
    ...(event.value === undefined ? {} : { value: shownValue(event.value) }),
    ...(event.firstOut ? { firstOut: true } : {}),
    ...(event.actor === undefined ? {} : { by: names.nameOf(event.actor) }),
    ...(event.reason === undefined ? {} : { reason: event.reason }),
    ...(atPlant === undefined ? {} : { atPlant }),
    ...(event.until === undefined ? {} : { shelvedUntil: event.until }),
  };
}

function shownValue(value: number | string): string {
  return typeof value === "number" ? String(Number(value.toPrecision(4))) : value;
}
