import type { Factor, FittedParameter, Kpis, LineInfo, RunRequest, ShiftKpis, Snapshot } from "@doppelwerk/client";
import type { AlarmRule, LineDefinition, LineEngine, LineOutput, OperatorAction } from "@doppelwerk/operations";
import type { ExperimentModel } from "@doppelwerk/sim";
import { lineStateOf } from "@doppelwerk/pack-discrete-line";
import type { AlarmItem } from "@doppelwerk/sync";
import { changedKind, DoppelwerkError, LIVE, SECOND, said } from "@doppelwerk/world";
import type {
  BranchId,
  Clock,
  History,
  Instant,
  LogEntry,
  RecordId,
  RecordReader,
  SampleBatch,
  SignalRecord,
  WorldView,
} from "@doppelwerk/world";
import type { Logger } from "pino";
import type { Experiment } from "../decide/experiment.ts";
import type { SignalDirectory } from "../live/signal-directory.ts";
import type { Intake } from "../live/intake.ts";
import { alarmEventOf, alarmEventsOf, alarmSignalId, derivedSignals, samplesOfAlarms, samplesOfIntervals } from "./derived-signals.ts";
import { carryOut, copyOf, Derivation, WINDOW } from "./derivation.ts";
import type { OperatorAct } from "./derivation.ts";
import { DerivedPast } from "./derived-past.ts";
import { earliestOf, LatePast } from "./late-past.ts";
import { RecentBatches } from "./recent-batches.ts";
import { batchOfKept } from "./kept-sample.ts";
import { operatorActs } from "./operator-acts.ts";
import { Checkpoints } from "./checkpoints.ts";
import { backtestOrigins } from "./backtest-origin.ts";
import type { BacktestOrigin } from "./backtest-origin.ts";
import { buildExperiment, buildPoints, observedBefore, observedModel, shownParameters } from "./experiment-builder.ts";
import type { ExperimentInput } from "./experiment-builder.ts";
import { overlaid } from "./overlaid-reader.ts";
import { conditionsAlone, readLine, shownFactors, shownLine } from "./line-of-shells.ts";
import type { LineOfShells, Watched } from "./line-of-shells.ts";
import { shownAlarm, shownAlarmEvent, type AlarmNames } from "./shown-alarm.ts";
import { combined, partsAShift, shownShift } from "./shown-kpis.ts";
import { numberOf, shownSnapshot, shownVehicles } from "./shown-snapshot.ts";
import type { SnapshotExtras } from "./shown-snapshot.ts";
import { alarmListAt } from "@doppelwerk/operations";

export interface LineServiceOptions {
  readonly history: History;
  readonly signals: SignalDirectory;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly checkpoints: Checkpoints;
  /** The live documents, read by the system itself. */
  liveReader(time?: Instant): RecordReader;
  /** Writes signal records for what is derived, as the system. */
  register(signals: readonly SignalRecord[]): Promise<void>;
  /** When this world began to record: alarms of the archive from before were never shown to anyone. */
  readonly recordingSince: Instant;
  /** How far the past is read and derived, 0 to 1; undefined when all of it is. */
  pastProgress(): number | undefined;
  nameOf(actor: string): string;
  onAlarm(alarm: AlarmItem): void;
  /** States, alarms and KPIs of a span were derived anew: screens that show it ask again. */
  onDerived(from: Instant, to: Instant): void;
  onProgress(progress: number): void;
}

/** What the points of a designed experiment simulate. */
export type PointModels = ReturnType<typeof buildPoints>;

/** Live folding stays this far behind now, so that slow sources are in order. */
const BEHIND: Instant = SECOND;
const ADVANCE_EVERY_MS = 250;
const CHECKPOINT_EVERY: Instant = 30 * 60 * SECOND;
/** A state of weeks takes a fifth of a second to write: rarely while the past is folded. */
const FOLD_CHECKPOINT_EVERY: Instant = 3 * 24 * 3_600 * SECOND;
/** Late samples younger than this are the live engine's own business. */
const LATE_TOLERANCE: Instant = 90 * SECOND;

/** What came in while the past was derived. */
interface Meanwhile {
  readonly batches: SampleBatch[];
  readonly acts: OperatorAct[];
}

