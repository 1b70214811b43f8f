import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  AccessLevelFlag,
  DataType,
  LocalizedText,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  StatusCodes,
  type Namespace,
  type UAObject,
  type UAVariable,
} from "node-opcua";
import type { PlantArchive, Track, Value } from "../archive.ts";
import { namespaceUri, type PlantSignal } from "../signals.ts";
import { MAX_VALUES_PER_NODE, readRaw } from "./history-read.ts";

export interface MachineServer {
  /** `opc.tcp://127.0.0.1:PORT`. */
  readonly url: string;
  show(signal: PlantSignal, value: Value, at: number): void;
  close(): Promise<void>;
}

/**
 * The OPC UA server of the machines: anonymous, no security; a folder a machine, history of every value. Its keys live under `data`. `lost` is a machine
 * that it does not reach: its values have a bad status.
 */
export async function startMachineServer(archive: PlantArchive, data: string, port: number, lost?: string): Promise<MachineServer> {
  const rootFolder = join(data, "pki");
  mkdirSync(rootFolder, { recursive: true });
  const certificates = new OPCUACertificateManager({ rootFolder, automaticallyAcceptUnknownCertificate: true });
  await certificates.initialize();
  const server = new OPCUAServer({
    host: "127.0.0.1",
    hostname: "127.0.0.1",
    port,
    resourcePath: "",
    allowAnonymous: true,
    disableDiscovery: true,
    securityPolicies: [SecurityPolicy.None],
    securityModes: [MessageSecurityMode.None],
    serverCertificateManager: certificates,
    userCertificateManager: certificates,
    serverInfo: {
      applicationUri: "urn:dye-house-plant:server",
      productUri: namespaceUri,
      applicationName: {
        text: "Dye house",
        locale: "en",
      },
    },
    buildInfo: {
      productName: "Dye house",
      manufacturerName: "Doppelwerk examples",
      softwareVersion: "1.0",
    },
    serverCapabilities: {
      maxSessions: 10,
      minSupportedSampleRate: 0,
      operationLimits: { maxNodesPerHistoryReadData: 50 },
    },
  });
  await server.initialize();
  server.engine.historyServerCapabilities.accessHistoryDataCapability = true;
  server.engine.historyServerCapabilities.maxReturnDataValues = MAX_VALUES_PER_NODE;
  const variables = buildNodes(server, archive);
  await server.start();
  for (const { signal, values, times } of archive.tracks.values())
    if (signal.asset === lost) setLost(variables, signal);
    else if (values.length > 0) showOn(variables, signal, values.at(-1)!, times.at(-1)!);
  return {
    url: `opc.tcp://127.0.0.1:${server.endpoints[0]!.port}`,
    show: (signal, value, at) => void (signal.asset !== lost && showOn(variables, signal, value, at)),
    async close() {
      await server.shutdown(100);
      await certificates.dispose();
    },
  };
}

function buildNodes(server: OPCUAServer, archive: PlantArchive): ReadonlyMap<string, UAVariable> {
  const space = server.engine.addressSpace!;
  const namespace = space.registerNamespace(namespaceUri);
  const folders = new Map<string, UAObject>();
  const variables = new Map<string, UAVariable>();
  for (const track of archive.tracks.values()) {
    const { asset, address, name } = track.signal;
    if (address.kind !== "opcua") continue;
    const folder =
      folders.get(asset) ?? namespace.addObject({ browseName: asset, nodeId: `s=${asset}`, organizedBy: space.rootFolder.objects });
    folders.set(asset, folder);
    variables.set(name, addVariable(namespace, folder, track));
  }
  return variables;
}

type ReadableHistory = UAVariable & {
  _historyRead: (
    context: unknown,
    details: Parameters<typeof readRaw>[1],
    range: unknown,
    encoding: unknown,
    continuation: { readonly continuationPoint?: Buffer | null },
    callback: (error: Error | null, result: ReturnType<typeof readRaw>) => void,
  ) => void;
};

function addVariable(namespace: Namespace, folder: UAObject, track: Track): UAVariable {
  const { signal } = track;
  const accessLevel = AccessLevelFlag.CurrentRead | AccessLevelFlag.HistoryRead;
  const variable = namespace.addVariable({
    browseName: signal.role,
    displayName: [
      new LocalizedText({
        locale: "en",
        text: signal.en,
      }),
      new LocalizedText({
        locale: "zh",
        text: signal.zh,
      }),
    ],
    nodeId: `s=${signal.name}`,
    componentOf: folder,
    dataType: DataType[signal.type],
    accessLevel,
    userAccessLevel: accessLevel,
    historizing: true,
    minimumSamplingInterval: 0,
  });
  variable.setValueFromSource(
    { dataType: DataType[signal.type], value: signal.type === "String" ? "" : 0 },
    StatusCodes.UncertainInitialValue,
  );
  (variable as ReadableHistory)._historyRead = (_context, details, _range, _encoding, continuation, callback) => {
    callback(null, readRaw(track, details, continuation.continuationPoint));
  };
  return variable;
}

function showOn(variables: ReadonlyMap<string, UAVariable>, signal: PlantSignal, value: Value, at: number): void {
  variables.get(signal.name)?.setValueFromSource({ dataType: DataType[signal.type], value }, StatusCodes.Good, new Date(at / 1_000));
}

function setLost(variables: ReadonlyMap<string, UAVariable>, signal: PlantSignal): void {
  const value = signal.type === "String" ? "" : 0;
  variables.get(signal.name)?.setValueFromSource({ dataType: DataType[signal.type], value }, StatusCodes.BadNoCommunication);
}
