// A machine with set-points over OPC UA, for tests of commands.
import { DataType, OPCUACertificateManager, OPCUAServer, StatusCodes, Variant } from "node-opcua";

export interface TestMachine {
  readonly url: string;
  /** What the machine has now. */
  readonly values: Record<string, number | boolean>;
  /** How often someone wrote. */
  readonly writes: number;
  stop(): Promise<void>;
}

/** `Speed` (Double) and `Narrow` (Float) take what they are told, `Steps` an Int16, `Limited` refuses above 100, `Stubborn` says yes and stays at 1, `Fixed` is read-only. */
export async function startTestMachine(pkiFolder: string, port = 0): Promise<TestMachine> {
  const server = new OPCUAServer({
    port,
    hostname: "127.0.0.1",
    serverCertificateManager: new OPCUACertificateManager({ rootFolder: pkiFolder, automaticallyAcceptUnknownCertificate: true }),
    userCertificateManager: new OPCUACertificateManager({ rootFolder: `${pkiFolder}-users`, automaticallyAcceptUnknownCertificate: true }),
    serverCapabilities: { minSupportedSampleRate: 0 },
  });
  await server.initialize();
  const addressSpace = server.engine.addressSpace!;
  const namespace = addressSpace.registerNamespace("urn:test:machine");
  const machine = namespace.addFolder(addressSpace.rootFolder.objects, { browseName: "Machine", nodeId: "s=Machine" });
  const values: Record<string, number | boolean> = { Speed: 10, Narrow: 1.5, Steps: 5, Limited: 50, Stubborn: 1, Fixed: 7, Remote: true };
  const types: Readonly<Record<string, DataType>> = { Narrow: DataType.Float, Steps: DataType.Int16, Remote: DataType.Boolean };
  let writes = 0;
  for (const name of Object.keys(values)) {
    const dataType = types[name] ?? DataType.Double;
    namespace.addVariable({
      organizedBy: machine,
      browseName: name,
      nodeId: `s=${name}`,
      dataType: DataType[dataType],
      minimumSamplingInterval: 20,
      ...(name === "Fixed" ? { accessLevel: "CurrentRead", userAccessLevel: "CurrentRead" } : {}),
      value: {
        get: () => new Variant({ dataType, value: values[name] }),
        ...(name === "Fixed"
          ? {}
          : {
              set(variant: Variant) {
                writes++;
                if (name === "Limited" && variant.value > 100) return StatusCodes.BadOutOfRange;
                if (name !== "Stubborn") values[name] = variant.value;
                return StatusCodes.Good;
              },
            }),
      },
    });
  }
  await server.start();
  return {
    url: `opc.tcp://127.0.0.1:${server.endpoints[0]!.port}`,
    values,
    get writes() {
      return writes;
    },
    stop: () => server.shutdown(0),
  };
}
