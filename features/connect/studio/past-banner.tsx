import { useEffect } from "react";
import type { ReactNode } from "react";
import { useStore, useStudio, useWords } from "@doppelwerk/kit/studio";

interface PastState {
  readonly progress: number;
  readonly samples: number;
  readonly done: boolean;
}

/** How far the archives of plants are read, while they are. */
export default function PastBanner(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const world = useStore(studio.world);
  useEffect(
    () =>
      studio.live.on((event) => {
        if (event.kind !== "topic" || event.topic !== "connect.backfill") return;
        const backfill = event.payload as PastState;
        studio.world.update((known) => known && { ...known, backfill });
      }),
    [studio],
  );
  if (world === undefined || world.backfill.done || world.backfill.progress === 0) return null;
  const { progress } = world.backfill;
  return (
    <div className="dw-banner" role="status">
      <span>{t("frame.backfill", { percent: Math.floor(progress * 100) })}</span>
      <span className="dw-meter">
        <i style={{ width: `${progress * 100}%` }} />
      </span>
    </div>
  );
}
