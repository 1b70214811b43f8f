import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { FoldedLine } from "@doppelwerk/ports";
import type { RecordId } from "@doppelwerk/world";
import type {} from "../message-codes.ts";

/** What tells of which line an alarm is. */
interface OfLine {
  /** Id of its rule. */
  readonly rule: RecordId;
  readonly station?: string | undefined;
}

/**
 * Whether an alarm is of a line: of one of its stations, or of a rule of no station that the line begins with. Without a line every alarm is. Errors:
 * DW_NOT_FOUND where there is no such line.
 */
export function isOfLine(lines: readonly FoldedLine[], line: RecordId | undefined): (alarm: OfLine) => boolean {
  if (line === undefined) return () => true;
  const found = lines.find(({ definition }) => definition.id === line);
  if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("alarms.noLine", { line: line.slice(0, 200) }));
  const stations = new Set(found.definition.stations.map(({ id }) => id));
  const shipped = new Set(found.shippedRules.map(({ id }) => id));
  return ({ rule, station = "" }) => (station === "" ? shipped.has(rule) : stations.has(station));
}
