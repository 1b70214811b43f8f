import type { LineEngine } from "@doppelwerk/operations";
import { LIVE } from "@doppelwerk/world";
import type { History, Instant, RecordId, SampleBatch, SignalRecord } from "@doppelwerk/world";
import { thinnedBefore } from "@doppelwerk/world";
import type { Derived } from "./derivation.ts";
import { PastOrigins } from "./derived-origin.ts";
import { alarmSignalId, derivedSignals, nothingOf, samplesOfAlarms, samplesOfIntervals, stateSignalId } from "@doppelwerk/operations";
import type { DerivedSample } from "@doppelwerk/operations";
import { batchOfKept, plainText, revised, revisions, standing } from "@doppelwerk/world";
import type { KeptColumns, KeptSample } from "@doppelwerk/world";

export interface DerivedPastOptions {
  readonly history: History;
  /** Writes over what stands there. */
  revise(batch: SampleBatch): Promise<void>;
  readonly table: { indexOf(id: RecordId): number | undefined };
  /** The shell of an input, by its row. */
  readonly shellOf?: (row: number) => string | undefined;
  /** The engine that folds, as it stands before it does. */
  readonly engine: LineEngine;
  /** What is derived begins here. */
  readonly from: Instant;
  /** Alarms are not kept while not all is there that they follow from. */
  readonly alarms: boolean;
}

interface Series {
  readonly signal: SignalRecord;
  /** Up to here the historian agrees with what was derived. */
  kept: Instant;
  waiting: KeptSample[];
}

/** Folded time after which what is settled goes to the historian. */
const KEEP_EVERY: Instant = 12 * 3_600_000_000;

/** What one derivation concludes of the past, brought into the historian: in the span it covers, what earlier ones concluded stands only where it agrees. */
export class DerivedPast {
  readonly #options: DerivedPastOptions;
  readonly #series: ReadonlyMap<RecordId, Series>;
  readonly #origins: PastOrigins;
  #keptAt: Instant;

  private constructor(options: DerivedPastOptions, from: Instant) {
    this.#options = options;
    this.#keptAt = from;
    this.#origins = new PastOrigins(options.shellOf ?? (() => undefined));
    const { engine } = options;
    const open = openSince(engine);
    const signals = derivedSignals(engine.definition, options.alarms ? engine.rules : []);
    // what was seen of an alarm before its rule was edited stands
    const since = new Map([...engine.rulesSince].map(([rule, instant]) => [alarmSignalId(rule), instant]));
    this.#series = new Map(
      signals.map((signal) => {
        const kept = Math.max(Math.min(open.get(signal.id) ?? from, from), since.get(signal.id) ?? 0);
        return [signal.id, { signal, kept, waiting: [] }];
      }),
    );
  }

  static async begin(options: DerivedPastOptions): Promise<DerivedPast> {
    // of time whose samples were thinned nothing can be derived again: what was concluded then stands
    const thinned = await thinnedBefore(options.history, options.engine.signals);
    return new DerivedPast(options, Math.max(options.from, thinned ?? options.from));
  }

  /** What was derived is in the historian up to here, but for what lasted longer. */
  get keptUntil(): Instant {
    return this.#keptAt;
  }

  /** Takes what a piece of the fold concluded, and the samples that it was drawn from. */
  async add(derived: Derived, batch: SampleBatch): Promise<void> {
    this.#origins.saw(batch);
    this.#take(derived);
    const now = this.#options.engine.now();
    if (now - this.#keptAt < KEEP_EVERY) return;
    const open = openSince(this.#options.engine);
    await this.#keep((id) => open.get(id) ?? now);
    this.#keptAt = now;
  }

  /**
   * Takes the last piece; everything up to the engine's instant is kept when it resolves. `others` is what else is on its way to the historian: it has to
   * be there first. The engine may go on meanwhile, when what it concludes is held back.
   */
  async finish(derived: Derived, others: Promise<unknown>): Promise<void> {
    this.#take(derived);
    const { engine } = this.#options;
    const end = engine.now() + 1;
    const open = openSince(engine);
    const lasting = samplesOfIntervals(engine.openIntervals());
    await others;
    await this.#keep((id) => open.get(id) ?? end);
    // What lasts is kept when it is over, and known as what only then: here it only takes the place of what earlier derivations concluded.
    this.#takeSamples(lasting);
    await this.#keep(() => end, true);
  }

  #take({ intervals, alarms }: Derived): void {
    this.#takeSamples(samplesOfIntervals(intervals));
    this.#takeSamples(samplesOfAlarms(alarms));
  }

  #takeSamples(samples: readonly DerivedSample[]): void {
    for (const { signal, ...sample } of samples) {
      const series = this.#series.get(signal);
      if (series && sample.time >= series.kept) series.waiting.push({ ...sample, origin: this.#origins.of(series.signal.shell) });
    }
  }

  /** Brings the historian into agreement up to an instant of each series, this excluded. */
  async #keep(upTo: (id: RecordId) => Instant, onlyCorrect = false): Promise<void> {
    const { revise, table } = this.#options;
    const due = [...this.#series.values()].filter((series) => upTo(series.signal.id) > series.kept);
    const changes = await Promise.all(due.map((series) => this.#differences(series, upTo(series.signal.id), onlyCorrect)));
    const samples = changes.flat();
    if (samples.length > 0) await revise(batchOfKept(samples, (id) => table.indexOf(id)));
  }

  /** What has to be written so that [kept, to) of the series reads as it was derived. */
  async #differences(series: Series, to: Instant, onlyCorrect: boolean): Promise<readonly DerivedSample[]> {
    const { signal } = series;
    const key = { branch: LIVE, signal: signal.id };
    const from = series.kept;
    const derived = series.waiting.filter(({ time }) => time < to);
    series.waiting = series.waiting.filter(({ time }) => time >= to);
    series.kept = to;
    const stored = await this.#options.history.raw(key, from, to);
    if (stored.times.length === 0) return onlyCorrect ? [] : derived.map((sample) => ({ ...sample, signal: signal.id }));
    const [last] = await this.#options.history.at([key], from - 1);
    const before = { ...nothingOf(signal), ...(last?.text === undefined ? {} : { value: last.value, text: plainText(last.text) }) };
    return corrections(derived, stored, before).map((sample) => ({ ...sample, signal: signal.id }));
  }
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
  const known = Map.groupBy(standing(stored), ({ time }) => time);
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
function openSince(engine: LineEngine): ReadonlyMap<RecordId, Instant> {
  const since = new Map<RecordId, Instant>();
  for (const { station, place, from } of engine.openIntervals()) {
    const id = stateSignalId(station, place);
    since.set(id, Math.min(since.get(id) ?? from, from));
  }
  return since;
}
