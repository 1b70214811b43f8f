import { message, textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { boardTiles, type TileKind, type TileQuestion } from "@doppelwerk/ports";
import type { BranchId, Instant, Principal } from "@doppelwerk/world";
import type { PlaceSums } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { PlaceTree } from "../model/place.ts";
import { placeSummary, type SummaryPorts } from "./place-summary.ts";

const titleOf = (key: string) => textsOf(message(`places.tile.${key}` as "places.tile.areas"));

interface AreasSources {
  now(): Instant;
  view(principal: Principal): PlantView;
  /** Those that may be read. */
  places(view: PlantView, branch: BranchId): PlaceTree;
  asOf(at: Instant | undefined): { readonly at: Instant; readonly past: boolean };
  ports(past: boolean): SummaryPorts;
}

/** Rows of the place with no other above it; undefined where there is none. */
async function sumsOf({ principal, branch, at }: TileQuestion, sources: AreasSources): Promise<readonly PlaceSums[] | undefined> {
  const view = sources.view(principal);
  const { places } = sources.places(view, branch);
  const top = places.find(({ parent }) => !places.some(({ id }) => id === parent));
  const asked = sources.asOf(at);
  return top && (await placeSummary({ view, branch, places, id: top.id, ...asked }, sources.ports(asked.past))).rows;
}

/** The areas of the site with what adds up in each, and the site itself last. */
export function areasTile(sources: AreasSources): { readonly key: string; readonly value: TileKind } {
  const value: TileKind = {
    id: "places.areas",
    title: titleOf("areas"),
    about: titleOf("areasAbout"),
    shape: "table",
    fields: [],
    least: { width: 300, height: 140 },
    async read(question) {
      const rows = await sumsOf(question, sources);
      return {
        columns: [
          { key: "name", title: titleOf("place"), kind: "text" },
          { key: "good", title: titleOf("good"), kind: "number", digits: 0 },
          { key: "due", title: titleOf("due"), kind: "number", digits: 0 },
          { key: "lost", title: titleOf("lost"), kind: "seconds" },
          { key: "alarms", title: titleOf("alarms"), kind: "number", digits: 0 },
          { key: "energy", title: titleOf("energy"), kind: "number", unit: "kWh" },
        ],
        rows: (rows ?? []).map(({ place, good, due, lostS, alarms, energy }) => ({
          name: { ...place.title },
          good: good ?? null,
          due: due ?? null,
          lost: lostS ?? null,
          alarms: alarms.p1 + alarms.p2 + alarms.p3 + alarms.p4,
          energy: energy?.kWh ?? null,
        })),
        at: question.at ?? sources.now(),
        isSimulated: false,
        ...((rows ?? []).length === 0 && { note: titleOf("none") }),
      };
    },
  };
  return { key: boardTiles.key, value };
}
