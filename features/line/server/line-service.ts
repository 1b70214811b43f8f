import { message } from "@doppelwerk/messages";
import { alarmListAt } from "@doppelwerk/operations";
import type { LineDefinition, LineEngine } from "@doppelwerk/operations";
import { lineStateOf } from "@doppelwerk/pack-discrete-line";
import type {
  BacktestOrigin,
  LineExperiment,
  LinePoints,
  LineRunRequest,
  LineShifts,
  FactorValue,
  FittedParameterValue,
} from "@doppelwerk/ports";
import type { ExperimentModel } from "@doppelwerk/sim";
import type { AlarmItem } from "@doppelwerk/sync";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { BranchId, Clock, History, Instant, RecordId, RecordReader, WorldView } from "@doppelwerk/world";
import type { LineInfo, Snapshot } from "../contract.ts";
import type { LineSignals } from "./line-signals.ts";
import { backtestOrigins } from "./models/backtest-origin.ts";
import type { Checkpoints } from "./fold/checkpoints.ts";
import { copyOf, WINDOW } from "./fold/derivation.ts";
import { alarmEventOf, alarmEventsOf, alarmSignalId } from "@doppelwerk/operations";
import { buildExperiment, buildPoints, observedBefore, observedModel, shownParameters } from "./models/experiment-builder.ts";
import type { ExperimentInput } from "./models/experiment-builder.ts";
import { BEHIND, NO_LINE, sameRules } from "./fold/line-fold.ts";
import type { LineFold } from "./fold/line-fold.ts";
import { readLine, shownFactors, shownLine } from "./line-of-shells.ts";
import type { LineOfShells } from "./line-of-shells.ts";
import { overlaid } from "./models/overlaid-reader.ts";
import { shownAlarm, shownAlarmEvent } from "../../alarms/server/fold/shown-alarm.ts";
import { numberOf, shownSnapshot, shownVehicles } from "./shown-snapshot.ts";
import type { SnapshotExtras } from "./shown-snapshot.ts";

export interface LineServiceOptions {
  readonly fold: LineFold;
  readonly history: History;
  readonly signals: LineSignals;
  readonly clock: Clock;
  readonly checkpoints: Checkpoints;
  /** The live documents, read by the system itself. */
  liveReader(time?: Instant): RecordReader;
  /** How far the past is read and derived, 0 to 1; undefined when all of it is. */
  pastProgress(): number | undefined;
}

/** What is asked of the one line of this world, now and at any past instant, on any branch. */
export class LineService {
  readonly #options: LineServiceOptions;
  readonly #fold: LineFold;
  readonly #watchedSince: Instant;
  #rewound: { readonly generation: number; readonly definition: LineDefinition; readonly engine: LineEngine } | undefined;
  #rewinding: Promise<unknown> = Promise.resolve();

  constructor(options: LineServiceOptions) {
    this.#options = options;
    this.#fold = options.fold;
    this.#watchedSince = options.clock.now();
  }

  get definition(): LineDefinition | undefined {
    return this.#fold.line?.definition;
  }

  /** Undefined where there is no line, even if conditions of plants are folded. */
  get engine(): LineEngine | undefined {
    return this.#fold.line && this.#fold.engine;
  }

  /** Whether there is something to tell of an instant: a line, or conditions of plants without one. */
  get hasSnapshot(): boolean {
    return this.#fold.engine !== undefined;
  }

