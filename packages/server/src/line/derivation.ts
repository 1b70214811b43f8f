import type { AlarmEvent, AlarmRule, LineDefinition, LineEngine, StateInterval } from "@doppelwerk/operations";
import { createLineEngine } from "@doppelwerk/operations";
import { LIVE, SECOND } from "@doppelwerk/world";
import type { History, Instant, RecordId } from "@doppelwerk/world";
import { readWindow } from "../history/window.ts";
import type { WantedSignal } from "../history/window.ts";
import { zoneOffsetOf } from "./zone-offset.ts";

/** Span folded in one go: small enough that the process answers in between. */
const CHUNK: Instant = 30 * 60 * SECOND;

export interface Derived {
  readonly intervals: readonly StateInterval[];
  readonly alarms: readonly AlarmEvent[];
}

/** Folds recorded samples into line engines: the past of the live engine, and the picture of any instant. */
export class Derivation {
  readonly #history: History;
  readonly #wanted: (ids: readonly RecordId[]) => readonly WantedSignal[];
  readonly #ids: () => readonly RecordId[];

  constructor(history: History, signals: { wanted(ids: readonly RecordId[]): readonly WantedSignal[]; readonly table: { readonly ids: readonly RecordId[] } }) {
    this.#history = history;
    this.#wanted = (ids) => signals.wanted(ids);
    this.#ids = () => signals.table.ids;
  }

  create(definition: LineDefinition, rules: readonly AlarmRule[], extract: boolean): LineEngine {
    return createLineEngine(definition, { zoneOffset: zoneOffsetOf(definition.timeZone), rules, extract });
  }

  /** Where the recorded past of the line begins, undefined when there is none. */
  async begin(engine: LineEngine): Promise<Instant | undefined> {
    const extents = await Promise.all(this.#wanted(engine.signals).map(({ id }) => this.#history.extent({ branch: LIVE, signal: id })));
    const firsts = extents.flatMap((extent) => (extent ? [extent.first] : []));
    return firsts.length === 0 ? undefined : Math.min(...firsts);
  }

  /** Folds [from, to) into the engine piece by piece; `onDerived` gets what each piece concluded, `onPiece` how far it is. */
  async fold(engine: LineEngine, from: Instant, to: Instant, onDerived: (derived: Derived) => Promise<void>, onPiece: (done: Instant) => void = () => {}, signal?: AbortSignal): Promise<void> {
    const wanted = this.#wanted(engine.signals);
    for (let start = from; start < to && !signal?.aborted; start += CHUNK) {
      const end = Math.min(start + CHUNK, to);
      const batch = await readWindow(this.#history, wanted, start, end, LIVE, start === from);
      engine.step(batch, this.#ids());
      engine.advance(end - 1);
      await onDerived(engine.drain());
      onPiece(end);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The line at an instant of the past: two hours of samples before it folded by a fresh engine. */
  async at(definition: LineDefinition, instant: Instant, window: Instant): Promise<LineEngine> {
    const engine = this.create(definition, [], false);
    const wanted = this.#wanted(engine.signals);
    engine.step(await readWindow(this.#history, wanted, instant - window, instant + 1), this.#ids());
    engine.advance(instant);
    return engine;
  }
}
