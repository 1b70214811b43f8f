import type { Instant } from "../instant.ts";
import type { SampleBatch } from "../signals/sample.ts";
import { orderOfRows } from "./row-order.ts";

/** Takes one sample of a wanted signal, in order of time. `value` is NaN and `text` undefined where there is none; `origin` is its code, 0 = not given. */
// oxlint-disable-next-line max-params -- once a sample, without an object
export type SampleSink = (slot: number, value: number, text: string | undefined, quality: number, time: Instant, origin: number) => void;
/** Takes an event: an output of another fold, an act. */
export type EventSink = (slot: number, event: unknown, time: Instant) => void;

/**
 * Brings samples into the order of their source time before an engine sees them: batches may be cut and mixed in any way.
 * A sample is given out once `advance` passes its time; the same sample twice is given out once (P21); what comes after its time
 * is given out at once and counted as late, unless a newer sample of the same signal was given out already: then it is dropped and counted.
 */
export interface SampleIntake {
  /** `signalIds[i]` names index i of the batch; the same array may grow between calls. */
  step(batch: SampleBatch, signalIds: readonly string[]): void;
  /** One sample; `origin` is its code. */
  // oxlint-disable-next-line max-params -- once a sample, without an object
  put(slot: number, value: number, text: string | undefined, quality: number, time: Instant, origin: number): void;
  /** An event is told from others of its slot and instant by its `id`; without one it is never a duplicate. Plain JSON. */
  putEvent(slot: number, event: unknown, time: Instant, id?: string): void;
  /** Time of the next sample, Infinity when none waits. */
  nextTime(until: Instant): Instant;
  /** Gives out the next sample or event; only after `nextTime` was finite. */
  take(sink: SampleSink, eventSink?: EventSink): void;
  /** What was given out is forgotten. */
  settle(): void;
  readonly counts: IntakeCounts;
  snapshot(): IntakeState;
  restore(state: IntakeState): void;
}

export interface IntakeCounts {
  late: number;
  dropped: number;
  duplicates: number;
  /** The earliest sample dropped since the counts were reset: history from here differs from what was folded. */
  lateFrom?: Instant;
}

export interface IntakeState {
  readonly pending: readonly {
    readonly slot: number;
    readonly value?: number;
    readonly text?: string;
    readonly quality: number;
    readonly time: Instant;
    readonly origin?: number;
    readonly event?: unknown;
  }[];
  readonly lastTimes: readonly number[];
  readonly lastValues: readonly (number | string)[];
  readonly counts: IntakeCounts;
}

/** The state of an intake for other wanted signals. */
export function carriedIntakeState(state: IntakeState, before: readonly string[], after: readonly string[]): IntakeState {
  const slotBefore = new Map(before.map((id, slot) => [id, slot]));
  const slotAfter = new Map(after.map((id, slot) => [id, slot]));
  return {
    ...state,
    pending: state.pending.flatMap((sample) => {
      const slot = slotAfter.get(before[sample.slot]!);
      return slot === undefined ? [] : [{ ...sample, slot }];
    }),
    lastTimes: [...after.map((id) => state.lastTimes[slotBefore.get(id) ?? -1] ?? -1), state.lastTimes[before.length] ?? -1],
    lastValues: after.map((id) => state.lastValues[slotBefore.get(id) ?? -1] ?? 0),
  };
}

/** What stands in the column of qualities where the row is an event. */
const EVENT = 255;

