import { createContext, useContext } from "react";
import type { ReactNode } from "react";
import type { Kpis } from "@doppelwerk/client";
import { HOUR } from "@doppelwerk/world";
import { useStore } from "../store/store.ts";
import { useStudio } from "./context.tsx";
import { useScope } from "./scope.tsx";
import { useLoad } from "./use-load.ts";
import type { Loaded } from "./use-load.ts";

type LoadedKpis = Loaded<Kpis | undefined> & { readonly reload: () => void };
const Shared = createContext<LoadedKpis | undefined>(undefined);

/** Has the figures of the shift asked for once for all views in it. */
export function ShiftKpis({ children }: { readonly children: ReactNode }): ReactNode {
  return <Shared value={useOwnShiftKpis(true)}>{children}</Shared>;
}

/** KPIs of the shift that runs at the instant shown, up to that instant; outside of shifts, of the eight hours before. Undefined where no shift was. */
export function useShiftKpis(): LoadedKpis {
  const shared = useContext(Shared);
  const own = useOwnShiftKpis(shared === undefined);
  return shared ?? own;
}

function useOwnShiftKpis(wanted: boolean): LoadedKpis {
  const studio = useStudio();
  const { time } = useScope();
  const snapshot = useStore(studio.snapshot);
  const shown = useStore(time.shown);
  const shift = snapshot?.shift;
  const inside = snapshot !== undefined && shift !== undefined && snapshot.instant >= shift.from && snapshot.instant <= shift.to;
  // No shift is known yet: there is nothing to ask for.
  const unread = !inside && (snapshot?.reading !== undefined || snapshot?.watchedSince !== undefined);
  return useLoad(
    !wanted || snapshot === undefined || unread
      ? undefined
      : async (signal) => {
          const to = time.instant();
          const kpis = await studio.client.kpis(inside && to > shift.from ? shift.from : to - 8 * HOUR, to, { signal });
          return kpis.shifts === 0 ? undefined : kpis;
        },
    [inside ? shift.from : unread ? "unread" : "none", shown === undefined ? "live" : Math.round(shown / 5_000_000)],
    shown === undefined ? 5000 : undefined,
  );
}
