const ZONE = String.raw`(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?`;
const ISO = new RegExp(
  String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(AM|PM)?\s*${ZONE}$`,
  "i",
);
const LOCAL = new RegExp(
  String.raw`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2}(?=[ T,]))(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(AM|PM)?\s*${ZONE}$`,
  "i",
);
const NUMBER = /^\d{9,19}(?:\.\d+)?$/;
/** 20260113T080000, 20260113080000 */
const COMPACT = new RegExp(
  String.raw`^((?:19|20)\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])[T ]?([01]\d|2[0-4])([0-5]\d)([0-5]\d)?(?:[.,](\d{1,9}))?\s*${ZONE}$`,
  "i",
);
/** 13-Jan-2026 08:00, Jan 13, 2026 8:00 AM */
const NAMED = new RegExp(
  String.raw`^(?:(\d{1,2})[ .-]+([a-zä]{3,9})\.?|([a-zä]{3,9})\.? (\d{1,2}),?)[ ,-]+(\d{4})(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(AM|PM)?\s*${ZONE}$`,
  "i",
);
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const GERMAN: Readonly<Record<string, string>> = { mär: "mar", mrz: "mar", mai: "may", okt: "oct", dez: "dec" };
/** Days of a spreadsheet since 1899-12-30; of 1990 to 2100, or it is another number. */
const SHEET_DAYS = /^\d{5}(?:\.\d+)?$/;
const SHEET_EPOCH_DAYS = 25_569;
const HAN = /[\u3400-\u9fff]/;

/** Microseconds since the epoch; undefined for what is no time. Numbers are seconds, milliseconds, microseconds or nanoseconds by their size. */
export function instantOf(written: string, utcOffsetMinutes: number, dayFirst: boolean): number | undefined {
  const text = HAN.test(written) ? withoutHan(written) : written;
  const iso = ISO.exec(text);
  if (iso !== null) return composed(iso[1]!, iso[2]!, iso[3]!, iso.slice(4, 8), iso[8], iso[9], utcOffsetMinutes);
  const local = LOCAL.exec(text);
  if (local !== null) {
    const [day, month] = dayFirst ? [local[1]!, local[2]!] : [local[2]!, local[1]!];
    const year = local[3]!.length === 2 ? `20${local[3]}` : local[3]!;
    return composed(year, month, day, local.slice(4, 8), local[8], local[9], utcOffsetMinutes);
  }
  const compact = COMPACT.exec(text);
  if (compact !== null)
    return composed(compact[1]!, compact[2]!, compact[3]!, compact.slice(4, 8), undefined, compact[8], utcOffsetMinutes);
  const named = NAMED.exec(text);
  if (named !== null) {
    const word = (named[2] ?? named[3])!.slice(0, 3).toLowerCase();
    const month = MONTHS.indexOf(GERMAN[word] ?? word) + 1;
    return composed(named[5]!, String(month), (named[1] ?? named[4])!, named.slice(6, 10), named[10], named[11], utcOffsetMinutes);
  }
  // spreadsheets of half the world write a comma for the point
  const number = text.replace(/^(\d+),(\d+)$/, "$1.$2");
  const days = SHEET_DAYS.test(number) ? Number(number) : 0;
  if (days > 32_874 && days < 73_415)
    // to the second: a double of days holds no more than microseconds, and tools round
    return (Math.round((days - SHEET_EPOCH_DAYS) * 86_400) - utcOffsetMinutes * 60) * 1e6;
  if (!NUMBER.test(number)) return undefined;
  const value = Number(number);
  const scale = value < 1e11 ? 1e6 : value < 1e14 ? 1e3 : value < 1e17 ? 1 : 1e-3;
  return Math.round(value * scale);
}

/** 2026年1月12日 下午 6:17:00, 18时17分: the same with the signs of other countries. */
function withoutHan(text: string): string {
  return text
    .replace(/(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?/u, "$1-$2-$3 ")
    .replace(/(\d{1,2})\s*[时時点]\s*(\d{1,2})\s*分(?:\s*(\d{1,2})\s*秒)?/u, (_, hour: string, minute: string, second?: string) =>
      [hour, minute.padStart(2, "0"), (second ?? "00").padStart(2, "0")].join(":"),
    )
    .replace(
      /(上午|下午|午前|午後)\s*(\d{1,2}:\d{2}(?::\d{2})?)/u,
      (_, half: string, clock: string) => `${clock} ${/^(?:下午|午後)$/u.test(half) ? "PM" : "AM"}`,
    )
    .trim();
}

function composed(
  year: string,
  month: string,
  day: string,
  [hour, minute, second, fraction]: readonly (string | undefined)[],
  half: string | undefined,
  zone: string | undefined,
  utcOffsetMinutes: number,
): number | undefined {
  let hours = Number(hour ?? 0);
  if (half !== undefined) hours = (hours % 12) + (half.toUpperCase() === "PM" ? 12 : 0);
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (m < 1 || m > 12 || d < 1 || hours > 24 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 60) return undefined;
  // 31 February is no day
  if (d > new Date(Date.UTC(y, m, 0)).getUTCDate()) return undefined;
  const micros = Number((fraction ?? "").slice(0, 6).padEnd(6, "0"));
  const offset = zone === undefined ? utcOffsetMinutes : offsetOf(zone);
  return (Date.UTC(y, m - 1, d, hours, Number(minute ?? 0), Number(second ?? 0)) - offset * 60_000) * 1000 + micros;
}

/** Minutes: Z, UTC, +01, +01:00, +0100. */
function offsetOf(zone: string): number {
  if (/^[a-z]/i.test(zone)) return 0;
  return (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + (zone.length > 3 ? Number(zone.slice(-2)) : 0));
}

/** Names of columns in languages whose countries write the day first. */
const DAY_FIRST_WORDS =
  /auftrag|arbeits|vorgang|beginn|\bende|datum|zeit|maschine|début|\bfin\b|opération|ordre|poste|fecha|inicio|operación|pedido|inizio|\bfine\b|operazione|commessa/i;

/**
 * 13/02 can only be a day first, 02/13 only a month. Where no row tells, points between the numbers and names of those countries mean a day first,
 * AM and PM a month; anything else is a guess.
 */
export function dayOrder(
  rows: readonly (readonly string[])[],
  columns: readonly (number | undefined)[],
): { readonly dayFirst: boolean; readonly guessed: boolean } {
  let [points, halves, seen] = [false, false, false];
  for (const fields of rows.slice(1, 20_000))
    for (const column of columns) {
      const found = column === undefined ? null : LOCAL.exec((fields[column] ?? "").trim());
      if (found === null) continue;
      if (Number(found[1]) > 12) return { dayFirst: true, guessed: false };
      if (Number(found[2]) > 12) return { dayFirst: false, guessed: false };
      // 05/05 is the same either way
      seen ||= Number(found[1]) !== Number(found[2]);
      halves ||= found[8] !== undefined;
      points ||= (fields[column!] ?? "").includes(".");
    }
  const dayFirst = points || (!halves && DAY_FIRST_WORDS.test((rows[0] ?? []).join(" ")));
  return { dayFirst, guessed: seen && !dayFirst && !halves };
}
