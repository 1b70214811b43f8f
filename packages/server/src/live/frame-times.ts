import { RollingTimes } from "./rolling-times.ts";

/** Views that are told apart; packs bring views too. */
const MAX_VIEWS = 16;
const OTHER = "other";
const VIEW = /^[a-z][a-z0-9-]{0,31}$/;

/** A name of a view as it may stand in a list of others: what a window says is not repeated unless it is one. */
export function viewOf(name: string | undefined): string {
  return name !== undefined && VIEW.test(name) ? name : OTHER;
}

export interface FramesOfView {
  readonly view: string;
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Of several worlds: of each view the worse. */
export function worstOf(worlds: readonly (readonly FramesOfView[])[]): FramesOfView[] {
  const views = new Map<string, FramesOfView>();
  for (const one of worlds.flat()) {
    const known = views.get(one.view);
    const [count, p50Ms, p95Ms] = [known?.count ?? 0, known?.p50Ms ?? 0, known?.p95Ms ?? 0];
    views.set(one.view, { view: one.view, count: count + one.count, p50Ms: Math.max(p50Ms, one.p50Ms), p95Ms: Math.max(p95Ms, one.p95Ms) });
  }
  return [...views.values()];
}

/** From a value's arrival at its connector until a window has drawn it, of the last minute or two, by view. */
export class FrameTimes {
  readonly #now: () => number;
  readonly #views = new Map<string, RollingTimes>();

  /** `now` in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  record(view: string, milliseconds: number): void {
    const name = this.#views.has(view) || this.#views.size < MAX_VIEWS ? view : OTHER;
    let times = this.#views.get(name);
    if (times === undefined) this.#views.set(name, (times = new RollingTimes(this.#now, { isCoarse: true })));
    times.record(milliseconds);
  }

  /** Views that were drawn lately, by name. */
  list(): readonly FramesOfView[] {
    return [...this.#views]
      .flatMap(([view, times]) => {
        const [p50Ms, p95Ms] = [times.percentile(50), times.percentile(95)];
        return p50Ms === undefined || p95Ms === undefined ? [] : [{ view, count: times.count, p50Ms, p95Ms }];
      })
      .toSorted((a, b) => (a.view < b.view ? -1 : 1));
  }
}
