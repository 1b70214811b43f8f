import { message } from "@doppelwerk/messages";
import { alarmSignalId, flowFold, type LineDefinition, type LineReadings } from "@doppelwerk/operations";
import type {
  AlarmFold,
  BacktestOrigin,
  DriftValue,
  LineExperiment,
  LinePoints,
  LineRunRequest,
  LineShifts,
  LineSource,
  FactorValue,
  FittedParameterValue,
} from "@doppelwerk/ports";
import type { ExperimentModel } from "@doppelwerk/sim";
import type { AlarmItem } from "@doppelwerk/sync";
import { DoppelwerkError, LIVE, SECOND } from "@doppelwerk/world";
import type { BranchId, Clock, FoldRun, History, Instant, RecordId, RecordReader, WorldView } from "@doppelwerk/world";
import type { LineInfo, Snapshot } from "../contract.ts";
import type { LineSignals } from "./line-signals.ts";
import { backtestOrigins } from "./models/backtest-origin.ts";
import { driftNotice } from "./models/drift-notice.ts";
import {
  buildExperiment,
  buildPoints,
  countedOf,
  observedBefore,
  observedModel,
  observedModelInTurns,
  shownParameters,
} from "./models/experiment-builder.ts";
import { withPlannedShifts } from "./models/planned-shifts.ts";
import type { ExperimentInput } from "./models/experiment-builder.ts";
import { observedRange, type ObservedRange } from "./models/observed-range.ts";
import { flowRun, readingsOf, WINDOW, type FlowRun, type FlowRuns } from "./fold/flow-runs.ts";
import type { LineFold } from "./fold/line-folds.ts";
import type { LineIdentities } from "../model/identified-lines.ts";
import { readLine, shownFactors, shownLine } from "./line-of-shells.ts";
import type { LineOfShells } from "./line-of-shells.ts";
import { overlaid } from "./models/overlaid-reader.ts";
import { numberOf, shownSnapshot, shownVehicles, snapshotWithoutLine } from "./shown-snapshot.ts";
import type { SnapshotExtras } from "./shown-snapshot.ts";

export interface LineServiceOptions {
  /** Undefined: the first line, whichever that is. */
  readonly id?: RecordId;
  readonly fold: LineFold;
  sources(): readonly LineSource[];
  /** What the lines of a branch are called, whoever asks. */
  identities(branch: BranchId): LineIdentities;
  readonly history: History;
  readonly signals: LineSignals;
  readonly clock: Clock;
  readonly runs: FlowRuns;
  /** The line from its nearest kept state before an instant; at 0 where there is none. */
  before(definition: LineDefinition, instant: Instant): FoldRun;
  /** What is concluded of alarms; undefined while that is off. */
  alarms(): AlarmFold | undefined;
  /** The live documents, read by the system itself. */
  liveReader(time?: Instant): RecordReader;
  /** How far the past is read and derived, 0 to 1; undefined when all of it is. */
  pastProgress(): number | undefined;
}

/** What is asked of a line of this world, now and at any past instant, on any branch. */
export class LineService {
  readonly #options: LineServiceOptions;
  readonly #fold: LineFold;
  readonly #watchedSince: Instant;
  #rewound: { readonly generation: number; readonly past: FlowRun } | undefined;
  #rewinding: Promise<unknown> = Promise.resolve();

  constructor(options: LineServiceOptions) {
    this.#options = options;
    this.#fold = options.fold;
    this.#watchedSince = options.clock.now();
  }

  get definition(): LineDefinition | undefined {
    return this.#fold.line?.definition;
  }

  /** The line as it stands live; undefined where there is none. */
  get readings(): LineReadings | undefined {
    return this.#fold.readings;
  }

  /** Whether there is something to show of an instant: a line, or alarms without one. */
  async hasSnapshot(): Promise<boolean> {
    return this.#fold.line !== undefined || ((await this.#options.alarms()?.rules()) ?? []).length > 0;
  }

  info(view: WorldView, branch: BranchId): LineInfo {
    return shownLine(branch, this.lineOn(view, branch));
  }

