import { alarmSignalId, signalsOfCondition, type AlarmRule } from "@doppelwerk/operations";
import type { AlarmFold, ConcludedAlarm } from "@doppelwerk/ports";
import type { AlarmItem } from "@doppelwerk/sync";
import type { RecordId, SignalRecord } from "@doppelwerk/world";
import type { LineFold } from "./fold/line-fold.ts";
import type { LineService } from "./line-service.ts";

/** The alarms of today's one fold, as the feature *alarms* needs them. */
export function alarmPort(
  fold: LineFold,
  line: LineService,
): AlarmFold & {
  publish(alarm: AlarmItem): void;
  /** Of a signal that keeps the steps of an alarm, values among them: what the alarm is concluded from. */
  inputsOfSignal(signal: SignalRecord): readonly RecordId[] | undefined;
} {
  const listeners = new Set<(concluded: ConcludedAlarm) => void>();
  const inputs = (id: RecordId): readonly RecordId[] => inputsOfAlarm(fold, id);
  const rules = new Map<RecordId, RecordId>();
  const ruleOf = (signal: RecordId): RecordId | undefined => {
    if (!rules.has(signal)) for (const { id } of fold.knownRules) rules.set(alarmSignalId(id), id);
    return rules.get(signal);
  };
  const concluded = (alarm: AlarmItem): ConcludedAlarm => ({ alarm, inputs: inputs(alarm.rule) });
  return {
    at: async (instant) => (await line.alarms(instant)).map(concluded),
    transitions: async (from, to, station) => (await line.alarmHistory(from, to, station)).map(concluded),
    inputsOf: async (id) => (fold.rules.some((rule) => rule.id === id) ? inputs(id) : undefined),
    inputsOfSignal({ id, role }) {
      const rule = role === "Alarm" ? ruleOf(id) : undefined;
      return rule === undefined ? undefined : inputs(rule);
    },
    act: async (action) => concluded(await fold.act(action)),
    rules: async () => fold.rules,
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publish(alarm) {
      if (listeners.size === 0) return;
      const told = concluded(alarm);
      for (const listener of listeners) listener(told);
    },
  };
}

/** Signals that an alarm was concluded from, also by earlier versions of its rule. */
export function inputsOfAlarm(fold: LineFold, id: RecordId): readonly RecordId[] {
  const rule = fold.knownRules.find((candidate) => candidate.id === id);
  return rule === undefined ? [] : [...inputsOfRule(rule, fold), ...fold.formerSignals(id)];
}

/** A state of a station is concluded from the signals that tell it. */
export function inputsOfRule({ condition }: AlarmRule, fold: LineFold): readonly RecordId[] {
  if (condition.kind !== "state") return signalsOfCondition(condition);
  const station = fold.line?.definition.stations.find(({ id }) => id === condition.station);
  return Object.values(station?.signals ?? {}).flatMap((binding) => (binding === undefined ? [] : [binding.id]));
}
