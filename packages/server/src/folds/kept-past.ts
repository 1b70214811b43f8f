import { batchOfKept, LIVE, plainText, revised, revisions, heldSamples, thinnedBefore } from "@doppelwerk/world";
import type { AnyFold, FoldInstance, History, Instant, KeptColumns, KeptSample, RecordId, SignalRecord } from "@doppelwerk/world";
import type { DerivedSample } from "./fold-worker.ts";

export interface KeptPastOptions {
  readonly history: History;
  readonly table: { readonly ids: readonly RecordId[]; indexOf(id: RecordId): number | undefined };
  /** Whose conclusions are kept. */
  readonly members: readonly (FoldInstance & { readonly fold: AnyFold })[];
  /** What was not over where folding went on. */
  readonly open: readonly DerivedSample[];
  /** What is derived begins here. */
  readonly from: Instant;
}

interface Series {
  readonly signal: SignalRecord;
  readonly nothing: Pick<KeptSample, "value" | "text">;
  /** Up to here the historian agrees with what was derived. */
  kept: Instant;
  waiting: KeptSample[];
}

/** Folded time after which what is settled goes to the historian. */
const KEEP_EVERY: Instant = 12 * 3_600_000_000;

/** What one derivation concludes of the past, brought into the historian: in the span it covers, what earlier ones concluded stands only where it agrees. */
export class KeptPast {
  readonly #options: KeptPastOptions;
  readonly #series: ReadonlyMap<RecordId, Series>;
  #keptAt: Instant;

  private constructor(options: KeptPastOptions, from: Instant) {
    this.#options = options;
    this.#keptAt = from;
    const open = openSince(options.open);
    this.#series = new Map(options.members.flatMap((member) => seriesOf(member, from, open)).map((series) => [series.signal.id, series]));
  }

  static async begin(options: KeptPastOptions): Promise<KeptPast> {
    const inputs = options.members.flatMap(({ inputs: own }) => own.flatMap((input) => ("signal" in input ? [input.signal] : [])));
    // of time whose samples were thinned nothing can be derived again: what was concluded then stands
    const thinned = await thinnedBefore(options.history, inputs);
    return new KeptPast(options, Math.max(options.from, thinned ?? options.from));
  }

  /** What was derived is in the historian up to here, but for what lasted longer. */
  get keptUntil(): Instant {
    return this.#keptAt;
  }

  /** Takes what a piece of the fold up to `to` (excluded) concluded. */
  async add(samples: readonly DerivedSample[], open: readonly DerivedSample[], to: Instant): Promise<void> {
    this.#take(samples);
    if (to - this.#keptAt < KEEP_EVERY) return;
    const since = openSince(open);
    await this.#keep((id) => since.get(id) ?? to);
    this.#keptAt = to;
  }

  /** Takes the last piece; everything up to `end` (excluded) is kept when it resolves. `others` is what else is on its way to the historian: it has to be there first. */
  async finish(samples: readonly DerivedSample[], open: readonly DerivedSample[], end: Instant, others: Promise<unknown>): Promise<void> {
    this.#take(samples);
    const since = openSince(open);
    await others;
    await this.#keep((id) => since.get(id) ?? end);
    // What lasts is kept when it is over, and known as what only then: here it only takes the place of what earlier derivations concluded.
    this.#take(open);
    await this.#keep(() => end, true);
  }

  #take(samples: readonly DerivedSample[]): void {
    for (const { signal, ...sample } of samples) {
      const series = this.#series.get(signal);
      if (series && sample.time >= series.kept) series.waiting.push(sample);
    }
  }

