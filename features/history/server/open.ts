import type { Open, PlantView } from "@doppelwerk/kit/server";
import { alarmTicks, boardTiles, changeDots, lineFlow, livePlaces, runResults, shiftFigures, spanNotes } from "@doppelwerk/ports";
import type { history } from "../feature.ts";
import { historyTiles } from "./board-tiles.ts";
import { listDisplays, storeDisplay } from "./displays.ts";
import { exportedSamples } from "./export-samples.ts";
import { signalsOfPlace } from "./signals-of-place.ts";
import { damageOf, durationsOf, samplesAt, trendOf, windowOf } from "./read-history.ts";
import { readRail } from "./rail.ts";

/** What was: windows of samples, single instants, trends, files of what was recorded, and the Rail over all of it. */
export const open: Open<typeof history> = async (ctx) => {
  const flow = () => ctx.find(lineFlow);
  const tracked = async (view: PlantView, line: string | undefined): Promise<readonly string[]> =>
    ((await flow()?.trackingSignals(line)) ?? []).filter((signal) => view.mayReadSignal(signal));
  return {
    handlers: {
      "history.window": async ({ view, query }) =>
        windowOf(
          view,
          query.signals === "tracking" ? await tracked(view, query.line) : query.signals.split(",").filter((id) => id !== ""),
          query,
        ),
      "history.at": ({ view, query }) => samplesAt(view, query),
      "history.damage": async ({ view }) => damageOf(view),
      "history.trend": ({ view, query }) => trendOf(view, query),
      "history.durations": ({ view, query }) => durationsOf(view, flow(), query, ctx.now()),
      "history.exportSamples": async ({ view, query }) => {
        const { signals, place, line } = query;
        const of =
          signals === undefined ? await signalsOfPlace(view, { place, line }, { flow: flow(), places: ctx.find(livePlaces) }) : undefined;
        return exportedSamples(view, { ...query, of, signals: signals ?? "" });
      },
      "history.displays": async ({ view, branch }) => listDisplays(view, branch),
      "history.storeDisplay": ({ view, branch, params, body }) => storeDisplay(view, branch, params.signal, body),
      "history.rail": ({ view, query }) =>
        readRail(
          view,
          {
            line: flow(),
            shifts: ctx.find(shiftFigures),
            alarms: ctx.find(alarmTicks),
            changes: ctx.find(changeDots),
            runs: ctx.find(runResults),
            notes: ctx.find(spanNotes),
          },
          { ...query, now: ctx.now() },
        ),
    },
    contributed: historyTiles({ now: () => ctx.now(), view: (principal) => ctx.view(principal) }).map((value) => ({
      key: boardTiles.key,
      value,
    })),
    ports: {},
    close: async () => {},
  };
};
