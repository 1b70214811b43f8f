import pg from "pg";

/** What the library's connection offers to a query that speaks COPY; it is documented as `Submittable`, but typed nowhere. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** Runs `COPY … FROM STDIN (FORMAT binary)` with all its data at once. Rejects with PostgreSQL's own error. */
export function copyIn(client: pg.ClientBase, statement: string, data: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let refused: Error | undefined;
    client.query({
      submit: (connection: CopyConnection) => connection.query(statement),
      handleCopyInResponse(connection: CopyConnection) {
        connection.sendCopyFromChunk(data);
        connection.endCopyFrom();
      },
      handleCommandComplete() {},
      handleError(error: Error) {
        refused = error;
        reject(error);
      },
      handleReadyForQuery() {
        if (refused === undefined) resolve();
      },
    } as unknown as pg.Submittable);
  });
}

const SIGNATURE = Buffer.from("PGCOPY\n\u00ff\r\n\u0000", "latin1");

/** Rows in PostgreSQL's binary COPY form (its manual, COPY, "Binary Format"). */
export class CopyRows {
  #bytes: Buffer;
  #length = 0;

  constructor(rows: number, rowBytes: number) {
    this.#bytes = Buffer.allocUnsafe(64 + rows * rowBytes);
    this.#length = SIGNATURE.copy(this.#bytes);
    this.#bytes.fill(0, this.#length, (this.#length += 8));
  }

  row(fields: number): void {
    this.#reserve(2);
    this.#length = this.#bytes.writeInt16BE(fields, this.#length);
  }

  int16(value: number): void {
    this.#field(2);
    this.#length = this.#bytes.writeInt16BE(value, this.#length);
  }

  int32(value: number): void {
    this.#field(4);
    this.#length = this.#bytes.writeInt32BE(value, this.#length);
  }

  /** A whole number within ±2^53. */
  int64(value: number): void {
    this.#field(8);
    const high = Math.floor(value / 2 ** 32);
    this.#length = this.#bytes.writeInt32BE(high, this.#length);
    this.#length = this.#bytes.writeUInt32BE(value - high * 2 ** 32, this.#length);
  }

  float64(value: number): void {
    this.#field(8);
    this.#length = this.#bytes.writeDoubleBE(value, this.#length);
  }

  text(value: string | undefined): void {
    if (value === undefined) return void this.#field(-1);
    const bytes = Buffer.from(value, "utf8");
    this.#field(bytes.length);
    this.#length += bytes.copy(this.#bytes, this.#length);
  }

  end(): Buffer {
    this.#reserve(2);
    this.#length = this.#bytes.writeInt16BE(-1, this.#length);
    return this.#bytes.subarray(0, this.#length);
  }

  #field(length: number): void {
    this.#reserve(4 + Math.max(0, length));
    this.#length = this.#bytes.writeInt32BE(length, this.#length);
  }

  #reserve(extra: number): void {
    if (this.#length + extra <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + extra));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
