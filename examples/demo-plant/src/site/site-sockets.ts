import type { Instant } from "@doppelwerk/world";
import type { PlantArchive } from "../archive/plant-archive.ts";
import type { PlantSignal } from "../signals/signal.ts";
import { startEdgeNode, type EdgeNode } from "../sparkplug/edge-node.ts";
import type { FaultName } from "../truth/fault.ts";
import { line4Sender } from "./line-4/line-4-signals.ts";
import { startLine4Bus } from "./modbus/line-4-bus.ts";
import { startPushSender, type PushSender } from "./push/push-sender.ts";
import { utilitiesNode } from "./utilities/utility-signals.ts";
import { warehouseSender } from "./warehouse/warehouse-signals.ts";

/** What the site has beside the sockets of Line 3. */
export interface SiteSockets {
  readonly modbus: string;
  /** Once the past is in the archive: the edge node goes online and the senders look for the server. */
  begin(): void;
  /** Line 4 and the warehouse send to this server from now on. */
  sendTo(server: string): void;
  report(signal: PlantSignal, time: Instant, value: number): void;
  setFault(name: FaultName, on: boolean): void;
  close(): Promise<void>;
}

export async function startSiteSockets(options: {
  readonly archive: PlantArchive;
  /** The plant's folder. */
  readonly data: string;
  /** Port of the gateway, 0 = any free one. */
  readonly modbusPort: number;
  /** Server that is sent to; undefined = nobody. */
  readonly push: string | undefined;
  readonly mqtt: string;
  readonly now: () => Instant;
  readonly log: (text: string) => void;
}): Promise<SiteSockets> {
  const { archive, data, mqtt, now, log } = options;
  let begun = false;
  let server = options.push;
  const bus = await startLine4Bus({ port: options.modbusPort, now });
  let edge: EdgeNode | undefined;
  let senders: readonly PushSender[] = [];
  const send = () => {
    if (!begun || server === undefined || senders.length > 0) return;
    const address = server;
    senders = [line4Sender, warehouseSender].map((name) => startPushSender({ server: address, name, archive, data, now, log }));
  };
  return {
    modbus: bus.gateway.url,
    begin() {
      edge = startEdgeNode({ node: utilitiesNode, url: mqtt, archive, now, log });
      begun = true;
      send();
    },
    sendTo(address) {
      server ??= address;
      send();
    },
    report(signal, time, value) {
      edge?.report(signal, time, value);
      bus.show(signal, value);
    },
    setFault(name, on) {
      if (name === "gateway") bus.setFailed(on);
      if (name !== "connection") return;
      edge?.setConnected(!on);
      for (const sender of senders) sender.setConnected(!on);
    },
    async close() {
      await Promise.all([bus.close(), edge?.close(), ...senders.map((sender) => sender.close())]);
    },
  };
}
