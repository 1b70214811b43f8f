import { message } from "@doppelwerk/messages";
import {
  batchOfKept,
  carriedIntakeState,
  createFoldRun,
  definitionHash,
  DoppelwerkError,
  earliestOf,
  LatePast,
  LIVE,
  RecentBatches,
  SECOND,
} from "@doppelwerk/world";
import type {
  After,
  AnyFold,
  Clock,
  Concluded,
  FoldInstance,
  FoldRun,
  FoldState,
  History,
  Instant,
  RecordId,
  SampleBatch,
  SignalRecord,
  WantedSignal,
} from "@doppelwerk/world";
import type { Logger } from "pino";
import { derivePast } from "./derive-past.ts";
import { FoldTooLarge, type FoldStore } from "./fold-store.ts";
import { keptOf, openOf, plainFault, type DerivedSample, type PlainFault, type Recorded } from "./fold-worker.ts";
import { KeptPast } from "./kept-past.ts";

/** Gives work to a timer; it can be given up. */
const after: After = (ms, work) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

export interface FoldServices {
  readonly history: History;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: FoldStore;
  readonly checkpoints: string;
  readonly table: { readonly ids: readonly RecordId[]; indexOf(id: RecordId): number | undefined };
  wanted(ids: readonly RecordId[]): readonly WantedSignal[];
  /** The last live value of a signal. */
  valueOf(signal: RecordId): number | string | undefined;
  /** Writes signal records for what is derived, where they are missing. */
  register(signals: readonly SignalRecord[]): Promise<void>;
  /** Shows and stores what was concluded; resolves when it is stored. */
  derive(batch: SampleBatch): Promise<void>;
  /** Stores first; rejects where it cannot be stored, and then nothing was taken. */
  storeDurably(batch: SampleBatch): Promise<void>;
  /** The past of some span was derived again. */
  onDerived(from: Instant, to: Instant): void;
  onProgress(progress: number): void;
  /** An instance was stopped. */
  onFault(fault: PlainFault): void;
}

/** An instance as it is hosted. */
export interface HostedInstance extends FoldInstance {
  readonly fold: AnyFold;
  /** The module whose default export the fold is. */
  readonly url: string;
  /** What was recorded in [from, to), in order of time. */
  recorded?(from: Instant, to: Instant): Promise<readonly Recorded[]>;
}

/** Live folding stays this far behind now, so that slow sources are in order. */
export const BEHIND: Instant = SECOND;
const CHECKPOINT_EVERY: Instant = 30 * 60 * SECOND;
/** A state of weeks takes a fifth of a second to write: rarely while the past is folded. */
const FOLD_CHECKPOINT_EVERY: Instant = 3 * 24 * 3_600 * SECOND;
/** Late samples younger than this are live folding's own business. */
const LATE_TOLERANCE: Instant = 90 * SECOND;
/** What is recorded and younger than this may not be in the span of the historian that a derivation folds. */
const RECENT: Instant = 10 * SECOND;

interface Act extends Recorded {
  readonly fold: string;
  readonly subject: RecordId;
}

interface Rebuild {
  readonly from: Instant;
  readonly abort: AbortController;
  readonly done: Promise<void>;
  /** What came in while the past was derived. */
  readonly batches: SampleBatch[];
}

/** What an edit is prepared with, in the turn of those who fold. */
export interface Edit {
  readonly instances: readonly HostedInstance[];
  /** Concluded by the edit itself: kept and shown. */
  readonly concluded?: readonly Concluded[];
}

/**
 * Instances that need each other, live and over their past: what comes in, what is concluded and kept, and when it is folded again. Live folding stays in
 * this thread; the past is folded in a worker, and takes the place of the live run when it has caught up.
 */
