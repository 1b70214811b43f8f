import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { openSegmentHistory } from "@doppelwerk/storage/segments";
import { LIVE, quality, type SampleBatch } from "@doppelwerk/world";
import { pino } from "pino";
import { openWorlds, SYSTEM } from "../packages/server/src/compose/index.ts";
import { TransparencyLog } from "../packages/server/src/transparency/transparency-log.ts";
import { WorldFeed } from "../packages/server/src/transparency/world-feed.ts";
import { benchClock } from "./durable-world.ts";
import { reportMedian, timed, type Report } from "./report.ts";

const RUNS = 5;
const COMMITS = 8_000;
const WRITERS = 8;
/** What a plant with many connectors writes at most, in groups of a fiftieth of a second. */
const [PACED, PACED_GROUP, PACED_MS] = [2_000, 10, 20];
/** As the server has them. */
const HEAD_ROWS = 131_072;
const BATCH = 1_000;
const BATCHES = 600;
const NAME = "transparency log";
const logger = pino({ level: "silent" });

/** What the transparency log costs: commits of a world, and samples that the historian takes, with it and without, in turn. */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(process.cwd(), "bench-transparency-"));
  try {
    await paired(report, (run, on) => commits(join(root, `commits-${run}-${on}`), on), "commits of 8 writers at once", COMMITS);
    await paired(report, (run, on) => commits(join(root, `paced-${run}-${on}`), on, true), "commits, 500 a second", PACED);
    await paired(report, (run, on) => samples(join(root, `samples-${run}-${on}`), on), "samples to the historian", BATCH * BATCHES);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

interface Taken {
  readonly wallS: number;
  readonly cpuS: number;
}

async function paired(report: Report, run: (at: number, on: boolean) => Promise<Taken>, what: string, count: number): Promise<void> {
  const [off, on]: [Taken[], Taken[]] = [[], []];
  for (let at = 0; at <= RUNS; at++) {
    // which is first changes each time
    for (const isOn of at % 2 === 0 ? [false, true] : [true, false]) {
      const taken = await run(at, isOn);
      // the first warms up
      if (at > 0) (isOn ? on : off).push(taken);
    }
  }
  const rate = (all: readonly Taken[]) => all.map(({ wallS }) => count / wallS);
  reportMedian(report, NAME, `${what}, without the log`, "1/s", rate(off));
  reportMedian(report, NAME, `${what}, with it`, "1/s", rate(on));
  const share = (of: (taken: Taken) => number) => on.map((taken, at) => (of(taken) / of(off[at]!) - 1) * 100);
  reportMedian(
    report,
    NAME,
    `${what}: more time by the clock`,
    "%",
    share(({ wallS }) => wallS),
  );
  reportMedian(
    report,
    NAME,
    `${what}: more processor time, all threads, until everything is in the log`,
    "%",
    share(({ cpuS }) => cpuS),
  );
}

async function commits(directory: string, transparency: boolean, isPaced = false): Promise<Taken> {
  const worlds = await openWorlds({ dataDirectory: directory, logger, workers: 1, transparency });
  const { home } = worlds;
  const view = home.view(SYSTEM);
  const commit = async (n: number): Promise<unknown> => {
    const record = { id: `note:${n}`, kind: "note", text: `measured ${n}`, subject: "signal:a" };
    return view.apply({ branch: LIVE, reason: "because it was measured", changes: [{ op: "create", record }] });
  };
  const paced = async (): Promise<void> => {
    for (let n = 0; n < PACED; n += PACED_GROUP)
      await Promise.all([setTimeout(PACED_MS), ...Array.from({ length: PACED_GROUP }, (_, at) => commit(n + at))]);
  };
  let next = 0;
  const atOnce = Array.from({ length: WRITERS }, () => async (): Promise<void> => {
    for (let n = next++; n < COMMITS; n = next++) await commit(n);
  });
  let wallS = 0;
  const { cpuS } = await timed(async () => {
    const begun = performance.now();
    await (isPaced ? paced() : Promise.all(atOnce.map((write) => write())));
    wallS = (performance.now() - begun) / 1_000;
    while (transparency && home.transparency!.positions.of(home.id)!.revision < view.revision()) await setTimeout(1);
  });
  await worlds.close();
  return { wallS, cpuS };
}

async function samples(directory: string, isLogged: boolean): Promise<Taken> {
  const history = join(directory, "history");
  const log = isLogged ? await TransparencyLog.open({ data: directory, version: "0", clock: benchClock, logger }) : undefined;
  const changeLog = { lastRevision: async () => 0, async *read() {} };
  const feed = log && new WorldFeed(log, { id: "default", log: changeLog, history, logger });
  await feed?.begin();
  const store = await openSegmentHistory({ directory: history, headRows: HEAD_ROWS, onSealed: (sealed) => feed?.sealed(sealed) });
  const batch = (at: number): SampleBatch => ({
    origin: "measured",
    count: BATCH,
    signals: Uint32Array.from({ length: BATCH }, (_, n) => n % 100),
    sourceTimes: Float64Array.from({ length: BATCH }, (_, n) => at * 1_000_000 + Math.floor(n / 100) * 100_000),
    serverTimes: new Float64Array(BATCH).fill(at * 1_000_000),
    values: Float64Array.from({ length: BATCH }, (_, n) => 20 + Math.sin(at + n / 100)),
    texts: new Map(),
    qualities: new Uint8Array(BATCH).fill(quality.good),
  });
  const ids = Array.from({ length: 100 }, (_, n) => `signal:${n}`);
  let wallS = 0;
  const { cpuS } = await timed(async () => {
    const begun = performance.now();
    for (let at = 0; at < BATCHES; at++) await store.append(LIVE, batch(at), ids);
    wallS = (performance.now() - begun) / 1_000;
    await store.settle();
    await feed?.close();
  });
  await store.close();
  await log?.close();
  return { wallS, cpuS };
}
