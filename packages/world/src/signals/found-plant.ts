import { hashedId } from "../content-hash.ts";
import { boundedEnumeration } from "./enumeration.ts";
import type { BrowseResult } from "./plant-offer.ts";
import type { ConnectionRecord, SignalRecord } from "./signal.ts";

/** What must be known of a plant to speak to it, before there is a record. */
export type ConnectionTarget = Pick<ConnectionRecord, "protocol" | "url" | "settings" | "secret">;

/** A plant that was reached, and what it offers. */
export interface FoundPlant {
  readonly target: ConnectionTarget;
  readonly found: BrowseResult;
}

/** The records of a plant that was found. Ids come from what they are, so that connecting again finds them. */
export function recordsOfPlant(
  { target, found }: FoundPlant,
  name: string,
  known?: string,
): { readonly connection: ConnectionRecord; readonly signals: readonly SignalRecord[] } {
  const { protocol, url, settings, secret } = target;
  const connection: ConnectionRecord = {
    // OPC UA was first, and its ids are in people's data
    id: known ?? hashedId("connection", "connect", protocol === "opcua" ? url : `${protocol} ${url}`),
    kind: "connection",
    name,
    protocol,
    url,
    enabled: true,
    ...(settings === undefined ? {} : { settings }),
    ...(secret === undefined ? {} : { secret }),
  };
  const signals = found.drafts.map((draft): SignalRecord => {
    const { address, valueType, unit, low, high, role, scale, unsignedBits, counter, deadband, minIntervalS } = draft;
    const enumeration = boundedEnumeration(draft.enumeration);
    const more = { enumeration, unit, low, high, role, scale, unsignedBits, counter, deadband, minIntervalS };
    return {
      id: hashedId("signal", connection.id, address),
      kind: "signal",
      name: draft.path.slice(-3).join("."),
      valueType,
      address,
      connection: connection.id,
      ...(draft.path.length === 0 ? {} : { path: draft.path }),
      ...Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)),
    };
  });
  return { connection, signals };
}
