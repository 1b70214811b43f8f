import { setTimeout as sleep } from "node:timers/promises";
import type { SignalRecord } from "@doppelwerk/world";
import { acceptValue, type RawValue } from "../samples/accept-value.ts";
import type { CommandValue } from "./write-order.ts";

/** A raw value in the unit of the signal; undefined when there is none. */
export function valueOf(signal: SignalRecord, raw: RawValue): CommandValue | undefined {
  const { value, text, fault } = acceptValue(signal, raw);
  if (fault !== undefined) return undefined;
  if (text !== undefined) return text;
  if (Number.isNaN(value)) return undefined;
  return signal.valueType === "boolean" ? value !== 0 : value;
}

/** What the plant is told for a value of the signal: the scale taken back. */
export function rawOf({ scale, valueType }: SignalRecord, value: CommandValue): CommandValue {
  if (typeof value !== "number" || scale === undefined) return value;
  const raw = value / scale;
  // 21.3 / 0.1 is not 213 in binary, and a counter of tenths means 213
  const near = Math.round(raw);
  return valueType === "integer" || Math.abs(raw - near) < 1e-9 * Math.max(1, Math.abs(raw)) ? near : raw;
}

/** Equal as the plant can hold it: a 32-bit float, or a scaled integer, is not the number of the order to the last bit. */
export function isEqual(signal: SignalRecord, wanted: CommandValue, read: CommandValue | undefined): boolean {
  if (typeof wanted !== "number" || typeof read !== "number") return wanted === read;
  if (signal.valueType !== "double") return wanted === read;
  return Math.abs(wanted - read) <= 1e-6 * Math.max(Math.abs(wanted), Math.abs(read));
}

/** Reads until the value is there or the time is over; the last that was read, undefined when nothing could be. */
export async function readUntil(
  signal: SignalRecord,
  wanted: CommandValue,
  settleMs: number,
  read: () => Promise<CommandValue | undefined>,
): Promise<{ readonly after?: CommandValue; readonly equal: boolean }> {
  const until = performance.now() + settleMs;
  let after: CommandValue | undefined;
  do {
    try {
      after = await read();
    } catch {
      // the link broke after the write: what is known is what was read before
      break;
    }
    if (isEqual(signal, wanted, after)) return { ...(after === undefined ? {} : { after }), equal: true };
    await sleep(50);
  } while (performance.now() < until);
  return { ...(after === undefined ? {} : { after }), equal: false };
}
