import { z } from "@doppelwerk/kit";

const ids = z.array(z.string().min(1).max(200)).max(1_000).default([]);

/** What a grant names, by record id. What stands in a place, and what belongs to a shell, is looked up at each moment. */
export const GrantSelection = z.strictObject({
  /** Shells that are places, each with everything in it. */
  places: ids,
  /** Shells alone, with their submodels and signals. */
  shells: ids,
  signals: ids,
});
export type GrantSelection = z.output<typeof GrantSelection>;
