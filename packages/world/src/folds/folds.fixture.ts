import { SECOND, type Instant } from "../instant.ts";
import { quality, type Sample, type SampleBatch } from "../signals/sample.ts";
import type { Fold, FoldOutput } from "./fold.ts";

export const START: Instant = 1_790_000_000 * SECOND;

/** Sums up what comes; says each sum, and that it became quiet five seconds after the last value. */
export interface SumState {
  readonly sum: number;
  readonly last: Instant;
}
export type SumOutput = { readonly type: "sum"; readonly sum: number } | { readonly type: "quiet" };
export const sum: Fold<{ readonly factor: number }, SumState, SumOutput> = {
  id: "sum",
  version: 2,
  state: { version: 2, maxBytes: 1_000, upcast: { 1: (before: never) => ({ sum: before as number, last: 0 }) } },
  needs: [],
  open({ factor }, emit, state = { sum: 0, last: 0 }) {
    let { sum: total, last } = state;
    let changed = false;
    return {
      take(_input, value, _text, sampleQuality, _origin, at) {
        if (sampleQuality === quality.bad || Number.isNaN(value)) return;
        total += factor * value;
        last = at;
        changed = true;
      },
      settle(at) {
        if (changed) emit({ type: "sum", sum: total }, { from: at });
        changed = false;
      },
      due: () => (last === 0 ? Number.POSITIVE_INFINITY : last + 5 * SECOND),
      fire() {
        emit({ type: "quiet" }, { from: last });
        last = 0;
      },
      snapshot: () => ({ sum: total, last }),
    };
  },
};

export interface WatchOutput extends FoldOutput {
  readonly type: "line";
  readonly text: string;
}
/** Says in order whatever comes to it: values, sums, acts. Bounded: it keeps the last three. */
export const watch: Fold<null, readonly string[], WatchOutput, { readonly say: string }> = {
  id: "watch",
  version: 1,
  state: { version: 1, maxBytes: 1_000 },
  needs: ["sum@2"],
  open(_definition, emit, state = []) {
    let lines = state;
    const say = (text: string, at: Instant): void => {
      lines = [...lines, text].slice(-3);
      emit({ type: "line", text: `${text} after ${lines.length}` }, { from: at });
    };
    return {
      take: (input, value, text, _quality, _origin, at) => say(`${input}=${text ?? value}`, at),
      takeEvent: (input, event, { known, from }) => say(`${input}:${JSON.stringify(event)} ${known - from}`, from),
      judge({ say: text }, at) {
        if (text === "") throw new Error("nothing to say");
        return [{ output: { type: "line", text: `${text} ${at}` } }];
      },
      snapshot: () => lines,
    };
  },
};

export const ids: readonly string[] = ["signal:a", "signal:b", "signal:c"];
export const members = [
  { fold: sum, subject: "shell:x", definition: { factor: 1 }, inputs: [{ signal: "signal:a" }, { signal: "signal:b" }] },
  {
    fold: watch,
    subject: "shell:x",
    definition: null,
    inputs: [
      { signal: "signal:c" },
      { fold: "sum", subject: "shell:x", type: "sum" },
      { fold: "sum", subject: "shell:x", type: "quiet" },
      { recorded: "act" },
    ],
  },
];

export type Row = Pick<Sample, "quality" | "origin"> & { readonly index: number; readonly value: number; readonly time: Instant };

export function batchOf(rows: readonly Row[]): SampleBatch {
  const times = Float64Array.from(rows, ({ time }) => time);
  return {
    origin: "measured",
    origins: Uint8Array.from(rows, ({ origin }) => ["measured", "simulated", "replayed", "entered", "derived"].indexOf(origin) + 1),
    count: rows.length,
    signals: Uint32Array.from(rows, ({ index }) => index),
    values: Float64Array.from(rows, ({ value }) => value),
    texts: new Map(),
    qualities: Uint8Array.from(rows, (row) => row.quality),
    sourceTimes: times,
    serverTimes: times,
  };
}

/** Numbers that look like chance and are the same each time. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function someRows(seed: number, count: number): readonly Row[] {
  const next = chance(seed);
  let time = START;
  return Array.from({ length: count }, () => {
    // often several at one instant, sometimes a pause in which timers fire
    time += next() < 0.3 ? 0 : Math.floor(next() * (next() < 0.1 ? 20 : 2)) * SECOND;
    return {
      index: Math.floor(next() * ids.length),
      value: Math.floor(next() * 100),
      time,
      quality: next() < 0.05 ? quality.bad : quality.good,
      origin: "measured",
    };
  });
}
