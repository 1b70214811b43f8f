import type { S7Address } from "./s7-address.ts";
import type { S7Range } from "./s7-client.ts";

export interface PlannedValue {
  /** Position in the list of signals. */
  readonly index: number;
  readonly address: S7Address;
}

export interface PlannedRange extends S7Range {
  readonly values: readonly PlannedValue[];
}

/** As few ranges as the message length and the allowed gap make possible. A value is torn over two only when it alone is longer than a message. */
export function planReads(values: readonly PlannedValue[], bytesMost: number, maxGapBytes: number): PlannedRange[] {
  const ranges: PlannedRange[] = [];
  for (const list of Map.groupBy(values, ({ address }) => `${address.area}${address.db}`).values()) {
    const sorted = list.toSorted((a, b) => a.address.byte - b.address.byte || a.address.length - b.address.length);
    let block: PlannedValue[] = [];
    let start = 0;
    let end = 0;
    for (const value of sorted) {
      const { byte, length } = value.address;
      const together = byte <= end + maxGapBytes && Math.max(end, byte + length) - start <= bytesMost;
      if (block.length > 0 && !together) {
        ranges.push(rangeOf(block));
        block = [];
      }
      if (block.length === 0) start = end = byte;
      block.push(value);
      end = Math.max(end, byte + length);
    }
    if (block.length > 0) ranges.push(rangeOf(block));
  }
  return ranges;
}

/** The bytes that hold these values; at least one. */
export function rangeOf(values: readonly PlannedValue[]): PlannedRange {
  const { area, db, byte: start } = values[0]!.address;
  const end = Math.max(...values.map(({ address }) => address.byte + address.length));
  return { area, db, start, length: end - start, values };
}
