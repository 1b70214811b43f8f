import { type AlarmRule, type LineDefinition, signalsOfCondition } from "@doppelwerk/operations";
import type { FoldedLine } from "@doppelwerk/ports";
import type { RecordId, RecordReader } from "@doppelwerk/world";

/** The rules that hold: those shipped for the line with what people stored over them; where there is no line, the conditions of plants alone. */
export function heldRules(reader: RecordReader, line: FoldedLine | undefined): readonly AlarmRule[] {
  const stored = reader.query({ kind: "alarmRule" }) as unknown as readonly AlarmRule[];
  return line === undefined ? stored.filter(({ condition }) => condition?.kind === "condition") : overlaidRules(line.shippedRules, stored);
}

/** A stored rule takes the place of the default of the same id, `enabled: false` switches it off; rules of other ids stand beside the defaults. */
function overlaidRules(defaults: readonly AlarmRule[], stored: readonly AlarmRule[]): readonly AlarmRule[] {
  const storedById = new Map(stored.map((rule) => [rule.id, rule]));
  const shipped = new Set(defaults.map(({ id }) => id));
  return [...defaults.map((rule) => storedById.get(rule.id) ?? rule), ...stored.filter(({ id }) => !shipped.has(id))];
}

/** A state of a station is concluded from the signals that tell it. */
export function inputsOfRule({ condition }: AlarmRule, line: LineDefinition | undefined): readonly RecordId[] {
  if (condition.kind !== "state") return signalsOfCondition(condition);
  const station = line?.stations.find(({ id }) => id === condition.station);
  return Object.values(station?.signals ?? {}).flatMap((binding) => (binding === undefined ? [] : [binding.id]));
}
