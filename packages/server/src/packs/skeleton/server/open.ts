import type { OpenPack } from "@doppelwerk/kit/server";

// #region open
interface Batch {
  readonly id: string;
  readonly name: string;
  readonly litres: number;
  /** Signal with the level of its tank in litres. */
  readonly levelSignal?: string;
}

/** Called once for each world in which the feature is on. */
export const open: OpenPack = async (ctx) => ({
  handlers: {
    "brewery.batches": async ({ view, branch }) => {
      const batches = (await view.query({ kind: "brewery.batch" }, branch)) as unknown as readonly Batch[];
      const listed = batches.map(async ({ id, name, litres, levelSignal }) => {
        if (levelSignal === undefined) return { id, name, litres };
        return { id, name, litres, levelSignal, drawnSignal: await view.outputSignal("brewery.drawn", id, "drawn") };
      });
      return (await Promise.all(listed)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    "brewery.add": async ({ view, branch, body }) => {
      const batch = body as Omit<Batch, "id">;
      const id = `brewery.batch:${crypto.randomUUID()}`;
      await view.apply({
        branch,
        reason: `add the batch ${batch.name}`,
        changes: [{ op: "create", record: { ...batch, id, kind: "brewery.batch" } }],
      });
      await ctx.publish("brewery.added", { name: batch.name });
      return { id };
    },
  },
});
// #endregion
