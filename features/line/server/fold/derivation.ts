import type { AlarmEvent, AlarmRule, LineDefinition, LineEngine, OperatorAction, StateInterval } from "@doppelwerk/operations";
import { createLineEngine, zoneOffsetOf } from "@doppelwerk/operations";
import { LIVE, SECOND } from "@doppelwerk/world";
import type { History, Instant, RecordId, SampleBatch } from "@doppelwerk/world";
import { readWindow } from "@doppelwerk/world";
import type { WantedSignal } from "@doppelwerk/world";

/** Span folded in one go: small enough that the process answers in between. */
const CHUNK: Instant = 30 * 60 * SECOND;

export interface Derived {
  readonly intervals: readonly StateInterval[];
  readonly alarms: readonly AlarmEvent[];
}

/** What a person did to an alarm, and when. */
export interface OperatorAct {
  readonly instant: Instant;
  readonly action: OperatorAction;
}

export interface Fold {
  /** In order of time: what people did in the span to be folded, so that it is folded too. */
  readonly acts: readonly OperatorAct[];
  /** Gets what each piece concluded, and from which samples. */
  onDerived(derived: Derived, batch: SampleBatch): Promise<void>;
  /** How far the fold is. */
  onPiece(done: Instant): void;
  readonly signal: { readonly aborted: boolean };
}

/** Folds recorded samples into line engines: the past of the live engine, and the picture of any instant. */
export class Derivation {
  readonly #history: History;
  readonly #wanted: (ids: readonly RecordId[]) => readonly WantedSignal[];
  readonly #ids: () => readonly RecordId[];
  readonly #attendedFrom: Instant;
  readonly #rulesSince: () => ReadonlyMap<RecordId, Instant>;

  /** `attendedFrom`: before it nobody could see, or do anything to, an alarm of this line. `rulesSince`: of edited rules, since when they hold. */
  constructor(
    history: History,
    signals: { wanted(ids: readonly RecordId[]): readonly WantedSignal[]; readonly table: { readonly ids: readonly RecordId[] } },
    attendedFrom: Instant,
    rulesSince: () => ReadonlyMap<RecordId, Instant> = () => new Map(),
  ) {
    this.#rulesSince = rulesSince;
    this.#history = history;
    this.#attendedFrom = attendedFrom;
    this.#wanted = (ids) => signals.wanted(ids);
    this.#ids = () => signals.table.ids;
  }

  create(definition: LineDefinition, rules: readonly AlarmRule[], extract: boolean): LineEngine {
    return createLineEngine(definition, {
      zoneOffset: zoneOffsetOf(definition.timeZone),
      rules,
      rulesSince: this.#rulesSince(),
      extract,
      attendedFrom: this.#attendedFrom,
    });
  }

  /** Where the recorded past of the line begins, undefined when there is none. */
  async begin(engine: LineEngine): Promise<Instant | undefined> {
    const extents = await Promise.all(this.#wanted(engine.signals).map(({ id }) => this.#history.extent({ branch: LIVE, signal: id })));
    const firsts = extents.flatMap((extent) => (extent ? [extent.first] : []));
    return firsts.length === 0 ? undefined : Math.min(...firsts);
  }

  /** Folds [from, to) into the engine piece by piece. */
  async fold(engine: LineEngine, from: Instant, to: Instant, { acts, onDerived, onPiece, signal }: Fold): Promise<void> {
    const wanted = this.#wanted(engine.signals);
    for (let start = from; start < to && !signal.aborted; start += CHUNK) {
      const end = Math.min(start + CHUNK, to);
      const batch = await readWindow(this.#history, wanted, start, end, LIVE, start === from);
      engine.step(batch, this.#ids());
      carryOut(
        engine,
        acts.filter(({ instant }) => instant >= start && instant < end),
      );
      engine.advance(end - 1);
      await onDerived(engine.drain(), batch);
      onPiece(end);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /**
   * The line at an instant of the past, folded by a fresh engine from the beginning of its shift, or two hours back, so that counts, parts and states
   * are those the live engine had. `from` an engine that stands shortly before is moved on instead.
   */
  async at(definition: LineDefinition, instant: Instant, known?: LineEngine): Promise<LineEngine> {
    const onward =
      known !== undefined &&
      known.now() <= instant &&
      instant - known.now() < WINDOW &&
      known.calendar.shiftAt(known.now())?.id === known.calendar.shiftAt(instant)?.id;
    if (onward) return this.#onward(known, instant);
    return this.#fresh(this.create(definition, [], false), instant);
  }

  /**
   * The line at an instant of the past with what a forecast begins from: operating times since the last stop go back for days, so the fold goes on from
   * `state`, a whole one of that instant or before, when it is not older than a day. Without one they count from where the fold begins, and are told so.
   */
  async withOperatingTimes(
    definition: LineDefinition,
    rules: readonly AlarmRule[],
    instant: Instant,
    state?: LineEngine,
  ): Promise<LineEngine> {
    if (state !== undefined && state.now() <= instant && instant - state.now() < OLDEST_STATE) return this.#onward(state, instant);
    return this.#fresh(this.create(definition, rules, true), instant);
  }

  #fresh(engine: LineEngine, instant: Instant): Promise<LineEngine> {
    const shift = engine.calendar.shiftAt(instant);
    return this.#moved(engine, Math.min(instant - WINDOW, (shift?.start ?? instant) - LEAD), instant, true);
  }

  #onward(engine: LineEngine, instant: Instant): Promise<LineEngine> {
    return this.#moved(engine, engine.now() + 1, instant, false);
  }

  async #moved(engine: LineEngine, from: Instant, instant: Instant, withBefore: boolean): Promise<LineEngine> {
    if (from > instant) return engine;
    engine.step(await readWindow(this.#history, this.#wanted(engine.signals), from, instant + 1, LIVE, withBefore), this.#ids());
    engine.advance(instant);
    engine.drain();
    return engine;
  }
}

/** Does again what people did; what does not fit the alarm as it is derived now is left out. */
export function carryOut(engine: LineEngine, acts: readonly OperatorAct[]): void {
  const refused = new Set(engine.refusedRules.map(({ rule }) => rule));
  const known = new Set(engine.rules.flatMap(({ id, enabled }) => (enabled && !refused.has(id) ? [id] : [])));
  for (const { instant, action } of acts) {
    if (!known.has(action.rule) || instant < (engine.rulesSince.get(action.rule) ?? 0)) continue;
    engine.advance(instant);
    engine.act(action, instant);
  }
}

/** The state of an engine in another one of the same definition and rules. */
export function copyOf(engine: LineEngine, into: LineEngine): LineEngine {
  into.restore(JSON.parse(JSON.stringify(engine.snapshot())) as ReturnType<LineEngine["snapshot"]>);
  return into;
}

/** Parts stay on the line for less than this. */
export const WINDOW: Instant = 2 * 3_600 * SECOND;
/** A state further back costs more to move on than the times it brings are worth. */
const OLDEST_STATE: Instant = 24 * 3_600 * SECOND;
/** Before the shift begins: who stood where. */
const LEAD: Instant = 30 * 60 * SECOND;