export class FoldGroupHost {
  readonly #services: FoldServices;
  #members: readonly HostedInstance[] = [];
  #run: FoldRun = createFoldRun([]);
  #folds: ReadonlyMap<string, AnyFold> = new Map();
  #tracked: ReadonlySet<number | undefined> = new Set();
  readonly #listeners = new Set<(concluded: readonly Concluded[]) => void>();
  readonly #late = new LatePast((from) => void this.#derive(from), after);
  #rebuild: Rebuild | undefined;
  readonly #recent = new RecentBatches(() => performance.now());
  /** What live folding concluded while the historian is brought into agreement with what was derived. */
  #held: Concluded[][] | undefined;
  /** What live folding concluded is on its way to the historian until this resolves. */
  #stored: Promise<unknown> = Promise.resolve();
  /** Acts and changes of instances, one after the other: how many are under way, and the end of the last. */
  #turns = 0;
  #turn: Promise<unknown> = Promise.resolve();
  /** Of late, for a derivation that folds what came before. */
  #acts: Act[] = [];
  #deriving: KeptPast | undefined;
  #lastCheckpoint: Instant = 0;
  #named = 0;
  #isOpen = false;
  #isFolded = false;
  #generation = 0;
  readonly #openedAt: Instant;

  constructor(services: FoldServices) {
    this.#services = services;
    this.#openedAt = services.clock.now();
  }

  /** Grows whenever what was concluded of the past may have become another. */
  get generation(): number {
    return this.#generation;
  }

  /** The recorded past was folded once at least. */
  get isFolded(): boolean {
    return this.#isFolded;
  }

  /** Of an archive not even the urgent part is there. */
  get isReadingArchive(): boolean {
    return this.#late.reading;
  }

  /** While the past is derived for the first time, what is kept is known up to here only; undefined: all is. */
  get knownUntil(): Instant | undefined {
    return this.#isFolded ? undefined : this.#deriving?.keptUntil;
  }

  get run(): FoldRun {
    return this.#run;
  }

  get members(): readonly HostedInstance[] {
    return this.#members;
  }

