import { connect, type Socket } from "node:net";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Table } from "./register-address.ts";

const FUNCTION: Readonly<Record<Table, number>> = { coil: 1, discrete: 2, holding: 3, input: 4 };

/** Exception codes (MODBUS Application Protocol V1.1b3, 7). */
const EXCEPTIONS: Readonly<Record<number, Message>> = {
  1: message("connectors.illegalFunction"),
  2: message("connectors.illegalDataAddress"),
  3: message("connectors.illegalDataValue"),
  4: message("connectors.serverDeviceFailure"),
  5: message("connectors.deviceTakesLong"),
  6: message("connectors.serverDeviceBusy"),
  8: message("connectors.memoryParityError"),
  10: message("connectors.gatewayPathUnavailable"),
  11: message("connectors.gatewayTargetDeviceFailedRespond"),
};
const ILLEGAL_ADDRESS = 2;

/** The device answered, but not with data. The connection stays. */
export class ModbusException extends DoppelwerkError {
  readonly exception: number;
  constructor(
    exception: number,
    reason = message("connectors.deviceAnswers", {
      exception: EXCEPTIONS[exception] ?? message("connectors.exceptionUnknown"),
      code: exception,
    }),
  ) {
    super("DW_UNAVAILABLE", reason);
    this.name = "ModbusException";
    this.exception = exception;
  }
}

export interface ModbusClient {
  /** The data bytes of an answer: two a register, one for eight bits. Rejects with `ModbusException`, or anything else when the link is of no more use. */
  read(unitId: number, table: Table, start: number, count: number): Promise<Buffer>;
  close(): void;
}

/** Longest frame after the six bytes of the head: unit and 253 bytes (MODBUS Messaging on TCP/IP V1.0b, 4.1). */
const MAX_LENGTH = 254;

/** One request at a time over one socket: many gateways lose a second one. Reads only. */
export async function connectModbus(host: string, port: number, timeoutMs: number): Promise<ModbusClient> {
  const socket = await openSocket(host, port, timeoutMs);
  return new Client(socket, timeoutMs);
}

async function openSocket(host: string, port: number, timeoutMs: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host, port, noDelay: true });
  const timer = setTimeout(
    () => socket.destroy(new DoppelwerkError("DW_UNAVAILABLE", message("connectors.noConnection", { host, port, timeoutMs }))),
    timeoutMs,
  );
  socket.once("connect", () => resolve(socket));
  socket.once("error", reject);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

interface Asked {
  readonly transaction: number;
  readonly unitId: number;
  readonly functionCode: number;
  readonly bytes: number;
  readonly answer: PromiseWithResolvers<Buffer>;
}

class Client implements ModbusClient {
  readonly #socket: Socket;
  readonly #timeoutMs: number;
  #received: Buffer = Buffer.alloc(0);
  #transaction = 0;
  #asked: Asked | undefined;
  #dead: Error | undefined;

  constructor(socket: Socket, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    socket.on("data", (bytes: Buffer) => this.#receive(bytes));
    socket.on("error", (error) => this.#die(error));
    socket.on("close", () => this.#die(new DoppelwerkError("DW_UNAVAILABLE", message("connectors.connectionLost"))));
  }

  async read(unitId: number, table: Table, start: number, count: number): Promise<Buffer> {
    if (this.#dead !== undefined) throw this.#dead;
    if (this.#asked !== undefined) throw new Error("one question at a time");
    const functionCode = FUNCTION[table];
    this.#transaction = (this.#transaction + 1) & 0xffff;
    const bytes = table === "coil" || table === "discrete" ? Math.ceil(count / 8) : count * 2;
    const asked: Asked = { transaction: this.#transaction, unitId, functionCode, bytes, answer: Promise.withResolvers() };
    this.#asked = asked;
    const frame = Buffer.alloc(12);
    frame.writeUInt16BE(asked.transaction, 0);
    frame.writeUInt16BE(6, 4);
    frame.writeUInt8(unitId, 6);
    frame.writeUInt8(functionCode, 7);
    frame.writeUInt16BE(start, 8);
    frame.writeUInt16BE(count, 10);
    this.#socket.write(frame);
    const timer = setTimeout(
      () => this.#die(new DoppelwerkError("DW_UNAVAILABLE", message("connectors.noAnswerMs", { timeoutMs: this.#timeoutMs }))),
      this.#timeoutMs,
    );
    try {
      return await asked.answer.promise;
    } finally {
      clearTimeout(timer);
      this.#asked = undefined;
    }
  }

  close(): void {
    this.#die(new Error("closed"));
  }

  #receive(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    while (this.#received.length >= 7) {
      const length = this.#received.readUInt16BE(4);
      if (this.#received.readUInt16BE(2) !== 0 || length < 3 || length > MAX_LENGTH)
        return this.#die(new DoppelwerkError("DW_UNAVAILABLE", message("connectors.answerNotModbus")));
      if (this.#received.length < 6 + length) return;
      const frame = this.#received.subarray(0, 6 + length);
      this.#received = this.#received.subarray(6 + length);
      this.#answer(frame);
    }
  }

  #answer(frame: Buffer): void {
    const asked = this.#asked;
    // late answers to a question given up
    if (asked === undefined || frame.readUInt16BE(0) !== asked.transaction) return;
    const functionCode = frame.readUInt8(7);
    if (functionCode === (asked.functionCode | 0x80)) return asked.answer.reject(new ModbusException(frame.readUInt8(8)));
    const bytes = frame.readUInt8(8);
    const fits = functionCode === asked.functionCode && frame.readUInt8(6) === asked.unitId && frame.length === 9 + bytes;
    if (!fits || bytes > asked.bytes) return this.#die(new DoppelwerkError("DW_UNAVAILABLE", message("connectors.answerToAnotherRequest")));
    // some devices cut what lies beyond their map instead of refusing it
    if (bytes < asked.bytes) return asked.answer.reject(new ModbusException(ILLEGAL_ADDRESS, message("connectors.deviceAnswersTooLittle")));
    asked.answer.resolve(Buffer.from(frame.subarray(9)));
  }

  #die(error: Error): void {
    this.#dead ??= error;
    this.#socket.destroy();
    this.#asked?.answer.reject(error);
  }
}
