import { z, type KindDeclaration } from "@doppelwerk/kit";
import { stopEffectShape } from "@doppelwerk/ports";

const instant = z.int().min(0).max(8_000_000_000_000_000);

/** What a stop cost, simulated. It is on the branch that was forked before the stop, and nowhere else. */
export const stopEffect = {
  id: "losses.effect",
  record: "stopEffect",
  version: 1,
  schema: z.object({
    line: z.string().min(1).max(500),
    station: z.string().min(1).max(200),
    from: instant,
    to: instant,
    effect: stopEffectShape,
  }),
  upcast: {},
} satisfies KindDeclaration;
export type StoredEffect = z.output<typeof stopEffect.schema>;
