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
    const answer = await source.push([
      { address: "count", value: 5, time: "2026-11-24T10:00:00+01:00" },
      { address: "nobody", value: 1 },
      { address: "count", value: 6, time: "yesterday" },
      { address: "temp", value: "21.5", quality: "uncertain" },
      { address: "temp", value: null },
    ]);
    expect(answer).toEqual({
      accepted: 3,
      refused: [
        {
          address: "nobody",
          why: "no signal of this connection has this address",
          message: { code: "connectors.noSignalHasAddress", params: {} },
        },
        { address: "count", why: "the time is not between 1990 and 2200", message: { code: "connectors.timeOutOfRange", params: {} } },
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
    for (const row of rows) await source.push([{ ...row, time: row.time + 57_000_000 }], { judged: true });
    await source.push(
      rows.map((row) => ({ ...row, time: row.time + 57_000_000 })),
      { judged: true, late: true },
    );
    await recorder.until(() => recorder.samples.length === 80, "all, twice");
    expect(new Set(recorder.of(0).map(({ value, sourceTime }) => `${value} ${sourceTime}`)).size).toBe(40);
    expect(recorder.notices.some((notice) => notice.kind === "clockOffset")).toBe(false);
    // far ahead it is the server's time and uncertain, as ever
    await source.push([{ address: "count", value: 99, time: wallClock.now() + 60_000_000 }], { judged: true });
    await recorder.until(() => recorder.of(0).some(({ value }) => value === 99), "the one ahead");
    expect(recorder.of(0).at(-1)).toMatchObject({ quality: quality.uncertain });
  });

  test("[C101] what people type in is marked as entered", async () => {
    const { source, recorder } = await open(connection("entered"));
    await source.push([{ address: "count", value: 12 }]);
    await recorder.until(() => recorder.samples.length === 1, "the sample");
    expect(recorder.batches[0]!.origin).toBe("entered");
  });

  test("[C102] where silence is declared to mean a loss it is one, and the next batch ends it", async () => {
    const { source, recorder } = await open(connection("push", { silenceS: 0.1 }));
    await source.push([{ address: "count", value: 1 }]);
    await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.bad, "the silence");
    await source.push([{ address: "count", value: 1 }]);
    await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.good, "the return");
    expect(recorder.states()).toEqual(["connected", "reconnecting", "connected"]);
  });

  test("[C104] a dead band holds small moves back but no change of quality; a rate limit passes the newest when the time is over", async () => {
    const { source, recorder } = await open(connection("push"));
    for (const value of [20, 20.4, 20.5, 20.6, 20.2, 21.2]) await source.push([{ address: "temp", value }]);
    await source.push([{ address: "temp", value: 21.3, quality: "uncertain" }]);
    for (let value = 1; value <= 50; value++) await source.push([{ address: "rate", value }]);
    await recorder.until(() => recorder.of(2).at(-1)?.value === 50, "the newest");
    expect(recorder.of(1).map((sample) => sample.value)).toEqual([20, 20.6, 21.2, 21.3]);
    expect(recorder.of(2).map((sample) => sample.value)).toEqual([1, 50]);
  });

  test("[C105] what waited at its sender keeps its own time and tells nothing of a clock; without a time it is refused", async () => {
    const { source, recorder } = await open(connection("push"));
    const hourAgo = wallClock.now() - 3_600_000_000;
    const values = Array.from({ length: 40 }, (_, at) => ({ address: "count", value: at, time: hourAgo + at * 1_000 }));
    expect(await source.push([...values, { address: "count", value: 1 }], { late: true })).toEqual({
      accepted: 40,
      refused: [{ address: "count", why: "a late value needs a time", message: { code: "connectors.lateValueNeedsTime", params: {} } }],
    });
    await recorder.until(() => recorder.samples.length === 40, "the samples");
    expect(recorder.of(0).map(({ sourceTime }) => sourceTime)).toEqual(values.map(({ time }) => time));
    expect(recorder.notices.some(({ kind }) => kind === "clockOffset")).toBe(false);
  });

  test("[C193] a push resolves when its values are stored, all that wait share one batch, and one that is refused can be pushed again", async () => {
    const gates: PromiseWithResolvers<void>[] = [];
    const source = createPushSource(connection("push"), signals, { clock: wallClock });
    stops.push(() => source.close());
    const recorder = createRecorder(() => {
      gates.push(Promise.withResolvers<void>());
      return gates.at(-1)!.promise;
    });
    await source.start(recorder);
    const ended: string[] = [];
    const push = (name: string, ...values: Parameters<typeof source.push>[0]) =>
      source.push(values).then(
        ({ accepted, thinned }) => void ended.push(`${name} ${accepted} ${thinned ?? 0}`),
        (error: Error) => void ended.push(`${name} ${error.message}`),
      );
    const pushes = [push("a", { address: "temp", value: 20 })];
    // within the dead band of what is not stored yet
    pushes.push(push("b", { address: "temp", value: 20.1 }, { address: "count", value: 1 }));
    pushes.push(push("c", { address: "count", value: 2 }), push("d", { address: "temp", value: 20.2 }));
    await recorder.until(() => gates.length === 1, "the first batch");
    expect([ended, recorder.batches[0]!.count]).toEqual([[], 1]);
    gates[0]!.reject(new Error("the disk is full"));
    await recorder.until(() => gates.length === 2, "the second batch");
    // b and d were compared with what is not there now
    expect(recorder.batches[1]!.count).toBe(2);
    gates[1]!.resolve();
    await Promise.all(pushes);
    expect(ended.toSorted()).toEqual(["a the disk is full", "b the disk is full", "c 1 0", "d the disk is full"]);
    const again = push("again", { address: "temp", value: 20 });
    await recorder.until(() => gates.length === 3, "the same value, which passes now");
    gates[2]!.resolve();
    await again;
    await push("thinned", { address: "temp", value: 20.3 });
    expect(ended.slice(-2)).toEqual(["again 1 0", "thinned 1 1"]);
    expect(recorder.notices.filter(({ kind }) => kind === "dropped")).toEqual([]);
  });

  test("[C194] beyond the bound of what may wait a push is refused whole, with when to come again; closing refuses those that wait", async () => {
    const source = createPushSource(connection("push"), signals, { clock: wallClock });
    const gate = Promise.withResolvers<void>();
    const recorder = createRecorder(() => gate.promise);
    await source.start(recorder);
    const many = Array.from({ length: 25_000 }, (_, value) => ({ address: "count", value }));
    const first = source.push(many);
    const waiting = [source.push(many), source.push(many)].map((push) => push.catch((error: Error) => error.message));
    await expect(source.push([{ address: "count", value: 1 }])).rejects.toMatchObject({
      code: "DW_UNAVAILABLE",
      details: { retryAfterS: 1 },
    });
    const closed = source.close();
    gate.resolve();
    expect(await first).toEqual({ accepted: 25_000, refused: [] });
    await closed;
    for (const refused of waiting) expect(await refused).toMatch(/closed before these samples were stored/);
    expect(recorder.samples).toHaveLength(25_000);
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
