import { verbatim } from "@doppelwerk/messages";
import { afterEach, expect, test } from "vitest";
import type { ConnectedSource, ConnectorHost } from "@doppelwerk/connectors";
import { createMemoryHistory } from "@doppelwerk/storage/memory";
import type { ConnectionStatus } from "@doppelwerk/sync";
import { originAt, quality, SECOND } from "@doppelwerk/world";
import type { ConnectionRecord, RecordReader, SampleBatch, SignalRecord, SourceListener } from "@doppelwerk/world";
import { pino } from "pino";
import { Intake } from "../../../../packages/server/src/live/intake.ts";
import { SignalDirectory } from "../../../../packages/server/src/live/signal-directory.ts";
import type { ClockOffset } from "./clock-offset-journal.ts";
import { ConnectionManager, type ConnectionManagerOptions } from "./connection-manager.ts";

const now = 1_800_000_000 * SECOND;

interface OpenedSource {
  readonly connection: ConnectionRecord;
  readonly signals: readonly SignalRecord[];
  readonly backfillFrom: number | Float64Array | undefined;
  listener: SourceListener | undefined;
  closed: boolean;
}

const managers: ConnectionManager[] = [];
afterEach(async () => void (await Promise.all(managers.splice(0).map((manager) => manager.close()))));

/** A manager over a host that only remembers what it was asked to open, a real live table, intake and history. */
function aManager() {
  const opened: OpenedSource[] = [];
  const told = {
    status: [] as ConnectionStatus[],
    gone: [] as string[],
    unread: [] as string[],
    ticks: [] as SampleBatch[],
    offsets: [] as ClockOffset[],
    marks: new Set<string>(),
  };
  const host = {
    open(connection, signals, options = {}): ConnectedSource {
      const source: OpenedSource = { connection, signals, backfillFrom: options.backfillFrom, listener: undefined, closed: false };
      opened.push(source);
      return {
        name: connection.name,
        start: async (listener) => void (source.listener = listener),
        close: async () => void (source.closed = true),
        backfill: async () => 0,
      };
    },
    close: async () => {},
    pid: undefined,
  } as Pick<ConnectorHost, "open" | "close" | "pid"> as ConnectorHost;
  const signals = new SignalDirectory();
  const history = createMemoryHistory();
  const clock = { now: () => now };
  const intake = new Intake({
    signals,
    history,
    clock,
    onTick: (batch) => void told.ticks.push(batch),
    onPast: () => {},
    onNotice: () => {},
    onFault: (message) => expect.unreachable(message),
  });
  const options = {
    host,
    table: signals.table,
    intake,
    history,
    clock,
    log: pino({ level: "silent" }),
    clockOffsets: { put: (offset: ClockOffset) => void told.offsets.push(offset), of: () => told.offsets },
    alive: { until: undefined, beat: () => {} },
    backfilled: { has: (id: string) => told.marks.has(id), add: (id: string) => void told.marks.add(id) },
    onConditions: () => {},
    onStatus: (status: ConnectionStatus) => void told.status.push(status),
    onBackfill: (id: string, { finished }: { readonly finished: boolean }) => void (!finished && told.unread.push(id)),
    onGone: (id: string) => void told.gone.push(id),
  } as Partial<ConnectionManagerOptions> as ConnectionManagerOptions;
  const manager = new ConnectionManager(options);
  managers.push(manager);
  const follow = (records: readonly (ConnectionRecord | SignalRecord)[]) => {
    for (const record of records) if (record.kind === "signal") signals.table.put(record as SignalRecord);
    const query: RecordReader["query"] = ({ kind, index }) =>
      records.filter((record) => record.kind === kind && (index === undefined || record["connection"] === index.value));
    return manager.follow({ query } as RecordReader);
  };
  return { manager, opened, told, follow, intake };
}

const connection = (more: Partial<ConnectionRecord> = {}): ConnectionRecord =>
  ({
    id: "connection:1",
    kind: "connection",
    name: "plant",
    protocol: "opcua",
    url: "opc.tcp://a:4840",
    enabled: true,
    ...more,
  }) as ConnectionRecord;
const signal = (name: string): SignalRecord => ({
  id: `signal:${name}`,
  kind: "signal",
  name,
  valueType: "double",
  address: name,
  connection: "connection:1",
});

test("[SV17] a source is opened once, reopened at another address or with other signals, closed when it is disabled or has no signals", async () => {
  const { opened, follow, manager, told } = aManager();
  await follow([connection()]);
  expect(opened).toHaveLength(0);
  await follow([connection(), signal("a")]);
  await follow([connection(), signal("a")]);
  expect(opened).toHaveLength(1);
  await follow([connection(), signal("a"), signal("b")]);
  await follow([connection({ url: "opc.tcp://b:4840" }), signal("a"), signal("b")]);
  expect(opened.map(({ closed, signals, connection: { url } }) => [closed, signals.length, url])).toEqual([
    [true, 1, "opc.tcp://a:4840"],
    [true, 2, "opc.tcp://a:4840"],
    [false, 2, "opc.tcp://b:4840"],
  ]);
  await follow([connection({ url: "opc.tcp://b:4840", enabled: false }), signal("a"), signal("b")]);
  expect(opened.every(({ closed }) => closed)).toBe(true);
  expect(manager.list()).toMatchObject([{ id: "connection:1", enabled: false, state: "closed", signals: 2 }]);
  expect(told.gone).toEqual(["connection:1", "connection:1", "connection:1"]);
});

