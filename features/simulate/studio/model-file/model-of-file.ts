import type { LineInfo } from "@doppelwerk/client";
import { createFlowRun, prepareFlow, validateFlowModel, validateLineModel } from "@doppelwerk/sim";
import type { FlowModel, LineModel } from "@doppelwerk/sim";
import { layOutLine } from "@doppelwerk/scene";
import type { LineSketch } from "@doppelwerk/scene";
import { LIVE } from "@doppelwerk/world";
import { WatchedLine } from "../watch/watched-line.ts";
import type { Watched } from "../watch/watched.ts";
import { MAX_STATIONS, sketchOfFlow, sketchOfLine } from "./sketch-of-model.ts";
import { WatchedFlow } from "./watched-flow.ts";

/** A model of a file that can be watched: how it stands in space, and a replication of it from the beginning. */
export interface ModelOfFile {
  readonly name: string;
  readonly line: LineInfo;
  /** Throws `RunError` where the model cannot be run on. */
  watch(seed: number, replication: number): Watched;
}

/** Why a file cannot be watched: lines as `doppelwerk simulate --check` prints them, or one of the reasons that the screen words. */
export type Refused =
  | { readonly reason: "findings"; readonly lines: readonly string[]; readonly more: number }
  | { readonly reason: "noJson" | "noModel" | "tooLarge" | "tooMany" | "endless" | "custom" };

const MAX_BYTES = 16 * 1024 * 1024;
const FINDINGS_SHOWN = 12;
/** Of a model without a duration: it ends by itself, sooner than this. */
const MAX_EVENTS = 3_000_000;
const LINE_S = 28_800;

/** Reads a file of `doppelwerk simulate`: `doppelwerk-flow/1` or `doppelwerk-line/1`. Never throws. */
export function modelOfFile(name: string, text: string, clock: () => number): ModelOfFile | Refused {
  if (text.length > MAX_BYTES) return { reason: "tooLarge" };
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return { reason: "noJson" };
  }
  const format = typeof value === "object" && value !== null && "format" in value ? value.format : undefined;
  if (format === "doppelwerk-flow/1") return flowOf(name, value, clock);
  if (format === "doppelwerk-line/1") return lineOf(name, value);
  return { reason: "noModel" };
}

function flowOf(file: string, value: unknown, clock: () => number): ModelOfFile | Refused {
  const refused = refusedBy(validateFlowModel(value));
  if (refused !== undefined) return refused;
  const model = value as FlowModel;
  if (model.components.some(({ type }) => type === "custom")) return { reason: "custom" };
  const sketch = sketchOfFlow(model);
  if (sketch.stations.length > MAX_STATIONS) return { reason: "tooMany" };
  const flow = prepareFlow(model);
  const { durationS, warmUpS } = model.run ?? {};
  const wholeS = durationS === undefined ? endOf(model) : durationS + (typeof warmUpS === "number" ? warmUpS : 0);
  if (wholeS === undefined) return { reason: "endless" };
  return {
    name: model.name ?? file,
    line: lineInfo(sketch, model.products ?? []),
    watch: (seed, replication) => new WatchedFlow(flow, { seed, replication, durationS: wholeS }, clock),
  };
}

/** Seconds until nothing more happens, undefined where that is not soon. */
function endOf(model: FlowModel): number | undefined {
  const run = createFlowRun(model, { seed: model.run?.seed ?? 1, mostEvents: MAX_EVENTS });
  try {
    run.advanceToEnd();
    return Math.max(1, run.nowS);
  } catch {
    return undefined;
  }
}

function lineOf(file: string, value: unknown): ModelOfFile | Refused {
  const refused = refusedBy(validateLineModel(value));
  if (refused !== undefined) return refused;
  const model = value as LineModel;
  const sketch = sketchOfLine(model);
  if (sketch.stations.length > MAX_STATIONS) return { reason: "tooMany" };
  const { durationS = LINE_S, warmUpS, start = 0 } = model.run ?? {};
  return {
    name: model.name ?? (model.id || file),
    line: lineInfo(sketch, model.products),
    watch: (seed, replication) =>
      new WatchedLine(
        { nominal: model, edited: model, parameters: [] },
        {
          kind: "forecast",
          seed,
          replication,
          start,
          horizonS: durationS + (typeof warmUpS === "number" ? warmUpS : 0),
          warmUpS: 0,
          drawParameters: false,
          outputStepS: Math.max(1, durationS / 500),
        },
      ),
  };
}

function refusedBy(findings: ReturnType<typeof validateFlowModel>): Refused | undefined {
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return undefined;
  return {
    reason: "findings",
    lines: errors.slice(0, FINDINGS_SHOWN).map(({ path, message }) => (path === "" ? message : `${path} ${message}`)),
    more: Math.max(0, errors.length - FINDINGS_SHOWN),
  };
}

function lineInfo(sketch: LineSketch, products: readonly { readonly id: string }[]): LineInfo {
  return {
    branch: LIVE,
    id: sketch.id,
    name: { en: sketch.id, zh: sketch.id },
    taktS: 0,
    constraint: "",
    stations: sketch.stations.map(({ id, label, places, buffer }) => ({
      id,
      name: { en: label, zh: label },
      shell: "",
      places,
      idealCycleS: 0,
      bufferCapacity: buffer,
      constraint: false,
      signals: {},
      processValues: [],
    })),
    products: products.map(({ id }) => ({ id, family: id })),
    definition: undefined,
    stage: layOutLine(sketch),
  };
}
