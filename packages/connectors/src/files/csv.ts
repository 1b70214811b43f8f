import { CsvError, parse } from "csv-parse/sync";

/** Rows of a CSV text (RFC 4180; `""` inside quotes; any line end, mixed too). A quote that never closes ends with the text. Never throws. */
export function parseCsv(text: string, delimiter: string): string[][] {
  try {
    return rowsOf(text, delimiter);
  } catch (error) {
    if (error instanceof CsvError && error.code === "CSV_QUOTE_NOT_CLOSED") return rowsOf(`${text}"`, delimiter);
    throw error;
  }
}

function rowsOf(text: string, delimiter: string): string[][] {
  return parse(text, {
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
  });
}

/** The delimiter that cuts the first line into most fields. */
export function delimiterOf(text: string): string {
  const line = text.slice(0, text.search(/[\r\n]|$/));
  const counted = [",", ";", "\t", "|"].map((delimiter) => [delimiter, parseCsv(line, delimiter)[0]?.length ?? 0] as const);
  return counted.reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}
