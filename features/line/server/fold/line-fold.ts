import { message } from "@doppelwerk/messages";
import {
  alarmEventOf,
  alarmSignalId,
  derivedSignals,
  samplesOfAlarms,
  samplesOfIntervals,
  SHIFT_CALENDAR_KIND,
} from "@doppelwerk/operations";
import type { AlarmEvent, AlarmRule, DerivedSample, LineEngine, LineOutput, OperatorAction } from "@doppelwerk/operations";
import type { AlarmItem } from "@doppelwerk/sync";
import { batchOfKept, changedKind, DoppelwerkError, earliestOf, LatePast, LIVE, RecentBatches, SECOND } from "@doppelwerk/world";
import type { After, Clock, History, Instant, LogEntry, RecordId, RecordReader, SampleBatch, SignalRecord } from "@doppelwerk/world";
import type { FeatureLog } from "@doppelwerk/kit/server";
import type { LineSignals } from "../line-signals.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { carryOut, Derivation } from "./derivation.ts";
import type { OperatorAct } from "./derivation.ts";
import { originNow } from "./derived-origin.ts";
import { DerivedPast } from "./derived-past.ts";
import { conditionsAlone, readLine } from "../line-of-shells.ts";
import type { LineOfShells, Watched } from "../line-of-shells.ts";
import { operatorActs } from "../../../alarms/server/fold/operator-acts.ts";
import type { RuleBook } from "../../../alarms/server/fold/rule-book.ts";
import { shownAlarm, shownAlarmEvent, type AlarmNames } from "../../../alarms/server/fold/shown-alarm.ts";

/** Gives work to a timer; it can be given up. */
const after: After = (ms, work) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

/** Where conclusions go. */
export interface ConclusionStore {
  /** On disk when it resolves. Errors: DW_UNAVAILABLE. */
  durably(batch: SampleBatch): Promise<void>;
  conclude(batch: SampleBatch): Promise<void>;
  revise(batch: SampleBatch): Promise<void>;
}

export interface LineFoldOptions {
  readonly history: History;
  readonly signals: LineSignals;
  readonly clock: Clock;
  readonly logger: FeatureLog;
  readonly checkpoints: Checkpoints;
  readonly store: ConclusionStore;
  readonly ruleBook: RuleBook;
  /** The live documents, read by the system itself. */
  liveReader(time?: Instant): RecordReader;
  /** Writes signal records for what is derived, as the system. */
  register(signals: readonly SignalRecord[]): Promise<void>;
  /** When this world began to record: alarms of the archive from before were never shown to anyone. */
  readonly recordingSince: Instant;
  nameOf(actor: string): string;
  onAlarm(alarm: AlarmItem): void;
  /** What the live engine concluded. */
  onConcluded(output: LineOutput): void;
  /** States, alarms and KPIs of a span were derived again: screens that show it ask again. */
  onDerived(from: Instant, to: Instant): void;
  onProgress(progress: number): void;
}

/** Live folding stays this far behind now, so that slow sources are in order. */
export const BEHIND: Instant = SECOND;
const ADVANCE_EVERY_MS = 250;
const CHECKPOINT_EVERY: Instant = 30 * 60 * SECOND;
/** A state of weeks takes a fifth of a second to write: rarely while the past is folded. */
const FOLD_CHECKPOINT_EVERY: Instant = 3 * 24 * 3_600 * SECOND;
/** Late samples younger than this are the live engine's own business. */
const LATE_TOLERANCE: Instant = 90 * SECOND;

/** What is answered where nothing is folded. */
export const NO_LINE = message("line.worldNoProductionLineYet");

/** What came in while the past was derived. */
interface Meanwhile {
  readonly batches: SampleBatch[];
}

/** Acts younger than this may not be in the historian's span that a derivation folds. */
const RECENT_ACTS: Instant = 10 * SECOND;

/** What a derivation that folded up to `end` has still to fold. */
interface Rest extends Meanwhile {
  readonly end: Instant;
  /** Alarms follow from what was folded: all of it was there. */
  readonly alarms: boolean;
}

