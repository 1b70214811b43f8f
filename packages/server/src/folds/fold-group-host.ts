import { message } from "@doppelwerk/messages";
import { batchOfKept, createFoldRun, DoppelwerkError, earliestOf, LatePast, RecentBatches, SECOND } from "@doppelwerk/world";
import type {
  After,
  AnyFold,
  Clock,
  Concluded,
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
import { derivePast, derivePastHere, isShort } from "./derive-past.ts";
import { FoldTooLarge, type FoldStore } from "./fold-store.ts";
import type { FoldListener } from "@doppelwerk/kit/server";
import { keptOf, openOf, plainFault, type DerivedSample, type FoldedPiece, type PlainFault } from "./fold-worker.ts";
import {
  carriedState,
  isOfOne,
  isSame,
  isSameList,
  keyOf,
  withDependents,
  withNeeded,
  withState,
  type HostedInstance,
} from "./hosted-instance.ts";
import { KeptPast, lastKept } from "./kept-past.ts";
import { firstRecorded, foldedShare, recordedRows } from "./past-reader.ts";
import type { Act, Derived, Live, Rebuild } from "./rebuild.ts";

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
  /** Shows what is stored already as the live value of its signal, where that is not a later one. */
  show(batch: SampleBatch): void;
  /** Stores first; rejects where it cannot be stored, and then nothing was taken. */
  storeDurably(batch: SampleBatch): Promise<void>;
  /** Of one derivation of the past: 0 when it begins, 1 when it ended, however it ended. */
  onProgress(progress: number): void;
  /** The same of the derivation of one group. */
  onDerivation?(group: string, progress: number): void;
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

/** What an edit is prepared with, in the turn of those who fold. */
export interface Edit {
  /** Concluded by the edit itself: kept and shown before the instances are taken. */
  readonly concluded?: readonly Concluded[];
  /** The past is derived again whole, though the states that stand could be taken over. */
  readonly isWholePast?: boolean;
  instances(): readonly HostedInstance[];
}

/**
 * Instances that need each other, live and over their past: what comes in, what is concluded and kept, and when it is folded again. Live folding stays in
 * this thread; the past is folded in a worker, and takes the place of the live run when it has caught up.
 */
export class FoldGroupHost {
  readonly #services: FoldServices;
  #members: readonly HostedInstance[] = [];
  /** Of edited instances those from before go on until the past is derived with the new ones. */
  #live: Live = { members: [], run: createFoldRun([]) };
  #folds: ReadonlyMap<string, AnyFold> = new Map();
  #tracked:
    | { readonly rows: number; readonly members: readonly HostedInstance[]; readonly signals: ReadonlySet<number | undefined> }
    | undefined;
  readonly #listeners = new Set<FoldListener>();
  readonly #late = new LatePast((from) => void this.#derive(from), after);
  #rebuild: Rebuild | undefined;
  /** Keys of instances whose past is not derived yet: what they know is not kept. */
  readonly #due = new Set<string>();
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
  #state: "new" | "open" | "closing" | "closed" = "new";
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
    return this.#live.run;
  }

  get members(): readonly HostedInstance[] {
    return this.#members;
  }

  follow(listener: FoldListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Everything that is there at a start was set: folding begins, from the last common checkpoint where there is one. Resolves when a short gap is derived. */
  async open(): Promise<void> {
    this.#state = "open";
    if (this.#members.length > 0) this.#beginFromKept();
    if (this.#rebuild && isShort(this.#rebuild.from, this.#services.clock.now())) await this.#rebuild.done;
  }

  async close(): Promise<void> {
    this.#late.close();
    // What late samples would have changed is folded at the next start, from a state before them.
    const whole = this.#state === "open" && this.#rebuild === undefined && this.#late.settled;
    this.#state = "closing";
    this.#rebuild?.abort.abort();
    await this.#rebuild?.done;
    await this.#turn;
    await this.#stored;
    if (whole) this.#checkpoint();
    this.#state = "closed";
  }

  /** Live samples of one tick. */
  onTick(batch: SampleBatch): void {
    this.#recent.came(batch);
    if (this.#members.length === 0) return;
    this.run.step(batch, this.#services.table.ids);
    this.#rebuild?.batches.push(batch);
  }

  /** Samples of the past were stored. */
  onPast(batch: SampleBatch): void {
    if (this.#members.length === 0) return;
    const from = earliestOf(batch, this.#trackedRows());
    // a run that has taken nothing yet is at no instant
    if (from === undefined || from > (this.run.now() || this.#services.clock.now()) - LATE_TOLERANCE) return;
    this.#late.stored(from);
  }

  /** Rows of the table that some instance takes; signals get theirs when they are known. */
  #trackedRows(): ReadonlySet<number | undefined> {
    const { table } = this.#services;
    const members = this.#members;
    if (this.#tracked?.rows !== table.ids.length || this.#tracked.members !== members) {
      const rows = members.flatMap(({ inputs }) => inputs.flatMap((input) => ("signal" in input ? [table.indexOf(input.signal)] : [])));
      // a signal without a row is undefined, as no row is
      this.#tracked = { rows: table.ids.length, members, signals: new Set(rows) };
    }
    return this.#tracked.signals;
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
    this.run.advance(this.#services.clock.now() - BEHIND);
    this.#nameFaults();
    this.#settle(this.run.drain());
    if (!this.#rebuild && this.run.now() - this.#lastCheckpoint > CHECKPOINT_EVERY) this.#checkpoint();
  }

  /** Other instances of some folds; `prepare` runs while live folding stands still. */
  async set(folds: readonly string[], prepare: (now: Instant) => Promise<Edit>): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#state === "closed") return;
      if (this.#held) await this.#rebuild?.done;
      this.#settle(this.run.drain());
      await this.#stored;
      const { concluded = [], isWholePast = false, instances } = await prepare(this.#services.clock.now());
      this.#settle(concluded);
      await this.#stored;
      const own = instances();
      await this.#services.register(own.flatMap(({ fold: { keeps }, definition }) => keeps?.signals(definition as never) ?? []));
      this.#change([...this.#members.filter(({ fold }) => !folds.includes(fold.id)), ...own], isWholePast);
    });
  }

  /** An act of a person: judged, stored durably, then carried out. Rejects with DW_UNAVAILABLE where it cannot be stored; then nothing was carried out. */
  act(fold: string, subject: RecordId, type: string, event: unknown): Promise<readonly Concluded[]> {
    return this.#inTurn(async () => {
      // while the historian is brought into agreement with a derivation, nothing else may be written to these series
      if (this.#held) await this.#rebuild?.done;
      if (this.#state === "closed" || this.run.folding(fold, subject) === undefined)
        throw new DoppelwerkError("DW_UNAVAILABLE", message("server.foldStopped", { fold }));
      const at = this.#services.clock.now();
      this.#settle(this.run.drain());
      const judged = this.run.judge(fold, subject, event, at);
      await this.#services.storeDurably(this.#batchOf(keptOf(this.#folds, judged)));
      this.run.act(fold, subject, type, event, at);
      this.#acted({ fold, subject, type, event, at, id: `${type} ${at} ${this.#acts.length}` });
      const concluded = this.run.drain();
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

  #change(members: readonly HostedInstance[], isWholePast: boolean): void {
    const before = this.#members;
    const isKept = (member: HostedInstance): boolean => members.some((other) => isSame(other, member));
    if (members.length === before.length && before.every(isKept)) return;
    // what is taken away goes on from here when it comes again
    if (this.#state === "open" && this.#rebuild === undefined && !before.every((member) => members.some((other) => isOfOne(member, other))))
      this.#checkpoint();
    const states = this.#state === "open" ? members.map((member) => this.#carried(member, isWholePast)) : [];
    this.#members = members;
    this.#folds = new Map(members.map(({ fold }) => [fold.id, fold]));
    if (this.#state !== "open") return;
    if (states.includes(undefined)) {
      this.#generation++;
      this.#beginAgain(states);
      return;
    }
    this.#replace({ members, run: createFoldRun(members.map((member, at) => withState(member, states[at]))) });
    // one under way would come back with the instances as they were
    if (this.#rebuild) void this.#derive(this.#rebuild.from, { only: this.#rebuild.only });
    else this.#checkpoint();
  }

  /** The state of the live run under an instance as it is now; undefined where its past has to be folded again. */
  #carried(member: HostedInstance, isWholePast: boolean): FoldState | undefined {
    const before = this.#live.members.find((other) => isOfOne(other, member));
    const state = before && this.run.snapshot(before.fold.id, before.subject);
    if (!before || !state || isSame(before, member)) return state;
    if (isWholePast) return undefined;
    const adopted = member.fold.adopt?.(
      state.state as never,
      before.definition as never,
      member.definition as never,
      this.#services.valueOf,
    );
    return adopted === undefined ? undefined : carriedState(state, adopted, before, member);
  }

  /**
   * Live folding goes on with what it can of the run before; the past of the others is folded behind everything else, whole where a definition is another
   * one. Those that could be carried keep what they know, which may be of samples that are thinned by now.
   */
  #beginAgain(carried: readonly (FoldState | undefined)[]): void {
    const members = this.#members;
    const { members: before, run } = this.#live;
    if (members.length === 0) {
      this.#replace({ members, run: createFoldRun([]) });
      return this.#rebuild?.abort.abort();
    }
    const stale = members.filter((_, at) => carried[at] === undefined);
    const isEdited = stale.some((member) => before.some((other) => isOfOne(other, member) && !isSame(other, member)));
    const due = withDependents(members, stale);
    const only = this.#isPastKnown && due.size < members.length ? due : undefined;
    // those that are edited and cannot be carried go on as they were
    const live = members.map((member, at) => (carried[at] ? member : (before.find((other) => isOfOne(other, member)) ?? member)));
    if (!isSameList(live, before))
      this.#replace({
        members: live,
        run: createFoldRun(live.map((member, at) => withState(member, carried[at] ?? run.snapshot(member.fold.id, member.subject)))),
      });
    if (isEdited) this.#services.store.forget(only ? before.filter((member) => only.has(keyOf(member))) : before, 0);
    const from = isEdited ? 0 : this.#keptUntil(only);
    void this.#derive(from, { only, isContinued: from > 0 });
  }

  /**
   * At a start folding goes on from the newest states that there are. Instances without one of then, as of a line that was added when the process ended, are
   * derived behind those that have one.
   */
  #beginFromKept(): void {
    const members = this.#members;
    const { at, instances } = this.#services.store.newest(members);
    this.#replace({ members, run: createFoldRun(members) });
    if (at === undefined || instances.length === members.length) {
      const from = this.#keptUntil(undefined);
      return void this.#derive(from, { isContinued: from > 0 });
    }
    const only = new Set(instances.map(keyOf));
    const others = new Set(members.map(keyOf).filter((key) => !only.has(key)));
    for (const key of others) this.#due.add(key);
    void this.#derive(at + 1, { only, isContinued: true }).then(() => {
      const from = this.#keptUntil(others);
      return this.#derive(from, { only: others, isContinued: from > 0 });
    });
  }

  /** What follows the newest instant of which those instances, and those whose outputs they take, have states; 0: there is none. */
  #keptUntil(only: ReadonlySet<string> | undefined): Instant {
    const members = only === undefined ? this.#members : withNeeded(this.#members, only);
    const [at] = this.#services.store.common(members, Number.POSITIVE_INFINITY);
    return at === undefined ? 0 : at + 1;
  }

  /** All instances know their past, but for those that are being derived alone. */
  get #isPastKnown(): boolean {
    return this.#isFolded && (this.#rebuild === undefined || this.#rebuild.only !== undefined);
  }

  #replace(live: Live): void {
    this.#live = live;
    // those that were named while the past was folded
    this.#named = live.run.faults().length;
  }

  /** Folds the recorded past from `from` on and puts the result in the live run's place; that goes on meanwhile. None begins once it closes. */
  async #derive(
    from: Instant,
    { isContinued = false, only }: { readonly isContinued?: boolean; readonly only?: ReadonlySet<string> | undefined } = {},
  ): Promise<void> {
    if (this.#members.length === 0 || this.#state !== "open") return;
    const { logger, store, onProgress } = this.#services;
    onProgress(0);
    let [since, scope] = [from, only];
    while (this.#rebuild) {
      // What the one that is given up had still to do is done by this one.
      since = Math.min(since, this.#rebuild.from);
      scope = scope && this.#rebuild.only && new Set([...scope, ...this.#rebuild.only]);
      this.#rebuild.abort.abort();
      await this.#rebuild.done;
    }
    if (this.#state !== "open") return;
    logger.info({ since: new Date(since / 1_000) }, "the past is derived");
    if (since < from || !isContinued)
      store.forget(
        this.#members.filter((member) => scope?.has(keyOf(member)) !== false),
        since,
      );
    for (const key of scope ?? this.#members.map(keyOf)) this.#due.add(key);
    const abort = new AbortController();
    const batches = this.#recent.all();
    const done = this.#carryOut(since, batches, abort.signal, scope)
      .catch((error: unknown) => logger.error({ err: error }, "the past could not be derived"))
      .finally(() => {
        this.#rebuild = undefined;
        this.#deriving = undefined;
        this.#release();
        if (!abort.signal.aborted || this.#members.length === 0) onProgress(1);
      });
    this.#rebuild = { from: since, only: scope, abort, done, batches };
    await done;
  }

  async #carryOut(
    from: Instant,
    batches: readonly SampleBatch[],
    signal: AbortSignal,
    only: ReadonlySet<string> | undefined,
  ): Promise<void> {
    const { history, clock, store, table, checkpoints } = this.#services;
    // those that others take the outputs of are folded with them, and stay as they are
    const members = only === undefined ? this.#members : withNeeded(this.#members, only);
    const own = members.filter((member) => only?.has(keyOf(member)) !== false);
    const base = store.nearest(members, from);
    const begin = base ? base[0]!.at + 1 : await firstRecorded(history, this.#services.wanted(createFoldRun(members).signals));
    // What an earlier process stored is there whole, up to its last act; of this one's samples the last seconds come from memory.
    const end = Math.max(clock.now() - 2 * BEHIND, this.#openedAt);
    // while archives are still read, some folds conclude from what came first; others wait
    const whole = this.#late.complete;
    const before = createFoldRun(members.map((member, at) => withState(member, base?.[at])));
    const past = await KeptPast.begin({
      history,
      table,
      members: own.filter(({ fold }) => whole || fold.partial !== "wait"),
      open: base ? openOf(before, members, base[0]!.at) : [],
      from: begin ?? end,
    });
    this.#deriving = past;
    let states: readonly (FoldState | undefined)[] | undefined = base;
    let stopped: readonly PlainFault[] = [];
    if (begin !== undefined && begin < end) {
      const recorded = await Promise.all(members.map((member) => member.recorded?.(begin, end) ?? []));
      const rows = await recordedRows(history, this.#services.wanted(createFoldRun(members).signals), begin);
      const progress = this.#progress({ begin, end, rows });
      const shared = {
        history,
        wanted: (ids: readonly RecordId[]) => this.#services.wanted(ids),
        from: begin,
        to: end,
        recorded: recorded.flat(),
        async onPiece(piece: FoldedPiece) {
          await past.add(piece.samples, piece.open, piece.to);
          progress(piece);
          stopped = piece.faults;
        },
        signal,
      };
      const from = members.map((member, at) => withState(member, base?.[at]));
      states = isShort(begin, end)
        ? await derivePastHere({ ...shared, members: from })
        : await derivePast({
            ...shared,
            members: from.map(({ fold: _fold, recorded: _recorded, ...member }) => member),
            ...(whole && {
              checkpoints: { directory: checkpoints, every: FOLD_CHECKPOINT_EVERY, of: members.map((each) => own.includes(each)) },
            }),
          });
      if (states === undefined) return;
    }
    if (signal.aborted) return;
    const run = await this.#takeOver(states, batches, { members, only, end, whole, stopped }, signal);
    if (run === undefined) return;
    await past.finish(keptOf(this.#folds, run.drain()), openOf(run, own, run.now()), run.now() + 1, this.#stored);
    const last = await lastKept(history, own, run.now());
    if (last.length > 0) this.#services.show(this.#batchOf(last));
    this.#isFolded ||= begin !== undefined;
    for (const member of own) this.#due.delete(keyOf(member));
    if (whole) this.#checkpoint();
    // it is derived again when all is there
    else this.#late.owe(from);
    if (begin !== undefined) for (const { derived } of this.#listeners) derived?.(begin, end);
  }

  #progress(span: { readonly begin: Instant; readonly end: Instant; readonly rows: number | undefined }): (piece: FoldedPiece) => void {
    let shown = 0;
    let named = 0;
    let folded = 0;
    return ({ to, rows, faults }) => {
      for (; named < faults.length; named++) this.#name(faults[named]!);
      folded += rows;
      const progress = foldedShare(span, { to, rows: folded });
      if (progress - shown < 0.02) return;
      shown = progress;
      // it has ended only when what was folded took the live run's place
      this.#services.onProgress(Math.min(progress, 0.999));
    };
  }

  /** What folded the past catches up with the live run and takes its place; then the historian is brought to say what it concluded, and nothing else. */
  #takeOver(
    states: readonly (FoldState | undefined)[] | undefined,
    batches: readonly SampleBatch[],
    { members, only, end, whole, stopped }: Derived,
    signal: AbortSignal,
  ): Promise<FoldRun | undefined> {
    return this.#inTurn(() => {
      // the instances may have changed in a turn before
      if (signal.aborted) return undefined;
      const live = this.#live;
      const run = createFoldRun(members.map((member, at) => withState(member, states?.[at])));
      // what threw over the past would only begin again
      for (const { fold, subject, reason } of stopped) run.stop(fold, subject, new Error(reason));
      for (const batch of batches) run.step(batch, this.#services.table.ids);
      for (const { type, event, at, id } of this.#acts) if (at >= end) run.record(type, event, at, id);
      run.advance(Math.max(live.run.now(), run.now()));
      if (only !== undefined) this.#settle(live.run.drain());
      this.#replace({ members: this.#members, run: whole && only === undefined ? run : this.#joined(run, live, { only, whole }) });
      this.#generation++;
      this.#held = [];
      return run;
    });
  }

  /** Folds that wait for an archive, and those that were not derived, go on as they stand live. */
  #joined(run: FoldRun, live: Live, { only, whole }: Pick<Derived, "only" | "whole">): FoldRun {
    const waits = (member: HostedInstance): boolean =>
      only?.has(keyOf(member)) === false ||
      (!whole && member.fold.partial === "wait" && live.members.some((other) => isSame(other, member)));
    if (!this.#members.some(waits)) return run;
    return createFoldRun(
      this.#members.map((member) => withState(member, (waits(member) ? live.run : run).snapshot(member.fold.id, member.subject))),
    );
  }

  /** What waited for the historian goes there now. */
  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const concluded of held) this.#keep(concluded);
  }

  #checkpoint(): void {
    const { members, run } = this.#live;
    // at no instant yet: the past begins where its first sample is
    if (run.now() === 0) return;
    this.#lastCheckpoint = run.now();
    for (const member of members.filter((each) => !this.#due.has(keyOf(each)))) {
      const { fold, subject } = member;
      const state = run.snapshot(fold.id, subject);
      try {
        if (state) this.#services.store.save(member, state);
      } catch (error) {
        if (!(error instanceof FoldTooLarge)) throw error;
        run.stop(fold.id, subject, error);
        this.#nameFaults();
      }
    }
  }

  #nameFaults(): void {
    const faults = this.run.faults();
    for (; this.#named < faults.length; this.#named++) this.#name(plainFault(faults[this.#named]!));
  }

  #name(fault: PlainFault): void {
    this.#services.logger.error({ fault }, "a fold was stopped; the others go on");
    for (const listener of this.#listeners) listener.fault?.(fault);
  }

  /** What was concluded live: stored and shown. */
  #settle(concluded: readonly Concluded[]): void {
    if (concluded.length === 0) return;
    if (this.#held) this.#held.push([...concluded]);
    else this.#keep(concluded);
    this.#show(concluded);
  }

  #show(concluded: readonly Concluded[]): void {
    if (concluded.length === 0) return;
    for (const listener of this.#listeners)
      try {
        listener.concluded?.(concluded);
      } catch (error) {
        // what is concluded is on its way to the historian; the other listeners, and folding, go on
        this.#services.logger.error({ err: error }, "what was concluded could not be shown");
      }
  }

  #keep(concluded: readonly Concluded[]): void {
    const samples = keptOf(this.#folds, concluded);
    if (samples.length > 0) this.#stored = Promise.all([this.#stored, this.#services.derive(this.#batchOf(samples))]);
  }

  #batchOf(samples: readonly DerivedSample[]): SampleBatch {
    return batchOfKept(samples, (id) => this.#services.table.indexOf(id));
  }
}
