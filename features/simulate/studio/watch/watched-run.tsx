import { useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { ReplicationOptions } from "@doppelwerk/sim";
import { LIVE, SECOND } from "@doppelwerk/world";
import { useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";
import { linkCameras } from "./link-cameras.ts";
import { typicalReplication } from "../../model/typical-replication.ts";
import type { LoadedRun } from "./load-run.ts";
import { useSimulatedAhead } from "./use-simulated-ahead.ts";
import { WatchAbout } from "./watch-about.tsx";
import { createWatchClock, type WatchClock } from "./watch-clock.ts";
import { prefersStill, watchOpening } from "./watch-detail.ts";
import { WatchFoot } from "./watch-foot.tsx";
import { WatchHead } from "./watch-head.tsx";
import { WatchPane } from "./watch-pane.tsx";
import { WatchedLine } from "./watched-line.ts";

/** One replication of a run: live beside the branch, on one clock and with one camera. */
export function WatchedRun({ run, onClose }: { readonly run: LoadedRun; readonly onClose: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { result } = run;
  // of several lines the one that the address names, where it ran
  const { line: named } = useScope();
  const line = result.run.lines === undefined ? result.run.line : (result.run.lines.find((id) => id === named) ?? result.run.lines[0]);
  const [replication, setReplication] = useState(() => typicalReplication(result));
  const lines = useMemo(() => {
    const options: ReplicationOptions = { ...run.options, replication, drawParameters: true };
    const [ofLive, ofBranch] = [run.components.live(), run.components.branch()];
    return {
      live: new WatchedLine(run.live, options, line, ofLive),
      branch: new WatchedLine(run.branch, options, line, ofBranch),
      dispose() {
        ofLive?.dispose();
        ofBranch?.dispose();
      },
    };
  }, [run, replication, line]);
  useDisposed(lines);
  const clock = useMemo(() => {
    const { startS, plays } = watchOpening(studio.address.store.get().detail, prefersStill());
    return createWatchClock(startS, plays);
  }, [studio]);
  const sides = useMemo(() => [lines.live, lines.branch], [lines]);
  const { reachedS } = useSimulatedAhead(sides, clock);
  const take = useLinkedCameras();
  useMomentInAddress(clock);
  const instant = lines.live.from + Math.round(useStore(clock.shownS) * SECOND);
  const isWhole = reachedS >= (lines.live.to - lines.live.from) / SECOND;
  const good = { live: lines.live.goodUntil(instant), branch: lines.branch.goodUntil(instant) };
  return (
    <>
      <WatchHead
        result={result}
        instant={instant}
        traceHash={isWhole ? lines.branch.traceHash() : undefined}
        replication={replication}
        onReplication={setReplication}
        line={line}
        onClose={onClose}
      />
      <WatchAbout run={result.run} from={lines.live.from} endS={(lines.live.to - lines.live.from) / SECOND} clock={clock} />
      <div className="dw-watch-panes">
        <WatchPane side={LIVE} lineId={line} line={lines.live} clock={clock} good={good.live} onViewer={take("live")} />
        <WatchPane
          side={result.run.branch}
          lineId={line}
          line={lines.branch}
          clock={clock}
          good={good.branch}
          against={good.live}
          onViewer={take("branch")}
        />
      </div>
      <WatchFoot first={lines.live} second={lines.branch} clock={clock} reachedS={reachedS} moreText={t("simulate.watch.moreText")} />
    </>
  );
}

const disposals = new WeakMap<object, ReturnType<typeof setTimeout>>();

/** Takes what is not shown any more apart, once it is certain that it is not shown again at once. */
function useDisposed(shown: { dispose(): void }): void {
  useEffect(() => {
    clearTimeout(disposals.get(shown));
    return () => void disposals.set(shown, setTimeout(shown.dispose));
  }, [shown]);
}

/** Links the cameras of both sides as soon as both are there. */
function useLinkedCameras(): (side: "live" | "branch") => (viewer: Viewer | undefined) => void {
  const viewers = useRef<{ live?: Viewer; branch?: Viewer }>({});
  return (side) => (viewer) => {
    if (viewer === undefined) delete viewers.current[side];
    else viewers.current[side] = viewer;
    const { live, branch } = viewers.current;
    if (live !== undefined && branch !== undefined) linkCameras(live, branch);
  };
}

/** The link keeps the moment while the clock is held; a moving one would fill the history. */
function useMomentInAddress(clock: WatchClock): void {
  const studio = useStudio();
  const playing = useStore(clock.playing);
  const shownS = useStore(clock.shownS);
  useEffect(() => {
    if (playing) return undefined;
    const timer = setTimeout(() => studio.address.amend({ detail: `watch@${Math.round(shownS)}` }), 400);
    return () => clearTimeout(timer);
  }, [studio, playing, shownS]);
}
