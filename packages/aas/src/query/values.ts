import type { Operator, Value, ValueKind } from "./query.ts";

/** The value as another kind, after XPath 3.0 casting; undefined = it has none there (a comparison error). */
export function cast(value: Value, to: ValueKind): Value | undefined {
  if (value.kind === to) return value;
  if (to === "str") return { kind: "str", value: textOf(value) };
  if (value.kind === "str") return valueOfText(value.value.trim(), to);
  if (to === "num" && value.kind === "bool") return { kind: "num", value: value.value ? 1 : 0 };
  if (to === "num" && value.kind === "hex")
    return value.value.length <= 12 ? { kind: "num", value: Number.parseInt(value.value, 16) } : undefined;
  if (to === "bool" && value.kind === "num") return { kind: "bool", value: value.value !== 0 && !Number.isNaN(value.value) };
  if (to === "hex" && value.kind === "num")
    return Number.isSafeInteger(value.value) && value.value >= 0 ? { kind: "hex", value: hexDigits(value.value.toString(16)) } : undefined;
  if (to === "time" && value.kind === "dateTime") return { kind: "time", value: (((value.value + offsetOf(value)) % DAY) + DAY) % DAY };
  return undefined;
}

/** The literal of a kind that a text is; undefined when it is none. */
export function valueOfText(text: string, kind: ValueKind): Value | undefined {
  switch (kind) {
    case "str":
      return { kind, value: text };
    case "num": {
      const number = numberOf(text);
      return number === undefined ? undefined : { kind, value: number };
    }
    case "bool":
      return text === "true" || text === "1"
        ? { kind, value: true }
        : text === "false" || text === "0"
          ? { kind, value: false }
          : undefined;
    case "hex": {
      const digits = text.startsWith("16#") ? text.slice(3) : text;
      return digits !== "" && /^[0-9A-Fa-f]+$/.test(digits) ? { kind, value: hexDigits(digits) } : undefined;
    }
    case "dateTime":
      return timeValue(kind, dateTimeOf(text));
    case "time":
      return timeValue(kind, endOfDayAsBegin(timeOf(text)));
  }
}

/** True, false, or undefined: a comparison that has no result, such as an order of a number and a text. */
export function compare(operator: Operator, left: Value, right: Value): boolean | undefined {
  if (operator === "$eq" || operator === "$ne") return (left.kind === right.kind && left.value === right.value) === (operator === "$eq");
  if (operator === "$contains" || operator === "$starts-with" || operator === "$ends-with") {
    if (left.kind !== "str" || right.kind !== "str") return undefined;
    if (operator === "$contains") return left.value.includes(right.value);
    return operator === "$starts-with" ? left.value.startsWith(right.value) : left.value.endsWith(right.value);
  }
  if (left.kind !== right.kind || operator === "$regex") return undefined;
  // "Booleans do not offer $lt and $gt", and $ge and $le are implied by $eq.
  if (left.kind === "bool") return (operator === "$ge" || operator === "$le") && left.value === right.value;
  const [a, b] = left.kind === "hex" ? padded(left.value, right.value as string) : [left.value, right.value];
  if (operator === "$gt") return a > b;
  if (operator === "$lt") return a < b;
  return operator === "$ge" ? a >= b : a <= b;
}

/** Day of week 0 = Sunday … 6 (IDTA-01004), day of month, month, year; in UTC, of a clock that has a zone in that. */
export function partOf(part: "dayOfWeek" | "dayOfMonth" | "month" | "year", value: Value): Value | undefined {
  const moment = cast(value, "dateTime");
  if (moment === undefined) return undefined;
  const days = Math.floor(((moment.value as number) + offsetOf(moment)) / DAY);
  const [year, month, day] = civilOf(days);
  const found = { year, month, dayOfMonth: day, dayOfWeek: (((days + 4) % 7) + 7) % 7 };
  return { kind: "num", value: found[part] };
}

const DAY = 86_400_000_000;
const MINUTE = 60_000_000;

function offsetOf(value: Value): number {
  return value.kind === "dateTime" ? (value.offset ?? 0) * MINUTE : 0;
}

