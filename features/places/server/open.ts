import type { Open } from "@doppelwerk/kit/server";
import type { PlantView } from "@doppelwerk/kit/server";
import { alarmFold, connections, lineFlow, pastReading, runResults, shiftFigures } from "@doppelwerk/ports";
import type { BranchId } from "@doppelwerk/world";
import type { places } from "../feature.ts";
import { shownPlace } from "../model/place-sums.ts";
import type { PlaceKind, PlaceTree } from "../model/place.ts";
import { readablePlaces } from "../model/readable-places.ts";
import { placeSummary } from "./place-summary.ts";
import { PlaceTrees } from "./place-trees.ts";

/** The place tree of each branch (ISA-95), and what adds up in it. */
export const open: Open<typeof places> = async (ctx) => {
  const trees = new PlaceTrees((branch) => ctx.own.documents.reader(branch));
  const uncommit = ctx.own.documents.onCommit(({ entry }) => trees.onCommit(entry));
  const readable = (view: PlantView, branch: BranchId): PlaceTree => {
    const reader = view.documents.reader(branch);
    return readablePlaces(trees.of(branch), (id) => reader.get(id) !== undefined);
  };
  return {
    handlers: {
      "places.list": async ({ view, branch }) => {
        const tree = readable(view, branch);
        return { places: tree.places.map(shownPlace), counts: countsOf(tree), findings: tree.findings.map(({ message }) => message) };
      },
      "places.summary": async ({ view, branch, params, query: { t } }) => {
        const now = ctx.now();
        const past = t !== undefined && t < now;
        return placeSummary(
          { view, places: readable(view, branch).places, id: params.id, at: past ? t : now, past },
          {
            line: ctx.find(lineFlow),
            shifts: ctx.find(shiftFigures),
            runs: ctx.find(runResults),
            alarms: ctx.find(alarmFold),
            connections: ctx.find(connections),
            reading: ctx.find(pastReading),
          },
        );
      },
    },
    ports: {},
    close: async () => uncommit(),
  };
};

function countsOf({ places: all }: PlaceTree): Partial<Record<PlaceKind, number>> {
  const counts: Partial<Record<PlaceKind, number>> = {};
  for (const { kind } of all) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
