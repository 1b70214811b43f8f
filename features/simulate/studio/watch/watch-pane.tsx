import { SegmentedControl } from "@mantine/core";
import { useMemo, useState } from "react";
import type { ReactNode } from "react";
import type { LineInfo, Snapshot } from "@doppelwerk/client";
import { diffStages } from "@doppelwerk/scene";
import type { Stage } from "@doppelwerk/scene";
import { LIVE, SECOND } from "@doppelwerk/world";
import { branchHue, signedText, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { Rewind } from "@doppelwerk/kit/studio/rewind";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";
import type { WatchClock } from "./watch-clock.ts";
import { WatchScene } from "./watch-scene.tsx";
import type { Watched } from "./watched.ts";

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
  readonly line: Watched;
  readonly clock: WatchClock;
  readonly good: number;
  readonly against?: number;
  readonly onViewer: (viewer: Viewer | undefined) => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [recorded, setRecorded] = useState(false);
  const rail = useStore(studio.rail);
  const own = useLoad((signal) => studio.client.line(side, { signal }), [side]);
  const live = useLoad(side === LIVE ? undefined : (signal) => studio.client.line(LIVE, { signal }), [side]);
  const line = own.value;
  const hue = branchHue(side, rail?.lanes.find((lane) => lane.branch.id === side)?.hue);
  const name = useStore(studio.branches).find((branch) => branch.id === side)?.name;
  const ghosts = useMemo(
    () => (line === undefined || live.value === undefined ? undefined : diffStages(live.value.stage as Stage, line.stage as Stage)),
    [line, live.value],
  );
  const rewind = useMemo(() => new Rewind(studio.client, (index) => studio.signals.idOf(index) ?? ""), [studio]);
  const snapshotAt = (instant: number, at: LineInfo): Snapshot | undefined => {
    if (!recorded) return watched.at(instant, at);
    // Alarms and vehicles of that instant are not folded here; those of now would be wrong.
    const base = studio.snapshot.get();
    return rewind.at(Math.min(instant, studio.now() - ON_ITS_WAY), at, base && { ...base, alarms: [], agvs: [] });
  };
  const shownS = useStore(clock.shownS);
  const over = recorded && watched.from + shownS * SECOND > studio.now() - ON_ITS_WAY;

  return (
    <section className="dw-watch-pane" style={side === LIVE ? undefined : ({ "--edge": `var(--dw-${hue})` } as never)} aria-label={name}>
      <header>
        <b>{side === LIVE ? t("simulate.watch.live") : name}</b>
        {side === LIVE && watched.from < studio.now() - 60 * SECOND ? (
          <SegmentedControl
            size="xs"
            value={recorded ? "recorded" : "simulated"}
            onChange={(value) => setRecorded(value === "recorded")}
            data={(["simulated", "recorded"] as const).map((value) => ({ value, label: t(`simulate.watch.${value}`) }))}
          />
        ) : (
          <span>{t("simulate.watch.simulated")}</span>
        )}
        {over && <span className="dw-badge">{t("simulate.watch.untilNow")}</span>}
        <span className="dw-grow" />
        <span hidden={recorded}>
          {t("simulate.watch.good")} <b>{good}</b>
          {against !== undefined && (
            <b className={good > against ? "is-better" : good < against ? "is-worse" : ""}>
              {" "}
              {good === against ? "±0" : signedText(good - against, 0)}
            </b>
          )}
        </span>
      </header>
      <WatchScene
        line={line}
        clock={clock}
        from={watched.from}
        settles={!recorded}
        source={recorded ? "recorded" : "simulated"}
        snapshotAt={snapshotAt}
        ghosts={ghosts}
        hue={hue}
        onViewer={onViewer}
      />
    </section>
  );
}
