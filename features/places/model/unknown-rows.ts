import type { PlaceSums } from "../contract.ts";

/** Places of which what should be known is not: a line in no known state, signals of which none has a good value. Unknown is never shown as well. */
export function unknownRows(rows: readonly PlaceSums[]): readonly PlaceSums[] {
  return rows.filter(({ lines, signals }) => lines.some(({ state }) => state === "unknown") || (signals.total > 0 && signals.good === 0));
}
