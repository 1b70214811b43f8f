import type { ArchiveProgress, PastReading } from "@doppelwerk/ports";
import type { PastProgress } from "./past-progress.ts";

/** What derives from archives must know of them. */
export interface ArchiveListener {
  onArchive(connection: string, progress: ArchiveProgress): void;
  onArchiveGone(connection: string): void;
}

/** Reading archives, as the feature that owns connections reports it. */
export function pastPort(past: PastProgress, fold: ArchiveListener): PastReading {
  return {
    state: async () => past.state,
    async report(connection, progress) {
      // before it counts as read: what follows from it is part of the same round
      fold.onArchive(connection, progress);
      past.reading(connection, progress);
    },
    async abandon(connection) {
      fold.onArchiveGone(connection);
      past.gone(connection);
    },
    follow: (listener) => past.follow(listener),
  };
}
