import { parse } from "@doppelwerk/kit";
import type { Open } from "@doppelwerk/kit/server";
import { lineFlow, shiftFigures } from "@doppelwerk/ports";
import { DAY } from "@doppelwerk/world";
import type { trends } from "../feature.ts";
import { CurveName } from "../model/curve.ts";
import { CURVE_EVENT } from "../model/event-kinds.ts";
import { CurveBook } from "./curves.ts";
import { distributionOf } from "./distribution.ts";
import { kpiSeriesOf } from "./kpi-series.ts";
import { pairsOf } from "./pairs.ts";
import { SavedTrends } from "./saved-trends.ts";
import { serialSpansOf } from "./serial-spans.ts";
import { spectrumAnswer } from "./spectrum.ts";
import { tableOf } from "./table-file.ts";
import { usualOf } from "./usual.ts";

/** Curves are looked through for those that are too old. */
const SWEEP_MS = 3_600_000;

/** What engineers ask of the record: distributions, pairs, spectra, what is usual, curves of serials, and what they saved of it. */
export const open: Open<typeof trends> = async (ctx) => {
  const saved = new SavedTrends({ now: () => ctx.now(), newId: () => ctx.ids.next(savedRecord), nameOf: (actor) => ctx.nameOf(actor) });
  const curves = new CurveBook({
    now: () => ctx.now(),
    lines: async () => (await ctx.find(lineFlow)?.lines()) ?? { lines: [], findings: [] },
  });
  const sweep = (): void => {
    ctx.own.events
      .expire({ before: ctx.now() - ctx.settings.curveDays * DAY, types: [CURVE_EVENT] })
      .catch((error: unknown) => ctx.log.error({ err: error }, "old curves could not be deleted"));
  };
  const timer = setInterval(sweep, SWEEP_MS);
  return {
    handlers: {
      "trends.distribution": ({ view, query }) => distributionOf(view, query, ctx.now()),
      "trends.pairs": ({ view, query }) => pairsOf(view, query, ctx.now()),
      "trends.spectrum": ({ view, query }) => spectrumAnswer(view, query, ctx.now()),
      "trends.table": ({ view, query }) => tableOf(view, query, ctx.now()),
      "trends.usual": ({ view, query }) => usualOf(view, query),
      "trends.kpiSeries": ({ query }) => kpiSeriesOf(ctx.find(shiftFigures), query, ctx.now()),
      "trends.serialSpans": ({ view, params, query }) => serialSpansOf(view, params.serial, query.t ?? ctx.now()),
      "trends.saved": async ({ view, branch }) => saved.list(view, branch),
      "trends.save": ({ view, branch, body }) => saved.save(view, branch, body),
      "trends.change": ({ view, branch, params, body }) => saved.change(view, branch, params.id, body),
      "trends.removeSaved": ({ view, branch, params }) => saved.remove(view, branch, params.id),
      "trends.recordCurve": ({ view, params, body }) => curves.record(view, parse(CurveName, params.curve, "curve"), body),
      "trends.curves": ({ view, query: { t, ...query } }) => curves.list(view, { ...query, at: t ?? ctx.now() }),
      "trends.curveStations": ({ view, query }) => curves.stations(view, query.t ?? ctx.now()),
      "trends.curvesOfSerial": ({ view, params, query }) => curves.ofSerial(view, params.serial, query.t ?? ctx.now()),
    },
    ports: {},
    close: async () => clearInterval(timer),
  };
};

const savedRecord = "savedTrend";
