import type { PackView } from "@doppelwerk/kit/server";
import type { SignalRecord } from "@doppelwerk/kit";
import { batchesOf, type Batch } from "../model/batch.ts";
import type { BatchEnded, PhaseBegun } from "../model/batch-tracker.ts";
import type { MachineDocument } from "../model/documents.ts";
import { allSamples, concluded } from "./conclusions.ts";
import { outputSignal } from "./plant.ts";

/** A batch takes less, µs: of one that began so long before a period nothing lies in it. */
const LONGEST_BATCH = 36 * 3_600_000_000;

/** Batches of a machine that are under way at some time in [from, to), oldest first. */
export async function batchesOfMachine(
  view: PackView,
  signals: readonly SignalRecord[],
  machine: MachineDocument,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Batch[]> {
  const [batch, phase] = await Promise.all((["batch", "phase"] as const).map((output) => outputSignal(view, signals, machine, output)));
  if (batch === undefined || phase === undefined) return [];
  const [ended, begun, [id, recipe, load]] = await Promise.all([
    // known at its end
    concluded<BatchEnded>(view, batch, from, to + LONGEST_BATCH),
    concluded<PhaseBegun>(view, phase, from - LONGEST_BATCH, to + LONGEST_BATCH),
    Promise.all([machine.batchSignal, machine.recipeSignal, machine.loadSignal].map((signal) => lastKnown(view, signal, to))),
  ]);
  const running = { batch: String(id ?? ""), recipe: String(recipe ?? ""), loadKg: Number(load ?? 0) };
  return batchesOf(machine.name, ended, begun, running).filter((one) => (one.to ?? to) > from && one.from < to);
}

const BAD = 2;

/** The value of a signal; of a machine that is not reached now the last that is known of its batch. */
async function lastKnown(view: PackView, signal: string | undefined, to: number): Promise<number | string | boolean | undefined> {
  if (signal === undefined) return undefined;
  const [live] = await view.live([signal]);
  if (live?.quality !== BAD) return live?.value;
  const known = (await allSamples(view, signal, to - LONGEST_BATCH, to)).findLast(({ quality }) => quality !== BAD);
  return known?.text ?? known?.value ?? undefined;
}
