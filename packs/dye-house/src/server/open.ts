import type { OpenPack, PackCall, PackView } from "@doppelwerk/kit/server";
import { figuresOf } from "../model/figures.ts";
import { programmeOf } from "../model/programme.ts";
import { batchesOfMachine } from "./batches.ts";
import { documentsOf, outputSignal, type DyeHouseDocuments } from "./plant.ts";
import { notFound } from "./not-found.ts";
import { passesOfRange } from "./passes.ts";
import { setUp } from "./set-up.ts";
import { storeLot, type LotBody } from "./store-lot.ts";
import { whatIf, type WhatIfBody } from "./what-if.ts";

interface Period {
  readonly from: number;
  readonly to: number;
}

/** Called once for each world in which the feature is on. */
export const open: OpenPack = async (ctx) => ({
  handlers: {
    "dyeHouse.overview": async ({ view, branch }) => overview(view, await documentsOf(view, branch)),
    "dyeHouse.setUp": async ({ view, branch }) => {
      const result = await setUp(view, branch);
      await ctx.publish("dyeHouse.changed", { branch });
      return result;
    },
    "dyeHouse.batches": async (call) => batchesWithin(call, call.query as Period & { readonly machine?: string }),
    "dyeHouse.figures": async (call) => {
      const period = call.query as Period;
      const { machines } = await documentsOf(call.view, call.branch);
      return figuresOf(await batchesWithin(call, period), period.from, Math.min(period.to, ctx.now()), machines.length);
    },
    "dyeHouse.programme": async ({ view, branch, query }) => {
      const { recipe, machine, loadKg } = query as { readonly recipe: string; readonly machine: string; readonly loadKg: number };
      const { recipes, machines } = await documentsOf(view, branch);
      const steps = recipes.find(({ code }) => code === recipe)?.steps;
      const nominal = machines.find(({ name }) => name === machine)?.nominalKg;
      if (steps === undefined || nominal === undefined)
        throw steps === undefined ? notFound("recipe", recipe) : notFound("machine", machine);
      return programmeOf(steps, loadKg, nominal);
    },
    "dyeHouse.passes": async ({ view, branch, query }) => {
      const { ranges } = await documentsOf(view, branch);
      const signals = await view.signals();
      const found = await Promise.all(ranges.map((range) => passesOfRange(view, signals, range, query as Period)));
      return found.flat().toSorted((a, b) => a.from - b.from);
    },
    "dyeHouse.storeLot": async ({ view, branch, params, body }) => {
      const id = await storeLot(view, branch, params["code"]!, body as LotBody);
      await ctx.publish("dyeHouse.changed", { branch });
      return { id };
    },
    "dyeHouse.whatIf": async ({ view, branch, body }) => {
      const now = ctx.now();
      const documents = await documentsOf(view, branch);
      const signals = await view.signals();
      const recent = { from: now - 3 * 86_400_000_000, to: now };
      const batches = await Promise.all(documents.machines.map((machine) => batchesOfMachine(view, signals, machine, recent)));
      return whatIf(documents, batches.flat(), now, body as WhatIfBody);
    },
  },
});

async function batchesWithin({ view, branch }: Pick<PackCall, "view" | "branch">, query: Period & { readonly machine?: string }) {
  const { machines } = await documentsOf(view, branch);
  const asked = machines.filter(({ name }) => query.machine === undefined || name === query.machine);
  const signals = await view.signals();
  const found = await Promise.all(asked.map((machine) => batchesOfMachine(view, signals, machine, query)));
  return found.flat().toSorted((a, b) => a.from - b.from);
}

async function overview(view: PackView, { machines, ranges, tanks, recipes, lots, assignments }: DyeHouseDocuments) {
  const signals = await view.signals();
  return {
    machines: await Promise.all(
      machines.map(async (machine) => ({
        ...machine,
        phaseSignal: await outputSignal(view, signals, machine, "phase"),
        deviationSignal: await outputSignal(view, signals, machine, "deviation"),
      })),
    ),
    ranges,
    tanks,
    recipes: recipes.map(({ code, title, steps }) => ({ code, title, steps: steps.length })),
    lots,
    assignments,
  };
}
