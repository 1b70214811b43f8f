import { SegmentedControl } from "@mantine/core";
import { useMemo, useState } from "react";
import type { ReactNode } from "react";
import { diffStages } from "@doppelwerk/scene";
import type { Stage } from "@doppelwerk/scene";
import { LIVE, SECOND } from "@doppelwerk/world";
import { branchHue, lineOf, middleCut, signedText, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";
import { useRecorded } from "./use-recorded.ts";
import type { WatchClock } from "./watch-clock.ts";
import { WatchScene } from "./watch-scene.tsx";
import type { Watched } from "./watched.ts";

/** Columns of the name of a branch: both sides keep one height. */
const MAX_NAME = 24;

interface WatchPaneProps {
  readonly side: string;
  /** Absent: the first line. */
  readonly lineId: string | undefined;
  readonly line: Watched;
  readonly clock: WatchClock;
  /** Good parts by the moment shown; `against` those of the other side. */
  readonly good: number;
  readonly against?: number;
  readonly onViewer: (viewer: Viewer | undefined) => void;
}

/** One side of a watched run in 3D, following the clock. */
export function WatchPane({ side, lineId, line: watched, clock, good, against, onViewer }: WatchPaneProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [source, setSource] = useState<"simulated" | "recorded">("simulated");
  const isRecorded = source === "recorded";
  const recorded = useRecorded();
  const rail = useStore(studio.rail);
  const { value: line } = useLoad(lineOf(side, lineId));
  const { value: live } = useLoad(side === LIVE ? undefined : lineOf(LIVE, lineId));
  const hue = branchHue(side, rail?.lanes.find((lane) => lane.branch.id === side)?.hue);
  const name = useStore(studio.branches).find((branch) => branch.id === side)?.name;
  const ghosts = useMemo(
    () => (line === undefined || live === undefined ? undefined : diffStages(live.stage as Stage, line.stage as Stage)),
    [line, live],
  );
  const instant = watched.from + useStore(clock.shownS) * SECOND;
  return (
    <section className="dw-watch-pane" style={side === LIVE ? undefined : ({ "--edge": `var(--dw-${hue})` } as never)} aria-label={name}>
      <header>
        <b title={name}>{side === LIVE ? t("simulate.watch.live") : middleCut(name ?? "", MAX_NAME)}</b>
        {side === LIVE && watched.from < studio.now() - 60 * SECOND ? (
          <SegmentedControl
            size="xs"
            value={source}
            onChange={(value) => setSource(value as typeof source)}
            data={(["simulated", "recorded"] as const).map((value) => ({ value, label: t(`simulate.watch.${value}`) }))}
          />
        ) : (
          <span>{t("simulate.watch.simulated")}</span>
        )}
        {isRecorded && recorded.isAhead(instant) && <span className="dw-badge">{t("simulate.watch.untilNow")}</span>}
        <span className="dw-grow" />
        <span hidden={isRecorded}>
          <GoodCount good={good} against={against} />
        </span>
      </header>
      <WatchScene
        line={line}
        clock={clock}
        from={watched.from}
        settles={!isRecorded}
        source={source}
        snapshotAt={isRecorded ? recorded.at : (at, of) => watched.at(at, of)}
        ghosts={ghosts}
        hue={hue}
        onViewer={onViewer}
      />
    </section>
  );
}

function GoodCount({ good, against }: { readonly good: number; readonly against: number | undefined }): ReactNode {
  const { t } = useWords();
  return (
    <>
      {t("simulate.watch.good")} <b>{good}</b>
      {against !== undefined && (
        <b className={good > against ? "is-better" : good < against ? "is-worse" : ""}>
          {" "}
          {good === against ? "±0" : signedText(good - against, 0)}
        </b>
      )}
    </>
  );
}
