import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { reportMedian, timed, type Report } from "../../../bench/report.ts";
import { trace, type Direction } from "../model/trace.ts";
import { GenealogyIndex, type Indexed } from "../server/genealogy-index.ts";
import type { Link } from "../model/links.ts";

const PIECES = Number(process.env["BENCH_PIECES"] ?? 10_000_000);
const BATCH = 2_000;
const RUNS = 9;
const SECOND = 1_000_000;
const BEGIN = Date.UTC(2026, 0, 1) * 1_000;
/** Pieces that one lot of each component goes into. */
const LOTS = [48, 200, 1_000, 2_000] as const;
/** Lots that one delivery of the last component is split into. */
const DELIVERY = 4;
/** And those of a whole year's contract: more than is shown. */
const CONTRACT = 40;
const PALLET = 10;
const TRUCK = 300;

/**
 * Ten million pieces with a subassembly and four lots each, on pallets and trucks: a trace of about 10,000 things by the clock, bar 100 ms; the first 1,000 of a
 * larger one; what one piece is made of. A recursive query of SQLite over the same tables, which knows nothing of when a container was emptied, stands beside it.
 */
export async function bench(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-genealogy-"));
  try {
    const path = join(folder, "genealogy.sqlite");
    const { index } = GenealogyIndex.open(path);
    const built = await timed(() => fill(index));
    reportMedian(report, "genealogy", `${PIECES} pieces indexed, events a second of processor time`, "events/s", [
      built.result / built.cpuS,
    ]);
    reportMedian(report, "genealogy", "size of the index", "MB", [statSync(path).size / 1e6]);
    const peer = new DatabaseSync(path, { readOnly: true });
    const [whole, wholeCpu, other] = [[] as number[], [] as number[], [] as number[]];
    const [first, firstCpu, back] = [[] as number[], [] as number[], [] as number[]];
    for (let run = 0; run <= RUNS; run++) {
      const at = Math.floor(((run + 0.5) / (RUNS + 1)) * (PIECES / (DELIVERY * LOTS[3]))) * DELIVERY * LOTS[3];
      const delivery = index.thing(deliveryOf(at))!;
      const traced = await timed(() => traceOf(index, delivery, "into", 12_000));
      const plain = await timed(() => plainly(peer, delivery));
      if (plain.result !== traced.result) throw new Error(`${traced.result} things, and ${plain.result} by the plain query`);
      const page = await timed(() => traceOf(index, index.thing(contractOf(at))!, "into", 1_000));
      const made = await timed(() => traceOf(index, index.thing(pieceOf(at + 17))!, "from", 10_000));
      // the first warms up
      if (run === 0) continue;
      if (run === 1) reportMedian(report, "genealogy", "things of the trace", "things", [traced.result]);
      whole.push(traced.wallS * 1e3);
      wholeCpu.push(traced.cpuS * 1e3);
      first.push(page.wallS * 1e3);
      firstCpu.push(page.cpuS * 1e3);
      back.push(made.wallS * 1e3);
      other.push(plain.wallS * 1e3);
    }
    reportMedian(report, "genealogy", "forward trace of a delivery", "ms", whole);
    reportMedian(report, "genealogy", "the same, processor time", "ms", wholeCpu);
    reportMedian(report, "genealogy", "a recursive query over the same tables", "ms", other);
    reportMedian(report, "genealogy", "first 1,000 of a larger trace", "ms", first);
    reportMedian(report, "genealogy", "the same, processor time", "ms", firstCpu);
    reportMedian(report, "genealogy", "what a piece is made of", "ms", back);
    reportMedian(report, "genealogy", "memory of the process", "MB", [process.memoryUsage().rss / 1e6]);
    peer.close();
    index.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With their names, as they are answered. */
function traceOf(index: GenealogyIndex, root: number, direction: Direction, limit: number): number {
  const { things } = trace(index, { root, direction, limit, sees: () => true });
  return index.names(things.map(({ thing }) => thing)).size;
}

function plainly(db: DatabaseSync, root: number): number {
  const sql = `WITH RECURSIVE reached(id) AS (VALUES(?) UNION SELECT l.dst FROM reached r JOIN link_into l ON l.src = r.id)
    SELECT count(t.name) n FROM reached r JOIN thing t ON t.id = r.id`;
  return Number(db.prepare(sql).get(root)!["n"]);
}

const lotOf = (component: number, piece: number): string =>
  `https://id.gs1.org/01/0401234501234${component}/10/L${piece - (piece % LOTS[component]!)}`;
const deliveryOf = (piece: number): string => `https://id.gs1.org/01/04012345999990/10/D${piece - (piece % (DELIVERY * LOTS[3]))}`;
const contractOf = (piece: number): string => `https://id.gs1.org/01/04012345999991/10/C${piece - (piece % (CONTRACT * LOTS[3]))}`;
const pieceOf = (piece: number): string => `https://id.gs1.org/01/04012345012346/21/S${piece}`;
const tubOf = (piece: number): string => `https://id.gs1.org/01/04012345012345/21/T${piece}`;
const palletOf = (piece: number): string => `https://id.gs1.org/00/${String(piece - (piece % PALLET)).padStart(18, "0")}`;
const truckOf = (piece: number): string => `https://id.gs1.org/8004/4012345T${piece - (piece % TRUCK)}`;

/** How many events. */
function fill(index: GenealogyIndex): number {
  let batch: Indexed[] = [];
  let events = 0;
  const add = (at: number, links: readonly Link[]): void => {
    const things = [...new Set(links.flatMap(({ from, into }) => [from, into]))];
    batch.push({ id: `event:${events++}`, subject: "shell:line", at, things, links });
    if (batch.length < BATCH) return;
    index.add(batch);
    batch = [];
  };
  for (let n = 0; n < PIECES; n++) {
    const at = BEGIN + n * 3 * SECOND;
    if (n % LOTS[3] === 0)
      add(at, [
        { from: contractOf(n), into: deliveryOf(n), kind: "made" },
        { from: deliveryOf(n), into: lotOf(3, n), kind: "made" },
      ]);
    const piece = pieceOf(n);
    add(at + 1, [{ from: lotOf(0, n), into: tubOf(n), kind: "made" }]);
    add(
      at + SECOND,
      [tubOf(n), lotOf(1, n), lotOf(2, n), lotOf(3, n)].map((from) => ({ from, into: piece, kind: "assembled" as const })),
    );
    if (n % PALLET !== PALLET - 1) continue;
    const on = Array.from({ length: PALLET }, (_, back) => ({ from: pieceOf(n - back), into: palletOf(n), kind: "packed" as const }));
    add(at + 2 * SECOND, [...on, { from: palletOf(n), into: truckOf(n), kind: "packed" }]);
  }
  index.add(batch);
  return events;
}
