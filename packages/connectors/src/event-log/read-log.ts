import { delimiterOf, parseCsv } from "../files/index.ts";
import { message, isMessage, type Message } from "@doppelwerk/messages";
import { headerOf, readEventLog, rowsOfXes, type Column, type EventLog } from "@doppelwerk/sim/event-log";
import { DoppelwerkError } from "@doppelwerk/world";

/** Lines a table is cut into rows for: each becomes some hundred bytes. */
const MAX_LINES = 2_100_000;

/** Columns that a person said, by their names; "" = there is none. */
export type ChosenColumns = Readonly<Partial<Record<Column, string>>>;

/** An event log as CSV of any delimiter, or XES. Throws DW_INVALID with one sentence on what is no event log. */
export function eventLogOf(text: string, utcOffsetMinutes = 0, chosen: ChosenColumns = {}): EventLog {
  const rows = rowsOf(text);
  const log = isMessage(rows) ? rows : readEventLog(rows, utcOffsetMinutes, chosen);
  if (isMessage(log)) throw new DoppelwerkError("DW_INVALID", log);
  return log;
}

/** The names of the columns of what may be an event log, and its first rows; empty where it is no table. */
export function columnsIn(
  text: string,
  most: number,
): { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const table = rowsOf(text.slice(0, 100_000));
  if (isMessage(table)) return { header: [], rows: [] };
  const header = headerOf(table);
  const at = table.findIndex(
    (row) => row.length === header.length && row.every((name, i) => name.replace(/^\uFEFF/, "").trim() === header[i]),
  );
  return { header, rows: table.slice(at + 1, at + 1 + most) };
}

function rowsOf(text: string): readonly (readonly string[])[] | Message {
  const plain = text.replace(/^\uFEFF/, "");
  return plain.trimStart().startsWith("<") ? rowsOfXes(plain) : rowsOfCsv(plain);
}

function rowsOfCsv(text: string): readonly (readonly string[])[] | Message {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  if (lines > MAX_LINES) return message("connectors.eventLogLines", { lines, max: MAX_LINES });
  // spreadsheets say the delimiter in a line of its own
  const own = /^sep=(.)\r?\n/.exec(text);
  if (own !== null) return parseCsv(text.slice(own[0].length), own[1]!);
  return parseCsv(text, delimiterOf(widestLine(text)));
}

/** The header, under a title that tools write above it. */
function widestLine(text: string): string {
  const lines = text.slice(0, 20_000).split(/\r\n|\r|\n/, 20);
  const fields = (line: string) => parseCsv(line, delimiterOf(line))[0]?.length ?? 0;
  return lines.reduce((best, line) => (fields(line) > fields(best) ? line : best), lines[0] ?? "");
}
