import { isAlarmRule, type AlarmRule, type LineDefinition, signalsOfCondition } from "@doppelwerk/operations";
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
        ? stored.filter(({ condition }) => condition.kind !== "state")
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
export function inputsOfRule({ condition }: AlarmRule, lines: readonly LineDefinition[]): readonly RecordId[] {
  if (condition.kind !== "state") return signalsOfCondition(condition);
  const station = lines.flatMap(({ stations }) => stations).find(({ id }) => id === condition.station);
  return Object.values(station?.signals ?? {}).flatMap((binding) => (binding === undefined ? [] : [binding.id]));
}
