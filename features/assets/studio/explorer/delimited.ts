/** A text of fields as rows; of more rows than asked for, their beginning. */
export interface Delimited {
  readonly rows: readonly (readonly string[])[];
  readonly isWhole: boolean;
}

/** Reads CSV (RFC 4180) with the separator that its first line has most of: comma, semicolon or tab. Never throws; a quote left open ends with the text. */
export function readDelimited(text: string, most: number): Delimited {
  const line = text.slice(0, Math.max(0, text.search(/[\r\n]|$/)));
  const separator = [",", ";", "\t"].toSorted((a, b) => line.split(b).length - line.split(a).length)[0]!;
  const rows: string[][] = [];
  let [row, field, quoted]: [string[], string, boolean] = [[], "", false];
  for (let at = text.startsWith("\ufeff") ? 1 : 0; at < text.length; at++) {
    const letter = text[at]!;
    if (quoted) {
      if (letter !== '"') field += letter;
      else if (text[at + 1] === '"') {
        field += '"';
        at++;
      } else quoted = false;
    } else if (letter === '"' && field === "") quoted = true;
    else if (letter === separator) {
      row.push(field);
      field = "";
    } else if (letter === "\n" || letter === "\r") {
      if (letter === "\r" && text[at + 1] === "\n") at++;
      rows.push([...row, field]);
      [row, field] = [[], ""];
      if (rows.length === most) return { rows, isWhole: at + 1 >= text.length };
    } else field += letter;
  }
  if (field !== "" || row.length > 0) rows.push([...row, field]);
  return { rows, isWhole: true };
}