/** `signals` are the wanted signal ids; a sample's slot is its position there. */
export function createSampleIntake(signals: readonly string[]): SampleIntake {
  const slotOf = new Map(signals.map((id, slot) => [id, slot]));
  let named: readonly string[] = [];
  let namedCount = 0;
  let slots = new Int32Array(0);
  let slot = new Int32Array(1024);
  let value = new Float64Array(1024);
  let time = new Float64Array(1024);
  let quality = new Uint8Array(1024);
  let origin = new Uint8Array(1024);
  /** Texts of samples, ids of events. */
  let texts: (string | undefined)[] = [];
  /** Events by row. */
  let events = new Map<number, unknown>();
  /** Of the rows; undefined while they lie in it. */
  let order: Uint32Array | undefined;
  let count = 0;
  let next = 0;
  let sorted = true;
  let counts: IntakeCounts = { late: 0, dropped: 0, duplicates: 0 };
  const lastTimes = new Float64Array(signals.length).fill(-1);
  const lastValues: (number | string)[] = signals.map(() => 0);
  let given = -1;

  function name(signalIds: readonly string[]): void {
    if (signalIds === named && signalIds.length === namedCount) return;
    const from = signalIds === named ? namedCount : 0;
    const grown = new Int32Array(signalIds.length).fill(-1);
    if (from > 0) grown.set(slots.subarray(0, from));
    for (let index = from; index < signalIds.length; index++) grown[index] = slotOf.get(signalIds[index]!) ?? -1;
    slots = grown;
    named = signalIds;
    namedCount = signalIds.length;
  }

  function grow(): void {
    const size = slot.length * 2;
    const wider = {
      slot: new Int32Array(size),
      value: new Float64Array(size),
      time: new Float64Array(size),
      quality: new Uint8Array(size),
      origin: new Uint8Array(size),
    };
    wider.slot.set(slot);
    wider.value.set(value);
    wider.time.set(time);
    wider.quality.set(quality);
    wider.origin.set(origin);
    ({ slot, value, time, quality, origin } = wider);
  }

  // oxlint-disable-next-line max-params -- once a sample, without an object
  function push(atSlot: number, atValue: number, text: string | undefined, atQuality: number, atTime: Instant, atOrigin: number): void {
    if (count === slot.length) grow();
    if (count > 0 && sorted && atTime < time[count - 1]!) sorted = false;
    // Samples of one instant go by slot, so that the order of arrival does not matter.
    if (count > 0 && sorted && atTime === time[count - 1]! && atSlot < slot[count - 1]!) sorted = false;
    slot[count] = atSlot;
    value[count] = atValue;
    time[count] = atTime;
    quality[count] = atQuality;
    origin[count] = atOrigin;
    texts[count] = text;
    count += 1;
  }

  function pushEvent(atSlot: number, event: unknown, atTime: Instant, id?: string): void {
    push(atSlot, Number.NaN, id, EVENT, atTime, 0);
    events.set(count - 1, event);
  }

  function arrange(): void {
    if (order?.length !== count) order = orderOfRows({ time, slot }, count);
  }

  const row = (): number => (order === undefined ? next : order[next]!);

  return {
    counts,
    step: (batch, signalIds) => {
      name(signalIds);
      if (next > 0) compact();
      for (let index = 0; index < batch.count; index++) {
        const found = slots[batch.signals[index]!] ?? -1;
        if (found < 0) continue;
        const code = batch.origins?.[index] ?? 0;
        push(found, batch.values[index]!, batch.texts.get(index), batch.qualities[index]!, batch.sourceTimes[index]!, code);
      }
    },
    // oxlint-disable-next-line max-params -- once a sample, without an object
    put: (atSlot, atValue, text, atQuality, atTime, atOrigin) => {
      if (next > 0) compact();
      push(atSlot, atValue, text, atQuality, atTime, atOrigin);
    },
    putEvent: (atSlot, event, atTime, id) => {
      if (next > 0) compact();
      pushEvent(atSlot, event, atTime, id);
    },
    nextTime: (until) => {
      if (next >= count) return Infinity;
      if (!sorted) arrange();
      const at = time[row()]!;
      return at <= until ? at : Infinity;
    },
    take: (sink, eventSink) => {
      const at = row();
      next += 1;
      const own = slot[at]!;
      const when = time[at]!;
      if (quality[at] === EVENT) return takeEvent(at, eventSink);
      const what: number | string = texts[at] ?? value[at]!;
      if (when === lastTimes[own] && Object.is(what, lastValues[own])) {
        counts.duplicates += 1;
        return;
      }
      // Two changes with one time stamp happen in coarse clocks: the one that came later is the newer.
      if (when < lastTimes[own]!) {
        counts.dropped += 1;
        counts.lateFrom = Math.min(counts.lateFrom ?? when, when);
        return;
      }
      if (when < given) counts.late += 1;
      else given = when;
      lastTimes[own] = when;
      lastValues[own] = what;
      sink(own, value[at]!, texts[at], quality[at]!, when, origin[at]!);
    },
    settle: () => {
      if (next > 0) compact();
    },
    snapshot: () => {
      compact();
      return {
        pending: Array.from({ length: count }, (_, index) => ({
          slot: slot[index]!,
          ...(Number.isNaN(value[index]!) ? {} : { value: value[index]! }),
          ...(texts[index] === undefined ? {} : { text: texts[index] }),
          quality: quality[index]!,
          time: time[index]!,
          ...(origin[index] === 0 ? {} : { origin: origin[index]! }),
          ...(quality[index] === EVENT ? { event: events.get(index) } : {}),
        })),
        lastTimes: [...lastTimes, given],
        lastValues: lastValues.map((last) => (typeof last === "number" && Number.isNaN(last) ? "NaN" : last)),
        counts: { ...counts },
      };
    },
    restore: (state) => {
      count = 0;
      next = 0;
      sorted = true;
      order = undefined;
      texts = [];
      events = new Map();
      for (const sample of state.pending)
        if (sample.quality === EVENT) pushEvent(sample.slot, sample.event, sample.time, sample.text);
        else push(sample.slot, sample.value ?? Number.NaN, sample.text, sample.quality, sample.time, sample.origin ?? 0);
      state.lastTimes.forEach((last, index) => {
        if (index < lastTimes.length) lastTimes[index] = last;
      });
      given = state.lastTimes[signals.length] ?? -1;
      state.lastValues.forEach((last, index) => {
        lastValues[index] = last === "NaN" ? Number.NaN : last;
      });
      for (const key of ["late", "dropped", "duplicates"] as const) counts[key] = state.counts[key];
      if (state.counts.lateFrom === undefined) delete counts.lateFrom;
      else counts.lateFrom = state.counts.lateFrom;
    },
  };

  function takeEvent(at: number, sink: EventSink | undefined): void {
    const own = slot[at]!;
    const when = time[at]!;
    const id = texts[at];
    if (id !== undefined && when === lastTimes[own] && id === lastValues[own]) {
      counts.duplicates += 1;
      return;
    }
    if (when < given) counts.late += 1;
    else given = when;
    if (id !== undefined) {
      lastTimes[own] = when;
      lastValues[own] = id;
    }
    sink?.(own, events.get(at), when);
  }

  /** Moves what still waits to the front. */
  function compact(): void {
    if (next >= count) {
      count = 0;
      texts.length = 0;
      if (events.size > 0) events.clear();
    } else {
      moveRest();
    }
    next = 0;
    order = undefined;
    if (count === 0) sorted = true;
  }

  /** In order, if they were put in order. */
  function moveRest(): void {
    if (order !== undefined) arrange();
    else if (next === 0) return;
    const rest = order?.subarray(next);
    const left = count - next;
    const rowOf = (index: number): number => rest?.[index] ?? next + index;
    if (rest === undefined) for (const column of [slot, value, time, quality, origin]) column.copyWithin(0, next, count);
    else for (const column of [slot, value, time, quality, origin]) column.set(Float64Array.from(rest, (row) => column[row]!));
    texts = Array.from({ length: left }, (_, index) => texts[rowOf(index)]);
    if (events.size > 0) {
      const waiting = Array.from({ length: left }, (_, index) => index).filter((index) => quality[index] === EVENT);
      events = new Map(waiting.map((index) => [index, events.get(rowOf(index))]));
    }
    count = left;
    if (rest !== undefined) sorted = true;
  }
}
