import { checkConnection, exampleAddresses, protocolsOf, type ConnectorHost, wholeAddress } from "@doppelwerk/connectors";
import { message, textOf, verbatim } from "@doppelwerk/kit";
import type { PlantRequest } from "@doppelwerk/ports";
import {
  connectionFailureIn,
  DoppelwerkError,
  reasonOf,
  type ConnectionProtocol,
  type ConnectionTarget,
  type FoundPlant,
} from "@doppelwerk/world";
import type {} from "../../message-codes.ts";

/**
 * Asks an address what it offers. Where the protocol is not named and several share the scheme (http), the more particular one is tried first, and the next where one offers nothing.
 * Throws DW_INVALID for a bad address or settings, DW_UNAVAILABLE with the plant's own reason when it does not answer.
 */
export async function findPlant(host: Pick<ConnectorHost, "browse">, request: PlantRequest): Promise<FoundPlant> {
  const { settings, secret, listenS } = request;
  const url = wholeAddress(request.url);
  const candidates = request.protocol === undefined ? candidatesOf(url, settings) : [request.protocol];
  if (candidates.length === 0)
    throw new DoppelwerkError(
      "DW_INVALID",
      message("connect.noProtocolAddress", { exampleAddresses: exampleAddresses(), url: url.slice(0, 200) }),
    );
  let failure: unknown;
  // a broker that speaks Sparkplug alone offers nothing by plain MQTT
  let silent: FoundPlant | undefined;
  for (const protocol of candidates) {
    const target: ConnectionTarget = {
      protocol,
      url,
      ...(settings === undefined ? {} : { settings }),
      ...(secret === undefined ? {} : { secret }),
    };
    checkConnection(target);
    try {
      const plant = { target, found: await host.browse(target, listenS === undefined ? {} : { listenS }) };
      if (plant.found.drafts.length > 0) return plant;
      silent ??= plant;
    } catch (error) {
      // the plant's own refusal: another protocol may reach it
      if (error instanceof DoppelwerkError && error.code !== "DW_UNAVAILABLE") throw error;
      failure = error;
    }
  }
  if (silent !== undefined) return silent;
  const given = reasonOf(failure);
  // it names address, cause and remedy by itself
  if (connectionFailureIn(given) !== undefined) throw new DoppelwerkError("DW_UNAVAILABLE", given);
  const reason = given.code === "verbatim" ? verbatim(textOf(given).replace(/\s+/g, " ").trim()) : given;
  throw new DoppelwerkError("DW_UNAVAILABLE", message("connect.plantCannotReached", { reason, url }));
}

/** The protocol that was named, else the one the address alone tells. Throws DW_INVALID when it tells none. */
export function protocolOf({ url, protocol, settings }: PlantRequest): ConnectionProtocol {
  const found = protocol ?? candidatesOf(wholeAddress(url), settings)[0];
  if (found === undefined)
    throw new DoppelwerkError(
      "DW_INVALID",
      message("connect.noProtocolAddress", { exampleAddresses: exampleAddresses(), url: url.slice(0, 200) }),
    );
  return found;
}

/** MTConnect agents are HTTP servers that say at once what they are; a broker may carry both, and plain topics are what most have. */
function candidatesOf(url: string, settings: PlantRequest["settings"]): readonly ConnectionProtocol[] {
  const all = protocolsOf(url);
  const fits = (protocol: ConnectionProtocol): boolean => {
    try {
      checkConnection({ protocol, url, ...(settings === undefined ? {} : { settings }) });
      return true;
    } catch {
      return false;
    }
  };
  if (all.includes("sparkplug")) {
    const brokers = (["mqtt", "sparkplug"] as const).filter(fits);
    return brokers.length > 0 ? brokers : ["mqtt"];
  }
  if (!all.includes("mtconnect")) return all.slice(0, 1);
  const fitting = (["mtconnect", "http"] as const).filter(fits);
  return fitting.length > 0 ? fitting : ["http"];
}
