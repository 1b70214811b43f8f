import { describe, expect, test } from "vitest";
import { createRecorder } from "../samples/recorder.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { createReplaySource, type RecordedColumns } from "./replay-source.ts";

const columns = (rows: readonly (readonly [number, number, string?])[]): RecordedColumns => ({
  times: Float64Array.from(rows, ([time]) => time),
  values: Float64Array.from(rows, ([, value]) => value),
  texts: new Map(rows.flatMap(([, , text], row) => (text === undefined ? [] : [[row, text] as const]))),
  qualities: Uint8Array.from(rows, () => 0),
});

describe("replay source", () => {
  test("[C50] recorded columns are played in the order of time with their own times and the origin replayed", async () => {
    const recorder = createRecorder();
    const recording = [
      columns([
        [10, 1],
        [30, 3],
        [30, 4],
      ]),
      columns([]),
      columns([
        [20, Number.NaN, "x"],
        [30, 5],
        [40, 6],
      ]),
    ];
    const source = createReplaySource("tape", recording, { clock: wallClock, rows: 2 });
    await source.start(recorder);
    await source.finished;
    expect(recorder.samples.map((sample) => [sample.sourceTime, sample.signal, sample.text ?? sample.value])).toEqual([
      [10, 0, 1],
      [20, 2, "x"],
      [30, 0, 3],
      [30, 0, 4],
      [30, 2, 5],
      [40, 2, 6],
    ]);
    expect(recorder.batches.map((batch) => batch.origin)).toEqual(["replayed", "replayed", "replayed"]);
    expect(recorder.states()).toEqual(["connected", "closed"]);
  });

  test("[C51] a close in the middle ends the tape", async () => {
    const recorder = createRecorder();
    const source = createReplaySource(
      "tape",
      [
        columns([
          [0, 1],
          [3_600_000_000, 2],
        ]),
      ],
      { clock: wallClock, speed: 1 },
    );
    await source.start(recorder);
    await recorder.until(() => recorder.samples.length === 1, "the first row");
    await source.close();
    expect(recorder.samples).toHaveLength(1);
  });
});
