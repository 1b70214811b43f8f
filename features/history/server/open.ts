import type { Open, PlantView } from "@doppelwerk/kit/server";
import { alarmTicks, changeDots, lineFlow, runResults, shiftFigures, spanNotes } from "@doppelwerk/ports";
import type { history } from "../feature.ts";
import { listDisplays, storeDisplay } from "./displays.ts";
import { exportedSamples } from "./export-samples.ts";
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
      "history.exportSamples": ({ view, query }) => exportedSamples(view, query),
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
    ports: {},
    close: async () => {},
  };
};
