import { SegmentedControl } from "@mantine/core";
import { useContext, useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { LineInfo, Snapshot } from "@doppelwerk/client";
import { diffStages } from "@doppelwerk/scene";
import type { Stage } from "@doppelwerk/scene";
import { LIVE, SECOND } from "@doppelwerk/world";
import { stateLook } from "../rail/rail-state.ts";
import { Rewind } from "../session/rewind.ts";
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
/** What was recorded reaches to now, less what is still on its way. */
const ON_ITS_WAY = 3 * SECOND;

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
  const [recorded, setRecorded] = useState(false);
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
  const rewind = useMemo(() => new Rewind(studio.client, (index) => studio.signals.idOf(index) ?? ""), [studio]);
  useFrames(viewer, line, clock, watched.from, recorded, (instant, at) => {
    if (!recorded) return watched.at(instant, at);
    // Alarms and vehicles of that instant are not folded here; those of now would be wrong.
    const base = studio.snapshot.get();
    return rewind.at(Math.min(instant, studio.now() - ON_ITS_WAY), at, base && { ...base, alarms: [], agvs: [] });
  });
  const shownS = useStore(clock.shownS);
  const over = recorded && watched.from + shownS * SECOND > studio.now() - ON_ITS_WAY;

  return (
    <section className="dw-watch-pane" style={side === LIVE ? undefined : ({ "--edge": `var(--dw-${hue})` } as never)} aria-label={name}>
      <header>
        <b>{side === LIVE ? t("watch.live") : name}</b>
        {side === LIVE && watched.from < studio.now() - 60 * SECOND ? (
          <SegmentedControl
            size="xs"
            value={recorded ? "recorded" : "simulated"}
            onChange={(value) => setRecorded(value === "recorded")}
            data={(["simulated", "recorded"] as const).map((value) => ({ value, label: t(`watch.${value}`) }))}
          />
        ) : (
          <span>{t("watch.simulated")}</span>
        )}
        {over && <span className="dw-badge">{t("watch.untilNow")}</span>}
        <span className="dw-grow" />
        <span hidden={recorded}>
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

/** Gives the viewer a frame whenever the clock moved, at most ten a second; what cannot be shown yet is asked for again. */
function useFrames(
  viewer: Viewer | undefined,
  line: LineInfo | undefined,
  clock: WatchClock,
  from: number,
  recorded: boolean,
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
      if (recorded || snapshot.instant === instant) settled = instant;
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
  }, [viewer, line, clock, from, recorded, robots, t]);
}
