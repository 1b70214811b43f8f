import type { Instant } from "@doppelwerk/world";
import { useLoad, useScope, useStore } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";

const EVERY_MS = 10_000;
const SECOND: Instant = 1_000_000;

/** Stops of so long before the instant shown, or of a period; of a station, or of all of the line shown. */
export function useStops(
  asked:
    | { readonly station?: string; readonly last: Instant }
    | { readonly station?: string; readonly from: Instant; readonly to: Instant },
) {
  const { time, branch, line } = useScope();
  const shown = useStore(time.shown);
  const isLive = "last" in asked && shown === undefined;
  const span = "last" in asked ? { last: asked.last } : { from: asked.from, to: asked.to };
  return useLoad(
    {
      key: [
        "GET /stops",
        branch,
        line,
        asked.station,
        span,
        isLive ? "live" : "last" in asked ? Math.round((shown ?? 0) / (10 * SECOND)) : "period",
      ],
      run: ({ client }, signal) => {
        const to = "last" in asked ? Math.round(time.instant()) : asked.to;
        const from = "last" in asked ? to - asked.last : asked.from;
        return calls.stops(client, { query: { branch, line, from, to, station: asked.station } }, { signal });
      },
      changedBy: { kinds: ["stopCoding", "lossReason"] },
    },
    { everyMs: isLive ? EVERY_MS : undefined },
  );
}
