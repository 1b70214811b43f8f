/** Rows of a CSV text (RFC 4180; `""` inside quotes; any line end). A quote that never closes ends with the text. Never throws. */
export function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field = "";
    if (text[at] === '"') {
      at++;
      for (;;) {
        const close = text.indexOf('"', at);
        field += text.slice(at, close < 0 ? text.length : close);
        at = close < 0 ? text.length : close + 1;
        if (close < 0 || text[at] !== '"') break;
        field += '"';
        at++;
      }
    }
    const begin = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") at++;
    row.push(field + text.slice(begin, at));
    if (text[at] === delimiter) {
      at++;
      if (at === text.length) row.push("");
      continue;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

/** The delimiter that cuts the first line into most fields. */
export function delimiterOf(text: string): string {
  const line = text.slice(0, text.search(/[\r\n]|$/));
  const counted = [",", ";", "\t", "|"].map((delimiter) => [delimiter, parseCsv(line, delimiter)[0]?.length ?? 0] as const);
  return counted.reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}
