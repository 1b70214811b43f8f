import type { FoundCondition } from "@doppelwerk/connectors";
import type { AlarmPriority, AlarmRule } from "@doppelwerk/operations";
import { hashedId, type Change, type ConnectionRecord, type RecordReader, type SignalRecord, type WorldRecord } from "@doppelwerk/world";
import type { SeverityMapping as Mapping } from "../../connection-shapes.ts";

type SeverityMapping = Pick<Mapping, "urgentFrom" | "highFrom" | "lowFrom">;

/** Unknown = it was normal whenever someone looked: low until it is heard and mapped again. */
export function priorityOf(told: number, { urgentFrom, highFrom, lowFrom }: SeverityMapping): AlarmPriority {
  if (told === 0) return 3;
  return told >= urgentFrom ? 1 : told >= highFrom ? 2 : told >= lowFrom ? 3 : 4;
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
  const { address, source, name, message } = condition;
  const title = [source, name].filter((part) => part !== "").join(": ");
  const said = message === "" ? "" : ` (${message})`;
  return {
    id: hashedId("alarmRule", id, address),
    kind: "alarmRule",
    title: { en: title, zh: title },
    condition: { kind: "condition", signal },
    priority,
    onDelayS: 0,
    offDelayS: 0,
    cause: { en: `${plant} raises this condition itself${said}.`, zh: `${plant} 自身报告该条件${said}。` },
    consequence: {
      en: "Not told by the plant; write it down here when it is known.",
      zh: "来源未说明后果;明确后请在此补充。",
    },
    response: {
      en: `Act as the documents of ${source === "" ? plant : source} say. Acknowledging here does not acknowledge there: that is a command of its own, beside it.`,
      zh: `按${source === "" ? plant : source}的文件处理。此处确认不等于在设备上确认：后者是旁边单独的命令。`,
    },
    timeToRespondS: priority === 1 ? 300 : priority === 2 ? 900 : 3_600,
    latching: false,
    suppressedIn: [],
    enabled: true,
  };
}
