import type { RegisterAddress, Table } from "./register-address.ts";
import type { ModbusSettings } from "./settings.ts";

export interface PlannedValue {
  /** Position in the list of signals. */
  readonly index: number;
  readonly address: RegisterAddress;
}

/** One request: `count` registers or bits from `start`. */
export interface BlockRead {
  readonly unitId: number;
  readonly table: Table;
  readonly start: number;
  readonly count: number;
  readonly values: readonly PlannedValue[];
}

/** As few requests as the device's limits and the allowed gap make possible; a value is never torn over two. */
export function planReads(
  values: readonly PlannedValue[],
  limits: Pick<ModbusSettings, "maxRegistersPerRead" | "maxBitsPerRead" | "maxGap">,
): BlockRead[] {
  const reads: BlockRead[] = [];
  const tables = Map.groupBy(values, ({ address }) => `${address.unitId}/${address.table}`);
  for (const list of tables.values()) {
    const sorted = list.toSorted((a, b) => a.address.address - b.address.address || a.address.length - b.address.length);
    const { table, unitId } = sorted[0]!.address;
    const most = table === "coil" || table === "discrete" ? limits.maxBitsPerRead : limits.maxRegistersPerRead;
    let block: PlannedValue[] = [];
    let start = 0;
    let end = 0;
    const close = (): void => {
      if (block.length > 0) reads.push({ unitId, table, start, count: end - start, values: block });
      block = [];
    };
    for (const value of sorted) {
      const from = value.address.address;
      const to = from + value.address.length;
      if (block.length > 0 && (from > end + limits.maxGap || Math.max(end, to) - start > most)) close();
      if (block.length === 0) start = end = from;
      block.push(value);
      end = Math.max(end, to);
    }
    close();
  }
  return reads;
}
