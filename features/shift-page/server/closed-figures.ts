import type { FeatureStore } from "@doppelwerk/kit/server";
import { z } from "@doppelwerk/kit";
import type { LineFlow, ShiftFigures, ShiftFiguresValue } from "@doppelwerk/ports";
import type { Instant, RecordId } from "@doppelwerk/world";
import { SignedFigures, signedOf } from "../model/handover-kinds.ts";

/** Figures of a shift as they were known when it was first looked at after its end. */
export const ClosedShift = z.object({ from: z.int(), at: z.int(), figures: SignedFigures });
export type ClosedShift = z.output<typeof ClosedShift>;

export interface ClosedFiguresOptions {
  readonly store: FeatureStore;
  readonly flow: Pick<LineFlow, "lines">;
  readonly figures: ShiftFigures;
  now(): Instant;
  /** While the past is read what is known of a shift is not yet what was recorded of it. */
  isHistoryRead(): Promise<boolean>;
}

const DAY: Instant = 86_400_000_000;
/** A shift that ended earlier was not seen when it ended. */
const LATEST: Instant = DAY / 2;
/** Of each line: a month of three a day. */
const MAX_KEPT = 100;

const kept = z.object({ version: z.literal(1), shifts: z.array(ClosedShift) });

/** Keeps the figures with which shifts were closed, so that what late and corrected data change of them later can be shown. They are written once. */
export class ClosedFigures {
  readonly #options: ClosedFiguresOptions;
  #looking: Promise<void> | undefined;

  constructor(options: ClosedFiguresOptions) {
    this.#options = options;
  }

  of(line: RecordId, from: Instant): ClosedShift | undefined {
    return this.#kept(line).find((shift) => shift.from === from);
  }

  /** Once at a time. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { flow, figures, now, isHistoryRead, store } = this.#options;
    if (!(await isHistoryRead())) return;
    const at = now();
    for (const { id } of (await flow.lines()).lines) {
      const found = await figures.within(at - LATEST - DAY, at, undefined, id);
      const known = this.#kept(id);
      const ended = (found?.shifts ?? []).filter(({ to }) => to <= at && to > at - LATEST);
      const running = await figures.within(at, at + 1, at, id);
      const fresh = ended.filter(
        ({ from }) => !known.some((shift) => shift.from === from) && !(running?.shifts ?? []).some((shift) => shift.from === from),
      );
      if (fresh.length === 0) continue;
      const next = [...known, ...fresh.map((shift): ClosedShift => ({ from: shift.from, at, figures: signedOf(shift) }))];
      await store.set(nameOf(id), { version: 1, shifts: next.slice(-MAX_KEPT) });
    }
  }

  #kept(line: RecordId): readonly ClosedShift[] {
    const read = kept.safeParse(this.#options.store.get(nameOf(line)));
    return read.success ? read.data.shifts : [];
  }
}

const nameOf = (line: RecordId): string => `closed ${line}`;

/** Whether what is known now differs from what was known when it was closed. */
export function isRevised(closed: ClosedShift, now: ShiftFiguresValue): boolean {
  const { revision: _then, ...then } = closed.figures;
  const { revision: _now, ...known } = signedOf(now);
  return JSON.stringify(then) !== JSON.stringify(known);
}
