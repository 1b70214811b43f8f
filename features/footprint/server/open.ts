import { message, parse } from "@doppelwerk/kit";
import type { Open } from "@doppelwerk/kit/server";
import { listTables } from "@doppelwerk/ports";
import type { footprint } from "../feature.ts";
import type {} from "../message-codes.ts";
import { FactorName } from "../model/carbon-kinds.ts";
import { knownGrid, listFactors, removeFactor, storeFactor, storeGrid } from "./documents.ts";
import { factorTable } from "./factor-table.ts";
import { footprintsOf } from "./footprints.ts";
import { gridTable } from "./grid-table.ts";
import { writeFootprint } from "./write-submodel.ts";

/** Greenhouse gases of what was made, gate to gate: a part of a footprint, named as one. */
export const open: Open<typeof footprint> = async (ctx) => {
  return {
    handlers: {
      "footprint.ofProducts": ({ view, branch, query }) => footprintsOf(ctx, view, branch, query),
      "footprint.grid": async ({ view, branch }) => knownGrid(view, branch),
      "footprint.storeGrid": ({ view, branch, body }) => storeGrid(view, branch, body.fields, body.reason),
      "footprint.factors": async ({ view, branch }) => listFactors(view, branch),
      "footprint.storeFactor": ({ view, branch, params, body }) =>
        storeFactor(view, branch, parse(FactorName, params.name, message("footprint.column.factor")), body),
      "footprint.removeFactor": ({ view, branch, params, query }) => removeFactor(view, branch, params.name, query.reason),
      "footprint.writeSubmodel": ({ view, branch, body }) => writeFootprint(ctx, view, branch, body),
    },
    contributed: [
      { key: listTables.key, value: gridTable((principal) => ctx.view(principal)) },
      { key: listTables.key, value: factorTable((principal) => ctx.view(principal)) },
    ],
    ports: {},
    close: async () => {},
  };
};
