import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** What stands between a server and a plant, and sees when the server hangs up. */
export interface WatchedPort {
  readonly port: number;
  /** Connections of the server that are open, and how many there ever were. */
  readonly open: number;
  readonly ever: number;
  /** The plant answers nothing any more, and hangs up on nobody. */
  hang(): void;
  /** Resolves with the moment at which nobody is connected. */
  empty(): Promise<number>;
  stop(): Promise<void>;
}

/** `target`: port of the plant on this machine; undefined: one that never answers. */
export async function watchPort(target: number | undefined): Promise<WatchedPort> {
  const sockets = new Set<Socket>();
  const plants = new Set<Socket>();
  const waiting: ((at: number) => void)[] = [];
  let [ever, hangs] = [0, target === undefined];
  const server = createServer((socket) => {
    ever++;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => {
      sockets.delete(socket);
      if (sockets.size > 0) return;
      for (const resolve of waiting.splice(0)) resolve(performance.now());
    });
    if (target === undefined) return void socket.resume();
    const plant = connect(target, "127.0.0.1");
    plants.add(plant);
    plant.on("error", () => {});
    plant.on("data", (data) => !hangs && socket.write(data));
    plant.once("close", () => {
      plants.delete(plant);
      if (!hangs) socket.destroy();
    });
    socket.on("data", (data) => !hangs && plant.write(data));
    socket.once("close", () => plant.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    get open() {
      return sockets.size;
    },
    get ever() {
      return ever;
    },
    hang: () => void (hangs = true),
    empty: () => (sockets.size === 0 ? Promise.resolve(performance.now()) : new Promise((resolve) => waiting.push(resolve))),
    async stop() {
      for (const socket of [...sockets, ...plants]) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
