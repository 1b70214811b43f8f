// An MQTT broker and a Sparkplug B edge node over real sockets, for tests.
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { once } from "node:events";
import { Aedes } from "aedes";
import { connectAsync, type MqttClient } from "mqtt";
import sparkplug from "sparkplug-payload";

const codec = sparkplug.get("spBv1.0")!;
export type TestMetric = NonNullable<Parameters<typeof codec.encodePayload>[0]["metrics"]>[number];
type TestPayload = Parameters<typeof codec.encodePayload>[0];

export interface TestBroker {
  readonly port: number;
  readonly url: string;
  /** Sockets die without a good-bye. */
  stop(): Promise<void>;
}

export async function startBroker(port = 0, tls?: TlsOptions): Promise<TestBroker> {
  const aedes = await Aedes.createBroker();
  const server: Server = tls === undefined ? createServer(aedes.handle) : createTlsServer(tls, aedes.handle);
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const bound = (server.address() as { port: number }).port;
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    const closed = once(server, "close");
    server.close();
    await closed;
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
  };
  return {
    port: bound,
    url: `${tls === undefined ? "mqtt" : "mqtts"}://127.0.0.1:${bound}`,
    stop: () => (stopping ??= stop()),
  };
}

export interface TestEdge {
  readonly client: MqttClient;
  /** Names of metrics of NCMD messages received. */
  readonly commands: string[];
  seq: number;
  birth(metrics: readonly TestMetric[]): Promise<void>;
  deviceBirth(device: string, metrics: readonly TestMetric[]): Promise<void>;
  data(device: string, metrics: readonly TestMetric[], time?: number): Promise<void>;
  deviceDeath(device: string): Promise<void>;
  raw(kind: string, device: string, bytes: Uint8Array): Promise<void>;
  /** The socket dies: the broker publishes the will. */
  die(): void;
  end(): Promise<void>;
}

/** Connects with an NDEATH will that carries `bdSeq`; publishes nothing by itself. `onRebirth` hears every rebirth request. */
export async function startEdge(
  url: string,
  node: { readonly group: string; readonly node: string; readonly bdSeq?: number; readonly onRebirth?: () => void },
): Promise<TestEdge> {
  const { group, node: name, bdSeq = 0 } = node;
  const bdMetric: TestMetric = { name: "bdSeq", type: "UInt64", value: bdSeq };
  const client = await connectAsync(url, {
    reconnectPeriod: 0,
    will: {
      topic: `spBv1.0/${group}/NDEATH/${name}`,
      payload: Buffer.from(encode({ timestamp: 1, metrics: [bdMetric] })),
      qos: 1,
      retain: false,
    },
  });
  client.on("error", () => {});
  const commands: string[] = [];
  client.on("message", (_topic, bytes) => {
    for (const metric of codec.decodePayload(bytes).metrics ?? []) {
      commands.push(metric.name ?? "");
      if (metric.name === "Node Control/Rebirth" && metric.value === true) node.onRebirth?.();
    }
  });
  await client.subscribeAsync(`spBv1.0/${group}/NCMD/${name}`, { qos: 1 });
  const publish = (kind: string, device: string, bytes: Uint8Array): Promise<unknown> =>
    client.publishAsync(`spBv1.0/${group}/${kind}/${name}${device === "" ? "" : `/${device}`}`, Buffer.from(bytes), { qos: 1 });
  const edge: TestEdge = {
    client,
    commands,
    seq: 0,
    async birth(metrics) {
      edge.seq = 0;
      await publish(
        "NBIRTH",
        "",
        encode({
          timestamp: Date.now(),
          seq: edge.seq++,
          metrics: [bdMetric, { name: "Node Control/Rebirth", type: "Boolean", value: false }, ...metrics],
        }),
      );
    },
    async deviceBirth(device, metrics) {
      await publish("DBIRTH", device, encode({ timestamp: Date.now(), seq: edge.seq++ % 256, metrics: [...metrics] }));
    },
    async data(device, metrics, time = Date.now()) {
      await publish(device === "" ? "NDATA" : "DDATA", device, encode({ timestamp: time, seq: edge.seq++ % 256, metrics: [...metrics] }));
    },
    async deviceDeath(device) {
      await publish("DDEATH", device, encode({ timestamp: Date.now(), seq: edge.seq++ % 256 }));
    },
    raw: async (kind, device, bytes) => void (await publish(kind, device, bytes)),
    die: () => void client.stream.destroy(),
    end: () => client.endAsync(true),
  };
  return edge;
}

export function encode(payload: TestPayload): Uint8Array {
  return codec.encodePayload(payload);
}
