// The plants of bench/connectors.ts, each on a thread of its own: they speak without end and say their address.
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { Aedes } from "aedes";
import { connectAsync } from "mqtt";
import { AccessLevelFlag, DataType, OPCUACertificateManager, OPCUAServer, StatusCodes, Variant } from "node-opcua";
import sparkplug from "sparkplug-payload";

const { kind, folder, items } = workerData as { readonly kind: "opcua" | "sparkplug"; readonly folder: string; readonly items: number };

if (kind === "opcua") await runOpcua();
else await runSparkplug();

/** Every 50 ms a tenth of the variables changes: 20,000 changes a second are offered. */
async function runOpcua(): Promise<void> {
  const server = new OPCUAServer({
    port: 0,
    hostname: "127.0.0.1",
    serverCertificateManager: new OPCUACertificateManager({ rootFolder: join(folder, "pki"), automaticallyAcceptUnknownCertificate: true }),
    serverCapabilities: { minSupportedSampleRate: 0, maxMonitoredItems: 100_000, maxMonitoredItemsPerSubscription: 100_000 },
  });
  await server.initialize();
  const addressSpace = server.engine.addressSpace!;
  const namespace = addressSpace.registerNamespace("urn:bench");
  const variables = Array.from({ length: items }, (_, n) => {
    const variable = namespace.addVariable({
      organizedBy: addressSpace.rootFolder.objects,
      browseName: `v${n}`,
      nodeId: `s=v${n}`,
      dataType: "Double",
      accessLevel: AccessLevelFlag.CurrentRead,
      userAccessLevel: AccessLevelFlag.CurrentRead,
    });
    variable.setValueFromSource(new Variant({ dataType: DataType.Double, value: n }));
    return variable;
  });
  await server.start();
  let round = 0;
  setInterval(() => {
    round++;
    const now = new Date();
    for (let n = round % 10; n < items; n += 10)
      variables[n]!.setValueFromSource(new Variant({ dataType: DataType.Double, value: round + n }), StatusCodes.Good, now);
  }, 50);
  parentPort!.postMessage(`opc.tcp://127.0.0.1:${server.endpoints[0]!.port}`);
}

/** Births at once and again when asked; then messages of 100 metrics, as fast as the broker takes them. */
async function runSparkplug(): Promise<void> {
  const broker = await Aedes.createBroker();
  const sockets = createServer(broker.handle);
  sockets.listen(0, "127.0.0.1");
  await once(sockets, "listening");
  const url = `mqtt://127.0.0.1:${(sockets.address() as { port: number }).port}`;
  const codec = sparkplug.get("spBv1.0")!;
  const client = await connectAsync(url);
  let seq = 0;
  const publish = async (
    type: string,
    device: string,
    metrics: readonly { name: string; type: string; value: unknown; alias?: number }[],
  ): Promise<void> => {
    const payload = codec.encodePayload({ timestamp: Date.now(), seq, metrics: metrics as never });
    seq = (seq + 1) % 256;
    await client.publishAsync(`spBv1.0/G/${type}/N${device}`, Buffer.from(payload), { qos: 0 });
  };
  let wanted = true;
  client.on("message", () => (wanted = true));
  await client.subscribeAsync("spBv1.0/G/NCMD/N");
  parentPort!.postMessage(url);
  const all = Array.from({ length: 1_000 }, (_, n) => ({ name: `m${n}`, type: "Double", value: n, alias: n }));
  for (let round = 0; ; round++) {
    if (wanted) {
      wanted = false;
      seq = 0;
      await publish("NBIRTH", "", [{ name: "bdSeq", type: "UInt64", value: 0 }]);
      await publish("DBIRTH", "/D", all);
    }
    const from = (round % 10) * 100;
    await publish(
      "DDATA",
      "/D",
      Array.from({ length: 100 }, (_, n) => ({ alias: from + n, type: "Double", value: round + n }) as never),
    );
    // the broker of this thread needs its turns too
    if (round % 8 === 7) await new Promise((resolve) => setImmediate(resolve));
  }
}
