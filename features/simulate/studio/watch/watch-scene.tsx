import { useContext, useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { LineInfo, Snapshot } from "@doppelwerk/client";
import type { diffStages, Stage } from "@doppelwerk/scene";
import { SECOND } from "@doppelwerk/world";
import { Failure, ThemeContext, stateLook, useScope, useStudio, useThemeTokens, useWords } from "@doppelwerk/kit/studio";
import type { BranchHue } from "@doppelwerk/kit/studio";
import { snapshotFrame } from "@doppelwerk/kit/studio/viewer";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";
import type { WatchClock } from "./watch-clock.ts";

const FRAME_MS = 100;

/** A line in 3D that follows a clock. */
export function WatchScene({
  line,
  clock,
  from,
  source,
  settles,
  snapshotAt,
  ghosts,
  hue,
  onViewer,
}: {
  readonly line: LineInfo | undefined;
  readonly clock: WatchClock;
  readonly from: number;
  /** What `snapshotAt` reads: another one is drawn anew. */
  readonly source: string;
  /** A snapshot of another instant than was asked for is asked for again. */
  readonly settles: boolean;
  readonly snapshotAt: (instant: number, line: LineInfo) => Snapshot | undefined;
  readonly ghosts?: ReturnType<typeof diffStages> | undefined;
  readonly hue?: BranchHue;
  readonly onViewer: (viewer: Viewer | undefined) => void;
}): ReactNode {
  const studio = useStudio();
  const { subject } = useScope();
  const tokens = useThemeTokens();
  const themeName = useContext(ThemeContext);
  const host = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<Viewer | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const look = useRef({ tokens, themeName, onViewer });
  look.current = { tokens, themeName, onViewer };

  useEffect(() => {
    let made: Viewer | undefined;
    let gone = false;
    void Promise.all([import("@doppelwerk/kit/studio/viewer"), import("@doppelwerk/kit/studio/viewer")])
      .then(([room, looks]) => {
        if (gone) return;
        made = new room.Viewer({ theme: looks.viewerTheme(look.current.tokens, look.current.themeName), pixelRatioLimit: 1.5 });
        made.mount(host.current!);
        made.onSelect = (hit) => studio.address.go({ subject: hit?.stationId ?? hit?.subject });
        setViewer(made);
        look.current.onViewer(made);
      })
      .catch((error: Error) => setFailure(error.message));
    return () => {
      gone = true;
      look.current.onViewer(undefined);
      made?.dispose();
    };
  }, [studio]);
  useEffect(() => {
    if (viewer === undefined) return;
    void import("@doppelwerk/kit/studio/viewer").then((looks) => viewer.setTheme(looks.viewerTheme(tokens, themeName)));
  }, [viewer, tokens, themeName]);
  useEffect(() => {
    if (viewer === undefined || line === undefined) return;
    viewer.setStage(line.stage as Stage);
  }, [viewer, line]);
  useEffect(() => {
    if (viewer === undefined || ghosts === undefined || hue === undefined) return;
    viewer.setGhosts(ghosts, tokens[hue]);
  }, [viewer, ghosts, hue, tokens]);
  useEffect(() => viewer?.setSelection(subject), [viewer, subject]);
  useFrames(viewer, line, clock, from, source, settles, snapshotAt);
  return (
    <>
      <div ref={host} className="dw-watch-host" />
      {failure !== undefined && <Failure message={failure} />}
    </>
  );
}

/** Gives the viewer a frame whenever the clock moved, at most ten a second; what cannot be shown yet is asked for again. */
function useFrames(
  viewer: Viewer | undefined,
  line: LineInfo | undefined,
  clock: WatchClock,
  from: number,
  of: string,
  settles: boolean,
  snapshotAt: (instant: number, line: LineInfo) => Snapshot | undefined,
): void {
  const { t } = useWords();
  const source = useRef(snapshotAt);
  source.current = snapshotAt;
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
      const snapshot = source.current(instant, line);
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
  }, [viewer, line, clock, from, of, settles, robots, t]);
}
