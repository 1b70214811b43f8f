import { join } from "node:path";
import { DataType, nodesets, OPCUACertificateManager, OPCUAServer, StatusCodes, type UAObject, type UAVariable } from "node-opcua";
import { namespaceUri } from "../../examples/demo-plant/src/signals/signal-list.ts";
import type { PlantSignal } from "../../examples/demo-plant/src/signals/signal.ts";

export interface PlainServer {
  readonly url: string;
  show(signal: PlantSignal, time: number, value: number | string | boolean): void;
  close(): Promise<void>;
}

/** Values below a folder for each asset, by exception, without history and without a companion specification. */
export async function startPlainServer(signals: readonly PlantSignal[], folder: string): Promise<PlainServer> {
  const server = new OPCUAServer({
    port: 0,
    hostname: "127.0.0.1",
    nodesets: [nodesets.standard],
    serverCertificateManager: new OPCUACertificateManager({ rootFolder: join(folder, "pki"), automaticallyAcceptUnknownCertificate: true }),
    serverCapabilities: { minSupportedSampleRate: 0, operationLimits: { maxNodesPerRead: 1_000, maxMonitoredItemsPerCall: 1_000 } },
  });
  await server.initialize();
  const addressSpace = server.engine.addressSpace!;
  const namespace = addressSpace.registerNamespace(namespaceUri);
  const folders = new Map<string, UAObject>();
  const variables = new Map<number, UAVariable>();
  for (const signal of signals) {
    if (signal.address.kind !== "opcua") continue;
    const parent =
      folders.get(signal.asset) ??
      namespace.addObject({ browseName: signal.asset, organizedBy: addressSpace.rootFolder.objects, typeDefinition: "FolderType" });
    folders.set(signal.asset, parent);
    const variable = namespace.addVariable({
      browseName: signal.role,
      nodeId: `s=${signal.name}`,
      componentOf: parent,
      dataType: DataType[signal.type],
      minimumSamplingInterval: 0,
    });
    const value = signal.type === "String" ? "" : signal.type === "Boolean" ? false : 0;
    variable.setValueFromSource({ dataType: DataType[signal.type], value }, StatusCodes.UncertainInitialValue);
    variables.set(signal.index, variable);
  }
  await server.start();
  return {
    url: `opc.tcp://127.0.0.1:${server.endpoints[0]!.port}`,
    show(signal, time, value) {
      variables.get(signal.index)?.setValueFromSource({ dataType: DataType[signal.type], value }, StatusCodes.Good, new Date(time / 1_000));
    },
    close: () => server.shutdown(0),
  };
}
