import type { Kpis } from "@doppelwerk/client";
import { HOUR } from "@doppelwerk/world";
import { useStore } from "../store/store.ts";
import { useStudio } from "./context.tsx";
import { useLoad } from "./use-load.ts";
import type { Loaded } from "./use-load.ts";

/** KPIs of the shift that runs at the instant shown, up to that instant; outside of shifts, of the eight hours before. */
export function useShiftKpis(): Loaded<Kpis> & { readonly reload: () => void } {
  const studio = useStudio();
  const snapshot = useStore(studio.snapshot);
  const shown = useStore(studio.time.shown);
  const shift = snapshot?.shift;
  const inside = snapshot !== undefined && shift !== undefined && snapshot.instant >= shift.from && snapshot.instant <= shift.to;
  // No shift is known yet: there is nothing to ask for.
  const unread = !inside && (snapshot?.reading !== undefined || snapshot?.watchedSince !== undefined);
  return useLoad(
    snapshot === undefined || unread
      ? undefined
      : (signal) => {
          const to = studio.time.instant();
          return studio.client.kpis(inside && to > shift.from ? shift.from : to - 8 * HOUR, to, { signal });
        },
    [inside ? shift.from : unread ? "unread" : "none", shown === undefined ? "live" : Math.round(shown / 5_000_000)],
    shown === undefined ? 5000 : undefined,
  );
}
