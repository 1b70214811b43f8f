import { useEffect, useMemo, useRef } from "react";
import type { LineInfo, Snapshot } from "@doppelwerk/client";
import type { Stage } from "@doppelwerk/scene";
import { SECOND } from "@doppelwerk/world";
import { stateLook, useWords } from "@doppelwerk/kit/studio";
import { snapshotFrame } from "@doppelwerk/kit/studio/viewer";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";
import type { WatchClock } from "./watch-clock.ts";

const FRAME_MS = 100;

/** What is shown at which instant. */
export interface FrameSource {
  readonly line: LineInfo | undefined;
  readonly clock: WatchClock;
  /** The instant of the clock's 0. */
  readonly from: number;
  /** What `snapshotAt` reads: another one is drawn again. */
  readonly source: string;
  /** A snapshot of another instant than the requested one is requested again. */
  readonly settles: boolean;
  readonly snapshotAt: (instant: number, line: LineInfo) => Snapshot | undefined;
}

/** Gives the viewer a frame whenever the clock moved, at most ten a second; what cannot be shown yet is requested again. */
export function useFrames(viewer: Viewer | undefined, { line, clock, from, source, settles, snapshotAt }: FrameSource): void {
  const { t } = useWords();
  const latest = useRef(snapshotAt);
  latest.current = snapshotAt;
  const robots = useMemo(
    () =>
      new Map(
        ((line?.stage as Stage | undefined)?.parts ?? [])
          .filter((part) => part.kind === "robot" && part.stationId !== undefined)
          .map((part) => [part.id, part.stationId!]),
      ),
    [line],
  );
  useEffect(() => {
    if (viewer === undefined || line === undefined) return undefined;
    let drawn = Number.NaN;
    let settled = Number.NaN;
    const draw = (): void => {
      const instant = from + Math.round(clock.shownS.get() * SECOND);
      if (instant === settled) return;
      const snapshot = latest.current(instant, line);
      if (snapshot === undefined) return;
      if (!settles || snapshot.instant === instant) settled = instant;
      if (snapshot.instant === drawn) return;
      drawn = snapshot.instant;
      viewer.setFrame(
        snapshotFrame({
          snapshot,
          line,
          robots,
          people: [],
          self: undefined,
          branch: line.branch,
          stale: false,
          colourOf: () => "",
          stateWord: (word) => t(`state.${stateLook(word)}`),
          placesWord: (up, count) => t("state.places", { up, count }),
        }),
      );
    };
    draw();
    const timer = setInterval(draw, FRAME_MS);
    return () => clearInterval(timer);
  }, [viewer, line, clock, from, source, settles, robots, t]);
}
