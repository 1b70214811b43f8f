import { outlets, type OutletName, type PublishRequest, type ShowRequest } from "@doppelwerk/ports";
import { addressOf } from "../compose/follow-connections.ts";
import { connectionId, type ConnectionRegister } from "../connections/connection-register.ts";
import type { HostedWorld } from "../routes/hosted-world.ts";

/** What `serve` was started with. */
export interface AskedOutlets {
  readonly opcua?: ShowRequest | undefined;
  readonly mqtt?: PublishRequest | undefined;
}

/**
 * Opens what informs others by itself, but not what somebody ended: that stays closed, over a restart too, until somebody opens it again. `shown`: told where
 * the OPC UA server is. Errors: as of `Outlets`.
 */
export async function openOutlets(
  site: HostedWorld,
  { opcua, mqtt }: AskedOutlets,
  { register, shown }: { readonly register: ConnectionRegister | undefined; readonly shown: (url: string) => void },
): Promise<void> {
  const isEnded = (name: OutletName): boolean => register?.byId(connectionId(site.id, name))?.ended !== undefined;
  if (opcua !== undefined) {
    const url = `opc.tcp://${opcua.host}:${opcua.port}`;
    register?.meet({ ...factsOf(site, "opcua", url), proof: "certificate" });
    await site.features.useWhenOpen(outlets, async (port) => {
      if (isEnded("opcua")) port.hold("opcua", opcua);
      else shown(await port.show(opcua));
    });
  }
  if (mqtt !== undefined) {
    register?.meet({ ...factsOf(site, "mqtt", mqtt.url), proof: mqtt.secret === undefined ? "none" : "secret" });
    await site.features.useWhenOpen(outlets, async (port) => {
      if (isEnded("mqtt")) port.hold("mqtt", mqtt);
      else await port.publish(mqtt);
    });
  }
  // asked for no more; one that was ended stays so
  for (const { id, kind, of, ended } of register?.of(site.id) ?? [])
    if (kind === "service" && ended === undefined && { opcua, mqtt }[of as OutletName] === undefined) register!.remove(id);
}

function factsOf(site: HostedWorld, of: OutletName, url: string) {
  const address = addressOf(url);
  return {
    kind: "service" as const,
    world: site.id,
    worldTitle: site.title(),
    of,
    name: url,
    protocol: of,
    ...(address !== undefined && { address }),
  };
}
