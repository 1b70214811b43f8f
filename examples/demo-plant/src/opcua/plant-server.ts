import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  DataType,
  LocalizedText,
  MessageSecurityMode,
  nodesets,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  StatusCodes,
  type UAVariable,
} from "node-opcua";
import type { PlantArchive } from "../archive/plant-archive.ts";
import { itemStates, operationModes } from "../signals/signal-list.ts";
import type { PlantSignal } from "../signals/signal.ts";
import { buildAddressSpace, sourceOffset, type PlantNodes } from "./address-space.ts";
import { mostValuesPerNode } from "./history-read.ts";

export interface PlantServer {
  /** `opc.tcp://127.0.0.1:PORT`. */
  readonly url: string;
  /** Shows a value from now on; `time` in µs of true plant time, NaN = no communication. */
  show(signal: PlantSignal, time: number, value: number): void;
  /** Shows the last archived value of every signal. */
  showAll(): void;
  close(): Promise<void>;
}

/** Starts the plant's OPC UA server: anonymous, no security, values below Machines, history from the archive. Its keys live under `data`. */
export async function startPlantServer(options: {
  readonly archive: PlantArchive;
  readonly data: string;
  readonly port: number;
}): Promise<PlantServer> {
  const { archive } = options;
  const pki = join(options.data, "pki");
  mkdirSync(pki, { recursive: true });
  const certificates = new OPCUACertificateManager({ rootFolder: pki, automaticallyAcceptUnknownCertificate: true });
  await certificates.initialize();
  const server = new OPCUAServer({
    host: "127.0.0.1",
    hostname: "127.0.0.1",
    port: options.port,
    resourcePath: "",
    allowAnonymous: true,
    disableDiscovery: true,
    securityPolicies: [SecurityPolicy.None],
    securityModes: [MessageSecurityMode.None],
    serverCertificateManager: certificates,
    userCertificateManager: certificates,
    nodesets: [nodesets.standard, nodesets.di, nodesets.ia, nodesets.machinery],
    serverInfo: {
      applicationUri: "urn:doppelwerk:demo-plant:server",
      productUri: "urn:doppelwerk:demo-plant",
      applicationName: { text: "Demo plant, line 3", locale: "en" },
    },
    buildInfo: { productName: "Demo plant", manufacturerName: "Doppelwerk examples", softwareVersion: "1.0" },
    serverCapabilities: {
      maxSessions: 20,
      // 0 = every change is delivered; the default of 50 ms keeps only the last change of each window
      minSupportedSampleRate: 0,
      operationLimits: { maxNodesPerRead: 1000, maxNodesPerBrowse: 1000, maxMonitoredItemsPerCall: 1000, maxNodesPerHistoryReadData: 100 },
    },
  });
  await server.initialize();
  const addressSpace = server.engine.addressSpace!;
  announceHistory(server);
  const nodes = buildAddressSpace(addressSpace, archive);
  await server.start();
  const show = (signal: PlantSignal, time: number, value: number) => showValue(nodes, archive, signal, time, value);
  return {
    url: `opc.tcp://127.0.0.1:${server.endpoints[0]!.port}`,
    show,
    showAll: () => {
      for (const signal of archive.signals) {
        const row = archive.count(signal.index) - 1;
        if (row >= 0) show(signal, archive.timeAt(signal.index, row), archive.valueAt(signal.index, row));
      }
    },
    close: async () => {
      await server.shutdown(100);
      await certificates.dispose();
    },
  };
}

/** OPC UA Part 11, 5.4.2: what the history can do, so that a client asks in pieces the server is willing to give. */
function announceHistory(server: OPCUAServer): void {
  const capabilities = server.engine.historyServerCapabilities;
  capabilities.accessHistoryDataCapability = true;
  capabilities.maxReturnDataValues = mostValuesPerNode;
}

function showValue(nodes: PlantNodes, archive: PlantArchive, signal: PlantSignal, time: number, value: number): void {
  const variable = nodes.variables.get(signal.index);
  if (!variable) return;
  const date = new Date((time + sourceOffset(signal)) / 1000);
  if (Number.isNaN(value)) {
    variable.setValueFromSource({ dataType: DataType.Null }, StatusCodes.BadNoCommunication, date);
    return;
  }
  const shown = signal.type === "String" ? archive.textAt(value) : signal.type === "Boolean" ? value !== 0 : value;
  variable.setValueFromSource({ dataType: DataType[signal.type], value: shown }, StatusCodes.Good, date);
  const machine = nodes.machines.get(`${signal.asset}.${signal.role}`);
  if (machine) showState(machine, signal.role === "ItemState" ? itemStates : operationModes, value, date);
}

function showState(
  machine: { readonly state: UAVariable; readonly number?: UAVariable },
  names: readonly string[],
  value: number,
  date: Date,
): void {
  const text = new LocalizedText({ text: names[value] ?? "", locale: "en" });
  machine.state.setValueFromSource({ dataType: DataType.LocalizedText, value: text }, StatusCodes.Good, date);
  machine.number?.setValueFromSource({ dataType: DataType.UInt32, value }, StatusCodes.Good, date);
}
