import { message, type Message } from "@doppelwerk/messages";
import type { SignalRecord } from "@doppelwerk/world";

/** What a protocol delivered, before it is measured against the signal. `other` = a structure, an array, bytes. */
export type RawValue = number | bigint | boolean | string | undefined | { readonly other: Message };

export interface AcceptedValue {
  /** NaN = no number. */
  readonly value: number;
  readonly text?: string;
  /** Why the value is bad; undefined = acceptable. */
  readonly fault?: Message;
}

/** Longer texts are documents: kept sample by sample they would fill any disk. */
const MAX_TEXT = 100_000;

const NOTHING: AcceptedValue = { value: Number.NaN };

/**
 * A raw value as the signal declares it: scaled number, 0/1, integer of an enumeration, or text.
 * A wrong type, NaN and infinity are faults: the caller makes them bad quality and a finding, never a number.
 */
export function acceptValue(signal: SignalRecord, raw: RawValue): AcceptedValue {
  if (raw === undefined) return NOTHING;
  if (typeof raw === "object") return otherType(signal, raw.other);
  if (typeof raw === "string" && raw.length > MAX_TEXT) return faulty(message("connectors.textTooLong", { maxCharacters: MAX_TEXT }));
  switch (signal.valueType) {
    case "string":
      return typeof raw === "string" ? { value: Number.NaN, text: raw } : { value: Number.NaN, text: String(raw) };
    case "boolean":
      if (typeof raw === "boolean") return { value: raw ? 1 : 0 };
      if (raw === 0 || raw === 1 || raw === 0n || raw === 1n) return { value: Number(raw) };
      return otherType(signal, describe(raw));
    case "enumeration":
      // plants say states as words as well as by number
      if (typeof raw === "string") return { value: Number.NaN, text: raw };
      return acceptNumber(signal, raw);
    default:
      return acceptNumber(signal, raw);
  }
}

function acceptNumber(signal: SignalRecord, raw: number | bigint | boolean | string): AcceptedValue {
  if (typeof raw !== "number" && typeof raw !== "bigint") return otherType(signal, describe(raw));
  const number = Number(raw);
  if (!Number.isFinite(number)) return faulty(message("connectors.valueNotNumber", { value: number }));
  // a number of another value would be a lie; the exact digits are kept where the signal is a text
  if (signal.valueType !== "double" && Number.isInteger(number) && !Number.isSafeInteger(number))
    return faulty(message("connectors.integerTooWide", { signal: signal.name, value: String(raw) }));
  if (signal.valueType !== "double" && !Number.isInteger(number)) return otherType(signal, message("connectors.foundFraction"));
  return { value: signal.scale === undefined ? number : number * signal.scale };
}

function describe(raw: number | bigint | boolean | string): Message {
  return typeof raw === "string"
    ? message("connectors.foundString")
    : message("connectors.foundValue", { type: typeof raw, value: String(raw) });
}

function otherType(signal: SignalRecord, found: Message): AcceptedValue {
  return faulty(message("connectors.valueOfOtherType", { found, declared: signal.valueType }));
}

function faulty(fault: Message): AcceptedValue {
  return { value: Number.NaN, fault };
}