test("[SV17] samples come under the rows of the live table; what a source says of itself is its status, the newest findings first, fifty at most", async () => {
  const { opened, follow, manager, told, intake } = aManager();
  await follow([connection(), signal("other"), signal("a")]);
  const { listener } = opened[0]!;
  await listener!.batch({
    origin: "measured",
    count: 1,
    signals: Uint32Array.of(1),
    values: Float64Array.of(42),
    qualities: Uint8Array.of(quality.good),
    sourceTimes: Float64Array.of(now - SECOND),
    serverTimes: Float64Array.of(now),
    texts: new Map(),
  });
  intake.drain();
  expect(told.ticks.map(({ signals, values }) => [signals[0], values[0]])).toEqual([[1, 42]]);
  listener!.notice({ kind: "state", state: "connected", since: now });
  for (let i = 0; i < 60; i++) listener!.notice({ kind: "finding", message: verbatim(`finding ${i}`) });
  listener!.notice({ kind: "finding", message: verbatim("finding 59") });
  listener!.notice({ kind: "dropped", count: 3, why: verbatim("too many") });
  const [status] = manager.list();
  expect(status).toMatchObject({ state: "connected", signals: 2, dropped: 3 });
  expect(status!.findings).toHaveLength(50);
  expect(status!.findings.slice(0, 2)).toEqual(["3 samples dropped: too many", "finding 59"]);
  await intake.stop();
});

test("[SV17] an archive that was read to its end is asked only for what is missing; one that broke off is read again", async () => {
  const { opened, follow } = aManager();
  const records = [connection(), signal("a")];
  const again = async () => {
    await follow([connection({ enabled: false }), signal("a")]);
    await follow(records);
    return opened.at(-1)!.backfillFrom;
  };
  await follow(records);
  const first = opened[0]!.backfillFrom as number;
  expect(first).toBeLessThan(now - 30 * 24 * 3_600 * SECOND);
  opened[0]!.listener!.notice({ kind: "backfill", done: 1, total: 2, urgent: true, samples: 10, finished: false });
  expect(await again()).toBe(first);
  opened[1]!.listener!.notice({ kind: "backfill", done: 2, total: 2, urgent: true, samples: 20, finished: true });
  expect(await again()).toBeInstanceOf(Float64Array);
});

test("[EN6] every correction of a clock is kept with its server time, and what was lost is counted by reason and said once", async () => {
  const { opened, manager, follow, told } = aManager();
  await follow([connection(), signal("a")]);
  const { listener } = opened[0]!;
  listener!.notice({ kind: "clockOffset", source: "press", offsetS: 3.5, at: now - SECOND });
  listener!.notice({ kind: "clockOffset", source: "press", offsetS: 0 });
  for (let n = 0; n < 60; n++) listener!.notice({ kind: "dropped", count: 2, why: verbatim("the queue of the server ran over") });
  listener!.notice({ kind: "dropped", count: 1, why: verbatim("the disk is full") });
  expect(told.offsets).toEqual([
    { connection: "connection:1", source: "press", offsetS: 3.5, at: now - SECOND },
    { connection: "connection:1", source: "press", offsetS: 0, at: now },
  ]);
  expect(manager.detail("connection:1").drops).toEqual([
    {
      why: "the queue of the server ran over",
      message: verbatim("the queue of the server ran over"),
      told: verbatim("the queue of the server ran over"),
      count: 120,
    },
    { why: "the disk is full", message: verbatim("the disk is full"), told: verbatim("the disk is full"), count: 1 },
  ]);
  const findings = manager.list()[0]!.findings.filter((text) => text.includes("dropped"));
  expect(findings).toEqual(["1 samples dropped: the disk is full", "120 samples dropped: the queue of the server ran over"]);
});

test("[SV103] a connection that declares to simulate is simulated, whatever its source says; declared anew it is opened anew", async () => {
  const { opened, follow, told, intake } = aManager();
  const say = (listener: SourceListener | undefined, value: number) =>
    listener!.batch({
      origin: "measured",
      count: 1,
      signals: Uint32Array.of(0),
      values: Float64Array.of(value),
      qualities: Uint8Array.of(quality.good),
      sourceTimes: Float64Array.of(now - SECOND + value),
      serverTimes: Float64Array.of(now),
      texts: new Map(),
    });
  await follow([connection({ origin: "simulated" }), signal("a")]);
  await say(opened[0]!.listener, 1);
  intake.drain();
  await follow([connection(), signal("a")]);
  expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
  await say(opened[1]!.listener, 2);
  intake.drain();
  expect(told.ticks.map((batch) => originAt(batch, 0))).toEqual(["simulated", "measured"]);
  await intake.stop();
});

test("[CN11] from the moment when a connection with an archive is opened its past counts as unread, until it is read or cannot be reached", async () => {
  const { opened, follow, told } = aManager();
  await follow([connection(), signal("a")]);
  expect(told.unread).toEqual(["connection:1"]);
  const { listener } = opened[0]!;
  await listener!.notice({ kind: "state", state: "connecting", since: now });
  await listener!.notice({ kind: "state", state: "connected", since: now });
  expect(told.gone).toEqual([]);
  await listener!.notice({ kind: "state", state: "reconnecting", since: now });
  expect(told.gone).toEqual(["connection:1"]);

  const broker = aManager();
  await broker.follow([connection({ protocol: "mqtt", url: "mqtt://a" }), signal("a")]);
  expect(broker.told.unread).toEqual([]);
});