/** The one line of this world: its fold over live samples, its past, and what is asked of both. */
export class LineService {
  readonly #options: LineServiceOptions;
  readonly #derivation: Derivation;
  #intake: Intake | undefined;
  #line: LineOfShells | undefined;
  /** What the engine folds: the line, or the conditions of plants where there is none. */
  #watched: Watched | undefined;
  #rules: readonly AlarmRule[] = [];
  readonly #names: AlarmNames = {
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
  readonly #late = new LatePast((from) => void this.#derive(from));
  #rebuild:
    | { readonly from: Instant; readonly abort: AbortController; readonly done: Promise<void>; readonly meanwhile: Meanwhile }
    | undefined;
  readonly #recent = new RecentBatches();
  /** What the live engine concluded while the historian is brought into agreement with what was derived. */
  #held: LineOutput[] | undefined;
  /** What the live engine concluded is on its way to the historian until this resolves. */
  #stored: Promise<unknown> = Promise.resolve();
  #folded = false;
  #deriving: DerivedPast | undefined;
  readonly #watchedSince: Instant;
  #following = false;
  #stale = false;
  #lastCheckpoint: Instant = 0;
  #rewound: { readonly definition: LineDefinition; readonly engine: LineEngine } | undefined;
  #rewinding: Promise<unknown> = Promise.resolve();

  constructor(options: LineServiceOptions) {
    this.#options = options;
    this.#watchedSince = options.clock.now();
    this.#derivation = new Derivation(options.history, options.signals, options.recordingSince);
  }

