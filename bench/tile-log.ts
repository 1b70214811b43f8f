import { createHash, randomBytes } from "node:crypto";
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { nodeFileLayer } from "../packages/storage/src/files/node-file-layer.ts";
import { TileLog, verifyTileLog } from "../packages/storage/src/tile-log/index.ts";
import { testKey, verifyEd25519 } from "../packages/trust/src/log/ed25519.fixture.ts";
import { createMerkleHash, isIncluded } from "../packages/trust/src/log/index.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = 5;
/** A second of entries at the bar of 5,000/s in groups of a fiftieth of a second. */
const GROUP = 100;
const GROUPS = 200;
const ENTRY_BYTES = 250;
const MILLION = 1_000_000;
const PROOFS = 2_000;

const hash = createMerkleHash((bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()));
const { key, sign } = testKey("bench.example/log", 1);

/** Transparency log: entries that are durable, beside the same bytes written and synchronised to a file; proofs and verifying at a million entries. */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(process.cwd(), "bench-tile-log-"));
  try {
    const [durable, floor] = [[] as number[], [] as number[]];
    for (let run = 0; run < RUNS; run++) {
      durable.push(entriesPerSecond(join(root, `log-${run}`)));
      floor.push(bytesToFile(join(root, `file-${run}`)));
    }
    reportMedian(report, "transparency log", `durable entries of ${ENTRY_BYTES} bytes, in groups of ${GROUP}`, "1/s", durable);
    reportMedian(report, "transparency log", "the same bytes, written and synchronised to a file", "1/s", floor);
    const directory = join(root, "million");
    const log = open(directory);
    for (let first = 0; first < MILLION; first += 10_000) log.append(entries(10_000));
    log.checkpoint();
    const [median, worst] = [[] as number[], [] as number[]];
    for (let run = 0; run <= RUNS; run++) {
      const times = proofTimes(log).toSorted();
      // the first warms up
      if (run === 0) continue;
      median.push(times[PROOFS / 2]!);
      worst.push(times[Math.floor(PROOFS * 0.99)]!);
    }
    reportMedian(report, "transparency log", "proof of a random entry of a million, made and verified, median", "ms", median);
    reportMedian(report, "transparency log", "the same, p99", "ms", worst);
    log.close();
    const verified: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const begun = performance.now();
      const { findings, size } = verifyTileLog(nodeFileLayer, directory, hash, key, verifyEd25519);
      if (findings.length > 0 || size !== MILLION) throw new Error(findings.join("\n"));
      verified.push((performance.now() - begun) / 1_000);
    }
    reportMedian(report, "transparency log", "a million entries verified", "s", verified);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const open = (directory: string): TileLog => new TileLog({ layer: nodeFileLayer, directory, hash, key, sign, verify: verifyEd25519 });
const entries = (count: number): readonly Uint8Array[] => Array.from({ length: count }, () => new Uint8Array(randomBytes(ENTRY_BYTES)));

function entriesPerSecond(directory: string): number {
  const log = open(directory);
  const groups = Array.from({ length: GROUPS }, () => entries(GROUP));
  const begun = performance.now();
  for (const group of groups) log.append(group);
  log.checkpoint();
  const seconds = (performance.now() - begun) / 1_000;
  log.close();
  return (GROUPS * GROUP) / seconds;
}

function bytesToFile(path: string): number {
  const bytes = randomBytes(GROUP * ENTRY_BYTES);
  const file = openSync(path, "w");
  const begun = performance.now();
  for (let group = 0; group < GROUPS; group++) {
    writeSync(file, bytes);
    fdatasyncSync(file);
  }
  const seconds = (performance.now() - begun) / 1_000;
  closeSync(file);
  return (GROUPS * GROUP) / seconds;
}

function proofTimes(log: TileLog): Float64Array {
  const times = new Float64Array(PROOFS);
  const root = log.root();
  for (let n = 0; n < PROOFS; n++) {
    const index = Math.floor(Math.random() * log.size);
    const leaf = hash.leaf(log.entry(index)!);
    const begun = performance.now();
    if (!isIncluded(hash, leaf, index, log.size, log.inclusion(index), root)) throw new Error(`${index} is not included`);
    times[n] = performance.now() - begun;
  }
  return times;
}
