import type { Client } from "@doppelwerk/client";
import { transitions } from "../calls.ts";
import type { Alarm } from "../contract.ts";

/** As many as a page of the history shows. */
const MAX_SHOWN = 5_000;

/** The newest transitions of a period, newest first. */
export async function newestTransitions(
  client: Client,
  query: { readonly from: number; readonly to: number; readonly station?: string },
  signal: unknown,
): Promise<readonly Alarm[]> {
  return (await transitions(client, { query: { ...query, limit: MAX_SHOWN } }, { signal })).alarms;
}
