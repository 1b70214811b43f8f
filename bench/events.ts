import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openEvents } from "@doppelwerk/storage/events";
import { LIVE, type EventStore, type StoredEvent } from "@doppelwerk/world";
import { quantile, reportMedian, timed, type Report } from "./report.ts";

/** Events that are there when questions are asked; `EVENTS=10000000 BASELINE=off` for those among ten million, where plain SQLite takes an hour. */
const EVENTS = Number(process.env["EVENTS"] ?? 200_000);
const BASELINE = process.env["BASELINE"] !== "off";
const RUNS = 5;
const BATCH = 1_000;
const CALLS_AT_ONCE = 8;
const SUBJECTS = 400;
const EVENTS_OF_A_SERIAL = 5;
const START = 1_790_000_000_000_000;
const ALL = [{ branch: LIVE, from: 0, to: 8e15 }];

/**
 * Part events with two keys, a serial in no order and a lot: recorded durably into files of events and, in turn, into one database of SQLite with
 * the same indexes; then 100 of one subject and all of one serial among them, from both.
 */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-events-"));
  try {
    const ours = openEvents({ directory: join(root, "events") });
    const plain = new PlainTable(join(root, "plain.sqlite"));
    const part = Math.max(CALLS_AT_ONCE * BATCH, Math.floor(EVENTS / RUNS));
    const [rates, cpuRates, plainRates, plainCpuRates, ratios]: number[][] = [[], [], [], [], []];
    for (let run = 0; run < RUNS; run++) {
      const own = await rateOf(part, run, (events) => ours.record(events));
      rates!.push(own.perS);
      cpuRates!.push(own.perCpuS);
      if (!BASELINE) continue;
      const other = await rateOf(part, run, async (events) => plain.record(events));
      plainRates!.push(other.perS);
      plainCpuRates!.push(other.perCpuS);
      ratios!.push(own.perS / other.perS);
    }
    const size = `${part * RUNS} events`;
    reportMedian(report, "events", `recorded durably, up to ${size}`, "event/s", rates!);
    reportMedian(report, "events", "the same, by processor time", "event/CPU-s", cpuRates!);
    if (BASELINE) {
      reportMedian(report, "events", "baseline: plain SQLite with the same indexes", "event/s", plainRates!);
      reportMedian(report, "events", "baseline, by processor time", "event/CPU-s", plainCpuRates!);
      reportMedian(report, "events", "ratio to plain SQLite", "", ratios!);
    }
    await ask(report, part * RUNS, ours, BASELINE ? plain : undefined);
    await ours.close();
    plain.close();
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Calls of a thousand, eight at once, as features do that record independently. */
async function rateOf(
  part: number,
  run: number,
  record: (events: readonly StoredEvent[]) => Promise<unknown>,
): Promise<{ readonly perS: number; readonly perCpuS: number }> {
  const calls = Math.ceil(part / (CALLS_AT_ONCE * BATCH));
  const { wallS, cpuS } = await timed(async () => {
    for (let call = 0; call < calls; call++)
      await Promise.all(
        Array.from({ length: CALLS_AT_ONCE }, (_, i) => record(eventsFrom(run * part + (call * CALLS_AT_ONCE + i) * BATCH))),
      );
  });
  const events = calls * CALLS_AT_ONCE * BATCH;
  return { perS: events / wallS, perCpuS: events / cpuS };
}

async function ask(report: Report, events: number, ours: EventStore, plain: PlainTable | undefined): Promise<void> {
  const questions = 200;
  const [subject, serial, plainSubject, plainSerial]: number[][] = [[], [], [], []];
  await ours.query({ spans: ALL, order: "ascending", limit: 1 });
  for (let question = 0; question < questions; question++) {
    const number = Math.floor((events * ((question * 0.618) % 1)) / EVENTS_OF_A_SERIAL) * EVENTS_OF_A_SERIAL;
    const one = eventsFrom(number, 1)[0]!;
    const spans = [{ branch: LIVE, from: 0, to: one.at }];
    const key = one.keys[0]!;
    const found = await asked(subject!, () => ours.query({ spans, subject: one.subject, order: "descending", limit: 100 }));
    const plainFound = plain ? await asked(plainSubject!, async () => plain.ofSubject(one.subject, one.at)) : found;
    const parts = await asked(serial!, () => ours.query({ spans: ALL, key, order: "ascending", limit: 1_000 }));
    const plainParts = plain ? await asked(plainSerial!, async () => plain.ofSerial(key.value)) : parts;
    if (found.length !== plainFound.length || parts.length !== plainParts.length || parts.length < EVENTS_OF_A_SERIAL)
      throw new Error(`the answers differ: ${found.length}, ${plainFound.length}; ${parts.length}, ${plainParts.length}`);
  }
  for (const [metric, times] of [
    ["100 of one subject", subject],
    ["baseline: the same from plain SQLite", plainSubject],
    ["all of one serial", serial],
    ["baseline: a serial from plain SQLite", plainSerial],
  ] as const) {
    if (times!.length === 0) continue;
    const sorted = times!.toSorted((a, b) => a - b);
    reportMedian(report, "events", `${metric}, among ${events}`, "ms", times!);
    reportMedian(report, "events", `${metric}, p95`, "ms", [quantile(sorted, 0.95)]);
  }
}

async function asked<T>(times: number[], question: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const answer = await question();
  times.push(performance.now() - start);
  return answer;
}

function eventsFrom(number: number, count = BATCH): readonly StoredEvent[] {
  return Array.from({ length: count }, (_, i) => {
    const at = START + (number + i) * 1_000;
    const serial = `SN-${(Math.floor((number + i) / EVENTS_OF_A_SERIAL) * 2_654_435_761) % 2 ** 32}`;
    const lot = `L${Math.floor((number + i) / 5_000)}`;
    return {
      branch: LIVE,
      at,
      id: `part.made:${number + i}`,
      subject: `shell:${(number + i) % SUBJECTS}`,
      type: `part.${(number + i) % 7}`,
      version: 1,
      known: at + 500,
      origin: "measured" as const,
      keys: [
        { name: "serial", value: serial },
        { name: "lot", value: lot },
      ],
      payload: `{"serial":"${serial}","lot":"${lot}","station":"ST${(number + i) % 40}","result":"good","torqueNm":${((number + i) % 97) / 10}}`,
    };
  });
}

/** What one would write: a table with its indexes, one commit a call, on this thread. */
class PlainTable {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
      CREATE TABLE events (branch TEXT, at INTEGER, id TEXT, subject TEXT, type TEXT, known INTEGER, origin TEXT, payload TEXT, serial TEXT, lot TEXT);
      CREATE UNIQUE INDEX names ON events (branch, at, id);
      CREATE INDEX subjects ON events (branch, subject, at);
      CREATE INDEX types ON events (branch, type, at);
      CREATE INDEX serials ON events (branch, serial, at);
      CREATE INDEX lots ON events (branch, lot, at);`);
  }

  record(events: readonly StoredEvent[]): void {
    const insert = this.#database.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
    this.#database.exec("BEGIN");
    for (const { branch, at, id, subject, type, known, origin, payload, keys } of events)
      insert.run(branch, at, id, subject, type, known, origin, payload, keys[0]!.value, keys[1]!.value);
    this.#database.exec("COMMIT");
  }

  ofSubject(subject: string, before: number): readonly unknown[] {
    return this.#database
      .prepare("SELECT * FROM events WHERE branch = ? AND subject = ? AND at < ? ORDER BY at DESC LIMIT 100")
      .all(LIVE, subject, before);
  }

  ofSerial(serial: string): readonly unknown[] {
    return this.#database.prepare("SELECT * FROM events WHERE branch = ? AND serial = ? ORDER BY at").all(LIVE, serial);
  }

  close(): void {
    this.#database.close();
  }
}
