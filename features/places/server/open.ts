import type { Open } from "@doppelwerk/kit/server";
import type { PlantView } from "@doppelwerk/kit/server";
import {
  alarmFold,
  connections,
  derivedSignals,
  lineFlow,
  livePlaces,
  type LivePlaces,
  pastReading,
  placeAudits,
  runResults,
  shiftFigures,
  type KnownLines,
} from "@doppelwerk/ports";
import type { Message } from "@doppelwerk/messages";
import { LIVE, type BranchId, type Instant } from "@doppelwerk/world";
import { changed } from "../contract.ts";
import type { places } from "../feature.ts";
import { shownPlace } from "../model/place-sums.ts";
import type { Place, PlaceKind, PlaceTree } from "../model/place.ts";
import { isReadFrom } from "../model/read-hierarchies.ts";
import { placesAbove, placesWithin, readablePlaces } from "../model/readable-places.ts";
import { auditedPlace } from "./audited-place.ts";
import { areasTile } from "./board-tile.ts";
import { BoardPushes } from "./board-pushes.ts";
import { pricesOf } from "./cost-facts.ts";
import { figuresOfLines } from "./line-figures.ts";
import { LossCausesKept } from "./loss-causes-kept.ts";
import { LiveFigures } from "./live-figures.ts";
import { MeterCounts } from "./meter-counts.ts";
import { placeKpis, placeSummary, type SummaryPorts } from "./place-summary.ts";
import { PlaceTrees } from "./place-trees.ts";

/** The place tree of each branch (ISA-95), and what adds up in it. */
export const open: Open<typeof places> = async (ctx) => {
  const trees = new PlaceTrees((branch) => ctx.own.documents.reader(branch));
  const linePorts = () => ({ line: ctx.find(lineFlow), shifts: ctx.find(shiftFigures), runs: ctx.find(runResults), lossCauses });
  const [figures, meters, lossCauses] = [new LiveFigures(), new MeterCounts(), new LossCausesKept()];
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
  const asOf = (t: Instant | undefined) => instantOf(t, ctx.now());
  const portsFor = (past: boolean): SummaryPorts => ({
    lines: (at, reading) => (past ? figuresOfLines(linePorts(), { at, past, reading }) : figures.of(linePorts(), at, reading)),
    meters,
    alarms: ctx.find(alarmFold),
    connections: ctx.find(connections),
    reading: ctx.find(pastReading),
    derived: ctx.find(derivedSignals),
  });
  return {
    handlers: {
      "places.list": async ({ view, branch }) => {
        const known = (await ctx.find(lineFlow)?.lines(branch))?.lines ?? [];
        return listed(readable(view, branch), known, (all) => pricesOf({ view }, branch, all, known).findings);
      },
      "places.summary": async ({ view, branch, params: { id }, query: { t } }) => {
        const asked = asOf(t);
        return placeSummary({ view, branch, places: readable(view, branch).places, id, ...asked }, portsFor(asked.past));
      },
      "places.kpis": async ({ view, branch, params: { id }, query: { t } }) => {
        const asked = asOf(t);
        return placeKpis({ view, branch, places: readable(view, branch).places, id, ...asked }, portsFor(asked.past));
      },
    },
    contributed: [areasTile({ now: () => ctx.now(), view: (asking) => ctx.view(asking), places: readable, asOf, ports: portsFor })],
    ports: {
      [placeAudits.key]: {
        of(question) {
          // of a shift that is over, as it ended
          const asked = asOf(question.shift === undefined ? question.at : question.span && question.span.to - 1);
          const view = ctx.view(question.principal);
          return auditedPlace(
            question,
            { view, places: readable(view, LIVE).places, ...asked },
            { ...portsFor(asked.past), ofLines: linePorts() },
          );
        },
      },
      [livePlaces.key]: livePlacesOf(trees),
    },
    async close() {
      uncommit();
      unfollow();
      pushes.close();
    },
  };
};

function livePlacesOf(trees: PlaceTrees): LivePlaces {
  return {
    within: (place) => placesWithin(trees.of(LIVE).places, place).map(({ id }) => id),
    version: () => trees.of(LIVE),
    above: (place) => placesAbove(trees.of(LIVE), place),
    isReadFrom,
  };
}

function instantOf(asked: Instant | undefined, now: Instant): { readonly at: Instant; readonly past: boolean } {
  return asked !== undefined && asked < now ? { at: asked, past: true } : { at: now, past: false };
}

/** The tree as it is listed, lines by their ids. */
function listed(
  { places: all, findings }: PlaceTree,
  known: KnownLines["lines"],
  pricesFindings: (all: readonly Place[]) => readonly Message[],
) {
  const lines = new Map(known.map(({ id, shell }) => [shell, id]));
  const shown = all.map((place) => {
    const line = lines.get(place.shell);
    return { ...shownPlace(place), ...(line !== undefined && { line }) };
  });
  return {
    places: shown,
    counts: countsOf({ places: all, findings }),
    findings: [...findings.map(({ message }) => message), ...pricesFindings(all)],
  };
}

function countsOf({ places: all }: PlaceTree): Partial<Record<PlaceKind, number>> {
  const counts: Partial<Record<PlaceKind, number>> = {};
  for (const { kind } of all) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
