export type SortValue = number | string | undefined;

export interface Order {
  /** Place of the column. */
  readonly column: number;
  readonly direction: "ascending" | "descending";
}

/** What follows when the title of a column is pressed: the one direction, the other, and the order that the rows came in. */
export function turnedOrder(order: Order | undefined, column: number, first: Order["direction"] = "ascending"): Order | undefined {
  if (order?.column !== column) return { column, direction: first };
  return order.direction === first ? { column, direction: first === "ascending" ? "descending" : "ascending" } : undefined;
}

/** Numbers by size, words by their letters with digits as numbers; rows without a value last in either direction, equal ones as they came. */
export function sortedRows<Row>(
  rows: readonly Row[],
  order: Order | undefined,
  valueOf: ((row: Row) => SortValue) | undefined,
): readonly Row[] {
  if (order === undefined || valueOf === undefined) return rows;
  const sign = order.direction === "ascending" ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    if (typeof left === "number" && typeof right === "number") return sign * (left - right);
    return sign * String(left).localeCompare(String(right), undefined, { numeric: true });
  });
}
