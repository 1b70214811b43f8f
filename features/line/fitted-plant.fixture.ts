import type { LineEngine } from "@doppelwerk/operations";
import { createLineEngine } from "@doppelwerk/operations";
import { HOUR, LIVE, MINUTE, quality, SignalTable } from "@doppelwerk/world";
import type { Instant, Principal, SampleBatch, SignalRecord } from "@doppelwerk/world";
import { importer } from "@doppelwerk/ports";
import type { HostedWorld } from "@doppelwerk/server/site";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { acceptValue } from "../../packages/connectors/src/samples/accept-value.ts";
import { lineSource } from "../../packs/discrete-line/src/line-source.ts";
import { readLine } from "./server/line-of-shells.ts";
import type { LineOfShells } from "./server/line-of-shells.ts";
import { zoneOffsetOf } from "@doppelwerk/operations";
import { PlantArchive } from "../../examples/demo-plant/src/archive/plant-archive.ts";
import { anchorCalendar, plantShifts } from "../../examples/demo-plant/src/clock/calendar.ts";
import { plantEnvironment } from "../../examples/demo-plant/src/engineering-file/plant-environment.ts";
import { plantSignals } from "@doppelwerk/demo-plant";
import type { PlantSignal } from "@doppelwerk/demo-plant";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { PlantRun } from "../../examples/demo-plant/src/truth/plant-run.ts";

export { backtestOrigins } from "./server/models/backtest-origin.ts";
export { buildExperiment, observedBefore, observedModel } from "./server/models/experiment-builder.ts";
export type { LineOfShells };

/** When the past ends, always the same: what a test finds in it today it finds tomorrow. */
export const NOW: Instant = Date.UTC(2026, 10, 24, 15, 17, 3) * 1000;
const anchor = anchorCalendar(NOW);
export const shifts = plantShifts(anchor);
const ENGINEER: Principal = { id: "person:engineer", name: "Engineer", verified: false, roles: ["administrator"] };
const signals = plantSignals();
const PIECE: Instant = 30 * MINUTE;

/** The demo plant's engineering file in a world of the product, and pasts of it folded as the server folds them, only without the sockets between. */
export interface FittedPlant {
  readonly line: LineOfShells;
  /** The line as a branch has it that sets one property, `S090/NumberOfPlaces`. */
  edited(key: string, value: number): Promise<LineOfShells>;
  /** The past of the plant with this seed up to `NOW`, or up to an instant of it; `onPiece` sees it grow, each half hour. */
  past(seed: number, options?: { readonly until?: Instant; onPiece?(engine: LineEngine, truth: PlantRun): void }): LineEngine;
  /** The same past, given to something that folds it. */
  feed(seed: number, target: Fed, options: { readonly until: Instant; onPiece?(truth: PlantRun): void }): void;
  close(): Promise<void>;
}

/** An engine, a run of folds. */
export type Fed = Pick<LineEngine, "signals" | "step" | "advance"> & { drain(): unknown };

