import type { Open } from "@doppelwerk/kit/server";
import type { PlantView } from "@doppelwerk/kit/server";
import { alarmFold, connections, derivedSignals, lineFlow, livePlaces, pastReading, runResults, shiftFigures } from "@doppelwerk/ports";
import { LIVE, type BranchId } from "@doppelwerk/world";
import { changed } from "../contract.ts";
import type { places } from "../feature.ts";
import { shownPlace } from "../model/place-sums.ts";
import type { PlaceKind, PlaceTree } from "../model/place.ts";
import { placesWithin, readablePlaces } from "../model/readable-places.ts";
import { BoardPushes } from "./board-pushes.ts";
import { figuresOfLines } from "./line-figures.ts";
import { LiveFigures } from "./live-figures.ts";
import { MeterCounts } from "./meter-counts.ts";
import { placeSummary } from "./place-summary.ts";
import { PlaceTrees } from "./place-trees.ts";

/** The place tree of each branch (ISA-95), and what adds up in it. */
export const open: Open<typeof places> = async (ctx) => {
  const trees = new PlaceTrees((branch) => ctx.own.documents.reader(branch));
  const linePorts = () => ({ line: ctx.find(lineFlow), shifts: ctx.find(shiftFigures), runs: ctx.find(runResults) });
  const figures = new LiveFigures();
  const meters = new MeterCounts();
  const pushes = new BoardPushes(() => {
    figures.forget();
    ctx.publish(changed, { at: ctx.now() });
  });
  const unfollow = ctx.folds.group("line").follow({
    concluded: (concluded) => pushes.concluded(concluded),
    derived: () => pushes.changed(false),
  });
  const uncommit = ctx.own.documents.onCommit(({ entry }) => {
    trees.onCommit(entry);
    pushes.changed(false);
  });
  const readable = (view: PlantView, branch: BranchId): PlaceTree => {
    const reader = view.documents.reader(branch);
    return readablePlaces(trees.of(branch), (id) => reader.get(id) !== undefined);
  };
  return {
    handlers: {
      "places.list": async ({ view, branch }) => {
        const tree = readable(view, branch);
        const lines = new Map((await ctx.find(lineFlow)?.lines(branch))?.lines.map(({ id, shell }) => [shell, id]));
        const shown = tree.places.map((place) => {
          const line = lines.get(place.shell);
          return { ...shownPlace(place), ...(line !== undefined && { line }) };
        });
        return { places: shown, counts: countsOf(tree), findings: tree.findings.map(({ message }) => message) };
      },
      "places.summary": async ({ view, branch, params, query: { t } }) => {
        const now = ctx.now();
        const past = t !== undefined && t < now;
        return placeSummary(
          { view, places: readable(view, branch).places, id: params.id, at: past ? t : now, past },
          {
            lines: (at) => (past ? figuresOfLines(linePorts(), at, true) : figures.of(linePorts(), at)),
            meters,
            alarms: ctx.find(alarmFold),
            connections: ctx.find(connections),
            reading: ctx.find(pastReading),
            derived: ctx.find(derivedSignals),
          },
        );
      },
    },
    ports: {
      [livePlaces.key]: {
        within: (place) => placesWithin(trees.of(LIVE).places, place).map(({ id }) => id),
        version: () => trees.of(LIVE),
      },
    },
    async close() {
      uncommit();
      unfollow();
      pushes.close();
    },
  };
};

function countsOf({ places: all }: PlaceTree): Partial<Record<PlaceKind, number>> {
  const counts: Partial<Record<PlaceKind, number>> = {};
  for (const { kind } of all) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