/** The fold of the one line of this world over live samples and over its past: what comes in, what is concluded and kept, and when it is folded anew. */
export class LineFold {
  readonly #options: LineFoldOptions;
  readonly #derivation: Derivation;
  #line: LineOfShells | undefined;
  /** What the engine folds: the line, or the conditions of plants where there is none. */
  #watched: Watched | undefined;
  #rules: readonly AlarmRule[] = [];
  readonly names: AlarmNames = {
    nameOf: (actor) => this.#options.nameOf(actor),
    atPlant: (rule) => {
      const condition = this.#rules.find(({ id }) => id === rule)?.condition;
      const signal = condition?.kind === "condition" ? this.#options.signals.record(condition.signal) : undefined;
      return signal?.connection === undefined || signal.address === undefined
        ? undefined
        : { connection: signal.connection, condition: signal.address };
    },
  };
  #engine: LineEngine | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #late = new LatePast((from) => void this.#derive(from), after);
  #rebuild:
    | { readonly from: Instant; readonly abort: AbortController; readonly done: Promise<void>; readonly meanwhile: Meanwhile }
    | undefined;
  readonly #recent = new RecentBatches(() => performance.now());
  /** What the live engine concluded while the historian is brought into agreement with what was derived. */
  #held: LineOutput[] | undefined;
  /** What the live engine concluded is on its way to the historian until this resolves. */
  #stored: Promise<unknown> = Promise.resolve();
  /** Acts and changes of engines, one after the other: how many are under way, and the end of the last. */
  #turns = 0;
  #turn: Promise<unknown> = Promise.resolve();
  /** What people did of late, for a derivation that folds what came before. */
  #acts: OperatorAct[] = [];
  #folded = false;
  #deriving: DerivedPast | undefined;
  #following = false;
  #stale = false;
  #lastCheckpoint: Instant = 0;
  #generation = 0;
  readonly #openedAt: Instant;

  constructor(options: LineFoldOptions) {
    this.#openedAt = options.clock.now();
    this.#options = options;
    this.#derivation = new Derivation(options.history, options.signals, options.recordingSince, () => options.ruleBook.since);
  }

