import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import type { RecordBatch, WriterAnswer } from "./record-batch.ts";
import { idKey } from "./record-keys.ts";
import { openRecordTables } from "./record-tables.ts";
import { RecordWriter } from "./record-writer.ts";
import { SegmentReader } from "./segment-reader.ts";

const options = { fan: 3, sliceRows: 7, levelRecords: 60, searched: [] };
const seeds = process.env["SOAK"] === "1" ? 200 : 12;

test.each(Array.from({ length: seeds }, (_, i) => i + 1))(
  "[ST23] segments answer as what was written, whatever a full disk or the end of the process cuts off, seed %i",
  (seed) => {
    const chance = randomFrom(seed);
    const database = openRecordTables(":memory:", "test");
    const reader = new SegmentReader(database);
    const known = new Map<string, { revision: number; place: number | null }[]>();
    const keyed = new Map<number, Set<string>>();
    let waiting: (() => void)[] = [];
    let writer: RecordWriter;
    const told = (answer: WriterAnswer): void => {
      if (answer.kind === "written") {
        reader.add(answer.segment);
        waiting.shift()!();
      } else if (answer.kind === "merged") {
        reader.replace(answer.gone, answer.segment);
        if (chance() < 0.8) later.push(() => writer.take({ kind: "released", numbers: answer.gone }));
      }
    };
    const later: (() => void)[] = [];
    const begin = (): void => {
      writer = new RecordWriter(database, options, told);
      reader.load();
      waiting = [];
      later.length = 0;
    };
    begin();
    let revision = 0;
    for (let round = 0; round < 120; round++) {
      limitPages(database, chance() < 0.3 ? 1 + Math.floor(chance() * 3) : undefined);
      if (waiting.length < 3) {
        const { batch, remember } = randomBatch(++revision, chance, known, keyed);
        waiting.push(remember);
        writer!.take({ kind: "batch", batch });
      } else writer!.writeWaiting();
      for (let step = Math.floor(chance() * 6); step > 0; step--) writer!.step();
      for (const one of later.splice(0)) one();
      if (chance() < 0.05) {
        // What was not written is lost with the process, and comes again from the log.
        revision -= waiting.length;
        begin();
      }
      if (round % 10 === 9) compare();
    }
    limitPages(database, undefined);
    writer!.writeWaiting();
    while (writer!.step()) for (const one of later.splice(0)) one();
    expect(waiting).toEqual([]);
    compare();

    function compare(): void {
      for (const [id, versions] of known) {
        expect([...reader.versions(1, id, idKey(id), Infinity)].map((row) => ({ ...row }))).toEqual(versions.toReversed());
        const middle = versions[versions.length >> 1]!;
        expect({ ...reader.versionAt(1, id, idKey(id), middle.revision) }).toEqual(middle);
      }
      for (const [key, ids] of keyed) {
        const found = new Set<string>();
        for (const stream of reader.idStreams(key, ""))
          for (let next = stream.next(); !next.done; next = stream.next()) found.add(next.value);
        expect([...found].sort()).toEqual([...ids].sort());
      }
    }
  },
);

/** One revision; `remember` notes in the model what it holds, once it is written. */
function randomBatch(
  revision: number,
  chance: () => number,
  known: Map<string, { revision: number; place: number | null }[]>,
  keyed: Map<number, Set<string>>,
): { readonly batch: RecordBatch; readonly remember: () => void } {
  const ids = [...new Set(Array.from({ length: 1 + Math.floor(chance() * 9) }, () => `note:${Math.floor(chance() * 40)}`))];
  const places = ids.map(() => (chance() < 0.1 ? Number.NaN : Math.floor(chance() * 1_000)));
  const keys = ids.map(() => Math.floor(chance() * 20));
  const batch: RecordBatch = {
    packs: [],
    branches: [],
    forks: [],
    revisions: { revision: [revision], branch: [1], time: [revision], hash: [String(revision)], start: [0] },
    ids,
    branchOf: Float64Array.from(ids, () => 1),
    revisionOf: Float64Array.from(ids, () => revision),
    texts: new Map(),
    placeOf: Float64Array.from(places),
    keys: Float64Array.from(keys),
    refs: Uint32Array.from(ids.keys()),
  };
  const remember = (): void =>
    ids.forEach((id, i) => {
      const versions = known.get(id) ?? [];
      known.set(id, versions);
      versions.push({ revision, place: Number.isNaN(places[i]) ? null : places[i]! });
      keyed.set(keys[i]!, (keyed.get(keys[i]!) ?? new Set()).add(id));
    });
  return { batch, remember };
}

/** A disk with room for a few more pages only. */
function limitPages(database: DatabaseSync, more: number | undefined): void {
  const pages = database.prepare("PRAGMA page_count").get()!["page_count"] as number;
  database.exec(`PRAGMA max_page_count = ${more === undefined ? 1_000_000 : pages + more}`);
}

function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
