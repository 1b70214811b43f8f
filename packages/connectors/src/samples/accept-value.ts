import type { SignalRecord } from "@doppelwerk/world";

/** What a protocol delivered, before it is measured against the signal. `other` = a structure, an array, bytes. */
export type RawValue = number | bigint | boolean | string | undefined | { readonly other: string };

export interface AcceptedValue {
  /** NaN = no number. */
  readonly value: number;
  readonly text?: string;
  /** Why the value is bad; undefined = acceptable. */
  readonly fault?: string;
}

/** Longer texts are documents: kept sample by sample they would fill any disk. */
const MOST_TEXT = 100_000;

const NOTHING: AcceptedValue = { value: Number.NaN };

/**
 * A raw value as the signal declares it: scaled number, 0/1, integer of an enumeration, or text.
 * A wrong type, NaN and infinity are faults: the caller makes them bad quality and a finding, never a number.
 */
export function acceptValue(signal: SignalRecord, raw: RawValue): AcceptedValue {
  if (raw === undefined) return NOTHING;
  if (typeof raw === "object") return faulty(`${raw.other} where ${signal.valueType} is declared`);
  if (typeof raw === "string" && raw.length > MOST_TEXT) return faulty(`a text of more than ${MOST_TEXT} characters`);
  switch (signal.valueType) {
    case "string":
      return typeof raw === "string" ? { value: Number.NaN, text: raw } : { value: Number.NaN, text: String(raw) };
    case "boolean":
      if (typeof raw === "boolean") return { value: raw ? 1 : 0 };
      if (raw === 0 || raw === 1 || raw === 0n || raw === 1n) return { value: Number(raw) };
      return faulty(`${describe(raw)} where boolean is declared`);
    case "enumeration":
      // plants say states as words as well as by number
      if (typeof raw === "string") return { value: Number.NaN, text: raw };
      return acceptNumber(signal, raw);
    default:
      return acceptNumber(signal, raw);
  }
}

function acceptNumber(signal: SignalRecord, raw: number | bigint | boolean | string): AcceptedValue {
  if (typeof raw !== "number" && typeof raw !== "bigint") return faulty(`${describe(raw)} where ${signal.valueType} is declared`);
  const number = Number(raw);
  if (!Number.isFinite(number)) return faulty(`${number} is not a number`);
  if (signal.valueType !== "double" && !Number.isInteger(number))
    return faulty(`a number with a fraction where ${signal.valueType} is declared`);
  return { value: signal.scale === undefined ? number : number * signal.scale };
}

function describe(raw: number | bigint | boolean | string): string {
  return typeof raw === "string" ? "a string" : `${typeof raw} ${String(raw)}`;
}

function faulty(fault: string): AcceptedValue {
  return { value: Number.NaN, fault };
}
