import type { FoundCondition } from "@doppelwerk/connectors";
import type { AlarmPriority, AlarmRule } from "@doppelwerk/operations";
import { message, textsOf, type LanguageTexts } from "@doppelwerk/kit";
import { hashedId, type Change, type ConnectionRecord, type RecordReader, type SignalRecord, type WorldRecord } from "@doppelwerk/world";
import type { SeverityMapping as Mapping } from "../../connection-shapes.ts";
import type {} from "../../message-codes.ts";

type SeverityMapping = Pick<Mapping, "urgentFrom" | "highFrom" | "lowFrom">;

/** A severity of 0 is unknown, the condition was inactive whenever it was read: low until a severity is received and mapped again. */
export function priorityOf(severity: number, { urgentFrom, highFrom, lowFrom }: SeverityMapping): AlarmPriority {
  if (severity === 0) return 3;
  return severity >= urgentFrom ? 1 : severity >= highFrom ? 2 : severity >= lowFrom ? 3 : 4;
}

/** A signal and an alarm rule for each condition; of those that are taken already only a priority that differs is changed. */
export function conditionChanges(
  reader: RecordReader,
  connection: ConnectionRecord,
  conditions: readonly FoundCondition[],
  mapping: SeverityMapping,
): { readonly changes: readonly Change[]; readonly taken: number; readonly changed: number } {
  const changes: Change[] = [];
  let taken = 0;
  let changed = 0;
  for (const condition of conditions) {
    const signal = signalOf(connection, condition);
    const rule = ruleOf(connection, condition, signal.id, priorityOf(condition.severity, mapping));
    if (reader.get(signal.id) === undefined) changes.push({ op: "create", record: signal });
    const known = reader.get(rule.id);
    if (known === undefined) {
      changes.push({ op: "create", record: rule as unknown as WorldRecord });
      taken++;
    } else if (condition.severity > 0 && known["priority"] !== rule.priority) {
      changes.push({ op: "update", id: rule.id, fields: { priority: { from: known["priority"], to: rule.priority } } });
      changed++;
    }
  }
  return { changes, taken, changed };
}

function signalOf(connection: ConnectionRecord, { address, source, name }: FoundCondition): SignalRecord {
  return {
    id: hashedId("signal", connection.id, address),
    kind: "signal",
    name: [source, name].filter((part) => part !== "").join("."),
    valueType: "enumeration",
    address,
    connection: connection.id,
    role: "Condition",
  };
}

/** Cause, consequence and response (P24) are what the plant's own engineers decided; where only they know, the rule says where to look. */
function ruleOf({ id, name: plant }: ConnectionRecord, condition: FoundCondition, signal: string, priority: AlarmPriority): AlarmRule {
  const { address, source, name } = condition;
  const title = [source, name].filter((part) => part !== "").join(": ");
  return {
    id: hashedId("alarmRule", id, address),
    kind: "alarmRule",
    title: { en: title, zh: title },
    condition: { kind: "condition", signal },
    priority,
    onDelayS: 0,
    offDelayS: 0,
    cause: causeOf(plant, condition.message),
    consequence: textsOf(message("connect.condition.consequence")),
    response: textsOf(message("connect.condition.response", { source: source === "" ? plant : source })),
    timeToRespondS: priority === 1 ? 300 : priority === 2 ? 900 : 3_600,
    latching: false,
    suppressedIn: [],
    enabled: true,
  };
}

function causeOf(plant: string, text: string): LanguageTexts {
  return textsOf(text === "" ? message("connect.condition.cause", { plant }) : message("connect.condition.causeWithText", { plant, text }));
}
