import type { Emit, Fold, FoldInput, FoldInstance, Folding, Instant } from "@doppelwerk/world";
import type { CounterEvent } from "../counters/counter.ts";
import { derivedSignals, nothingOf, samplesOfIntervals } from "./derived-signals.ts";
import { zoneOffsetOf } from "../shifts/zone-offset.ts";
import type { StateInterval, StationState } from "../definition/station-state.ts";
import type { PartEvent } from "../tracking/tracked-part.ts";
import type { CountRole } from "../kpis/kpi-definition.ts";
import { createLineCore, NOWHERE, type FlowReadings, type LineCoreState } from "./line-core.ts";
import type { LineDefinition } from "../definition/line-definition.ts";

export interface FlowFoldDefinition {
  readonly line: LineDefinition;
}

/** Parts that a station counted; `acrossGap`: at some time of a gap. */
export interface PartCounted {
  readonly station: string;
  readonly role: CountRole;
  readonly delta: number;
  /** That the station had then, where that is known. */
  readonly product: string | undefined;
  readonly acrossGap: boolean;
}

export type FlowOutput =
  /** A span of a state that is over. */
  | { readonly type: "interval"; readonly interval: StateInterval }
  | { readonly type: "part"; readonly part: PartEvent }
  | { readonly type: "counter"; readonly counter: CounterEvent }
  | { readonly type: "counted"; readonly counted: PartCounted }
  /** The states of a station as they are from now on: its own first, then those of its places. */
  | { readonly type: "states"; readonly station: string; readonly states: readonly StationState[] };

export interface FlowFolding extends Folding<LineCoreState, never, FlowOutput> {
  readings(now: () => Instant): FlowReadings;
}

/** Weeks of a line with what fits need are some megabytes. */
const STATE_MAX = 256 << 20;

/** States, tracking and counts of a line: they feed back into each other, so they are one fold. */
export const flowFold: Fold<FlowFoldDefinition, LineCoreState, FlowOutput> = {
  id: "flow",
  version: 1,
  state: {
    version: 2,
    maxBytes: STATE_MAX,
    // of version 1 were the key figures too, which the fold `kpis` takes
    upcast: { 1: ({ kpis: _kpis, ...state }: LineCoreState & { readonly kpis: unknown }) => state },
  },
  needs: [],
  partial: "conclude",
  keeps: {
    signals: ({ line }) => derivedSignals(line, []),
    sampleOf: (output) => (output.type === "interval" ? samplesOfIntervals([output.interval])[0] : undefined),
    nothing: nothingOf,
  },
  open: openFlow,
};

function openFlow({ line }: FlowFoldDefinition, emit: Emit<FlowOutput>, state?: LineCoreState): FlowFolding {
  const core = createLineCore(
    line,
    { zoneOffset: zoneOffsetOf(line.timeZone), extract: true },
    {
      interval: (interval) => emit({ type: "interval", interval }, { from: interval.from, inputs: inputsOf(interval.station) }),
      part: (part) => emit({ type: "part", part }, { from: part.at, inputs: inputsOf("station" in part ? part.station : undefined) }),
      counter: (counter) => emit({ type: "counter", counter }, { from: counter.at, inputs: inputsOf(counter.station) }),
      counted: (station, role, delta, product, acrossGap, at) =>
        emit({ type: "counted", counted: { station, role, delta, product, acrossGap } }, { from: at, inputs: inputsOf(station) }),
      states: (station, states, at) => emit({ type: "states", station, states }, { from: at, inputs: inputsOf(station) }),
    },
  );
  const slotOf = new Map(core.signals.map((signal, slot) => [signal, slot]));
  const slotsOf = new Map(
    line.stations.map(({ id, signals, placeSignals = [] }) => [
      id,
      [...Object.values(signals), ...placeSignals].flatMap((binding) => slotOf.get(binding?.id ?? "") ?? []),
    ]),
  );
  const inputsOf = (station: string | undefined): readonly number[] | undefined =>
    station === undefined ? undefined : slotsOf.get(station);
  if (state) core.restore(state);
  return {
    take: (input, value, text, quality, _origin, at) => core.sample(input, value, text, quality, at, 0),
    settle: (at) => core.settle(at),
    due: core.due,
    fire: core.fire,
    open: (at) =>
      core
        .readings(() => at)
        .openIntervals()
        .map((interval) => ({ output: { type: "interval", interval }, from: interval.from })),
    snapshot: core.snapshot,
    readings: core.readings,
  };
}

/** A line as the fold has it. */
export function flowInstance(line: LineDefinition): FoldInstance<FlowFoldDefinition> {
  return { subject: line.id, definition: { line }, inputs: inputsOfFlow({ line }) };
}

/** Its inputs in the order in which samples of one instant are read. */
export function inputsOfFlow({ line }: FlowFoldDefinition): readonly FoldInput[] {
  return createLineCore(line, { zoneOffset: () => 0 }, NOWHERE).signals.map((signal) => ({ signal }));
}
