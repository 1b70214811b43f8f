import { DoppelwerkError, verbatim } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { PartRequest, SpareParts } from "@doppelwerk/ports";
import { expect, test } from "vitest";
import { fittingParts, takeUsed, uuidOf } from "./used-parts.ts";

const view = { principal: { id: "person:otto" } } as unknown as PlantView;
const used = {
  order: "workOrder:1",
  n: 4,
  at: 1,
  known: 1,
  by: "person:otto",
  act: { act: "partUsed", part: "SEAL-1", quantity: 2 },
} as const;

/** Stores that know one part of which there is one. */
function stores(taken: PartRequest[]): SpareParts {
  return {
    take: async (_who: unknown, _branch: unknown, request: PartRequest) => {
      if (request.part !== "SEAL-1") throw new DoppelwerkError("DW_NOT_FOUND", verbatim("no such part"));
      if (request.quantity > 2) throw new DoppelwerkError("DW_CONFLICT", verbatim("there is not so much"));
      taken.push(request);
    },
    list: async () => [
      { part: "SEAL-1", fits: ["S90"] },
      { part: "OIL", fits: [] },
      { part: "BELT", fits: ["urn:s10"] },
    ],
  } as unknown as SpareParts;
}

test("[MN16] a part that is used is taken out of its store, with one id for one act; of a part that no store has nothing is taken; where there is not so much the act is refused", async () => {
  const taken: PartRequest[] = [];
  await takeUsed(stores(taken), view, "live", used);
  await takeUsed(stores(taken), view, "live", used);
  expect(taken).toMatchObject([{ part: "SEAL-1", quantity: 2, work: "workOrder:1" }, { id: taken[0]!.id }]);
  expect(taken[0]!.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(uuidOf("a")).not.toBe(uuidOf("b"));
  await takeUsed(stores(taken), view, "live", { ...used, act: { ...used.act, part: "UNKNOWN" } });
  await takeUsed(undefined, view, "live", used);
  await takeUsed(stores(taken), view, "live", { ...used, act: { act: "started" } });
  expect(taken).toHaveLength(2);
  await expect(takeUsed(stores(taken), view, "live", { ...used, act: { ...used.act, quantity: 3 } })).rejects.toMatchObject({
    code: "DW_CONFLICT",
  });
});

test("[MN16] parts that fit the asset or its station are offered, and those of which nobody said what they fit", async () => {
  const parts = await fittingParts(stores([]), view, "live", { shell: "urn:s90", station: "S90" });
  expect(parts.map(({ part }) => part)).toEqual(["SEAL-1", "OIL"]);
  expect(await fittingParts(undefined, view, "live", { shell: "urn:s90" })).toEqual([]);
});
