import type { Client, Kpis } from "@doppelwerk/client";
import { HOUR } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { useStore } from "../store/store.ts";
import { useStudio } from "./context.tsx";
import { useScope } from "./scope.tsx";
import { useLoad } from "./use-load.ts";
import type { Loaded } from "./use-load.ts";

/** What is asked of the span: a line that is not named is the first. */
interface AskedOfSpan {
  readonly client: Client;
  readonly from: Instant;
  readonly to: Instant;
  readonly line: string | undefined;
}

/** What `run` answers of the shift that runs at the instant shown, up to that instant; outside of shifts, of the eight hours before. `route` tells apart what is asked. */
export function useOfShift<T>(
  route: string,
  run: (asked: AskedOfSpan, signal: AbortSignal) => Promise<T | undefined>,
): Loaded<T | undefined> & { readonly reload: () => void } {
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
          key: [route, line, inside ? shift.from : "none", shown === undefined ? "live" : Math.round(shown / 5_000_000)],
          run: ({ client }, signal) => {
            const to = Math.round(time.instant());
            return run({ client, from: inside && to > shift.from ? shift.from : to - 8 * HOUR, to, line }, signal);
          },
        },
    { everyMs: shown === undefined ? 5000 : undefined },
  );
}

/** KPIs of the shift that runs at the instant shown, up to that instant; outside of shifts, of the eight hours before. Undefined where no shift was. */
export function useShiftKpis(): Loaded<Kpis | undefined> & { readonly reload: () => void } {
  return useOfShift("GET /kpis", async ({ client, from, to, line }, signal) => {
    const kpis = await client.kpis(from, to, { line, signal });
    return kpis.shifts === 0 ? undefined : kpis;
  });
}
