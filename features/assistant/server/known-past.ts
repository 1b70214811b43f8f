import type { Client, Snapshot } from "@doppelwerk/client";
import { message } from "@doppelwerk/kit";
import { DoppelwerkError, type Instant } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { iso } from "./tool.ts";

/** Every answer that counts says so while the past is still read. */
export function readSoFar({ reading }: Snapshot) {
  return reading === undefined ? {} : { historyRead: `${Math.floor(reading * 100)} %: counts and past alarms are not all known yet` };
}

/** Before the first record nothing is known of a plant: an answer of zeros would read as one that stood still. */
export async function refuseUnknown(client: Client, at: Instant): Promise<void> {
  const { historyFrom, now } = await client.world();
  const begin = historyFrom ?? now;
  if (at < begin) throw new DoppelwerkError("DW_NOT_FOUND", message("assistant.nothingKnown", { at: iso(at), begin: iso(begin) }));
}
