import { isAlarmRule, type AlarmRule, signalsOfRule, stationsOfRule, type LineDefinition } from "@doppelwerk/operations";
import type { FoldedLine } from "@doppelwerk/ports";
import type { RecordId, RecordReader } from "@doppelwerk/world";

export interface HeldRules {
  readonly rules: readonly AlarmRule[];
  /** Records of the kind that no engine could judge, by id. */
  readonly malformed: readonly RecordId[];
}

/** The rules that hold: those shipped for the lines with what people stored over them; where there is no line, the stored ones that ask for no station. */
export function heldRules(reader: RecordReader, lines: readonly FoldedLine[]): HeldRules {
  const records = reader.query({ kind: "alarmRule" });
  const stored = records.filter(isAlarmRule) as unknown as readonly AlarmRule[];
  return {
    rules:
      lines.length === 0
        ? stored.filter((rule) => rule.condition.kind !== "state")
        : overlaidRules(
            lines.flatMap(({ shippedRules }) => shippedRules),
            stored,
          ),
    malformed: records.filter((record) => !isAlarmRule(record)).map(({ id }) => id),
  };
}

/** A stored rule takes the place of the default of the same id, `enabled: false` switches it off; rules of other ids stand beside the defaults. */
function overlaidRules(defaults: readonly AlarmRule[], stored: readonly AlarmRule[]): readonly AlarmRule[] {
  const storedById = new Map(stored.map((rule) => [rule.id, rule]));
  const shipped = new Set(defaults.map(({ id }) => id));
  return [...defaults.map((rule) => storedById.get(rule.id) ?? rule), ...stored.filter(({ id }) => !shipped.has(id))];
}

/** A state of a station is concluded from the signals that tell it. */
export function inputsOfRule(rule: AlarmRule, lines: readonly LineDefinition[]): readonly RecordId[] {
  const own = signalsOfRule(rule);
  // what merely suppresses it says nothing of its condition
  const asked = stationsOfRule({ ...rule, suppressedIn: [] });
  if (asked.length === 0) return own;
  const ids = new Set(asked.map(({ station }) => station));
  const stations = lines.flatMap((line) => line.stations.filter(({ id }) => ids.has(id)));
  const ofStates = stations.flatMap(({ signals }) =>
    Object.values(signals).flatMap((binding) => (binding === undefined ? [] : [binding.id])),
  );
  return own.length === 0 ? ofStates : [...new Set([...own, ...ofStates])];
}
