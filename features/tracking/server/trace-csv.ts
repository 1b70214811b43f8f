import type { TracedThings } from "./answers.ts";

/** A row a link, as RFC 4180 has it; what a spreadsheet would run as a formula begins with an apostrophe. */
export function traceCsv({ things, links, isCut }: TracedThings): Uint8Array {
  const rows: (readonly string[])[] = [["from", "into", "link", "since", "until", "steps"]];
  for (const { from, into, kind, since, until } of links) {
    const depth = Math.max(things[from]!.depth, things[into]!.depth);
    rows.push([things[from]!.name, things[into]!.name, kind, timeText(since), until === undefined ? "" : timeText(until), String(depth)]);
  }
  if (isCut) rows.push(["…", "there are more", "", "", "", ""]);
  return new TextEncoder().encode(`\u{FEFF}${rows.map((row) => row.map(field).join(",")).join("\r\n")}\r\n`);
}

const timeText = (instant: number): string => new Date(instant / 1_000).toISOString();

function field(text: string): string {
  const safe = /^'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
