import { delimiterOf, parseCsv } from "@doppelwerk/connectors/files";
import { readEventLog, rowsOfXes, type EventLog } from "@doppelwerk/sim/event-log";
import { DoppelwerkError, Said, said } from "@doppelwerk/world";

/** Lines a table is cut into rows for: each becomes some hundred bytes. */
const MOST_LINES = 2_100_000;

/** An event log as CSV of any delimiter, or XES. Throws DW_INVALID with one sentence on what is no event log. */
export function eventLogOf(text: string, utcOffsetMinutes = 0): EventLog {
  const plain = text.replace(/^\uFEFF/, "");
  const rows = plain.trimStart().startsWith("<") ? rowsOfXes(plain) : rowsOfCsv(plain);
  const log = rows instanceof Said ? rows : readEventLog(rows, utcOffsetMinutes);
  if (log instanceof Said) throw new DoppelwerkError("DW_INVALID", log);
  return log;
}

function rowsOfCsv(text: string): readonly (readonly string[])[] | Said {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  if (lines > MOST_LINES) return said`the event log has ${lines} lines, more than ${MOST_LINES}: cut it into parts`;
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
