import { DoppelwerkError } from "@doppelwerk/world";
import { connect, type Socket } from "node:net";
import { message, type Message } from "@doppelwerk/messages";

export type S7Area = "I" | "Q" | "M" | "DB";

/** Bytes of one area. */
export interface S7Range {
  readonly area: S7Area;
  /** Number of the data block; 0 in the other areas. */
  readonly db: number;
  readonly start: number;
  readonly length: number;
}

/** The PLC answered, but not with data. The connection stays. */
export class S7Fault extends DoppelwerkError {
  readonly fault: number;
  constructor(fault: number, reason: Message) {
    super("DW_UNAVAILABLE", reason);
    this.name = "S7Fault";
    this.fault = fault;
  }
}

export interface S7Client {
  /** Bytes of one message, as the PLC agreed to: requests and answers are no longer. */
  readonly pduBytes: number;
  /** One result a range, in order, in as few questions as the message length allows. Rejects when the link is of no more use. */
  read(ranges: readonly S7Range[]): Promise<readonly (Buffer | S7Fault)[]>;
  close(): void;
}

export interface S7ClientOptions {
  readonly host: string;
  readonly port: number;
  /** Transport selectors of ISO 8073: two bytes each. */
  readonly localTsap: number;
  readonly remoteTsap: number;
  readonly timeoutMs: number;
  /** What we ask for; the PLC may give less. */
  readonly pduBytes: number;
  readonly maxItems: number;
}

const AREA: Readonly<Record<S7Area, number>> = { I: 0x81, Q: 0x82, M: 0x83, DB: 0x84 };

/** Of an answer to a read: head, function and count; each item has a head of four bytes. */
const ANSWER_HEAD = 14;
const ITEM_HEAD = 4;
const REQUEST_HEAD = 12;
const ITEM_REQUEST = 12;
/** Bytes one answer can carry of one range. */
export const payloadBytes = (pduBytes: number): number => pduBytes - ANSWER_HEAD - ITEM_HEAD;

const OPTIMISED = message("connectors.plcOptimizedAccessHint");
/** Return codes of an item (as Wireshark's dissector and the manuals of the CPs name them). */
const ITEM_FAULTS: Readonly<Record<number, Message>> = {
  0x01: message("connectors.plcHardwareFault"),
  0x03: message("connectors.plcBlockProtected"),
  0x05: message("connectors.plcAddressBeyondArea", { hint: OPTIMISED }),
  0x06: message("connectors.plcDataTypeNotSupported"),
  0x07: message("connectors.plcDataTypeInconsistent"),
  0x0a: message("connectors.plcBlockUnknown", { hint: OPTIMISED }),
};
export const BEYOND = 0x05;
export const NO_BLOCK = 0x0a;

/** Of a whole answer: class in the high byte, code in the low one. */
function headFault(code: number): Message {
  const hex = code.toString(16).padStart(4, "0");
  // what an S7-1200 or S7-1500 says to everything while PUT/GET is off
  if (code === 0x8104) return message("connectors.plcRefusesPutGet", { code: hex });
  if (code >> 8 === 0xd2 || code === 0xd402 || code === 0xd602) return message("connectors.plcProtected", { code: hex });
  return message("connectors.plcAnswersError", { code: hex });
}

/**
 * A client of plain S7 communication over ISO on TCP (RFC 1006, ISO 8073 class 0): reads only, one question at a time. There is no function in it that
 * writes. Rejects when nobody answers, when the PLC refuses rack and slot, or when it speaks something else.
 */
export async function connectS7(options: S7ClientOptions, stop?: AbortSignal): Promise<S7Client> {
  const { host, port, timeoutMs } = options;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, port, noDelay: true });
  const timer = setTimeout(
    () => socket.destroy(new DoppelwerkError("DW_UNAVAILABLE", message("connectors.noConnection", { host, port, timeoutMs }))),
    timeoutMs,
  );
  const drop = (): void => void socket.destroy(new DoppelwerkError("DW_UNAVAILABLE", message("connectors.connectionClosed")));
  stop?.addEventListener("abort", drop, { once: true });
  socket.once("connect", resolve);
  socket.once("error", reject);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
  }
  const client = new Client(socket, options);
  try {
    await client.begin();
  } catch (error) {
    client.close();
    throw error;
  }
  return client;
}

type Expected = { readonly kind: "confirm" } | { readonly kind: "data"; readonly reference: number };

class Client implements S7Client {
  readonly #socket: Socket;
  readonly #options: S7ClientOptions;
  pduBytes: number;
  #received: Buffer = Buffer.alloc(0);
  #reference = 0;
  #asked: { readonly expected: Expected; readonly answer: PromiseWithResolvers<Buffer> } | undefined;
  #dead: Error | undefined;