  /** Called with what is concluded live, in order. */
  follow(listener: (concluded: readonly Concluded[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Everything that is there at a start was set: folding begins, from the last common checkpoint where there is one. */
  open(): void {
    this.#isOpen = true;
    if (this.#members.length > 0) this.#beginAgain(this.#members);
  }

  async close(): Promise<void> {
    this.#late.close();
    // What late samples would have changed is folded at the next start, from a state before them.
    const whole = this.#rebuild === undefined && this.#late.settled;
    this.#rebuild?.abort.abort();
    await this.#rebuild?.done;
    await this.#turn;
    await this.#stored;
    if (whole && this.#isOpen) this.#checkpoint();
  }

  /** Live samples of one tick. */
  onTick(batch: SampleBatch): void {
    if (this.#members.length === 0) return;
    this.#run.step(batch, this.#services.table.ids);
    this.#rebuild?.batches.push(batch);
    this.#recent.came(batch);
  }

  /** Samples of the past were stored. */
  onPast(batch: SampleBatch): void {
    const from = earliestOf(batch, this.#tracked);
    if (from === undefined || from > this.#run.now() - LATE_TOLERANCE) return;
    this.#late.stored(from);
  }

  /** What an archive says of its being read. */
  onArchive(connection: string, read: { readonly urgent: boolean; readonly finished: boolean }): void {
    this.#late.archive(connection, read);
  }

  /** Nothing more comes of an archive for now. */
  onArchiveGone(connection: string): void {
    this.#late.archiveGone(connection);
  }

  /** Called several times a second. */
  advance(): void {
    if (this.#turns > 0 || this.#members.length === 0) return;
    this.#run.advance(this.#services.clock.now() - BEHIND);
    this.#nameFaults();
    this.#settle(this.#run.drain());
    if (!this.#rebuild && this.#run.now() - this.#lastCheckpoint > CHECKPOINT_EVERY) this.#checkpoint();
  }

  /** Other instances of one fold; `prepare` runs while live folding stands still. */
  async set(fold: string, prepare: (now: Instant) => Promise<Edit>): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#held) await this.#rebuild?.done;
      this.#settle(this.#run.drain());
      await this.#stored;
      const { instances, concluded = [] } = await prepare(this.#services.clock.now());
      if (concluded.length > 0) this.#settle(concluded);
      await this.#stored;
      await this.#services.register(instances.flatMap(({ fold: { keeps }, definition }) => keeps?.signals(definition as never) ?? []));
      this.#change([...this.#members.filter((member) => member.fold.id !== fold), ...instances]);
    });
  }

  /** An act of a person: judged, stored durably, then carried out. Rejects with DW_UNAVAILABLE where it cannot be stored; then nothing was carried out. */
  act(fold: string, subject: RecordId, type: string, event: unknown): Promise<readonly Concluded[]> {
    return this.#inTurn(async () => {
      // while the historian is brought into agreement with a derivation, nothing else may be written to these series
      if (this.#held) await this.#rebuild?.done;
      if (this.#run.folding(fold, subject) === undefined)
        throw new DoppelwerkError("DW_UNAVAILABLE", message("server.foldStopped", { fold }));
      const at = this.#services.clock.now();
      this.#settle(this.#run.drain());
      const judged = this.#run.judge(fold, subject, event, at);
      const samples = keptOf(
        this.#folds,
        judged.map((output) => ({ fold, output: output as never, origin: "derived" })),
      );
      await this.#services.storeDurably(this.#batchOf(samples));
      this.#run.act(fold, subject, type, event, at);
      this.#acted({ fold, subject, type, event, at, id: `${type} ${at}` });
      const concluded = this.#run.drain();
      this.#show(concluded);
      return concluded;
    });
  }

  #acted(act: Act): void {
    if (!this.#rebuild) this.#acts = this.#acts.filter(({ at }) => at > act.at - RECENT);
    this.#acts.push(act);
  }

  /** One after the other; live folding stands still meanwhile, so that what is stored of an act is what it then does. */
  #inTurn<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    this.#turns++;
    const turn = this.#turn.then(work).finally(() => this.#turns--);
    this.#turn = Promise.allSettled([turn]);
    return turn;
  }

  #change(members: readonly HostedInstance[]): void {
    const states = this.#isOpen ? this.#carriedStates(members) : undefined;
    if (states === "same") {
      // the same instances, however they came
      this.#members = this.#members.map((member) => members.find((other) => isSame(other, member)) ?? member);
      return;
    }
    const before = this.#members;
    this.#take(members);
    if (!this.#isOpen) return;
    if (states === undefined) {
      this.#generation++;
      this.#beginAgain(before);
      return;
    }
    this.#replace(createFoldRun(members.map((member, at) => withState(member, states[at]))));
    // one under way would come back with the instances as they were
    if (this.#rebuild) void this.#derive(this.#rebuild.from);
    else this.#checkpoint();
  }

  #take(members: readonly HostedInstance[]): void {
    this.#members = members;
    this.#folds = new Map(members.map(({ fold }) => [fold.id, fold]));
    const { table } = this.#services;
    this.#tracked = new Set(
      members.flatMap(({ inputs }) => inputs.flatMap((input) => ("signal" in input ? [table.indexOf(input.signal)] : []))),
    );
  }

  /** The states of the live run under other instances; undefined where the past has to be folded again. */
  #carriedStates(members: readonly HostedInstance[]): readonly (FoldState | undefined)[] | "same" | undefined {
    const sameCount = members.filter((member) => this.#members.some((other) => isSame(other, member))).length;
    if (sameCount === members.length && members.length === this.#members.length) return "same";
    const states: FoldState[] = [];
    for (const member of members) {
      const before = this.#members.find(({ fold, subject }) => fold.id === member.fold.id && subject === member.subject);
      const state = before && this.#run.snapshot(before.fold.id, before.subject);
      if (!before || !state) return undefined;
      if (isSame(before, member)) {
        states.push(state);
        continue;
      }
      const adopted = member.fold.adopt?.(
        state.state as never,
        before.definition as never,
        member.definition as never,
        this.#services.valueOf,
      );
      if (adopted === undefined) return undefined;
      states.push(carriedState(state, adopted, before, member));
    }
    return states;
  }

  /** Live folding goes on with what it can of the run before; the past is folded behind everything else. */
  #beginAgain(before: readonly HostedInstance[]): void {
    const carried = this.#members.map((member) => {
      const isKept = this.#run.folding(member.fold.id, member.subject) !== undefined && before.some((other) => isSame(other, member));
      return isKept ? this.#run.snapshot(member.fold.id, member.subject) : undefined;
    });
    this.#replace(createFoldRun(this.#members.map((member, at) => withState(member, carried[at]))));
    if (this.#members.length === 0) return;
    const [at] = this.#services.store.common(this.#members, Number.POSITIVE_INFINITY);
    void this.#derive(at === undefined ? 0 : at + 1, at !== undefined);
  }

  #replace(run: FoldRun): void {
    this.#run = run;
    // those that were named while the past was folded
    this.#named = run.faults().length;
  }

  /** Folds the recorded past from `from` on and puts the result in the live run's place; that goes on meanwhile. */
  async #derive(from: Instant, isContinued = false): Promise<void> {
    if (this.#members.length === 0 || !this.#isOpen) return;
    const { logger, store, onProgress } = this.#services;
    onProgress(0);
    let since = from;
    while (this.#rebuild) {
      // What the one that is given up had still to do is done by this one.
      since = Math.min(since, this.#rebuild.from);
      this.#rebuild.abort.abort();
      await this.#rebuild.done;
    }
    logger.info({ since: new Date(since / 1_000) }, "the past is derived");
    if (since < from || !isContinued) store.forget(this.#members, since);
    const abort = new AbortController();
    const batches = this.#recent.all();
    const done = this.#carryOut(since, batches, abort.signal)
      .catch((error: unknown) => logger.error({ err: error }, "the past could not be derived"))
      .finally(() => {
        this.#rebuild = undefined;
        this.#deriving = undefined;
        this.#release();
        if (!abort.signal.aborted) onProgress(1);
      });
    this.#rebuild = { from: since, abort, done, batches };
    await done;
  }

  async #carryOut(from: Instant, batches: readonly SampleBatch[], signal: AbortSignal): Promise<void> {
    const { history, clock, store, table, checkpoints } = this.#services;
    const members = this.#members;
    const base = store.nearest(members, from);
    const begin = base ? base[0]!.at + 1 : await this.#begin();
    // What an earlier process stored is there whole, up to its last act; of this one's samples the last seconds come from memory.
    const end = Math.max(clock.now() - 2 * BEHIND, this.#openedAt);
    // while archives are still read, some folds conclude from what came first; others wait
    const whole = this.#late.complete;
    const before = createFoldRun(members.map((member, at) => withState(member, base?.[at])));
    const past = await KeptPast.begin({
      history,
      table,
      members: members.filter(({ fold }) => whole || fold.partial !== "wait"),
      open: base ? openOf(before, members, base[0]!.at) : [],
      from: begin ?? end,
    });
    this.#deriving = past;
    let states: readonly (FoldState | undefined)[] | undefined = base;
    let stopped: readonly PlainFault[] = [];
    if (begin !== undefined && begin < end) {
      const recorded = await Promise.all(members.map((member) => member.recorded?.(begin, end) ?? []));
      const progress = this.#progress(begin, end);
      states = await derivePast({
        history,
        wanted: (ids) => this.#services.wanted(ids),
        members: members.map(({ url, subject, definition, inputs }, at) => ({
          url,
          subject,
          definition,
          inputs,
          ...(base && { from: base[at]! }),
        })),
        from: begin,
        to: end,
        recorded: recorded.flat(),
        ...(whole && { checkpoints: { directory: checkpoints, every: FOLD_CHECKPOINT_EVERY } }),
        async onPiece({ samples, open, to, faults }) {
          await past.add(samples, open, to);
          progress(to, faults);
          stopped = faults;
        },
        signal,
      });
      if (states === undefined) return;
    }
    if (signal.aborted) return;
    const run = await this.#takeOver(states, batches, { end, whole, stopped }, signal);
    if (run === undefined) return;
    await past.finish(keptOf(this.#folds, run.drain()), openOf(run, members, run.now()), run.now() + 1, this.#stored);
    this.#isFolded ||= begin !== undefined;
    if (whole) this.#checkpoint();
    // it is derived again when all is there
    else this.#late.owe(from);
    if (begin !== undefined) this.#services.onDerived(begin, end);
  }

  /** Where the recorded past begins; undefined where there is none. */
  async #begin(): Promise<Instant | undefined> {
    const signals = this.#services.wanted(this.#run.signals);
    const extents = await Promise.all(signals.map(({ id }) => this.#services.history.extent({ branch: LIVE, signal: id })));
    const firsts = extents.flatMap((extent) => (extent ? [extent.first] : []));
    return firsts.length === 0 ? undefined : Math.min(...firsts);
  }

  #progress(begin: Instant, end: Instant): (to: Instant, faults: readonly PlainFault[]) => void {
    let shown = 0;
    let named = 0;
    return (to, faults) => {
      for (; named < faults.length; named++) this.#name(faults[named]!);
      const progress = (to - begin) / (end - begin);
      if (progress - shown < 0.02) return;
      shown = progress;
      this.#services.onProgress(progress);
    };
  }

  /** What folded the past catches up with the live run and takes its place; then the historian is brought to say what it concluded, and nothing else. */
  #takeOver(
    states: readonly (FoldState | undefined)[] | undefined,
    batches: readonly SampleBatch[],
    { end, whole, stopped }: { readonly end: Instant; readonly whole: boolean; readonly stopped: readonly PlainFault[] },
    signal: AbortSignal,
  ): Promise<FoldRun | undefined> {
    return this.#inTurn(() => {
      // the instances may have changed in a turn before
      if (signal.aborted) return undefined;
      const live = this.#run;
      const run = createFoldRun(this.#members.map((member, at) => withState(member, states?.[at])));
      // what threw over the past would only begin anew
      for (const { fold, subject, reason } of stopped) run.stop(fold, subject, new Error(reason));
      for (const batch of batches) run.step(batch, this.#services.table.ids);
      for (const { type, event, at, id } of this.#acts) if (at >= end) run.record(type, event, at, id);
      run.advance(Math.max(live.now(), run.now()));
      this.#replace(whole ? run : this.#withWaiting(run, live));
      this.#generation++;
      this.#held = [];
      return run;
    });
  }

  /** Folds that wait for an archive go on as they stand live. */
  #withWaiting(run: FoldRun, live: FoldRun): FoldRun {
    if (!this.#members.some(({ fold }) => fold.partial === "wait")) return run;
    return createFoldRun(
      this.#members.map((member) => {
        const of = member.fold.partial === "wait" ? live : run;
        return withState(member, of.snapshot(member.fold.id, member.subject));
      }),
    );
  }

  /** What waited for the historian goes there now. */
  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const concluded of held) this.#keep(concluded);
  }

  #checkpoint(): void {
    this.#lastCheckpoint = this.#run.now();
    for (const member of this.#members) {
      const { fold, subject } = member;
      const state = this.#run.snapshot(fold.id, subject);
      try {
        if (state) this.#services.store.save(member, state);
      } catch (error) {
        if (!(error instanceof FoldTooLarge)) throw error;
        this.#run.stop(fold.id, subject, error);
        this.#nameFaults();
      }
    }
  }

  #nameFaults(): void {
    const faults = this.#run.faults();
    for (; this.#named < faults.length; this.#named++) this.#name(plainFault(faults[this.#named]!));
  }

  #name(fault: PlainFault): void {
    this.#services.logger.error({ fault }, "a fold was stopped; the others go on");
    this.#services.onFault(fault);
  }

  /** What was concluded live: stored and shown. */
  #settle(concluded: readonly Concluded[]): void {
    if (concluded.length === 0) return;
    if (this.#held) this.#held.push([...concluded]);
    else this.#keep(concluded);
    this.#show(concluded);
  }

  #show(concluded: readonly Concluded[]): void {
    if (concluded.length > 0) for (const listener of this.#listeners) listener(concluded);
  }

  #keep(concluded: readonly Concluded[]): void {
    const samples = keptOf(this.#folds, concluded);
    if (samples.length > 0) this.#stored = Promise.all([this.#stored, this.#services.derive(this.#batchOf(samples))]);
  }

  #batchOf(samples: readonly DerivedSample[]): SampleBatch {
    return batchOfKept(samples, (id) => this.#services.table.indexOf(id));
  }
}

function withState<Member extends HostedInstance>(member: Member, from: FoldState | undefined): Member & { readonly from?: FoldState } {
  return from === undefined ? member : { ...member, from };
}

function isSame(a: HostedInstance, b: HostedInstance): boolean {
  return a.fold === b.fold && definitionHash(a.fold, a) === definitionHash(b.fold, b);
}

/** A state for other inputs: what waits, and what came last, goes by signal. */
function carriedState(state: FoldState, adopted: unknown, before: FoldInstance, after: FoldInstance): FoldState {
  const names = (instance: FoldInstance): string[] => instance.inputs.map((input) => JSON.stringify(input));
  const [old, now] = [names(before), names(after)];
  return {
    ...state,
    state: adopted,
    intake: carriedIntakeState(state.intake, old, now),
    origins: now.map((name) => state.origins[old.indexOf(name)] ?? 0),
  };
}
