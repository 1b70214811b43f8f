import { ReasonFields } from "./reason-kind.ts";
import rows from "./shipped-reasons.json" with { type: "json" };

/** The tree that a world begins with, by code, in its order. */
export const SHIPPED_REASONS: ReadonlyMap<string, ReasonFields> = new Map(
  rows.map(({ code, ...own }, order) => [code, ReasonFields.parse({ ...own, order, stations: [], isRetired: false })]),
);
