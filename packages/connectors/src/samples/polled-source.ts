import { message, type Message } from "@doppelwerk/messages";
import type { SampleSource } from "@doppelwerk/world";
import { reasonOf } from "./reason-of.ts";
import { createSessionSource, type SessionSourceParts } from "./session-source.ts";
import type { ValueIntake } from "./value-intake.ts";
import { pause } from "./pause.ts";

export interface Poller {
  /** Reads once and tells the intake. Rejects when the plant does not answer. */
  poll(intake: ValueIntake, stop: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface PolledSourceParts extends Omit<SessionSourceParts, "begin"> {
  readonly intervalS: number;
  /** Connects; rejects when that is not possible. */
  connect(stop: AbortSignal): Promise<Poller>;
}

/**
 * A source that asks. The first answer makes the connection; a question that fails ends it. Questions keep their rhythm and never overlap:
 * one that takes longer than the interval makes the next late, and is told.
 */
export function createPolledSource(parts: PolledSourceParts): SampleSource {
  return createSessionSource({
    ...parts,
    onChange: parts.onChange ?? true,
    async begin(intake, stop) {
      const ended = new AbortController();
      const signal = AbortSignal.any([stop, ended.signal]);
      const poller = await parts.connect(signal);
      try {
        await poller.poll(intake, signal);
      } catch (error) {
        await poller.close().catch(() => {
          // the first error is the one to show
        });
        throw error;
      }
      intake.flush();
      const lost = keepAsking(poller, parts.intervalS * 1000, intake, signal);
      return {
        lost,
        async close() {
          ended.abort();
          await lost;
          await poller.close();
        },
      };
    },
  });
}

/** Resolves with why it ended; never rejects. */
async function keepAsking(poller: Poller, intervalMs: number, intake: ValueIntake, stop: AbortSignal): Promise<Message> {
  let due = performance.now() + intervalMs;
  while (!stop.aborted) {
    await pause(Math.max(0, due - performance.now()), stop);
    if (stop.aborted) break;
    const begun = performance.now();
    try {
      await poller.poll(intake, stop);
    } catch (error) {
      return reasonOf(error);
    }
    intake.flush();
    if (intake.full) await intake.room();
    const tookMs = performance.now() - begun;
    if (tookMs > intervalMs) intake.finding(undefined, message("connectors.readingSlowerThanInterval"));
    due = Math.max(due + intervalMs, performance.now());
  }
  return message("connectors.connectionClosed");
}
