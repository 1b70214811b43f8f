import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import type { Instant } from "@doppelwerk/world";
import { momentText, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { WatchClock } from "./watch-clock.ts";

/** In one line what is watched: which branch against which, from when, that it is simulated; and what to do now. */
export function WatchAbout({
  run,
  from,
  endS,
  clock,
}: {
  readonly run: RunResult["run"];
  /** The instant of the clock's 0. */
  readonly from: Instant;
  readonly endS: number;
  readonly clock: WatchClock;
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const branch = useStore(studio.branches).find(({ id }) => id === run.branch)?.name ?? run.branch;
  const playing = useStore(clock.playing);
  const speed = useStore(clock.speed);
  const isOver = useStore(clock.shownS) >= endS;
  return (
    <p className="dw-watch-about">
      <span>{t("simulate.watch.what", { branch, moment: momentText(from, zone, language, false) })}</span>{" "}
      <span role="status">
        {playing ? t("simulate.watch.howPlaying", { speed }) : t(isOver ? "simulate.watch.howEnded" : "simulate.watch.howPaused")}
      </span>
    </p>
  );
}