export async function openFittedPlant(): Promise<FittedPlant> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-fitted-plant-"));
  const site = await openProduct(folder);
  const view = site.view(ENGINEER);
  const file = plantEnvironment(signals, { opcua: "opc.tcp://plant:1", mqtt: "mqtt://plant:2" }, anchor);
  const bytes = new TextEncoder().encode(JSON.stringify(file));
  await site.features.port(importer).importFile(ENGINEER, "plant.json", bytes, { demo: true, connect: false });
  const line = readLine([lineSource], { reader: view.reader(LIVE), at: NOW })!;
  const records = view.reader(LIVE).query({ kind: "signal" }) as readonly SignalRecord[];
  const feed: FittedPlant["feed"] = (seed, target, { until, onPiece }) => {
    const fold = feeder(target, records);
    const archive = new PlantArchive(signals);
    const truth = new PlantRun(
      { signals, seed, shifts, anchor: anchor.anchorDay, recordFrom: shifts[1]!.start, meterFrom: until },
      {
        write: (signal, time, value) => void (time <= until && archive.append(signal, time, value)),
        textIndex: (text) => archive.textIndex(text),
      },
    );
    for (let end = shifts[1]!.start - HOUR; end < until;) {
      end = Math.min(Math.floor(end / PIECE) * PIECE + PIECE, until);
      truth.advanceTo(end, 300);
      fold(archive, end);
      onPiece?.(truth);
    }
  };
  return {
    line,
    edited: (key, value) => edited(site, line, key, value),
    past: (seed, { until = NOW, onPiece } = {}) => {
      const engine = createLineEngine(line.definition, { zoneOffset: zoneOffsetOf(line.definition.timeZone), rules: [], extract: true });
      feed(seed, engine, { until, onPiece: (truth) => onPiece?.(engine, truth) });
      return engine;
    },
    feed,
    async close() {
      await site.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function edited(site: HostedWorld, { factors }: LineOfShells, key: string, value: number): Promise<LineOfShells> {
  const factor = factors.find((candidate) => candidate.key === key)!;
  const view = site.view(ENGINEER);
  const branch = await view.fork({ name: `${key} ${value}`, parent: LIVE, instant: NOW, reason: "try" });
  await view.apply({
    branch: branch.id,
    reason: "try",
    changes: [{ op: "update", id: factor.elementId, fields: { value: { from: String(factor.asIs), to: String(value) } } }],
  });
  return readLine([lineSource], { reader: view.reader(branch.id), at: NOW })!;
}

/** Gives the target what is in the archive and it has not had: judged and scaled on the way as everything that comes over a socket. */
function feeder(target: Fed, records: readonly SignalRecord[]): (archive: PlantArchive, until: Instant) => void {
  const table = new SignalTable();
  for (const record of records) table.put(record);
  const ofNode = new Map(signals.flatMap((signal) => (signal.address.kind === "opcua" ? [[signal.address.nodeId, signal] as const] : [])));
  const wanted = records
    .filter(({ id }) => target.signals.includes(id))
    .map((record) => ({ record, index: table.indexOf(record.id)!, signal: ofNode.get(record.address ?? "")!, row: 0 }));
  return (archive, until) => {
    const rows: { readonly time: Instant; readonly of: (typeof wanted)[number]; readonly value: number }[] = [];
    for (const of of wanted) {
      const { index } = of.signal;
      for (; of.row < archive.count(index) && archive.timeAt(index, of.row) < until; of.row++)
        rows.push({ time: archive.timeAt(index, of.row), of, value: archive.valueAt(index, of.row) });
    }
    rows.sort((a, b) => a.time - b.time || a.of.index - b.of.index);
    target.step(table.ingest(batchOf(rows, archive)).batch, table.ids);
    target.advance(until - 1);
    target.drain();
  };
}

function batchOf(
  rows: readonly {
    readonly time: Instant;
    readonly of: { readonly record: SignalRecord; readonly signal: PlantSignal; readonly index: number };
    readonly value: number;
  }[],
  archive: PlantArchive,
): SampleBatch {
  const times = Float64Array.from(rows, ({ time }) => time);
  const texts = new Map<number, string>();
  const values = new Float64Array(rows.length);
  const qualities = new Uint8Array(rows.length);
  for (const [row, { of, value }] of rows.entries()) {
    const raw = Number.isNaN(value) ? undefined : of.signal.type === "String" ? archive.textAt(value) : value;
    const accepted = acceptValue(of.record, raw);
    values[row] = accepted.value;
    if (accepted.text !== undefined) texts.set(row, accepted.text);
    qualities[row] = raw === undefined || accepted.fault !== undefined ? quality.bad : quality.good;
  }
  const indexes = Uint32Array.from(rows, ({ of }) => of.index);
  return { origin: "replayed", count: rows.length, signals: indexes, values, texts, qualities, sourceTimes: times, serverTimes: times };
}