  /** Brings the historian into agreement up to an instant of each series, this excluded. */
  async #keep(upTo: (id: RecordId) => Instant, onlyCorrect = false): Promise<void> {
    const { history, table } = this.#options;
    const due = [...this.#series.values()].filter((series) => upTo(series.signal.id) > series.kept);
    const changes = await Promise.all(due.map((series) => this.#differences(series, upTo(series.signal.id), onlyCorrect)));
    const samples = changes.flat();
    if (samples.length > 0)
      await history.append(
        LIVE,
        batchOfKept(samples, (id) => table.indexOf(id)),
        table.ids,
      );
  }

  /** What has to be written so that [kept, to) of the series reads as it was derived. */
  async #differences(series: Series, to: Instant, onlyCorrect: boolean): Promise<readonly DerivedSample[]> {
    const { signal, nothing } = series;
    const key = { branch: LIVE, signal: signal.id };
    const from = series.kept;
    const derived = series.waiting.filter(({ time }) => time < to);
    series.waiting = series.waiting.filter(({ time }) => time >= to);
    series.kept = to;
    const stored = await this.#options.history.raw(key, from, to);
    if (stored.times.length === 0) return onlyCorrect ? [] : derived.map((sample) => ({ ...sample, signal: signal.id }));
    const [last] = await this.#options.history.at([key], from - 1);
    const before = { ...nothing, ...(last?.text === undefined ? {} : { value: last.value, text: plainText(last.text) }) };
    return corrections(derived, stored, before).map((sample) => ({ ...sample, signal: signal.id }));
  }
}

/** What the historian has last up to an instant of the signals whose conclusions hold until the next one. */
export async function lastKept(history: History, members: KeptPastOptions["members"], until: Instant): Promise<readonly DerivedSample[]> {
  const ids = members.flatMap(({ fold: { keeps }, definition }) =>
    keeps?.holds === true ? keeps.signals(definition as never).map(({ id }) => id) : [],
  );
  const found = await history.at(
    ids.map((signal) => ({ branch: LIVE, signal })),
    until,
  );
  return found.flatMap((sample, at) => {
    if (sample === undefined) return [];
    const { value, time, origin = "derived" } = sample;
    const text = plainText(sample.text ?? "");
    // nothing was concluded
    if (text === "" && Number.isNaN(value)) return [];
    return [{ signal: ids[at]!, value, text, time, origin }];
  });
}

function seriesOf({ fold, definition }: KeptPastOptions["members"][number], from: Instant, open: ReadonlyMap<RecordId, Instant>): Series[] {
  const { keeps } = fold;
  if (keeps === undefined) return [];
  const since = keeps.since?.(definition as never);
  return keeps.signals(definition as never).map((signal) => ({
    signal,
    nothing: keeps.nothing(signal),
    kept: Math.max(Math.min(open.get(signal.id) ?? from, from), since?.get(signal.id) ?? 0),
    waiting: [],
  }));
}

/**
 * What has to be written over `stored` so that it reads as `derived`: samples that are missing, revisions where something else stands, and what stands
 * before it (`before` ahead of everything) where nothing should be.
 */
export function corrections(
  derived: readonly KeptSample[],
  stored: KeptColumns,
  before: { readonly value: number; readonly text: string },
): readonly KeptSample[] {
  const wanted = Map.groupBy(derived, ({ time }) => time);
  const known = Map.groupBy(heldSamples(stored), ({ time }) => time);
  const highest = revisions(stored);
  let last = before;
  return [...new Set([...known.keys(), ...wanted.keys()])]
    .toSorted((a, b) => a - b)
    .flatMap((time) => {
      const own = wanted.get(time) ?? [{ ...last, time }];
      last = own.at(-1)!;
      const there = known.get(time);
      if (there === undefined) return own;
      if (own.length === there.length && own.every((sample, at) => isSame(sample, there[at]!))) return [];
      return own.map((sample) => revised(sample, (highest.get(time) ?? 0) + 1));
    });
}

function isSame(a: KeptSample, b: KeptSample): boolean {
  return Object.is(a.value, b.value) && a.text === b.text;
}

/** Since when each series that is not closed has been open: what begins before is known to the end. */
function openSince(open: readonly DerivedSample[]): ReadonlyMap<RecordId, Instant> {
  const since = new Map<RecordId, Instant>();
  for (const { signal, time } of open) since.set(signal, Math.min(since.get(signal) ?? time, time));
  return since;
}
