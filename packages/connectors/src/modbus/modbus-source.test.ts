import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { isMessage, textOf } from "@doppelwerk/messages";
import { afterEach, describe, expect, test } from "vitest";
import { server as modbus } from "jsmodbus";
import { quality, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import { createRecorder } from "../samples/recorder.ts";
import { sampleSourceContract } from "../samples/sample-source.contract.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { modbusConnector } from "./modbus-source.ts";
import { planReads } from "./read-plan.ts";
import { parseRegisterAddress, type RegisterAddress } from "./register-address.ts";
import { registerValue } from "./register-value.ts";

const fast = { clock: wallClock, dataDir: "", graceMs: 300, retryMs: { first: 50, most: 200 } };
const connection = (port: number, settings: ConnectionRecord["settings"] = {}): ConnectionRecord => ({
  id: "connection:1",
  kind: "connection",
  name: "plant",
  protocol: "modbus",
  url: `modbus+tcp://127.0.0.1:${port}`,
  enabled: true,
  settings: { intervalS: 0.02, timeoutMs: 500, ...settings },
});

interface Device {
  readonly port: number;
  stop(): Promise<void>;
}

async function listen(port: number, serve: (server: Server) => void): Promise<Device> {
  const server = createServer();
  const sockets = new Set<Socket>();
  serve(server);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as { port: number }).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** A device by another hand: jsmodbus, with these registers and coils. */
const startDevice = (holding: Buffer, coils = Buffer.alloc(16), port = 0): Promise<Device> =>
  listen(port, (server) => void new modbus.TCP(server, { holding, coils, discrete: coils, input: holding }));

sampleSourceContract("Modbus TCP", async () => {
  const holding = Buffer.alloc(200);
  const coils = Buffer.alloc(16);
  holding.writeDoubleBE(1, 0);
  holding.write("a", 40, "latin1");
  let device = await startDevice(holding, coils);
  const { port } = device;
  const addresses: Readonly<Record<string, string>> = {
    number: "1/holding/0/float64",
    count: "1/holding/10/uint16",
    flag: "1/coil/3/bool",
    word: "1/holding/20/string?length=20",
    nowhere: "1/holding/60000/float64",
  };
  return {
    polled: true,
    source: (signals) => modbusConnector.open(connection(port, { maxGap: 0 }), signals, fast),
    address: (name) => addresses[name]!,
    set(name, value) {
      if (name === "number") holding.writeDoubleBE(value as number, 0);
      if (name === "count") holding.writeUInt16BE(value as number, 20);
      if (name === "flag") coils[0] = value === true ? 8 : 0;
      if (name === "word") holding.fill(0, 40, 80).write(value as string, 40, "utf8");
    },
    setWrongType: () => void holding.writeDoubleBE(Number.NaN, 0),
    vanish: () => device.stop(),
    async comeBack() {
      device = await startDevice(holding, coils, port);
    },
    stop: () => device.stop(),
  };
});

const at = (text: string): RegisterAddress => {
  const address = parseRegisterAddress(text, { wordOrder: "big", byteOrder: "big" });
  if (isMessage(address)) throw new Error(textOf(address));
  return address;
};

describe("Modbus TCP", () => {
  let stops: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const stop of stops.toReversed()) await stop();
    stops = [];
  });

  const signals = (addresses: readonly string[], valueType: SignalRecord["valueType"] = "double"): SignalRecord[] =>
    addresses.map((address, n) => ({ id: `signal:${n}`, kind: "signal", name: address, valueType, address }));

  async function open(device: Device, addresses: readonly string[], settings: ConnectionRecord["settings"] = {}) {
    const source = modbusConnector.open(connection(device.port, settings), signals(addresses), fast);
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    return recorder;
  }

  test("[C70] every type in every word and byte order is the number that was written", () => {
    const bytes = Buffer.alloc(8);
    const orders = ["?word=big&byte=big", "?word=little&byte=big", "?word=big&byte=little", "?word=little&byte=little"];
    /** What a device of this order sends for the bytes of a big-endian value. */
    const sent = (length: number, order: string): Buffer => {
      const words = Array.from({ length: length / 2 }, (_, word) => Buffer.from(bytes.subarray(word * 2, word * 2 + 2)));
      if (order.includes("word=little")) words.reverse();
      return Buffer.concat(order.includes("byte=little") ? words.map((word) => word.reverse()) : words);
    };
    for (const order of orders) {
      bytes.writeFloatBE(-12.34, 0);
      expect(registerValue(at(`1/holding/0/float32${order}`), sent(4, order), 0)).toBe(-12.34);
      bytes.writeDoubleBE(Math.PI, 0);
      expect(registerValue(at(`1/holding/0/float64${order}`), sent(8, order), 0)).toBe(Math.PI);
      bytes.writeInt32BE(-70_000, 0);
      expect(registerValue(at(`1/holding/0/int32${order}`), sent(4, order), 0)).toBe(-70_000);
      bytes.writeUInt32BE(4_000_000_000, 0);
      expect(registerValue(at(`1/holding/0/uint32${order}`), sent(4, order), 0)).toBe(4_000_000_000);
      bytes.writeBigInt64BE(-5_000_000_000n, 0);
      expect(registerValue(at(`1/holding/0/int64${order}`), sent(8, order), 0)).toBe(-5_000_000_000n);
    }
    bytes.writeInt16BE(-2, 0);
    expect(registerValue(at("1/holding/0/int16"), bytes, 0)).toBe(-2);
    bytes.writeUInt16BE(0b1000, 0);
    expect([2, 3].map((bit) => registerValue(at(`1/holding/0/bool?bit=${bit}`), bytes, 0))).toEqual([false, true]);
    for (const wrong of [
      "",
      "1/holding/0",
      "300/holding/0/int16",
      "1/coil/0/int16",
      "1/holding/0/bool?bit=16",
      "1/holding/65535/int32",
      "1/holding/0/int16?word=middle",
    ])
      expect(isMessage(parseRegisterAddress(wrong, { wordOrder: "big", byteOrder: "big" }))).toBe(true);
  });

  test("[C71] reads are few: blocks within the limits, over gaps that are allowed, and no value torn", () => {
    const plan = (texts: readonly string[], limits = {}) =>
      planReads(
        texts.map((text, index) => ({ index, address: at(text) })),
        { maxRegistersPerRead: 125, maxBitsPerRead: 2000, maxGap: 8, ...limits },
      ).map(({ table, unitId, start, count }) => `${unitId}/${table}/${start}+${count}`);
    expect(plan(["1/holding/0/int16", "1/holding/9/float32", "1/holding/30/int16", "2/holding/1/int16", "1/coil/5/bool"])).toEqual([
      "1/holding/0+11",
      "1/holding/30+1",
      "2/holding/1+1",
      "1/coil/5+1",
    ]);
    expect(plan(["1/holding/0/float64", "1/holding/4/float64"], { maxRegistersPerRead: 7 })).toEqual(["1/holding/0+4", "1/holding/4+4"]);
    expect(plan(["1/holding/0/int16", "1/holding/2/int16"], { maxGap: 0 })).toEqual(["1/holding/0+1", "1/holding/2+1"]);
    expect(plan(Array.from({ length: 1000 }, (_, n) => `1/holding/${n * 2}/float32`))).toHaveLength(17);
  });

  test("[C72] a block refused for one missing register is asked in halves: the others have values, and the answers stay few", async () => {
    let questions = 0;
    const device = await listen(0, (server) =>
      server.on("connection", (socket: Socket) =>
        socket.on("data", (frame: Buffer) => {
          questions++;
          const start = frame.readUInt16BE(8);
          const count = frame.readUInt16BE(10);
          const head = Buffer.from(frame.subarray(0, 8));
          if (start <= 6 && start + count > 6) {
            head.writeUInt8(frame.readUInt8(7) | 0x80, 7);
            head.writeUInt16BE(3, 4);
            socket.write(Buffer.concat([head, Buffer.from([2])]));
            return;
          }
          const body = Buffer.alloc(1 + count * 2);
          body.writeUInt8(count * 2, 0);
          for (let n = 0; n < count; n++) body.writeUInt16BE(start + n, 1 + n * 2);
          head.writeUInt16BE(2 + body.length, 4);
          const answer = Buffer.concat([head, body]);
          // in two pieces, as networks do
          socket.write(answer.subarray(0, 5));
          setTimeout(() => socket.write(answer.subarray(5)), 2);
        }),
      ),
    );
    stops.push(() => device.stop());
    const recorder = await open(
      device,
      Array.from({ length: 10 }, (_, n) => `1/holding/${n}/uint16`),
    );
    await recorder.until(() => Array.from({ length: 10 }, (_, n) => recorder.of(n).length).every((count) => count > 0), "all");
    expect(Array.from({ length: 10 }, (_, n) => recorder.of(n).at(-1)!.value)).toEqual([0, 1, 2, 3, 4, 5, Number.NaN, 7, 8, 9]);
    expect(recorder.of(6).at(-1)!.quality).toBe(quality.bad);
    expect(recorder.notices).toContainEqual({
      kind: "finding",
      message: "the device answers illegal data address (2)",
      address: "1/holding/6/uint16",
    });
    const before = questions;
    await recorder.until(() => questions > before + 20, "further rounds");
    expect(recorder.states().filter((state) => state === "reconnecting")).toEqual([]);
  });

  test("[C73] a device that falls silent, answers another question or speaks no Modbus is lost with the reason, and asked again", async () => {
    for (const [answer, reason] of [
      [() => undefined, "no answer in 500 ms"],
      [() => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), "an answer that is no Modbus"],
      [(frame: Buffer) => Buffer.concat([frame.subarray(0, 4), Buffer.from([0, 5, 9, 3, 2, 0, 1])]), "an answer to another request"],
    ] as const) {
      const device = await listen(0, (server) =>
        server.on("connection", (socket: Socket) =>
          socket.on("data", (frame: Buffer) => void (answer(frame) && socket.write(answer(frame)!))),
        ),
      );
      stops.push(() => device.stop());
      const recorder = await open(device, ["1/holding/0/uint16"]);
      await recorder.until(() => recorder.notices.some((notice) => notice.kind === "state" && notice.reason === reason), reason);
    }
  });

  test("[C74] the register map is the proposal: each line tried once, with its unit, scale and what stands there", async () => {
    const holding = Buffer.alloc(200);
    holding.writeInt16BE(-215, 0);
    const device = await startDevice(holding);
    stops.push(() => device.stop());
    const registers = [
      { name: "Temperatur", address: 0, type: "int16", scale: 0.1, unit: "Cel" },
      { name: "Nowhere", address: 50_000, type: "uint16" },
      { name: "Wrong", address: 0, type: "int32", table: "coil" },
    ];
    const found = await modbusConnector.discover({ ...connection(device.port, { registers }) }, { dataDir: "" });
    expect(found.drafts[0]).toMatchObject({
      name: "Temperatur",
      address: "1/holding/0/int16",
      valueType: "double",
      scale: 0.1,
      unit: "Cel",
      example: "-215",
    });
    expect(found.drafts).toHaveLength(2);
    expect(found.remarks?.map(textOf).join()).toContain("Nowhere: the device answers with less");
    expect(found.skipped.map(({ reason, count }) => [textOf(reason), count])).toEqual([
      ["Wrong: the table coil holds bits: its type is bool", 1],
    ]);
    const none = await modbusConnector.discover({ ...connection(device.port) }, { dataDir: "" });
    expect(none.remarks?.map(textOf)).toEqual(["Modbus has no names: give the register map in settings.registers"]);
  });
});
