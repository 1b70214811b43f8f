import { LIVE, type Instant, type RecordId, type WorldView } from "@doppelwerk/world";

/** What the documents of live stated of a number while the plant was recorded: the plant ran with these values, and was never seen at others. */
export interface ObservedRange {
  readonly min: number;
  readonly max: number;
  /** What is recorded. */
  readonly from: Instant;
  readonly to: Instant;
}

/** So many versions of a value are looked back at. */
const MAX_VERSIONS = 64;

/** P4: the values that a property of live had in a span, as far back from a revision as it goes. Undefined where it held no number then. */
export function observedRange(
  view: Pick<WorldView, "reader" | "timeOf">,
  element: RecordId,
  revision: number,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): ObservedRange | undefined {
  const values: number[] = [];
  let at = revision;
  for (let version = 0; version < MAX_VERSIONS && at > 0; version++) {
    const reader = view.reader(LIVE, { revision: at });
    const record = reader.get(element);
    const written = reader.written(element)?.updated;
    if (record === undefined || written === undefined) break;
    const held = record["value"];
    const value = typeof held === "number" || (typeof held === "string" && held !== "") ? Number(held) : Number.NaN;
    if (Number.isFinite(value)) values.push(value);
    // it held before what is recorded began
    if ((view.timeOf(written) ?? 0) <= from) break;
    at = written - 1;
  }
  return values.length === 0 ? undefined : { min: Math.min(...values), max: Math.max(...values), from, to };
}
