import {
  flowFold,
  flowInstance,
  kpiFold,
  kpiInstance,
  lineReadings,
  type FlowFolding,
  type FlowOutput,
  type KpiFolding,
  type LineDefinition,
  type LineReadings,
} from "@doppelwerk/operations";
import { createFoldRun, LIVE, readWindow, SECOND } from "@doppelwerk/world";
import type { FoldRun, FoldState, History, Instant, RecordId, WantedSignal } from "@doppelwerk/world";

/** A line folded apart from the live one, to be asked. */
export interface FlowRun {
  readonly definition: LineDefinition;
  readonly run: FoldRun;
  readonly line: LineReadings;
}

export interface Folded {
  onPiece(outputs: readonly FlowOutput[]): void;
  readonly signal: { readonly aborted: boolean };
}

/** Span folded in one go: small enough that the process answers in between. */
const CHUNK: Instant = 30 * 60 * SECOND;
/** Parts stay on the line for less than this. */
export const WINDOW: Instant = 2 * 3_600 * SECOND;
/** A state further back costs more to move on than the times it brings are worth. */
const OLDEST_STATE: Instant = 24 * 3_600 * SECOND;
/** Before the shift begins: who stood where. */
const LEAD: Instant = 30 * 60 * SECOND;
/** So long the beginning of the past is taken for the one that was read: every page asks for it, and it needs all rows in memory. */
const SAME_BEGIN: Instant = 10 * SECOND;

/** The recorded line at any instant: runs of its fold over stored samples, beside the live one. */
export class FlowRuns {
  readonly #history: History;
  readonly #wanted: (ids: readonly RecordId[]) => readonly WantedSignal[];
  readonly #ids: () => readonly RecordId[];
  readonly #now: () => Instant;
  readonly #begins = new WeakMap<readonly RecordId[], { readonly at: Instant; readonly begin: Promise<Instant | undefined> }>();

  constructor(
    history: History,
    signals: { wanted(ids: readonly RecordId[]): readonly WantedSignal[]; readonly table: { readonly ids: readonly RecordId[] } },
    now: () => Instant,
  ) {
    this.#history = history;
    this.#now = now;
    this.#wanted = (ids) => signals.wanted(ids);
    this.#ids = () => signals.table.ids;
  }

  /** Where the recorded past of signals begins, undefined when there is none; of the same list at most a few seconds old. */
  async begin(signals: readonly RecordId[]): Promise<Instant | undefined> {
    const now = this.#now();
    const known = this.#begins.get(signals);
    const begin = known !== undefined && now - known.at < SAME_BEGIN ? await known.begin : undefined;
    if (begin !== undefined) return begin;
    const asked = { at: now, begin: this.#readBegin(signals) };
    this.#begins.set(signals, asked);
    return asked.begin;
  }

  async #readBegin(signals: readonly RecordId[]): Promise<Instant | undefined> {
    const extents = await Promise.all(this.#wanted(signals).map(({ id }) => this.#history.extent({ branch: LIVE, signal: id })));
    const firsts = extents.flatMap((extent) => (extent ? [extent.first] : []));
    return firsts.length === 0 ? undefined : Math.min(...firsts);
  }

  /** Folds [from, to) piece by piece. */
  async fold({ run }: FlowRun, from: Instant, to: Instant, { onPiece, signal }: Folded): Promise<void> {
    const wanted = this.#wanted(run.signals);
    for (let start = from; start < to && !signal.aborted; start += CHUNK) {
      const end = Math.min(start + CHUNK, to);
      run.step(await readWindow(this.#history, wanted, start, end, LIVE, start === from), this.#ids());
      run.advance(end - 1);
      onPiece(run.drain().map(({ output }) => output as FlowOutput));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /**
   * The line at an instant of the past, folded from the beginning of its shift, or two hours back, so that counts, parts and states are those the live run
   * had. A `known` run that stands shortly before is moved on instead.
   */
  async at(definition: LineDefinition, instant: Instant, known?: FlowRun): Promise<FlowRun> {
    const onward =
      known !== undefined &&
      known.line.now() <= instant &&
      instant - known.line.now() < WINDOW &&
      known.line.calendar.shiftAt(known.line.now())?.id === known.line.calendar.shiftAt(instant)?.id;
    return onward ? this.#onward(known, instant) : this.#fresh(lineRun(definition), instant);
  }

  /**
   * The line at an instant of the past with what a forecast begins from: operating times since the last stop go back for days, so the run goes on from
   * `state`, one of that instant or before, when it is not older than a day. Without one they count from where it begins, and its estimate says so.
   */
  async withOperatingTimes(definition: LineDefinition, instant: Instant, state?: FlowRun): Promise<FlowRun> {
    const isNear = state !== undefined && state.line.now() <= instant && instant - state.line.now() < OLDEST_STATE;
    return isNear ? this.#onward(state, instant) : this.#fresh(flowRun(definition), instant);
  }

  #fresh(run: FlowRun, instant: Instant): Promise<FlowRun> {
    const shift = run.line.calendar.shiftAt(instant);
    return this.#moved(run, Math.min(instant - WINDOW, (shift?.start ?? instant) - LEAD), instant, true);
  }

  #onward(run: FlowRun, instant: Instant): Promise<FlowRun> {
    return this.#moved(run, run.line.now() + 1, instant, false);
  }

  async #moved(flow: FlowRun, from: Instant, instant: Instant, withBefore: boolean): Promise<FlowRun> {
    if (from > instant) return flow;
    const { run } = flow;
    const wanted = this.#wanted(run.signals);
    for (let start = from; start <= instant; start += WINDOW) {
      const end = Math.min(start + WINDOW, instant + 1);
      run.step(await readWindow(this.#history, wanted, start, end, LIVE, withBefore && start === from), this.#ids());
      run.advance(end - 1);
      run.drain();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return flow;
  }
}

/** A line with its key figures, from the beginning. */
export function lineRun(definition: LineDefinition): FlowRun {
  const run = createFoldRun([
    { fold: flowFold, ...flowInstance(definition) },
    { fold: kpiFold, ...kpiInstance(definition) },
  ]);
  return { definition, run, line: readingsOf(run, definition.id)! };
}

/** A line without its key figures; with a state it goes on from there. */
export function flowRun(definition: LineDefinition, from?: FoldState): FlowRun {
  const run = createFoldRun([{ fold: flowFold, ...flowInstance(definition), ...(from && { from: structuredClone(from) }) }]);
  return { definition, run, line: readingsOf(run, definition.id)! };
}

/** What is asked of a line as a run has it, its key figures where these are folded too; undefined where it is not folded, or was stopped. */
export function readingsOf(run: Pick<FoldRun, "folding" | "now">, line: RecordId): LineReadings | undefined {
  const flow = run.folding(flowFold.id, line) as FlowFolding | undefined;
  return (
    flow &&
    lineReadings(
      flow.readings(() => run.now()),
      run.folding(kpiFold.id, line) as KpiFolding | undefined,
    )
  );
}
