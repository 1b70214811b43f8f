import type { ShiftFigures, ShiftFiguresValue } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import type { LossBudget } from "../contract.ts";
import { rowKey } from "../model/row-key.ts";

const LIKE = 20;
const REACH: Instant = 100 * 86_400_000_000;
/** Shifts whose losses are kept. */
const MAX_KEPT = 500;

export interface Usual {
  readonly key: string;
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** What losses take in like shifts. A closed shift is computed once for each of its revisions and of what was written of its stops. */
export class UsualLosses {
  readonly #kept = new Map<string, ReadonlyMap<string, number>>();

  /** `budget` is that of a shift; `version` says when what people wrote of its stops was written last. */
  async of(
    at: Instant,
    line: string | undefined,
    shifts: ShiftFigures,
    sources: { budget(shift: ShiftFiguresValue): Promise<LossBudget>; version(shift: ShiftFiguresValue): string },
  ): Promise<{ readonly shifts: number; readonly rows: Usual[] }> {
    const all = (await shifts.within(at - REACH, at + 1, undefined, line))?.shifts ?? [];
    const own = all.findLast(({ from }) => from <= at);
    const like = all.filter(
      ({ name, from, plannedBusyS }) => own !== undefined && name === own.name && from < own.from && plannedBusyS > 0,
    );
    const minutes: ReadonlyMap<string, number>[] = [];
    for (const shift of like.slice(-LIKE)) {
      const key = [line ?? "", shift.from, shift.revision, sources.version(shift)].join(" ");
      const known = this.#kept.get(key) ?? minutesOf(await sources.budget(shift));
      this.#keep(key, known);
      minutes.push(known);
    }
    const keys = new Set(minutes.flatMap((each) => [...each.keys()]));
    return { shifts: minutes.length, rows: [...keys].map((key) => usualOf(key, minutes)) };
  }

  #keep(key: string, minutes: ReadonlyMap<string, number>): void {
    this.#kept.delete(key);
    this.#kept.set(key, minutes);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > MAX_KEPT && oldest.done !== true) this.#kept.delete(oldest.value);
  }
}

function minutesOf({ rows }: LossBudget): ReadonlyMap<string, number> {
  return new Map(rows.map((row) => [rowKey(row), row.seconds / 60]));
}

/** A shift without the loss counts as one in which it took no time. */
function usualOf(key: string, shifts: readonly ReadonlyMap<string, number>[]): Usual {
  const sorted = shifts.map((each) => each.get(key) ?? 0).toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
    return below + (above - below) * (place - Math.floor(place));
  };
  return { key, low: at(0.1), median: at(0.5), high: at(0.9) };
}