  /** Values of signals that may not be read, and alarms that tell of them, are left out. */
  async snapshot(instant: Instant | undefined, mayRead: (signal: RecordId) => boolean): Promise<Snapshot> {
    const readable = async (at?: Instant): Promise<AlarmItem[]> =>
      ((await this.#options.alarms()?.at(at)) ?? [])
        .map(({ alarm }) => alarm)
        .filter((alarm) => mayRead(alarmSignalId(alarm.rule)) && this.#isOwn(alarm));
    const alarmsUnknownBefore = await this.#options.alarms()?.unknownBefore();
    if (!this.#fold.line && this.#options.id === undefined && (await this.hasSnapshot())) {
      const alarms = await readable(instant);
      return snapshotWithoutLine(instant ?? this.#fold.group.run.now(), { live: instant === undefined, alarms, alarmsUnknownBefore });
    }
    const { live, line } = this.#required();
    if (instant === undefined || instant >= live.now()) {
      const alarms = await readable();
      return shownSnapshot(live, {
        live: true,
        ...this.#unread(!this.#fold.group.isFolded, this.#watchedSince),
        alarms,
        alarmsUnknownBefore,
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
      ...this.#unread(this.#fold.group.isReadingArchive),
      alarms: await readable(instant),
      alarmsUnknownBefore,
      agvs: shownVehicles(line.agvs, (id) => valueAt.get(id)),
      lastCycleS: (station) => numberOf(valueAt.get(station.signals.LastCycle?.id ?? "")),
    });
  }

  /** Where a line is named, its alarms are those of its stations and of the rules that it begins with; otherwise those of the world. */
  #isOwn({ rule, station }: AlarmItem): boolean {
    const { line } = this.#fold;
    if (this.#options.id === undefined || line === undefined) return true;
    const { definition, shippedRules } = line;
    return definition.stations.some((own) => own.id === station) || (station === "" && shippedRules.some((own) => own.id === rule));
  }

  /** Whether counts cannot be known, and why: the past is being read, or there is none and the line is watched for too short. */
  #unread(countsMissing: boolean, since?: Instant): Pick<SnapshotExtras, "reading" | "watchedSince" | "countsMissing"> {
    const reading = this.#options.pastProgress();
    if (reading !== undefined) return { reading, countsMissing };
    const short = countsMissing && since !== undefined && this.#options.clock.now() - since < WINDOW;
    return short ? { watchedSince: since, countsMissing } : { countsMissing: false };
  }

  /**
   * Planned shifts; the one that runs at the instant as it stood then, the closed ones as they are known now. Errors: DW_NOT_FOUND of a line that was named.
   */
  async shifts(at?: Instant): Promise<LineShifts | undefined> {
    const { readings: live, line } = this.#fold;
    if (!line && this.#options.id !== undefined) throw noLine(this.#options.id);
    if (!live || !line) return undefined;
    const { definition } = line;
    const past = at !== undefined && at < live.now() - SECOND ? await this.#rewind(definition, at) : live;
    const running = past.calendar.shiftAt(at ?? live.now());
    return {
      constraint: definition.constraint,
      stations: definition.stations.map(({ id }) => id),
      taktS: definition.taktS,
      shifts: live.shiftIds().flatMap((id) => {
        const shift = id === running?.id ? past.shift(id) : live.shift(id);
        return shift?.planned ? [shift] : [];
      }),
      unplanned: live.shiftIds().flatMap((id) => {
        const shift = live.shift(id);
        return shift === undefined || shift.planned ? [] : [shift];
      }),
      running: running && { id: running.id, end: running.end },
      wip: running === undefined ? undefined : past.parts().wip.value,
    };
  }

  factors(view: WorldView, branch: BranchId): readonly FactorValue[] {
    return shownFactors(this.lineOn(view, LIVE), this.lineOn(view, branch), this.#observed(view, branch));
  }

  /** With which values of a property the plant was recorded, up to the instant that a branch knows. */
  #observed(view: WorldView, branch: BranchId): (element: RecordId) => ObservedRange | undefined {
    const live = this.#fold.readings;
    const [first] = live?.shiftIds() ?? [];
    const from = first === undefined ? undefined : live?.shift(first)?.from;
    if (live === undefined || from === undefined) return () => undefined;
    const own = view.branch(branch);
    const [revision, to] = branch === LIVE ? [view.revision(), live.now()] : [own.baseRevision, Math.min(own.instant, live.now())];
    return (element) => (to > from ? observedRange(view, element, revision, { from, to }) : undefined);
  }

  /** None of a world without a line. */
  parameters(view: WorldView, branch: BranchId): readonly FittedParameterValue[] {
    const own = view.branch(branch);
    const { readings: live, line } = this.#fold;
    if (!live || !line) return [];
    // The live branch has no base: it is its own.
    const base = branch === LIVE ? this.lineOn(view, LIVE) : this.#lineOf(view.reader(LIVE, { revision: own.baseRevision }), branch);
    const edited = this.lineOn(view, branch);
    const observed = observedBefore(live, branch === LIVE ? undefined : Math.min(own.instant, live.now()));
    const { parameters, drifts } = observedModel(base, observed);
    return shownParameters(parameters, base, edited, countedOf(base, drifts, observed));
  }

  /** Whether the plant is still the one a fit was made from; `fittedAt` undefined = live. */
  drift(fittedAt: Instant | undefined): DriftValue {
    const { readings, line } = this.#fold;
    return driftNotice(line && readings, fittedAt, (stations) => line!.described.observations(stations));
  }

  async experiment(view: WorldView, branch: BranchId, request: LineRunRequest): Promise<LineExperiment> {
    return buildExperiment(await this.experimentInput(view, branch, request));
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
    const identities = this.#options.identities(branch);
    for (const each of values) {
      lines.push(this.#lineOf(overlaid(reader, each), branch, identities));
      // a point is some milliseconds of reading: others are answered in between
      await new Promise((resolve) => setImmediate(resolve));
    }
    return buildPoints(await this.experimentInput(view, branch, request), lines);
  }

  /** What a run of the line is made from. */
  async experimentInput(view: WorldView, branch: BranchId, request: LineRunRequest): Promise<ExperimentInput> {
    const { live, line } = this.#required();
    const own = view.branch(branch);
    const instant = branch === LIVE ? live.now() : Math.min(own.instant, live.now());
    const base = branch === LIVE ? line : this.#lineOf(view.reader(LIVE, { revision: own.baseRevision }), branch);
    const edited = this.lineOn(view, branch);
    return {
      base,
      edited,
      at: request.kind === "forecast" ? await this.#pastOf(base, instant) : live,
      observations: observedBefore(live, instant),
      request,
      instant,
      calendar: live.calendar,
      diffHash: branch === LIVE ? "" : view.planMerge(branch).diffHash,
      observed: this.#observed(view, branch),
    };
  }

  /** The line as the shells of a branch describe it. */
  lineOn(view: WorldView, branch: BranchId): LineOfShells {
    return this.#lineOf(view.reader(branch), branch);
  }

  /** Site, area and line of ISA-95, as far as the shells say. */
  title(): readonly { readonly en: string; readonly zh: string }[] {
    return this.#fold.line?.path ?? [];
  }

  /** P4: two origins in each past shift that was seen whole, with what came of it. */
  backtestOrigins(): readonly BacktestOrigin[] {
    const { readings } = this.#fold;
    return readings ? backtestOrigins(readings) : [];
  }

  async backtestModel(origin: BacktestOrigin): Promise<ExperimentModel> {
    const { live, line } = this.#required();
    const documents = this.#lineAsOf(origin.instant) ?? line;
    const past = await this.#pastOf(line, origin.instant);
    const { parameters, ...seen } = await observedModelInTurns(documents, observedBefore(live, origin.instant));
    const nominal = withPlannedShifts(seen.nominal, documents, origin.instant, (origin.nextShift ?? origin.shift).end);
    return { nominal, edited: nominal, parameters, initialState: line.described.initialState(past.estimate(), nominal) };
  }

  /** What a forecast begins from: the live state where it is asked for now, else the nearest one that was kept before the instant. */
  async #pastOf({ definition }: LineOfShells, instant: Instant): Promise<LineReadings> {
    const { live } = this.#required();
    const isNow = instant >= live.now() && JSON.stringify(live.definition) === JSON.stringify(definition);
    const state = isNow ? flowRun(definition, this.#fold.state) : this.#before(definition, instant + 1);
    return (await this.#options.runs.withOperatingTimes(definition, instant, state)).line;
  }

  #before(definition: LineDefinition, instant: Instant): FlowRun | undefined {
    const run = this.#options.before(definition, instant);
    return run.now() === 0 ? undefined : { definition, run, line: readingsOf(run, definition.id)! };
  }

  /** Documents as they were; those of the first import where the origin is older than the world. */
  #lineAsOf(instant: Instant): LineOfShells | undefined {
    return readLine(this.#options.sources(), { reader: this.#options.liveReader(instant), at: instant }, this.#fold.line?.id);
  }

  #lineOf(reader: RecordReader, branch: BranchId, identities = this.#options.identities(branch)): LineOfShells {
    const request = { reader, at: this.#options.clock.now(), identities };
    const line = readLine(this.#options.sources(), request, this.#options.id ?? this.#fold.line?.id);
    if (!line && this.#options.id !== undefined) throw noLine(this.#options.id);
    if (!line) throw new DoppelwerkError("DW_NOT_FOUND", message("line.noProductionLineCanReadShells"));
    return line;
  }

  /** One rewind at a time; the run of the last one is moved on when the next instant lies shortly after. */
  #rewind(definition: LineDefinition, instant: Instant): Promise<LineReadings> {
    const turn = this.#rewinding.then(async () => {
      const { generation } = this.#fold.group;
      const last = this.#rewound;
      const known = last?.generation === generation && last.past.definition === definition ? last.past : undefined;
      if (known?.line.now() === instant) return known.line;
      const past = await this.#options.runs.at(definition, instant, known);
      this.#rewound = { generation, past };
      return past.line;
    });
    this.#rewinding = turn.catch(() => {
      // handled by the caller; the next one has its turn all the same
    });
    return turn;
  }

  #required(): { readonly live: LineReadings; readonly line: LineOfShells } {
    const { readings: live, line } = this.#fold;
    if (!live && this.#fold.isStopped) throw new DoppelwerkError("DW_UNAVAILABLE", message("server.foldStopped", { fold: flowFold.id }));
    if ((!live || !line) && this.#options.id !== undefined) throw noLine(this.#options.id);
    if (!live || !line) throw new DoppelwerkError("DW_NOT_FOUND", message("line.worldNoProductionLineYet"));
    return { live, line };
  }
}

function noLine(id: RecordId): DoppelwerkError {
  return new DoppelwerkError("DW_NOT_FOUND", message("line.noSuchLine", { line: id.slice(0, 200) }));
}