  async open(): Promise<void> {
    await this.#follow();
    this.#timer = setInterval(() => this.#advance(), ADVANCE_EVERY_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#late.close();
    // What late samples would have changed is folded at the next start, from a state before them.
    const whole = this.#rebuild === undefined && this.#late.settled;
    this.#rebuild?.abort.abort();
    await this.#rebuild?.done;
    await this.#turn;
    await this.#stored;
    if (whole && this.#engine) this.#options.checkpoints.save(this.#engine);
  }

  /** Live samples of one tick. */
  onTick(batch: SampleBatch): void {
    this.#engine?.step(batch, this.#options.signals.table.ids);
    this.#rebuild?.meanwhile.batches.push(batch);
    this.#recent.came(batch);
  }

  /** Samples of the past were stored. */
  onPast(batch: SampleBatch): void {
    const { table } = this.#options.signals;
    const from = earliestOf(batch, new Set(this.trackingSignals().map((id) => table.indexOf(id))));
    // an engine that has taken nothing yet is at no instant
    if (from === undefined || (this.#engine && from > (this.#engine.now() || this.#options.clock.now()) - LATE_TOLERANCE)) return;
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

  onCommit(entry: LogEntry): void {
    if (entry.branch !== LIVE) return;
    if (
      !entry.changes.some((change) =>
        ["shell", "submodel", "element", "signal", "alarmRule", SHIFT_CALENDAR_KIND].includes(changedKind(change)),
      )
    )
      return;
    void this.#follow();
  }

  /** One reading of the shells at a time; what is committed meanwhile is read after it. */
  async #follow(): Promise<void> {
    this.#stale = true;
    if (this.#following) return;
    this.#following = true;
    try {
      while (this.#stale) {
        this.#stale = false;
        await this.#readLine();
      }
    } catch (error) {
      this.#options.logger.error({ err: error }, "the line could not be read from its shells");
    } finally {
      this.#following = false;
    }
  }

  /** The line as its shells describe it now; undefined where there is none, even if conditions of plants are folded. */
  get line(): LineOfShells | undefined {
    return this.#line;
  }

  get engine(): LineEngine | undefined {
    return this.#engine;
  }

  get rules(): readonly AlarmRule[] {
    return this.#rules;
  }

  /** Those that hold, and those that are no more but have a history. */
  get knownRules(): readonly AlarmRule[] {
    return [...this.#rules, ...this.#options.ruleBook.deleted];
  }

  /** Signals that earlier versions of a rule were judged by. */
  formerSignals(rule: RecordId): readonly RecordId[] {
    return this.#options.ruleBook.formerSignals(rule);
  }

  get derivation(): Derivation {
    return this.#derivation;
  }

  /** Grows whenever what was concluded of the past may have become another. */
  get generation(): number {
    return this.#generation;
  }

  /** The recorded past was folded once at least. */
  get folded(): boolean {
    return this.#folded;
  }

  /** Of an archive not even the urgent part is there. */
  get readingArchive(): boolean {
    return this.#late.reading;
  }

  /** While the past is derived for the first time, states that are kept are known up to here only; undefined: all are. */
  get statesKnownUntil(): Instant | undefined {
    return this.#folded ? undefined : this.#deriving?.keptUntil;
  }

  /** Signals that the fold in a browser needs. */
  trackingSignals(): readonly RecordId[] {
    return this.#engine?.signals ?? [];
  }

  /**
   * ISA-18.2 action of a person on a live alarm: judged, stored durably, then carried out. Rejects with DW_UNAVAILABLE when it cannot be stored; then
   * nothing was carried out.
   */
  act(action: OperatorAction): Promise<AlarmItem> {
    return this.#inTurn(() => this.#act(action));
  }

  async #act(action: OperatorAction): Promise<AlarmItem> {
    // While the historian is brought into agreement with a derivation, nothing else may be written to these series.
    if (this.#held) await this.#rebuild?.done;
    const engine = this.#engine;
    if (!engine) throw new DoppelwerkError("DW_NOT_FOUND", NO_LINE);
    const instant = this.#options.clock.now();
    this.#settle(engine.drain());
    const events = engine.judge(action, instant);
    await this.#options.store.durably(this.#batchOf(samplesOfAlarms(events)));
    const event = engine.act(action, instant);
    if (event) this.#acted({ instant, action });
    this.#show(engine.drain());
    const entry = [...engine.alarms().active, ...engine.alarms().aside].find(({ rule }) => rule === action.rule);
    if (entry) return shownAlarm(entry, this.names);
    if (event) return shownAlarmEvent(event, this.names);
    throw new DoppelwerkError("DW_CONFLICT", message("line.alarmNotStateCan", { action: action.action, rule: action.rule }));
  }

  #acted(act: OperatorAct): void {
    if (!this.#rebuild) this.#acts = this.#acts.filter(({ instant }) => instant > act.instant - RECENT_ACTS);
    this.#acts.push(act);
  }

  /** One after the other; the live engine stands still meanwhile, so that what is stored of an act is what it then does. */
  #inTurn<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    this.#turns++;
    const turn = this.#turn.then(work).finally(() => this.#turns--);
    this.#turn = Promise.allSettled([turn]);
    return turn;
  }

  async #readLine(): Promise<void> {
    const reader = this.#options.liveReader();
    const line = readLine(reader, this.#options.clock.now());
    const watched = line ?? (this.#line ? undefined : conditionsAlone(reader));
    if (!watched) return;
    const before = this.#watched;
    if (line) this.#line = line;
    if (before && JSON.stringify(watched.definition) === JSON.stringify(before.definition) && sameRules(watched.rules, this.#rules)) return;
    const first = before === undefined || (line !== undefined && before.definition.stations.length === 0);
    const { definition, rules } = watched;
    await this.#options.register(derivedSignals(definition, rules).filter(({ id }) => this.#options.signals.record(id) === undefined));
    const isStored = (id: RecordId) => reader.get(id) !== undefined;
    const { defaultsChanged } = this.#options.ruleBook.changes(rules, isStored);
    if (!first && !defaultsChanged && JSON.stringify(definition) === JSON.stringify(before.definition)) {
      await this.#inTurn(() => this.#changeRules(watched, isStored));
      return;
    }
    await this.#inTurn(() => this.#takeRules(rules, isStored));
    this.#watched = watched;
    this.#generation++;
    if (first || !this.#engine) this.#engine = this.#derivation.create(definition, rules, true);
    const restored = first ? this.#options.checkpoints.restore(this.#derivation.create(definition, rules, true)) : undefined;
    // The past is folded behind everything else: a restart is ready at once, with the line as the last checkpoint knew it.
    void this.#derive(restored ? restored.now() + 1 : 0, restored);
  }

  /** Only rules changed: the live engine goes on with them at once, and the past is left as it was seen. */
  async #changeRules(watched: Watched, isStored: (id: RecordId) => boolean): Promise<void> {
    await this.#takeRules(watched.rules, isStored);
    this.#watched = watched;
    const before = this.#engine;
    if (!before) return;
    this.#settle(before.drain());
    const engine = this.#derivation.create(watched.definition, watched.rules, true);
    engine.continueFrom(before, (id) => {
      const value = this.#options.signals.live(id)?.value;
      return typeof value === "boolean" ? Number(value) : value;
    });
    this.#engine = engine;
    // one under way would come back with the rules as they were
    if (this.#rebuild) void this.#derive(this.#rebuild.from);
    else this.#checkpoint(engine);
  }

  /** The rules hold from now on. An alarm that stands of one that was edited or deleted returns to normal, with that as its reason. */
  async #takeRules(rules: readonly AlarmRule[], isStored: (id: RecordId) => boolean): Promise<void> {
    const { ruleBook, clock, history } = this.#options;
    const { edited, deleted } = ruleBook.changes(rules, isStored);
    if (this.#held) await this.#rebuild?.done;
    if (this.#engine) this.#settle(this.#engine.drain());
    await this.#stored;
    const instant = clock.now();
    const ended = [...edited.map(({ id }) => [id, "rule edited"] as const), ...deleted.map(({ id }) => [id, "rule deleted"] as const)];
    const steps = await history.at(
      ended.map(([id]) => ({ branch: LIVE, signal: alarmSignalId(id) })),
      instant,
    );
    const alarms = ended.flatMap(([, reason], at) => {
      const last = alarmEventOf(steps[at]);
      return last === undefined || last.state === "normal" ? [] : [returned(last, reason, instant)];
    });
    if (alarms.length > 0) {
      this.#settle({ intervals: [], parts: [], counters: [], alarms });
      await this.#stored;
    }
    ruleBook.take(rules, isStored, instant + 1);
    this.#rules = rules;
  }

  /** Folds the recorded past from `from` on and puts the result in the live engine's place; the live engine goes on meanwhile. */
  async #derive(from: Instant, continued?: LineEngine): Promise<void> {
    const line = this.#watched;
    if (!line) return;
    this.#options.onProgress(0);
    let since = from;
    while (this.#rebuild) {
      // What the one that is given up had still to do is done by this one.
      since = Math.min(since, this.#rebuild.from);
      this.#rebuild.abort.abort();
      await this.#rebuild.done;
    }
    this.#options.logger.info({ since: new Date(since / 1_000) }, "the past is derived");
    if (since < from || !continued) this.#options.checkpoints.forget(since);
    const abort = new AbortController();
    const meanwhile: Meanwhile = { batches: this.#recent.all() };
    const done = this.#carryOutDerivation(line, since, since < from ? undefined : continued, meanwhile, abort.signal)
      .catch((error: unknown) => this.#options.logger.error({ err: error }, "the past could not be derived"))
      .finally(() => {
        this.#rebuild = undefined;
        this.#deriving = undefined;
        this.#release();
        if (!abort.signal.aborted) this.#options.onProgress(1);
      });
    this.#rebuild = { from: since, abort, done, meanwhile };
    await done;
  }

  async #carryOutDerivation(
    line: Watched,
    from: Instant,
    continued: LineEngine | undefined,
    meanwhile: Meanwhile,
    signal: AbortSignal,
  ): Promise<void> {
    const { checkpoints, clock, history, recordingSince, signals, store } = this.#options;
    const fresh = this.#derivation.create(line.definition, line.rules, true);
    const engine = continued ?? checkpoints.restore(fresh, from) ?? fresh;
    const begin = engine.now() > 0 ? engine.now() + 1 : await this.#derivation.begin(engine);
    // What an earlier process stored is there whole, up to its last act; of this one's samples the last seconds come from memory.
    const end = Math.max(clock.now() - 2 * BEHIND, this.#openedAt);
    // while archives are still read, states and counts follow from what came first; alarms do not
    const alarms = this.#late.complete;
    const past = await DerivedPast.begin({
      history,
      revise: (batch) => store.revise(batch),
      table: signals.table,
      shellOf: (row) => signals.table.signals[row]?.shell,
      engine,
      from: begin ?? end,
      alarms,
    });
    this.#deriving = past;
    if (begin !== undefined && begin < end) {
      await this.#derivation.fold(engine, begin, end, {
        acts: await operatorActs(history, line.rules, Math.max(begin, recordingSince), end),
        onDerived: (derived, batch) => past.add(derived, batch),
        onPiece: this.#toldProgress(engine, begin, end, alarms),
        signal,
      });
    }
    if (signal.aborted) return;
    if (!(await this.#takeOver(engine, past, { ...meanwhile, end, alarms }, signal))) return;
    this.#folded ||= begin !== undefined;
    if (alarms) this.#checkpoint(engine);
    // it is derived again when all is there
    else this.#late.owe(from);
    if (begin !== undefined) this.#options.onDerived(begin, end);
  }

  #toldProgress(engine: LineEngine, begin: Instant, end: Instant, whole: boolean): (at: Instant) => void {
    let told = 0;
    let saved = begin;
    return (at) => {
      if (whole && at - saved > FOLD_CHECKPOINT_EVERY) {
        this.#checkpoint(engine);
        saved = at;
      }
      const progress = (at - begin) / (end - begin);
      if (progress - told < 0.02) return;
      told = progress;
      // it has ended only when what was folded took the live engine's place
      this.#options.onProgress(Math.min(progress, 0.999));
    };
  }

  /** The engine that folded the past catches up with the live one and takes its place; then the historian says what it concluded, and nothing else. */
  async #takeOver(engine: LineEngine, past: DerivedPast, rest: Rest, signal: AbortSignal): Promise<boolean> {
    const isReplaced = await this.#inTurn(() => {
      // the rules may have changed in a turn before
      if (!signal.aborted) this.#replaceBy(engine, rest);
      return !signal.aborted;
    });
    if (isReplaced) await past.finish(engine.drain(), this.#stored);
    return isReplaced;
  }

  #replaceBy(engine: LineEngine, { batches, end, alarms }: Rest): void {
    const until = this.#engine?.now() ?? 0;
    for (const batch of batches) engine.step(batch, this.#options.signals.table.ids);
    carryOut(
      engine,
      this.#acts.filter(({ instant }) => instant >= end),
    );
    engine.advance(Math.max(until, engine.now()));
    if (!alarms && this.#engine && sameRules(this.#engine.rules, engine.rules)) engine.takeAlarmsOf(this.#engine);
    this.#engine = engine;
    this.#generation++;
    this.#held = [];
  }

  /** What waited for the historian goes there now. */
  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const output of held) this.#keep(output);
  }

  #advance(): void {
    const engine = this.#engine;
    if (!engine || this.#turns > 0) return;
    engine.advance(this.#options.clock.now() - BEHIND);
    this.#settle(engine.drain());
    if (!this.#rebuild && engine.now() - this.#lastCheckpoint > CHECKPOINT_EVERY) this.#checkpoint(engine);
  }

  #checkpoint(engine: LineEngine): void {
    this.#lastCheckpoint = engine.now();
    this.#options.checkpoints.save(engine);
  }

  /** What the live engine concluded: stored and shown. */
  #settle(output: LineOutput): void {
    if (this.#held) this.#held.push(output);
    else this.#keep(output);
    this.#show(output);
  }

  #show(output: LineOutput): void {
    this.#options.onConcluded(output);
    for (const event of output.alarms) this.#options.onAlarm(shownAlarmEvent(event, this.names));
  }

  #keep({ intervals, alarms }: LineOutput): void {
    const concluded = [...samplesOfIntervals(intervals), ...samplesOfAlarms(alarms)];
    if (concluded.length === 0) return;
    const stored = this.#options.store.conclude(this.#batchOf(concluded));
    this.#stored = Promise.all([this.#stored, stored]);
  }

  #batchOf(concluded: readonly DerivedSample[]): SampleBatch {
    const { table } = this.#options.signals;
    const tracked = this.trackingSignals();
    const samples = concluded.map((sample) => ({ ...sample, origin: originNow(sample.signal, tracked, table) }));
    return batchOfKept(samples, (id) => table.indexOf(id));
  }
}

function returned({ until: _until, value: _value, ...last }: AlarmEvent, reason: string, instant: Instant): AlarmEvent {
  const raisedAt = last.raisedAt ?? last.instant;
  return { ...last, action: "return", from: last.state, state: "normal", instant, raisedAt, actor: "system", reason };
}

export function sameRules(a: readonly AlarmRule[], b: readonly AlarmRule[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
