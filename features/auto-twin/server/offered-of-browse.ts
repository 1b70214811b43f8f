import type { BrowseResult, ConnectionTarget, FoundObject } from "@doppelwerk/connectors";
import type { Offered, OfferedObject, SampleSummary } from "@doppelwerk/operations";

export interface OfferOptions {
  readonly source: string;
  readonly name: string;
  /** Addresses that other documents describe already: they are not proposed again. */
  readonly described: ReadonlySet<string>;
  /** What was recorded, by address. */
  readonly samples: ReadonlyMap<string, SampleSummary>;
  /** What stands there now, by address. */
  readonly present?: ReadonlyMap<string, number>;
}

/** What a browse found, in the neutral form a proposal is made from. Devices that a protocol has by its nature become objects with a type of it. */
export function offeredOfBrowse(protocol: ConnectionTarget["protocol"], found: BrowseResult, options: OfferOptions): Offered {
  const variables = found.drafts
    .filter(({ address }) => !options.described.has(address))
    .map(({ path, address, name, valueType, unit, low, high, enumeration, description, role, counter, hasHistory }) => ({
      path: path.length === 0 ? [name] : path,
      address,
      valueType,
      hasHistory,
      ...(name === path.at(-1) ? {} : { displayName: name }),
      ...(unit === undefined ? {} : { unit }),
      ...(low === undefined ? {} : { low }),
      ...(high === undefined ? {} : { high }),
      ...(enumeration === undefined ? {} : { enumeration }),
      ...(description === undefined ? {} : { description }),
      ...(role === undefined ? {} : { role }),
      ...(counter === undefined ? {} : { counter: counter.type }),
      ...(options.present?.has(address) === true ? { present: options.present.get(address)! } : {}),
      ...(options.samples.has(address) ? { samples: options.samples.get(address)! } : {}),
    }));
  return {
    source: options.source,
    name: options.name,
    objects: objectsOf(protocol, found),
    variables,
    truncated: found.truncated,
  };
}

/** A device that says something of itself is told by that. */
function objectsOf(protocol: ConnectionTarget["protocol"], found: BrowseResult): readonly OfferedObject[] {
  const told: readonly FoundObject[] = found.objects ?? [];
  const known = new Set(told.map(({ path }) => path.join("\u001f")));
  return [...told, ...devicesOf(protocol, found).filter(({ path }) => !known.has(path.join("\u001f")))];
}

function devicesOf(protocol: ConnectionTarget["protocol"], { drafts }: BrowseResult): readonly OfferedObject[] {
  const devices = new Map<string, OfferedObject>();
  for (const { path, address } of drafts) {
    const device =
      protocol === "mtconnect" || protocol === "shdr"
        ? path.slice(0, 1)
        : // group/node/device/metric; a metric of the edge node itself has no device
          protocol === "sparkplug" && address.split("/")[2] !== ""
          ? path.slice(0, 3)
          : [];
    if (device.length === 0 || device.length >= path.length) continue;
    const namespace = protocol === "sparkplug" ? "urn:doppelwerk:sparkplug" : "urn:mtconnect.org:MTConnectDevices";
    devices.set(device.join("\u001f"), { path: device, type: { namespace, name: "Device" } });
  }
  return [...devices.values()];
}
