import { useLoad, useScope, useStore } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";

const EVERY_MS = 20_000;
/** The past is asked for in steps of five seconds. */
const STEP = 5_000_000;

/** Work orders of the branch at the instant that is shown. */
export function useOrders() {
  const { branch, time } = useScope();
  const shown = useStore(time.shown);
  const t = shown === undefined ? undefined : Math.round(shown / STEP) * STEP;
  const loaded = useLoad(
    {
      key: ["GET /work-orders", branch, t],
      run: ({ client }, signal) => calls.orders(client, { query: { branch, ...(t !== undefined && { t }) } }, { signal }),
      changedBy: { topics: { "maintenance.changed": () => true } },
    },
    { everyMs: () => (t === undefined ? EVERY_MS : undefined) },
  );
  return { loaded, branch, isPast: t !== undefined };
}
