import { afterEach, describe, expect, test } from "vitest";
import { quality, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import { createRecorder } from "../samples/recorder.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { createPushSource, pushConnector } from "./push-source.ts";

const connection = (protocol: "push" | "entered", settings: ConnectionRecord["settings"] = {}): ConnectionRecord => ({
  id: "connection:1",
  kind: "connection",
  name: "desk",
  protocol,
  url: `${protocol}:desk`,
  enabled: true,
  settings,
});
const signals: SignalRecord[] = [
  { id: "signal:1", kind: "signal", name: "count", valueType: "integer", address: "count" },
  { id: "signal:2", kind: "signal", name: "temp", valueType: "double", address: "temp", deadband: 0.5 },
  { id: "signal:3", kind: "signal", name: "rate", valueType: "double", address: "rate", minIntervalS: 0.2 },
];

describe("values that others bring", () => {
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  async function open(record: ConnectionRecord) {
    const source = createPushSource(record, signals, { clock: wallClock, graceMs: 50 });
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    return { source, recorder };
  }

  test("[C100] a batch is taken row by row: what does not fit is refused with its address, the rest is stored with its times", async () => {
    const { source, recorder } = await open(connection("push"));
    const answer = source.push([
      { address: "count", value: 5, time: "2026-11-24T10:00:00+01:00" },
      { address: "nobody", value: 1 },
      { address: "count", value: 6, time: "yesterday" },
      { address: "temp", value: "21.5", quality: "uncertain" },
      { address: "temp", value: null },
    ]);
    expect(answer).toEqual({
      accepted: 3,
      refused: [
        { address: "nobody", why: "no signal of this connection has this address" },
        { address: "count", why: "the time is none between 1990 and 2200" },
      ],
    });
    await recorder.until(() => recorder.samples.length === 3, "the samples");
    expect(recorder.of(0)[0]).toMatchObject({ value: 5, quality: quality.good, sourceTime: Date.UTC(2026, 10, 24, 9) * 1000 });
    expect(recorder.of(1).map((sample) => sample.quality)).toEqual([quality.uncertain, quality.bad]);
    expect(recorder.batches[0]!.origin).toBe("measured");
  });

  test("[C149] what its sender judged keeps its time, however slow the way: sent again it is the same sample", async () => {
    const { source, recorder } = await open(connection("push"));
    const begun = wallClock.now() - 60_000_000;
    // three seconds on the way each: of a machine's own clock that would be an offset to correct
    const rows = Array.from({ length: 40 }, (_, n) => ({ address: "count", value: n, time: begun + n * 1_000 }));
    for (const row of rows) source.push([{ ...row, time: row.time + 57_000_000 }], { judged: true });
    source.push(
      rows.map((row) => ({ ...row, time: row.time + 57_000_000 })),
      { judged: true, late: true },
    );
    await recorder.until(() => recorder.samples.length === 80, "all, twice");
    expect(new Set(recorder.of(0).map(({ value, sourceTime }) => `${value} ${sourceTime}`)).size).toBe(40);
    expect(recorder.notices.some((notice) => notice.kind === "clockOffset")).toBe(false);
    // far ahead it is the server's time and uncertain, as ever
    source.push([{ address: "count", value: 99, time: wallClock.now() + 60_000_000 }], { judged: true });
    await recorder.until(() => recorder.of(0).some(({ value }) => value === 99), "the one ahead");
    expect(recorder.of(0).at(-1)).toMatchObject({ quality: quality.uncertain });
  });

  test("[C101] what people type in is marked as entered", async () => {
    const { source, recorder } = await open(connection("entered"));
    source.push([{ address: "count", value: 12 }]);
    await recorder.until(() => recorder.samples.length === 1, "the sample");
    expect(recorder.batches[0]!.origin).toBe("entered");
  });

  test("[C102] where silence is declared to mean a loss it is one, and the next batch ends it", async () => {
    const { source, recorder } = await open(connection("push", { silenceS: 0.1 }));
    source.push([{ address: "count", value: 1 }]);
    await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.bad, "the silence");
    source.push([{ address: "count", value: 1 }]);
    await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.good, "the return");
    expect(recorder.states()).toEqual(["connected", "reconnecting", "connected"]);
  });

  test("[C104] a dead band holds small moves back but no change of quality; a rate limit passes the newest when the time is over", async () => {
    const { source, recorder } = await open(connection("push"));
    for (const value of [20, 20.4, 20.5, 20.6, 20.2, 21.2]) source.push([{ address: "temp", value }]);
    source.push([{ address: "temp", value: 21.3, quality: "uncertain" }]);
    for (let value = 1; value <= 50; value++) source.push([{ address: "rate", value }]);
    await recorder.until(() => recorder.of(2).at(-1)?.value === 50, "the newest");
    expect(recorder.of(1).map((sample) => sample.value)).toEqual([20, 20.6, 21.2, 21.3]);
    expect(recorder.of(2).map((sample) => sample.value)).toEqual([1, 50]);
  });

  test("[C105] what waited at its sender keeps its own time and tells nothing of a clock; without a time it is refused", async () => {
    const { source, recorder } = await open(connection("push"));
    const hourAgo = wallClock.now() - 3_600_000_000;
    const values = Array.from({ length: 40 }, (_, at) => ({ address: "count", value: at, time: hourAgo + at * 1_000 }));
    expect(source.push([...values, { address: "count", value: 1 }], { late: true })).toEqual({
      accepted: 40,
      refused: [{ address: "count", why: "a late value has a time" }],
    });
    await source.room();
    await recorder.until(() => recorder.samples.length === 40, "the samples");
    expect(recorder.of(0).map(({ sourceTime }) => sourceTime)).toEqual(values.map(({ time }) => time));
    expect(recorder.notices.some(({ kind }) => kind === "clockOffset")).toBe(false);
  });

  test("[C103] the declared signals are the proposal, and a declaration without any is refused", async () => {
    const found = await pushConnector.discover(
      { protocol: "push", url: "push:x", settings: { signals: [{ address: "a", unit: "kg" }] } },
      { dataDir: "" },
    );
    expect(found.drafts).toMatchObject([{ address: "a", unit: "kg", valueType: "double" }]);
    await expect(pushConnector.discover({ protocol: "push", url: "push:x" }, { dataDir: "" })).rejects.toThrow();
  });
});
