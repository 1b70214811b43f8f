import { LIVE, type History, type Principal, type WorldView } from "@doppelwerk/world";
import type { StationStates } from "@doppelwerk/ports";
import { stateOfSample, stateSignalId } from "@doppelwerk/operations";
import { heldSamples } from "@doppelwerk/world";
import type { FlowRuns } from "./fold/flow-runs.ts";
import type { LineOfShells } from "./line-of-shells.ts";
import type { Lines } from "./lines.ts";
import { mappingEffect } from "./mapping-effect.ts";

const ROWS_MAX = 500_000;

export interface StationStatesOptions {
  readonly runs: FlowRuns;
  readonly lines: Lines;
  readonly history: History;
  viewOf(principal: Principal): WorldView;
  /** The lines of live as somebody may read them. */
  read(view: WorldView): readonly LineOfShells[];
}

/** The stations of the lines, as the feature *connect* needs them. */
export function stationStatesPort({ runs, lines, history, viewOf, read }: StationStatesOptions): StationStates {
  return {
    // read again: what was committed a moment ago counts
    line: async (principal, id) => lines.of(id).lineOn(viewOf(principal), LIVE).definition,
    lines: async (principal) => read(viewOf(principal)).map(({ definition }) => definition),
    async concluded(station, from, to) {
      const key = { branch: LIVE, signal: stateSignalId(station) };
      const [before] = await history.at([key], from - 1);
      const kept = heldSamples(await history.raw(key, from, to, ROWS_MAX));
      const open = (lines.ofStation(station)?.readings?.openIntervals() ?? []).filter(
        (each) => each.station === station && each.place === undefined,
      );
      const begun = open.reduce((least, each) => Math.min(least, each.from), to);
      const closed = [...(before === undefined ? [] : [{ ...before, time: from }]), ...kept].filter(({ time }) => time < begun);
      return [
        ...closed.map(({ time, value, text }) => stateOfSample(value, text, time)),
        ...open.map(({ from: since, state, word }) => ({ from: Math.max(since, from), state, ...(word !== undefined && { word }) })),
      ];
    },
    effect: ({ definition, station, mapping, from, to }, signal) => mappingEffect(runs, definition, station, mapping, { from, to }, signal),
  };
}
