// A way to a plant that can be cut, for tests.
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface TestProxy {
  readonly port: number;
  /** Breaks every connection and lets none through. */
  cut(): void;
  /** Nothing passes in either direction, and nobody is told. */
  stall(): void;
  /** Lets everything through again; what stalled before is broken. */
  mend(): void;
  /** What the plant says comes so much later. */
  slow(ms: number): void;
  stop(): Promise<void>;
}

export async function startProxy(to: number): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  let delayMs = 0;
  let state: "open" | "cut" | "stalled" = "open";
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((client) => {
    keep(client);
    if (state === "cut") return void client.destroy();
    if (state === "stalled") return;
    const plant = keep(connect(to, "127.0.0.1"));
    for (const [a, b] of [
      [client, plant],
      [plant, client],
    ] as const) {
      a.on("data", (bytes) => {
        if (a === plant && delayMs > 0) setTimeout(() => state === "open" && b.write(bytes), delayMs);
        else if (state === "open") b.write(bytes);
      });
      a.on("close", () => {
        if (state !== "stalled") b.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      state = "cut";
      breakAll();
    },
    stall() {
      state = "stalled";
    },
    mend() {
      state = "open";
      breakAll();
    },
    slow(ms) {
      delayMs = ms;
    },
    async stop() {
      breakAll();
      server.close();
      await once(server, "close");
    },
  };
}