function textOf(value: Value): string {
  if (value.kind === "dateTime" || value.kind === "time") {
    const local = value.value + offsetOf(value);
    const days = Math.floor(local / DAY);
    const [hours, minutes, seconds] = clockOf(local - days * DAY);
    const clock = `${two(hours)}:${two(minutes)}:${seconds < 10 ? "0" : ""}${seconds}`;
    if (value.kind === "time") return clock;
    const [year, month, day] = civilOf(days);
    return `${year < 0 ? "-" : ""}${String(Math.abs(year)).padStart(4, "0")}-${two(month)}-${two(day)}T${clock}${zoneOf(value.offset ?? 0)}`;
  }
  if (value.kind === "num" && !Number.isFinite(value.value)) return Number.isNaN(value.value) ? "NaN" : value.value > 0 ? "INF" : "-INF";
  return String(value.value);
}

function zoneOf(minutes: number): string {
  if (minutes === 0) return "Z";
  const ahead = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
}

function numberOf(text: string): number | undefined {
  if (/^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) return Number(text);
  if (text === "INF" || text === "+INF") return Infinity;
  if (text === "-INF") return -Infinity;
  return text === "NaN" ? Number.NaN : undefined;
}

/** xs:time: 24:00 is 00:00. */
function endOfDayAsBegin(time: number | undefined): number | undefined {
  return time === undefined ? undefined : time % DAY;
}

function timeValue(kind: "dateTime" | "time", value: number | undefined): Value | undefined {
  return value === undefined ? undefined : { kind, value };
}

/** Without a zone it is taken for UTC. */
function dateTimeOf(text: string): number | undefined {
  const parts = /^(-?[0-9]{4,6})-([0-9]{2})-([0-9]{2})(?:[T ]?([0-9]{2}:[0-9:.]+)(Z|[+-][0-9]{2}:[0-9]{2})?)?$/.exec(text);
  if (parts === null) return undefined;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const days = daysOf(year, month, day);
  const civil = civilOf(days);
  if (civil[0] !== year || civil[1] !== month || civil[2] !== day) return undefined;
  const clock = parts[4] === undefined ? 0 : timeOf(parts[4]);
  if (clock === undefined) return undefined;
  const zone = parts[5];
  const offset =
    zone === undefined || zone === "Z" ? 0 : (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * (zone.startsWith("-") ? -1 : 1);
  return days * DAY + clock - offset * MINUTE;
}

/** A fraction is of what stands last, minutes or seconds; 24:00 is the end of the day. */
function timeOf(text: string): number | undefined {
  const parts = /^([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(\.[0-9]{1,9})?Z?$/.exec(text);
  if (parts === null) return undefined;
  const [hours, minutes, seconds] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)];
  const fraction = Number(parts[4] ?? 0) * (parts[3] === undefined ? 60 : 1);
  if (minutes > 59 || seconds > 59 || hours * 3_600 + minutes * 60 + seconds + fraction > 86_400) return undefined;
  return (hours * 3_600 + minutes * 60 + seconds) * 1_000_000 + Math.round(fraction * 1_000_000);
}

function clockOf(micros: number): readonly [hours: number, minutes: number, seconds: number] {
  const seconds = micros / 1_000_000;
  return [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, Math.round((seconds % 60) * 1e6) / 1e6];
}

/** Days since 1970-01-01 of the proleptic Gregorian calendar, and back. */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

function civilOf(days: number): readonly [year: number, month: number, day: number] {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const years = Math.floor((ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365);
  const ofYear = ofEra - (365 * years + Math.floor(years / 4) - Math.floor(years / 100));
  const shiftedMonth = Math.floor((5 * ofYear + 2) / 153);
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  return [years + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1];
}

function hexDigits(digits: string): string {
  return digits.toUpperCase().replace(/^0+(?=.)/, "");
}

/** Of one length, so that the order of the texts is that of the numbers. */
function padded(a: string, b: string): readonly [string, string] {
  const length = Math.max(a.length, b.length);
  return [a.padStart(length, "0"), b.padStart(length, "0")];
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