  async open(intake: Intake): Promise<void> {
    this.#intake = intake;
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
    if (from === undefined || (this.#engine && from > this.#engine.now() - LATE_TOLERANCE)) return;
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
    if (!entry.changes.some((change) => ["shell", "submodel", "element", "signal", "alarmRule"].includes(changedKind(change)))) return;
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

  get definition(): LineDefinition | undefined {
    return this.#line?.definition;
  }

  /** Undefined where there is no line, even if conditions of plants are folded. */
  get engine(): LineEngine | undefined {
    return this.#line && this.#engine;
  }

  /** While the past is derived for the first time, states that are kept are known up to here only; undefined: all are. */
  get statesKnownUntil(): Instant | undefined {
    return this.#folded ? undefined : this.#deriving?.keptUntil;
  }

  get derivation(): Derivation {
    return this.#derivation;
  }

  /** Signals that the fold in a browser needs. */
  trackingSignals(): readonly RecordId[] {
    return this.#engine?.signals ?? [];
  }

  info(view: WorldView, branch: BranchId): LineInfo {
    return shownLine(branch, this.#lineOf(view.reader(branch)));
  }

  async snapshot(instant: Instant | undefined): Promise<Snapshot> {
    if (!this.#line && this.#engine) {
      const extras = { live: instant === undefined, alarms: await this.alarms(instant), agvs: [], lastCycleS: () => undefined };
      return { ...shownSnapshot(this.#engine, extras), instant: instant ?? this.#engine.now() };
    }
    const { engine, line } = this.#required();
    if (instant === undefined || instant >= engine.now()) {
      return shownSnapshot(engine, {
        live: true,
        ...this.#unread(!this.#folded, this.#watchedSince),
        alarms: this.#liveAlarms(engine),
        agvs: shownVehicles(line.agvs, (id) => this.#options.signals.live(id)?.value),
        lastCycleS: (station) => numberOf(this.#liveValue(station.signals.LastCycle?.id)),
      });
    }
    const past = await this.#rewind(line.definition, instant);
    const cycles = line.definition.stations.map((station) => station.signals.LastCycle?.id);
    const agvIds = line.agvs.flatMap((agv) => Object.values(agv.signals));
    const ids = [...cycles.filter((id) => id !== undefined), ...agvIds];
    const samples = await this.#options.history.at(
      ids.map((signal) => ({ branch: LIVE, signal })),
      instant,
    );
    const valueAt = new Map(ids.map((id, i) => [id, samples[i]?.text ?? samples[i]?.value]));
    return shownSnapshot(past, {
      live: false,
      ...this.#unread(this.#late.reading),
      alarms: await this.alarms(instant),
      agvs: shownVehicles(line.agvs, (id) => valueAt.get(id)),
      lastCycleS: (station) => numberOf(valueAt.get(station.signals.LastCycle?.id ?? "")),
    });
  }

  /** Whether counts cannot be known, and why: the past is being read, or there is none and the line is watched for too short. */
  #unread(countsMissing: boolean, since?: Instant): Pick<SnapshotExtras, "reading" | "watchedSince" | "countsMissing"> {
    const reading = this.#options.pastProgress();
    if (reading !== undefined) return { reading, countsMissing };
    const short = countsMissing && since !== undefined && this.#options.clock.now() - since < WINDOW;
    return short ? { watchedSince: since, countsMissing } : { countsMissing: false };
  }

  /** Of a world that watches nothing there are none. */
  async alarms(instant: Instant | undefined): Promise<readonly AlarmItem[]> {
    const engine = this.#engine;
    if (!engine) return [];
    if (instant === undefined || instant >= engine.now()) return this.#liveAlarms(engine);
    const steps = await this.#options.history.at(
      this.#rules.map(({ id }) => ({ branch: LIVE, signal: alarmSignalId(id) })),
      instant,
    );
    const list = alarmListAt(
      steps.map(alarmEventOf).filter((event) => event !== undefined),
      instant,
    );
    return [...list.active, ...list.aside].map((entry) => shownAlarm(entry, this.#names));
  }

  /** Newest first, also of the steps of one instant. */
  async alarmHistory(from: Instant, to: Instant, station: string | undefined): Promise<readonly AlarmItem[]> {
    const rules = this.#rules.filter((rule) => station === undefined || rule.station === station);
    const columns = await Promise.all(
      rules.map(({ id }) => this.#options.history.raw({ branch: LIVE, signal: alarmSignalId(id) }, from, to, 5_000)),
    );
    return columns
      .flatMap(alarmEventsOf)
      .toReversed()
      .sort((a, b) => b.instant - a.instant)
      .map((event) => shownAlarmEvent(event, this.#names));
  }

  /** ISA-18.2 action of a person on a live alarm. */
  act(action: OperatorAction): AlarmItem {
    const engine = this.#engine ?? this.#required().engine;
    const instant = this.#options.clock.now();
    const event = engine.act(action, instant);
    if (event) this.#rebuild?.meanwhile.acts.push({ instant, action });
    this.#settle(engine.drain());
    const entry = [...engine.alarms().active, ...engine.alarms().aside].find(({ rule }) => rule === action.rule);
    if (entry) return shownAlarm(entry, this.#names);
    if (event) return shownAlarmEvent(event, this.#names);
    throw new DoppelwerkError("DW_CONFLICT", said`the alarm is not in a state in which one can ${action.action} it ${action.rule}`);
  }

  shifts(): readonly ShiftKpis[] {
    const { engine, line } = this.#required();
    return engine.shiftIds().flatMap((id) => {
      const shift = engine.shift(id);
      return shift?.planned ? [shownShift(line.definition, shift, undefined)] : [];
    });
  }

  /** KPIs of a span: the shift that covers it, or the shifts inside it. */
  async kpis(from: Instant, to: Instant): Promise<Kpis> {
    const { engine, line } = this.#required();
    const past = to < engine.now() - BEHIND ? await this.#rewind(line.definition, to) : engine;
    const asOf = past.calendar.shiftAt(to)?.id;
    // A shift that was running at `to` is told as it stood then, the closed ones as they are known now.
    const shifts = engine.shiftIds().flatMap((id) => {
      const shift = id === asOf ? past.shift(id) : engine.shift(id);
      return shift?.planned && shift.to > from && shift.from < to ? [shownShift(line.definition, shift, undefined)] : [];
    });
    const last = shifts.at(-1);
    if (!last) throw new DoppelwerkError("DW_NOT_FOUND", said`no shift lies in this span`);
    if (shifts.length === 1) return { ...last, wip: asOf === undefined ? undefined : past.parts().wip.value };
    return combined(line.definition, shifts);
  }

  factors(view: WorldView, branch: BranchId): readonly Factor[] {
    return shownFactors(this.#lineOf(view.reader(LIVE)), this.#lineOf(view.reader(branch)));
  }

  parameters(view: WorldView, branch: BranchId): readonly FittedParameter[] {
    const { engine } = this.#required();
    const own = view.branch(branch);
    // The live branch has no base: it is its own.
    const base = this.#lineOf(branch === LIVE ? view.reader(LIVE) : view.reader(LIVE, { revision: own.baseRevision }));
    const edited = this.#lineOf(view.reader(branch));
    return shownParameters(observedModel(base, observedBefore(engine, branch === LIVE ? undefined : own.instant)).parameters, base, edited);
  }

  async experiment(view: WorldView, branch: BranchId, request: RunRequest): Promise<Experiment> {
    return buildExperiment(await this.#experimentInput(view, branch, request));
  }

  /** The line of a branch with other values in its documents, a point each; nothing is written. */
  async points(
    view: WorldView,
    branch: BranchId,
    request: Pick<RunRequest, "kind" | "seed" | "shifts">,
    values: readonly ReadonlyMap<RecordId, string>[],
  ): Promise<PointModels> {
    const reader = view.reader(branch);
    const lines: LineOfShells[] = [];
    for (const each of values) {
      lines.push(this.#lineOf(overlaid(reader, each)));
      // a point is some milliseconds of reading: others are answered in between
      await new Promise((resolve) => setImmediate(resolve));
    }
    return buildPoints(await this.#experimentInput(view, branch, { ...request, replications: 0 }), lines);
  }

  async #experimentInput(view: WorldView, branch: BranchId, request: RunRequest): Promise<ExperimentInput> {
    const { engine, line } = this.#required();
    const own = view.branch(branch);
    const instant = branch === LIVE ? engine.now() : Math.min(own.instant, engine.now());
    const base = branch === LIVE ? line : this.#lineOf(view.reader(LIVE, { revision: own.baseRevision }));
    const edited = this.#lineOf(view.reader(branch));
    return {
      base,
      edited,
      at: request.kind === "forecast" ? await this.#pastOf(base, instant) : engine,
      observations: observedBefore(engine, instant),
      request,
      instant,
      calendar: engine.calendar,
      diffHash: branch === LIVE ? "" : view.planMerge(branch).diffHash,
    };
  }

  /** Parts of a station a shift, over the closed shifts that were recorded; undefined where nothing was. */
  flowAt(station: string): number | undefined {
    return partsAShift(this.#required().engine, station);
  }

  /** The line as the shells of a branch describe it. */
  lineOn(view: WorldView, branch: BranchId): LineOfShells {
    return this.#lineOf(view.reader(branch));
  }

  /** Site, area and line of ISA-95, as far as the shells say. */
  title(): readonly { readonly en: string; readonly zh: string }[] {
    return this.#line?.path ?? [];
  }

  /** P4: two origins in each past shift that was seen whole, with what came of it. */
  backtestOrigins(): readonly BacktestOrigin[] {
    if (!this.#engine) return [];
    return backtestOrigins(this.#engine);
  }

  async backtestModel(origin: BacktestOrigin): Promise<ExperimentModel> {
    const { engine, line } = this.#required();
    const documents = this.#lineAsOf(origin.instant) ?? line;
    const past = await this.#pastOf(line, origin.instant);
    const { nominal, parameters } = observedModel(documents, observedBefore(engine, origin.instant));
    return { nominal, edited: nominal, parameters, initialState: lineStateOf(past.estimate(), nominal) };
  }

  /** What a forecast begins from: the live engine's own state where it is asked for now, else the nearest one that was kept before the instant. */
  async #pastOf({ definition, rules }: LineOfShells, instant: Instant): Promise<LineEngine> {
    const fresh = (): LineEngine => this.#derivation.create(definition, rules, true);
    const { engine, line } = this.#required();
    const isNow = line.definition === definition && instant >= engine.now() && sameRules(engine.rules, rules);
    const state = isNow ? copyOf(engine, fresh()) : this.#options.checkpoints.restore(fresh(), instant + 1);
    return this.#derivation.withOperatingTimes(definition, rules, instant, state);
  }

  /** Documents as they were; those of the first import where the origin is older than the world. */
  #lineAsOf(instant: Instant): LineOfShells | undefined {
    return readLine(this.#options.liveReader(instant), instant);
  }

  #lineOf(reader: RecordReader): LineOfShells {
    const line = readLine(reader, this.#options.clock.now());
    if (!line) throw new DoppelwerkError("DW_NOT_FOUND", said`no production line can be read from the shells of this branch`);
    return line;
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
    this.#watched = watched;
    this.#rules = rules;
    await this.#options.register(derivedSignals(definition, rules).filter(({ id }) => this.#options.signals.record(id) === undefined));
    this.#rewound = undefined;
    if (first || !this.#engine) this.#engine = this.#derivation.create(definition, rules, true);
    const restored = first ? this.#options.checkpoints.restore(this.#derivation.create(definition, rules, true)) : undefined;
    // The past is folded behind everything else: a restart is ready at once, with the line as the last checkpoint knew it.
    void this.#derive(restored ? restored.now() + 1 : 0, restored);
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
    const meanwhile: Meanwhile = { batches: this.#recent.all(), acts: [] };
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
    const { checkpoints, clock, history, recordingSince, signals } = this.#options;
    const fresh = this.#derivation.create(line.definition, line.rules, true);
    const engine = continued ?? checkpoints.restore(fresh, from) ?? fresh;
    const begin = engine.now() > 0 ? engine.now() + 1 : await this.#derivation.begin(engine);
    const end = clock.now() - 2 * BEHIND;
    // while archives are still read, states and counts follow from what came first; alarms do not
    const alarms = this.#late.complete;
    const past = await DerivedPast.begin({ history, table: signals.table, engine, from: begin ?? end, alarms });
    this.#deriving = past;
    if (begin !== undefined && begin < end) {
      await this.#derivation.fold(engine, begin, end, {
        acts: await operatorActs(history, line.rules, Math.max(begin, recordingSince), end),
        onDerived: (derived) => past.add(derived),
        onPiece: this.#toldProgress(engine, begin, end, alarms),
        signal,
      });
    }
    if (signal.aborted) return;
    await this.#takeOver(engine, past, meanwhile, alarms);
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
      this.#options.onProgress(progress);
    };
  }

  /** The engine that folded the past catches up with the live one and takes its place; then the historian says what it concluded, and nothing else. */
  async #takeOver(engine: LineEngine, past: DerivedPast, meanwhile: Meanwhile, alarms: boolean): Promise<void> {
    const until = this.#engine?.now() ?? 0;
    for (const batch of meanwhile.batches) engine.step(batch, this.#options.signals.table.ids);
    carryOut(engine, meanwhile.acts);
    engine.advance(Math.max(until, engine.now()));
    if (!alarms && this.#engine && sameRules(this.#engine.rules, engine.rules)) engine.takeAlarmsOf(this.#engine);
    this.#engine = engine;
    this.#rewound = undefined;
    this.#held = [];
    await past.finish(engine.drain(), this.#stored);
  }

  /** What waited for the historian goes there now. */
  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const output of held) this.#keep(output);
  }

  #advance(): void {
    const engine = this.#engine;
    if (!engine) return;
    engine.advance(this.#options.clock.now() - BEHIND);
    this.#settle(engine.drain());
    if (!this.#rebuild && engine.now() - this.#lastCheckpoint > CHECKPOINT_EVERY) this.#checkpoint(engine);
  }

  #checkpoint(engine: LineEngine): void {
    this.#lastCheckpoint = engine.now();
    this.#options.checkpoints.save(engine);
  }

  /** What the live engine concluded: stored, shown, told. */
  #settle(output: LineOutput): void {
    if (this.#held) this.#held.push(output);
    else this.#keep(output);
    for (const event of output.alarms) this.#options.onAlarm(shownAlarmEvent(event, this.#names));
  }

  #keep({ intervals, alarms }: LineOutput): void {
    const samples = [...samplesOfIntervals(intervals), ...samplesOfAlarms(alarms)];
    if (samples.length === 0 || !this.#intake) return;
    const stored = this.#intake.derive(batchOfKept(samples, (id) => this.#options.signals.table.indexOf(id)));
    this.#stored = Promise.all([this.#stored, stored]);
  }

  /** One rewind at a time; the engine of the last one is moved on when the next instant lies shortly after. */
  #rewind(definition: LineDefinition, instant: Instant): Promise<LineEngine> {
    const turn = this.#rewinding.then(async () => {
      const known = this.#rewound;
      if (known && known.definition === definition && known.engine.now() === instant) return known.engine;
      const engine = await this.#derivation.at(definition, instant, known?.definition === definition ? known.engine : undefined);
      this.#rewound = { definition, engine };
      return engine;
    });
    this.#rewinding = turn.catch(() => undefined);
    return turn;
  }

  #liveAlarms(engine: LineEngine): readonly AlarmItem[] {
    const { active, aside } = engine.alarms();
    return [...active, ...aside].map((entry) => shownAlarm(entry, this.#names));
  }

  #liveValue(id: RecordId | undefined): number | string | boolean | undefined {
    return id === undefined ? undefined : this.#options.signals.live(id)?.value;
  }

  #required(): { readonly engine: LineEngine; readonly line: LineOfShells } {
    if (!this.#engine || !this.#line)
      throw new DoppelwerkError("DW_NOT_FOUND", said`this world has no production line yet: import an engineering file`);
    return { engine: this.#engine, line: this.#line };
  }
}

function sameRules(a: readonly AlarmRule[], b: readonly AlarmRule[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