  constructor(socket: Socket, options: S7ClientOptions) {
    this.#socket = socket;
    this.#options = options;
    this.pduBytes = options.pduBytes;
    socket.on("data", (bytes: Buffer) => this.#receive(bytes));
    socket.on("error", (error) => this.#die(error));
    socket.on("close", () => this.#die(new DoppelwerkError("DW_UNAVAILABLE", message("connectors.connectionLost"))));
  }

  async begin(): Promise<void> {
    const { localTsap, remoteTsap, pduBytes } = this.#options;
    const request = Buffer.from([17, 0xe0, 0, 0, 0, 1, 0, 0xc0, 1, 0x0a, 0xc1, 2, 0, 0, 0xc2, 2, 0, 0]);
    request.writeUInt16BE(localTsap, 12);
    request.writeUInt16BE(remoteTsap, 16);
    await this.#ask(request, { kind: "confirm" });
    const setup = Buffer.from([0xf0, 0, 0, 1, 0, 1, 0, 0]);
    setup.writeUInt16BE(pduBytes, 6);
    const { parameters } = await this.#question(setup);
    const agreed = parameters.length >= 8 && parameters[0] === 0xf0 ? parameters.readUInt16BE(6) : 0;
    // less could not carry one value
    if (agreed < 64) throw new Error(`an answer that is no S7: it agrees to messages of ${agreed} bytes`);
    this.pduBytes = Math.min(agreed, pduBytes);
  }

  async read(ranges: readonly S7Range[]): Promise<readonly (Buffer | S7Fault)[]> {
    const most = payloadBytes(this.pduBytes);
    // a text may be longer than a message: it comes in pieces
    const pieces = ranges.flatMap((range, at) =>
      Array.from({ length: Math.ceil(range.length / most) }, (_, n) => ({
        at,
        range: { ...range, start: range.start + n * most, length: Math.min(most, range.length - n * most) },
      })),
    );
    const results: (Buffer | S7Fault)[] = ranges.map(() => Buffer.alloc(0));
    for (let next = 0; next < pieces.length;) {
      const count = this.#fitting(pieces, next);
      const asked = pieces.slice(next, next + count);
      const answers = await this.#readOnce(asked.map(({ range }) => range));
      for (const [n, { at }] of asked.entries()) {
        const known = results[at]!;
        const answer = answers[n]!;
        if (answer instanceof S7Fault) results[at] = answer;
        else if (!(known instanceof S7Fault)) results[at] = known.length === 0 ? answer : Buffer.concat([known, answer]);
      }
      next += count;
    }
    return results;
  }

  close(): void {
    this.#die(new Error("closed"));
  }

  #fitting(pieces: readonly { readonly range: S7Range }[], from: number): number {
    let request = REQUEST_HEAD;
    let answer = ANSWER_HEAD;
    let count = 0;
    while (from + count < pieces.length && count < this.#options.maxItems) {
      request += ITEM_REQUEST;
      answer += ITEM_HEAD + evened(pieces[from + count]!.range.length);
      if (count > 0 && (request > this.pduBytes || answer > this.pduBytes)) break;
      count++;
    }
    return count;
  }

  async #readOnce(ranges: readonly S7Range[]): Promise<readonly (Buffer | S7Fault)[]> {
    const request = Buffer.alloc(2 + ranges.length * ITEM_REQUEST);
    request[0] = 0x04;
    request[1] = ranges.length;
    for (const [n, { area, db, start, length }] of ranges.entries()) {
      const at = 2 + n * ITEM_REQUEST;
      // a variable by address (S7ANY), in bytes
      request.set([0x12, 0x0a, 0x10, 0x02], at);
      request.writeUInt16BE(length, at + 4);
      request.writeUInt16BE(db, at + 6);
      request.writeUInt8(AREA[area], at + 8);
      request.writeUIntBE(start * 8, at + 9, 3);
    }
    let answer: Answer;
    try {
      answer = await this.#question(request);
    } catch (error) {
      if (error instanceof S7Fault) return ranges.map(() => error);
      throw error;
    }
    const { parameters, data } = answer;
    if (parameters.length < 2 || parameters[0] !== 0x04 || parameters[1] !== ranges.length) throw this.#foreign();
    let at = 0;
    return ranges.map(({ length }) => {
      if (at + ITEM_HEAD > data.length && at + 1 > data.length) throw this.#foreign();
      const code = data[at]!;
      if (code !== 0xff) {
        at += ITEM_HEAD;
        return new S7Fault(code, ITEM_FAULTS[code] ?? message("connectors.plcAnswersError", { code: code.toString(16).padStart(2, "0") }));
      }
      if (at + ITEM_HEAD > data.length) throw this.#foreign();
      const transport = data[at + 1]!;
      const said = data.readUInt16BE(at + 2);
      // lengths of bytes, words and integers (3 to 5) are in bits, others in bytes
      const bytes = transport >= 3 && transport <= 5 ? said >> 3 : said;
      const from = at + ITEM_HEAD;
      if (bytes !== length || from + bytes > data.length) throw this.#foreign();
      at = from + evened(bytes);
      return data.subarray(from, from + bytes);
    });
  }

  async #question(parameters: Buffer): Promise<Answer> {
    this.#reference = (this.#reference + 1) & 0xffff;
    const reference = this.#reference;
    // COTP data, then the head of a job
    const head = Buffer.from([2, 0xf0, 0x80, 0x32, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt16BE(reference, 7);
    head.writeUInt16BE(parameters.length, 9);
    const pdu = await this.#ask(Buffer.concat([head, parameters]), { kind: "data", reference });
    const parameterBytes = pdu.readUInt16BE(6);
    const dataBytes = pdu.readUInt16BE(8);
    if (12 + parameterBytes + dataBytes > pdu.length) throw this.#foreign();
    const code = pdu.readUInt16BE(10);
    if (code !== 0) throw new S7Fault(code, headFault(code));
    return { parameters: pdu.subarray(12, 12 + parameterBytes), data: pdu.subarray(12 + parameterBytes, 12 + parameterBytes + dataBytes) };
  }

  async #ask(tpdu: Buffer, expected: Expected): Promise<Buffer> {
    if (this.#dead !== undefined) throw this.#dead;
    if (this.#asked !== undefined) throw new Error("one question at a time");
    const answer = Promise.withResolvers<Buffer>();
    this.#asked = { expected, answer };
    const packet = Buffer.concat([Buffer.from([3, 0, 0, 0]), tpdu]);
    packet.writeUInt16BE(packet.length, 2);
    this.#socket.write(packet);
    const { timeoutMs } = this.#options;
    const timer = setTimeout(
      () => this.#die(new DoppelwerkError("DW_UNAVAILABLE", message("connectors.noAnswerMs", { timeoutMs }))),
      timeoutMs,
    );
    try {
      return await answer.promise;
    } finally {
      clearTimeout(timer);
      this.#asked = undefined;
    }
  }

  #receive(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    while (this.#received.length >= 4) {
      const length = this.#received.readUInt16BE(2);
      if (this.#received[0] !== 3 || length < 7) return void this.#foreign();
      if (this.#received.length < length) return;
      const tpdu = this.#received.subarray(4, length);
      this.#received = this.#received.subarray(length);
      this.#answer(tpdu);
    }
  }

  #answer(tpdu: Buffer): void {
    const asked = this.#asked;
    if (asked === undefined) return;
    const kind = tpdu[1]! & 0xf0;
    if (asked.expected.kind === "confirm") {
      if (kind === 0xd0) return asked.answer.resolve(tpdu);
      if (kind === 0x80) return this.#die(new DoppelwerkError("DW_UNAVAILABLE", message("connectors.plcRefusesConnection")));
      return void this.#foreign();
    }
    if (kind === 0x80) return this.#die(new DoppelwerkError("DW_UNAVAILABLE", message("connectors.plcEndedConnection")));
    const pdu = tpdu.subarray(tpdu[0]! + 1);
    // no fragments: an answer is never longer than a message
    if (kind !== 0xf0 || (tpdu[2]! & 0x80) === 0 || pdu.length < 12 || pdu[0] !== 0x32) return void this.#foreign();
    // late answers to a question given up
    if (pdu.readUInt16BE(4) !== asked.expected.reference) return;
    if (pdu[1] !== 3 && pdu[1] !== 2) return void this.#foreign();
    asked.answer.resolve(pdu);
  }

  /** Ends the link: whoever answers so speaks something else. */
  #foreign(): Error {
    const error = new DoppelwerkError("DW_UNAVAILABLE", message("connectors.answerNotS7"));
    this.#die(error);
    return error;
  }

  #die(error: Error): void {
    this.#dead ??= error;
    this.#socket.destroy();
    this.#asked?.answer.reject(error);
  }
}

interface Answer {
  readonly parameters: Buffer;
  readonly data: Buffer;
}

const evened = (bytes: number): number => bytes + (bytes & 1);
