import { randomBytes } from "node:crypto";
import type { Clock, Instant, SampleBatch } from "@doppelwerk/world";
import { FrameTimes } from "./frame-times.ts";
import { FollowedBatch, type ShownFrame } from "./followed-batch.ts";
import type { RecordedSpan, SpanSink } from "../telemetry/span-sink.ts";

export interface FollowedBatchesOptions {
  readonly clock: Clock;
  /** Where spans go; undefined where only times are read. */
  readonly spans?: SpanSink | undefined;
  /** From 0 to 1; default random. */
  readonly random?: () => number;
}

/** Between two batches that are followed, on the average; spread, so that no rhythm of a plant is always met or missed. */
const EVERY: Instant = 1_000_000;
/** Older values are those of an archive. */
const PAST: Instant = 60_000_000;
/** A frame that was not shown by then is not waited for: the window is hidden, or gone. */
const GIVEN_UP: Instant = 10_000_000;
const MAX_OPEN = 64;

/**
 * Follows about one batch a second of a world from its machine to the frames that show it. A batch that is not followed costs a comparison; what is
 * followed of one that is are ten times in one object, whatever it holds.
 */
export class FollowedBatches {
  readonly frames: FrameTimes;
  readonly #clock: Clock;
  readonly #spans: SpanSink | undefined;
  readonly #random: () => number;
  /** By trace context. */
  readonly #open = new Map<string, FollowedBatch>();
  #due: Instant = 0;

  constructor({ clock, spans, random = Math.random }: FollowedBatchesOptions) {
    this.#clock = clock;
    this.#spans = spans;
    this.#random = random;
    this.frames = new FrameTimes(() => clock.now() / 1_000);
  }

  /** Of a batch that has just come from its machine; undefined for one that is not followed. */
  follow(batch: SampleBatch): FollowedBatch | undefined {
    if (batch.count === 0) return undefined;
    const now = this.#clock.now();
    // what is of the past is stored and shown nowhere
    if (now < this.#due || now - batch.sourceTimes[0]! > PAST) return undefined;
    this.#due = now + EVERY * (0.5 + this.#random());
    for (const [id, open] of this.#open) if (now - open.times.reached > GIVEN_UP || this.#open.size >= MAX_OPEN) this.#end(id, open);
    const id = `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`;
    const followed = new FollowedBatch(id, { read: Math.min(batch.serverTimes[0]!, now), reached: now }, this.#clock);
    this.#open.set(id, followed);
    return followed;
  }

  /** What was begun by `follow`; undefined where it was given up. */
  of({ trace }: { readonly trace: string }): FollowedBatch | undefined {
    return this.#open.get(trace);
  }

  /** A window has shown a frame that was sent to it. What is not waited for is no fault: it may have come too late. */
  shown(seat: string, frame: ShownFrame): void {
    const followed = this.#open.get(frame.trace);
    const viewed = followed?.shown(seat, frame);
    if (followed === undefined || viewed === undefined) return;
    this.frames.record(viewed.view, (viewed.drawn - followed.times.read) / 1_000);
    if (followed.isWhole) this.#end(frame.trace, followed);
  }

  /** Ends what is still followed. */
  close(): void {
    for (const [id, open] of this.#open) this.#end(id, open);
  }

  #end(id: string, followed: FollowedBatch): void {
    this.#open.delete(id);
    if (this.#spans !== undefined) for (const span of spansOf(followed)) this.#spans.record(span);
  }
}

/** One span for the whole way, and one for each part of it. Times that were never reached have none. */
function spansOf({ trace, times, rows, frames }: FollowedBatch): readonly RecordedSpan[] {
  const parts = [
    ["sample.connector", times.read, times.reached],
    ["sample.map", times.reached, times.mapped],
    ["sample.queue", times.mapped, times.ticked],
    ["sample.table", times.ticked, times.taken],
    ["sample.store", times.taken ?? times.mapped, times.stored],
    ["sample.fold", times.taken, times.folded],
    ["sample.publish", times.folded, times.published],
  ] as const;
  const spans: RecordedSpan[] = parts.flatMap(([name, from, to]) =>
    from === undefined || to === undefined ? [] : [{ name, from: Math.min(from, to), to, parent: trace }],
  );
  for (const { view, sent, received, drawn, roundTrip } of frames)
    spans.push(
      { name: "frame.send", from: sent, to: received, parent: trace, attributes: { "doppelwerk.round_trip_us": roundTrip } },
      { name: "frame.draw", from: received, to: drawn, parent: trace, attributes: { "doppelwerk.view": view } },
    );
  const ends = [times.reached, times.published, times.stored, ...frames.map(({ drawn }) => drawn)].filter((time) => time !== undefined);
  const attributes = { "doppelwerk.rows": rows, "doppelwerk.frames": frames.length };
  return [{ name: "sample", context: trace, from: times.read, to: Math.max(...ends), attributes }, ...spans];
}
