import { useContext, useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { LineInfo } from "@doppelwerk/client";
import { diffStages } from "@doppelwerk/scene";
import type { Stage } from "@doppelwerk/scene";
import { LIVE, SECOND } from "@doppelwerk/world";
import { stateLook } from "../rail/rail-state.ts";
import { ThemeContext, useStudio, useThemeTokens, useWords } from "../session/context.tsx";
import { useLoad } from "../session/use-load.ts";
import { useStore } from "../store.ts";
import { branchHue } from "../theme/tokens.ts";
import { Failure } from "../values/card.tsx";
import { signedText } from "../values/number.ts";
import type { Viewer } from "../viewer/viewer.ts";
import { snapshotFrame } from "../world-view/snapshot-frame.ts";
import type { WatchClock } from "./watch-clock.ts";
import type { WatchedLine } from "./watched-line.ts";

const FRAME_MS = 100;

/** One side of a watched run in 3D, following the clock. */
export function WatchPane({
  side,
  line: watched,
  clock,
  good,
  against,
  onViewer,
}: {
  readonly side: string;
  readonly line: WatchedLine;
  readonly clock: WatchClock;
  readonly good: number;
  readonly against?: number;
  readonly onViewer: (viewer: Viewer | undefined) => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const tokens = useThemeTokens();
  const themeName = useContext(ThemeContext);
  const host = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<Viewer | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const { subject } = useStore(studio.address.store);
  const rail = useStore(studio.rail);
  const own = useLoad((signal) => studio.client.line(side, { signal }), [side]);
  const live = useLoad(side === LIVE ? undefined : (signal) => studio.client.line(LIVE, { signal }), [side]);
  const line = own.value;
  const hue = branchHue(side, rail?.lanes.find((lane) => lane.branch.id === side)?.hue);
  const name = useStore(studio.branches).find((branch) => branch.id === side)?.name;
  const look = useRef({ tokens, themeName, onViewer });
  look.current = { tokens, themeName, onViewer };

  useEffect(() => {
    let made: Viewer | undefined;
    let gone = false;
    void Promise.all([import("../viewer/viewer.ts"), import("../viewer/viewer-theme.ts")])
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
    void import("../viewer/viewer-theme.ts").then((looks) => viewer.setTheme(looks.viewerTheme(tokens, themeName)));
  }, [viewer, tokens, themeName]);
  useEffect(() => {
    if (viewer === undefined || line === undefined) return;
    viewer.setStage(line.stage as Stage);
  }, [viewer, line]);
  useEffect(() => {
    if (viewer === undefined || line === undefined || live.value === undefined) return;
    viewer.setGhosts(diffStages(live.value.stage as Stage, line.stage as Stage), tokens[hue]);
  }, [viewer, line, live.value, hue, tokens]);
  useEffect(() => viewer?.setSelection(subject), [viewer, subject]);
  useFrames(viewer, watched, line, clock);

  return (
    <section className="dw-watch-pane" style={side === LIVE ? undefined : ({ "--edge": `var(--dw-${hue})` } as never)} aria-label={name}>
      <header>
        <b>{side === LIVE ? t("watch.live") : name}</b>
        <span className="dw-grow" />
        <span>
          {t("watch.good")} <b>{good}</b>
          {against !== undefined && (
            <b className={good > against ? "is-better" : good < against ? "is-worse" : ""}>
              {" "}
              {good === against ? "±0" : signedText(good - against, 0)}
            </b>
          )}
        </span>
      </header>
      <div ref={host} className="dw-watch-host" />
      {failure !== undefined && <Failure message={failure} />}
    </section>
  );
}

/** Gives the viewer a frame whenever the clock moved, at most ten a second. */
function useFrames(viewer: Viewer | undefined, watched: WatchedLine, line: LineInfo | undefined, clock: WatchClock): void {
  const { t } = useWords();
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
    let drawnS = Number.NaN;
    const draw = (): void => {
      const wantedS = clock.shownS.get();
      if (wantedS === drawnS) return;
      const snapshot = watched.at(watched.from + Math.round(wantedS * SECOND), line);
      if ((snapshot.instant - watched.from) / SECOND >= wantedS - 1) drawnS = wantedS;
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
        }),
      );
    };
    draw();
    const timer = setInterval(draw, FRAME_MS);
    return () => clearInterval(timer);
  }, [viewer, watched, line, clock, robots, t]);
}
