import type { OpenPack } from "@doppelwerk/kit/server";

// #region open
interface Batch {
  readonly name: string;
  readonly litres: number;
}

/** Called once for each world in which the feature is on. */
export const open: OpenPack = async (ctx) => ({
  handlers: {
    "brewery.batches": async ({ view, branch }) => {
      const batches = await view.query({ kind: "brewery.batch" }, branch);
      return batches.map(({ id, name, litres }) => ({ id, name, litres })).toSorted((a, b) => (String(a.name) < String(b.name) ? -1 : 1));
    },
    "brewery.add": async ({ view, branch, body }) => {
      const { name, litres } = body as Batch;
      const id = `brewery.batch:${crypto.randomUUID()}`;
      await view.apply({
        branch,
        reason: `add the batch ${name}`,
        changes: [{ op: "create", record: { id, kind: "brewery.batch", name, litres } }],
      });
      await ctx.publish("brewery.added", { name });
      return { id };
    },
  },
});
// #endregion
