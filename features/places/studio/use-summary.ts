import { useMemo } from "react";
import { useLoad, useScope, useStore } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import { withKnownAmounts } from "./known-amounts.ts";

/** What is due, and how long something lasts, grows with the clock; everything else is pushed. */
const EVERY_MS = 30_000;
const PUSHED = { "places.changed": () => true, "connect.status": () => true };

/** The rows of a place and their sums at the instant shown; without a place nothing is asked. */
export function useSummary(place: string | undefined) {
  const { branch, time } = useScope();
  const shown = useStore(time.shown);
  const loaded = useLoad(
    place === undefined
      ? undefined
      : {
          key: ["GET /places/:id/summary", place, shown === undefined ? "live" : Math.round(shown / 5_000_000)],
          run: ({ client }, signal) => {
            const query = { branch, ...(shown !== undefined && { t: Math.round(shown) }) };
            return calls.summary(client, { params: { id: place }, query }, { signal });
          },
          ...(shown === undefined && { changedBy: { topics: PUSHED } }),
        },
    { everyMs: shown === undefined ? EVERY_MS : undefined },
  );
  const { value } = loaded;
  const known = useMemo(() => value && withKnownAmounts(value), [value]);
  return { ...loaded, value: known };
}
