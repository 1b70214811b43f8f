import type { Readable } from "node:stream";
import type { OctetsBody } from "@doppelwerk/kit";
import { errorCodes } from "fastify";

/**
 * A body of application/octet-stream. It stays in the socket until it is asked for, so a request that is refused costs no memory. What is left when a
 * reader stops is read and dropped: the client would not read the answer before it has sent everything.
 */
export class IncomingOctets implements OctetsBody {
  readonly #stream: Readable;
  readonly #maxBytes: number;

  constructor(stream: Readable, maxBytes: number) {
    this.#stream = stream;
    this.#maxBytes = maxBytes;
  }

  get pieces(): AsyncIterable<Uint8Array> {
    return this.#read();
  }

  async bytes(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.#read()) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    let size = 0;
    try {
      for await (const piece of this.#stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        size += piece.length;
        if (size > this.#maxBytes) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
        yield piece;
      }
    } finally {
      this.#stream.resume();
    }
  }
}
