import { useEffect, useState } from "react";
import { errorText, shell, useStudio, useWords } from "@doppelwerk/ui";
import type { LaneData, RailLane, View } from "@doppelwerk/ui";
import type { RailSettings } from "./rail-host.ts";

type LaneView = View<LaneData, RailLane>;

/** The registered lanes, as far as they have come; each by itself, and again where an author changed it. One that cannot be loaded is named with its reason. */
export function useRailLanes(): RailSettings["lanes"] {
  const studio = useStudio();
  const { t } = useWords();
  const [lanes, setLanes] = useState<RailSettings["lanes"]>([]);
  useEffect(() => {
    const views = studio.views.of(shell.lane);
    const loaded = new Map<LaneView, RailLane>();
    let isGone = false;
    const load = async (view: LaneView): Promise<void> => {
      const edition = view.pack?.edition.get();
      const isOld = (): boolean => isGone || view.pack?.edition.get() !== edition;
      try {
        const { default: lane } = await view.load();
        if (isOld()) return;
        loaded.set(view, lane);
      } catch (error) {
        if (isOld()) return;
        loaded.delete(view);
        const { id, pack } = view;
        studio.notify(
          "trouble",
          pack ? t("frame.packFailed", { pack: pack.name, id }) : `${t("frame.failedTitle")}: ${id}`,
          errorText(error),
        );
      }
      setLanes(views.flatMap((one) => (loaded.has(one) ? [{ row: one.data.row, lane: loaded.get(one)! }] : [])));
    };
    for (const view of views) void load(view);
    const stops = views.map((view) => view.pack?.edition.subscribe(() => void load(view)));
    return () => {
      isGone = true;
      for (const stop of stops) stop?.();
    };
  }, [studio, t]);
  return lanes;
}
