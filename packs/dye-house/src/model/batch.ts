import type { BatchEnded, PhaseBegun } from "./batch-tracker.ts";
import type { Phase } from "./phase.ts";

/** What one machine concluded, as it is read from the signals of the fold. Times in µs. */
export interface Concluded<Item> {
  /** When it was known. */
  readonly at: number;
  readonly item: Item;
}

export interface PhaseSpan {
  readonly phase: Phase;
  readonly step?: number;
  readonly from: number;
  /** Absent: it goes on. */
  readonly to?: number;
}

export interface Batch {
  readonly machine: string;
  readonly batch: string;
  /** The goods: the same for a batch that is dyed again. */
  readonly lot: string;
  /** 0 at the first dyeing. */
  readonly redye: number;
  readonly recipe: string;
  readonly from: number;
  /** Absent: it runs. */
  readonly to?: number;
  readonly loadKg: number;
  readonly waterL: number;
  readonly steamKg: number;
  readonly energyKWh: number;
  /** Mean bath ÷ load, L/kg. */
  readonly liquorRatio?: number;
  readonly additions: number;
  readonly worstDeviationK: number;
  readonly lateMinutes: number;
  readonly inferred: boolean;
  readonly phases: readonly PhaseSpan[];
}

/** Batches as the signals of a machine tell them, oldest first; the one that runs has no end. `running` is what its controller calls it. */
export function batchesOf(
  machine: string,
  ended: readonly Concluded<BatchEnded>[],
  begun: readonly Concluded<PhaseBegun>[],
  running: { readonly batch: string; readonly recipe: string; readonly loadKg: number },
): readonly Batch[] {
  const spans = begun.map(({ at, item }) => ({ from: item.f ?? at, item }));
  const over = ended.map(({ at, item }) => batchOf(machine, { from: item.f, to: at }, item, phasesWithin(spans, item.f, at)));
  const last = over.at(-1)?.to ?? 0;
  const open = spans.slice(spans.findLastIndex(({ from, item }) => item.p === "end" || from < last) + 1);
  const [first] = open;
  if (first === undefined) return over;
  const { lot, redye } = lotOf(running.batch);
  const now: Batch = {
    machine,
    batch: running.batch,
    lot,
    redye,
    recipe: running.recipe,
    from: first.from,
    loadKg: running.loadKg,
    waterL: 0,
    steamKg: 0,
    energyKWh: 0,
    worstDeviationK: 0,
    lateMinutes: 0,
    inferred: false,
    additions: open.filter(({ item }) => item.p === "addition").length,
    phases: spansOf(open, undefined),
  };
  return [...over, now];
}

type Begun = { readonly from: number; readonly item: PhaseBegun };

function batchOf(
  machine: string,
  span: { readonly from: number; readonly to: number },
  item: BatchEnded,
  phases: readonly PhaseSpan[],
): Batch {
  const { lot, redye } = lotOf(item.b);
  return {
    machine,
    batch: item.b,
    lot,
    redye,
    recipe: item.r,
    ...span,
    loadKg: item.kg,
    waterL: item.w,
    steamKg: item.st,
    energyKWh: item.e,
    ...(item.kg > 0 && item.bath > 0 && { liquorRatio: Math.round((item.bath / item.kg) * 100) / 100 }),
    additions: item.add,
    worstDeviationK: item.dev,
    lateMinutes: item.late,
    inferred: item.inf === 1,
    phases,
  };
}

/** `D1042/R1` is the lot D1042, dyed again for the first time. */
export function lotOf(batch: string): { readonly lot: string; readonly redye: number } {
  const [, lot, redye] = /^(.+)\/R(\d{1,2})$/.exec(batch) ?? [];
  return lot === undefined ? { lot: batch, redye: 0 } : { lot, redye: Number(redye) };
}

function phasesWithin(begun: readonly Begun[], from: number, to: number): readonly PhaseSpan[] {
  return spansOf(
    begun.filter((one) => one.from >= from && one.from < to && one.item.p !== "end"),
    to,
  );
}

function spansOf(begun: readonly Begun[], to: number | undefined): readonly PhaseSpan[] {
  return begun.map(({ from, item: { p, s } }, at) => {
    const end = begun[at + 1]?.from ?? to;
    return { phase: p as Phase, ...(s !== undefined && { step: s }), from, ...(end !== undefined && { to: end }) };
  });
}
