import type { Kpis } from "@doppelwerk/client";
import { HOUR } from "@doppelwerk/world";
import { useStore } from "../store/store.ts";
import { useStudio } from "./context.tsx";
import { useScope } from "./scope.tsx";
import { useLoad } from "./use-load.ts";
import type { Loaded } from "./use-load.ts";

/** KPIs of the shift that runs at the instant shown, up to that instant; outside of shifts, of the eight hours before. Undefined where no shift was. */
export function useShiftKpis(): Loaded<Kpis | undefined> & { readonly reload: () => void } {
  const studio = useStudio();
  const { time, line } = useScope();
  const snapshot = useStore(studio.snapshot);
  const shown = useStore(time.shown);
  const shift = snapshot?.shift;
  const inside = snapshot !== undefined && shift !== undefined && snapshot.instant >= shift.from && snapshot.instant <= shift.to;
  // No shift is known yet: there is nothing to ask for.
  const unread = !inside && (snapshot?.reading !== undefined || snapshot?.watchedSince !== undefined);
  return useLoad(
    snapshot === undefined || unread
      ? undefined
      : {
          key: ["GET /kpis", line, inside ? shift.from : "none", shown === undefined ? "live" : Math.round(shown / 5_000_000)],
          run: async ({ client }, signal) => {
            const to = time.instant();
            const kpis = await client.kpis(inside && to > shift.from ? shift.from : to - 8 * HOUR, to, { line, signal });
            return kpis.shifts === 0 ? undefined : kpis;
          },
        },
    { everyMs: shown === undefined ? 5000 : undefined },
  );
}
