import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import type { PlantArchive } from "../archive.ts";
import { plantSignals } from "../signals.ts";

/** Exceptions of MODBUS Application Protocol V1.1b3, 7. */
const ILLEGAL_FUNCTION = 1;
const ILLEGAL_ADDRESS = 2;
const NO_ANSWER = 11;

export interface KitchenBus {
  /** `modbus+tcp://127.0.0.1:PORT`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Modbus TCP before the tanks of the kitchen: input registers (function 4), a unit a tank; anything else is refused. */
export async function startKitchenBus(archive: PlantArchive, port: number): Promise<KitchenBus> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // who resets the connection is gone, and nothing more
    socket.on("error", () => socket.destroy());
    let received = Buffer.alloc(0);
    socket.on("data", (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      while (received.length >= 8 && received.length >= 6 + received.readUInt16BE(4)) {
        const end = 6 + received.readUInt16BE(4);
        socket.write(answer(received.subarray(0, end), archive));
        received = received.subarray(end);
      }
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: listening } = server.address() as { readonly port: number };
  return {
    url: `modbus+tcp://127.0.0.1:${listening}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

function answer(frame: Buffer, archive: PlantArchive): Buffer {
  const body = answerBody(frame.readUInt8(6), frame.subarray(7), archive);
  const head = Buffer.from(frame.subarray(0, 7));
  head.writeUInt16BE(body.length + 1, 4);
  return Buffer.concat([head, body]);
}

function answerBody(unit: number, request: Buffer, archive: PlantArchive): Buffer {
  const code = request.readUInt8(0);
  const refuse = (exception: number) => Buffer.from([code | 0x80, exception]);
  const registers = registersOf(unit, archive);
  if (registers.length === 0) return refuse(NO_ANSWER);
  if (code !== 4 || request.length < 5) return refuse(ILLEGAL_FUNCTION);
  const words = registers.subarray(request.readUInt16BE(1) * 2, (request.readUInt16BE(1) + request.readUInt16BE(3)) * 2);
  return words.length === request.readUInt16BE(3) * 2 ? Buffer.concat([Buffer.from([code, words.length]), words]) : refuse(ILLEGAL_ADDRESS);
}

/** All registers of a unit as they stand: floats, high word first. */
function registersOf(unit: number, archive: PlantArchive): Buffer {
  const own = plantSignals.flatMap(({ name, address }) => (address.kind === "modbus" && address.unit === unit ? [{ name, address }] : []));
  const bytes = Buffer.alloc(own.length * 4);
  for (const { name, address } of own) bytes.writeFloatBE(Number(archive.last(name) ?? 0), address.register * 2);
  return bytes;
}