  info(view: WorldView, branch: BranchId): LineInfo {
    return shownLine(branch, this.#lineOf(view.reader(branch)));
  }

  /** Values of signals that may not be read, and alarms that tell of them, are left out. */
  async snapshot(instant: Instant | undefined, mayRead: (signal: RecordId) => boolean): Promise<Snapshot> {
    const { engine: folding } = this.#fold;
    const readable = (alarms: readonly AlarmItem[]) => alarms.filter(({ rule }) => mayRead(alarmSignalId(rule)));
    if (!this.#fold.line && folding) {
      const extras = { live: instant === undefined, alarms: readable(await this.alarms(instant)), agvs: [], lastCycleS: () => undefined };
      return { ...shownSnapshot(folding, extras), instant: instant ?? folding.now() };
    }
    const { engine, line } = this.#required();
    if (instant === undefined || instant >= engine.now()) {
      return shownSnapshot(engine, {
        live: true,
        ...this.#unread(!this.#fold.folded, this.#watchedSince),
        alarms: readable(this.#liveAlarms(engine)),
        agvs: shownVehicles(line.agvs, (id) => (mayRead(id) ? this.#options.signals.live(id)?.value : undefined)),
        lastCycleS: ({ signals: { LastCycle } }) =>
          LastCycle && mayRead(LastCycle.id) ? numberOf(this.#options.signals.live(LastCycle.id)?.value) : undefined,
      });
    }
    const past = await this.#rewind(line.definition, instant);
    const cycles = line.definition.stations.map((station) => station.signals.LastCycle?.id);
    const agvIds = line.agvs.flatMap((agv) => Object.values(agv.signals));
    const ids = [...cycles.filter((id) => id !== undefined), ...agvIds].filter(mayRead);
    const samples = await this.#options.history.at(
      ids.map((signal) => ({ branch: LIVE, signal })),
      instant,
    );
    const valueAt = new Map(ids.map((id, i) => [id, samples[i]?.text ?? samples[i]?.value]));
    return shownSnapshot(past, {
      live: false,
      ...this.#unread(this.#fold.readingArchive),
      alarms: readable(await this.alarms(instant)),
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
    const { engine } = this.#fold;
    if (!engine) return [];
    if (instant === undefined || instant >= engine.now()) return this.#liveAlarms(engine);
    const steps = await this.#options.history.at(
      this.#fold.knownRules.map(({ id }) => ({ branch: LIVE, signal: alarmSignalId(id) })),
      instant,
    );
    const list = alarmListAt(
      steps.map(alarmEventOf).filter((event) => event !== undefined),
      instant,
    );
    return [...list.active, ...list.aside].map((entry) => shownAlarm(entry, this.#fold.names));
  }

  /** Newest first, also of the steps of one instant. */
  async alarmHistory(from: Instant, to: Instant, station: string | undefined): Promise<readonly AlarmItem[]> {
    const rules = this.#fold.knownRules.filter((rule) => station === undefined || rule.station === station);
    const columns = await Promise.all(
      rules.map(({ id }) => this.#options.history.raw({ branch: LIVE, signal: alarmSignalId(id) }, from, to, 5_000)),
    );
    return columns
      .flatMap(alarmEventsOf)
      .toReversed()
      .sort((a, b) => b.instant - a.instant)
      .map((event) => shownAlarmEvent(event, this.#fold.names));
  }

  /** Planned shifts; the one that runs at the instant as it stood then, the closed ones as they are known now. */
  async shifts(at?: Instant): Promise<LineShifts | undefined> {
    const { engine, line } = this.#fold;
    if (!engine || !line) return undefined;
    const { definition } = line;
    const past = at !== undefined && at < engine.now() - BEHIND ? await this.#rewind(definition, at) : engine;
    const running = past.calendar.shiftAt(at ?? engine.now())?.id;
    return {
      constraint: definition.constraint,
      stations: definition.stations.map(({ id }) => id),
      taktS: definition.taktS,
      shifts: engine.shiftIds().flatMap((id) => {
        const shift = id === running ? past.shift(id) : engine.shift(id);
        return shift?.planned ? [shift] : [];
      }),
      wip: running === undefined ? undefined : past.parts().wip.value,
    };
  }

  factors(view: WorldView, branch: BranchId): readonly FactorValue[] {
    return shownFactors(this.#lineOf(view.reader(LIVE)), this.#lineOf(view.reader(branch)));
  }

  /** None of a world without a line. */
  parameters(view: WorldView, branch: BranchId): readonly FittedParameterValue[] {
    const own = view.branch(branch);
    const { engine, line } = this.#fold;
    if (!engine || !line) return [];
    // The live branch has no base: it is its own.
    const base = this.#lineOf(branch === LIVE ? view.reader(LIVE) : view.reader(LIVE, { revision: own.baseRevision }));
    const edited = this.#lineOf(view.reader(branch));
    return shownParameters(observedModel(base, observedBefore(engine, branch === LIVE ? undefined : own.instant)).parameters, base, edited);
  }

  async experiment(view: WorldView, branch: BranchId, request: LineRunRequest): Promise<LineExperiment> {
    return buildExperiment(await this.#experimentInput(view, branch, request));
  }

  /** The line of a branch with other values in its documents, a point each; nothing is written. */
  async points(
    view: WorldView,
    branch: BranchId,
    request: LineRunRequest,
    values: readonly ReadonlyMap<RecordId, string>[],
  ): Promise<LinePoints> {
    const reader = view.reader(branch);
    const lines: LineOfShells[] = [];
    for (const each of values) {
      lines.push(this.#lineOf(overlaid(reader, each)));
      // a point is some milliseconds of reading: others are answered in between
      await new Promise((resolve) => setImmediate(resolve));
    }
    return buildPoints(await this.#experimentInput(view, branch, request), lines);
  }

  async #experimentInput(view: WorldView, branch: BranchId, request: LineRunRequest): Promise<ExperimentInput> {
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

  /** The line as the shells of a branch describe it. */
  lineOn(view: WorldView, branch: BranchId): LineOfShells {
    return this.#lineOf(view.reader(branch));
  }

  /** Site, area and line of ISA-95, as far as the shells say. */
  title(): readonly { readonly en: string; readonly zh: string }[] {
    return this.#fold.line?.path ?? [];
  }

  /** P4: two origins in each past shift that was seen whole, with what came of it. */
  backtestOrigins(): readonly BacktestOrigin[] {
    const { engine } = this.#fold;
    return engine ? backtestOrigins(engine) : [];
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
    const fresh = (): LineEngine => this.#fold.derivation.create(definition, rules, true);
    const { engine, line } = this.#required();
    const isNow = line.definition === definition && instant >= engine.now() && sameRules(engine.rules, rules);
    const state = isNow ? copyOf(engine, fresh()) : this.#options.checkpoints.restore(fresh(), instant + 1);
    return this.#fold.derivation.withOperatingTimes(definition, rules, instant, state);
  }

  /** Documents as they were; those of the first import where the origin is older than the world. */
  #lineAsOf(instant: Instant): LineOfShells | undefined {
    return readLine(this.#options.liveReader(instant), instant);
  }

  #lineOf(reader: RecordReader): LineOfShells {
    const line = readLine(reader, this.#options.clock.now());
    if (!line) throw new DoppelwerkError("DW_NOT_FOUND", message("line.noProductionLineCanReadShells"));
    return line;
  }

  /** One rewind at a time; the engine of the last one is moved on when the next instant lies shortly after. */
  #rewind(definition: LineDefinition, instant: Instant): Promise<LineEngine> {
    const turn = this.#rewinding.then(async () => {
      const { generation, derivation } = this.#fold;
      const known = this.#rewound?.generation === generation && this.#rewound.definition === definition ? this.#rewound.engine : undefined;
      if (known?.now() === instant) return known;
      const engine = await derivation.at(definition, instant, known);
      this.#rewound = { generation, definition, engine };
      return engine;
    });
    this.#rewinding = turn.catch(() => undefined);
    return turn;
  }

  #liveAlarms(engine: LineEngine): readonly AlarmItem[] {
    const { active, aside } = engine.alarms();
    return [...active, ...aside].map((entry) => shownAlarm(entry, this.#fold.names));
  }

  #required(): { readonly engine: LineEngine; readonly line: LineOfShells } {
    const { engine, line } = this.#fold;
    if (!engine || !line) throw new DoppelwerkError("DW_NOT_FOUND", NO_LINE);
    return { engine, line };
  }
}
