import { HOUR, type Instant } from "@doppelwerk/world";

/** What was said of a part whose stock is low. */
export interface LowEpisode {
  /** When it was first seen below its minimum: the notice has this time. */
  readonly since: Instant;
  /** Whether people were notified. */
  readonly isNotified: boolean;
  /** Since when there is enough again. */
  readonly enoughSince?: Instant;
}

/** What is taken and given back within this time is one episode. */
export const SETTLED: Instant = HOUR;

export type LowStep =
  | { readonly kind: "none"; readonly episode: LowEpisode | undefined }
  | { readonly kind: "notify" | "withdraw"; readonly episode: LowEpisode };

/** What follows from a look at a part; `episode` is what is to be kept, after a notice was sent. */
export function lookAtStock(episode: LowEpisode | undefined, isLow: boolean, now: Instant): LowStep {
  if (isLow) {
    if (episode === undefined) return { kind: "notify", episode: { since: now, isNotified: true } };
    if (!episode.isNotified) return { kind: "notify", episode: { since: episode.since, isNotified: true } };
    return { kind: "none", episode: { since: episode.since, isNotified: true } };
  }
  if (episode === undefined) return { kind: "none", episode: undefined };
  const enoughSince = episode.enoughSince ?? now;
  if (now - enoughSince < SETTLED) return { kind: "none", episode: { ...episode, enoughSince } };
  return { kind: "withdraw", episode: { ...episode, enoughSince } };
}
