import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** Exception codes of MODBUS Application Protocol V1.1b3, 7. */
export const exceptions = { illegalFunction: 1, illegalAddress: 2, illegalValue: 3, busy: 6, noAnswer: 11 } as const;

/** One device behind the gateway. */
export interface ModbusDevice {
  /** An exception that it answers now, whatever is asked of it. */
  trouble(): number | undefined;
  /** 16 bits from 0; undefined where the device has no register and refuses a read over it. */
  register(address: number): number | undefined;
  bit(address: number): boolean | undefined;
}

export interface ModbusGateway {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

const maxRegisters = 125;
const maxBits = 2000;

/**
 * A Modbus TCP gateway before devices on a serial bus (MODBUS Messaging on TCP/IP V1.0b): reads of bits (2) and input registers (4), one request after
 * another; a unit that is not on the bus is answered with exception 11, anything that is no Modbus by closing.
 */
export async function startModbusGateway(devices: ReadonlyMap<number, ModbusDevice>, port: number): Promise<ModbusGateway> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
    // A client that resets its connection is gone, and nothing more.
    socket.on("error", () => socket.destroy());
    let received: Buffer = Buffer.alloc(0);
    socket.on("data", (bytes: Buffer) => {
      received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
      received = answerFrames(socket, received, devices);
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const listening = (server.address() as { readonly port: number }).port;
  return {
    port: listening,
    url: `modbus+tcp://127.0.0.1:${listening}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

/** Answers every whole frame and returns what is left of the next one. */
function answerFrames(socket: Socket, received: Buffer, devices: ReadonlyMap<number, ModbusDevice>): Buffer {
  let rest = received;
  while (rest.length >= 8) {
    const length = rest.readUInt16BE(4);
    if (rest.readUInt16BE(2) !== 0 || length < 2 || length > 254) {
      socket.destroy();
      return Buffer.alloc(0);
    }
    if (rest.length < 6 + length) break;
    const body = answer(rest.subarray(7, 6 + length), devices.get(rest.readUInt8(6)));
    const head = Buffer.from(rest.subarray(0, 7));
    head.writeUInt16BE(body.length + 1, 4);
    socket.write(Buffer.concat([head, body]));
    rest = rest.subarray(6 + length);
  }
  return rest;
}

/** Function code and data of the answer. */
function answer(request: Buffer, device: ModbusDevice | undefined): Buffer {
  const functionCode = request.readUInt8(0);
  const refuse = (exception: number) => Buffer.from([functionCode | 0x80, exception]);
  if (device === undefined) return refuse(exceptions.noAnswer);
  const trouble = device.trouble();
  if (trouble !== undefined) return refuse(trouble);
  if (functionCode !== 2 && functionCode !== 4) return refuse(exceptions.illegalFunction);
  if (request.length < 5) return refuse(exceptions.illegalValue);
  const start = request.readUInt16BE(1);
  const count = request.readUInt16BE(3);
  if (count < 1 || count > (functionCode === 2 ? maxBits : maxRegisters)) return refuse(exceptions.illegalValue);
  const data = functionCode === 2 ? bits(device, start, count) : words(device, start, count);
  return data === undefined ? refuse(exceptions.illegalAddress) : Buffer.concat([Buffer.from([functionCode, data.length]), data]);
}

function words(device: ModbusDevice, start: number, count: number): Buffer | undefined {
  const data = Buffer.alloc(count * 2);
  for (let i = 0; i < count; i++) {
    const word = device.register(start + i);
    if (word === undefined) return undefined;
    data.writeUInt16BE(word, i * 2);
  }
  return data;
}

function bits(device: ModbusDevice, start: number, count: number): Buffer | undefined {
  const data = Buffer.alloc(Math.ceil(count / 8));
  for (let i = 0; i < count; i++) {
    const bit = device.bit(start + i);
    if (bit === undefined) return undefined;
    if (bit) data[i >> 3]! |= 1 << (i & 7);
  }
  return data;
}
