import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** A file of rows that wait for the server. */
export interface Chunk {
  readonly name: string;
  readonly sequence: number;
  readonly rows: number;
  /** Of its oldest row, milliseconds. */
  readonly oldestMs: number;
  readonly bytes: number;
}

const NAME = /^(\d{12})-(\d{1,9})-(\d{1,15})\.json$/;

/**
 * Rows on disk in the order they came, in small files: each is written and synced whole, read whole, and removed whole, so that nothing can be torn.
 * Beyond the bound the oldest go, and are counted.
 */
export class DiskBuffer {
  readonly #folder: string;
  readonly #bytesMost: number;
  readonly #chunks: Chunk[] = [];
  #bytes = 0;
  #next = 1;
  dropped = 0;

  constructor(folder: string, bytesMost: number) {
    this.#folder = folder;
    this.#bytesMost = bytesMost;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder).toSorted()) {
      const match = NAME.exec(name);
      // half a file of a process that died: its rows were never said to be kept
      if (match === null) {
        if (name.endsWith(".new")) rmSync(join(folder, name), { force: true });
        continue;
      }
      const [, sequence, rows, oldestMs] = match.map(Number) as [number, number, number, number];
      this.#take({ name, sequence, rows, oldestMs, bytes: statSync(join(folder, name)).size });
      this.#next = sequence + 1;
    }
    this.#bound();
  }

  get rows(): number {
    return this.#chunks.reduce((sum, { rows }) => sum + rows, 0);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** JSON text of an array of rows. On disk when it returns; throws DW_UNAVAILABLE when the disk refuses. */
  put(text: string, rows: number, oldestMs: number): void {
    const name = `${String(this.#next).padStart(12, "0")}-${rows}-${Math.max(0, Math.floor(oldestMs))}.json`;
    const path = join(this.#folder, name);
    try {
      writeFileSync(`${path}.new`, text, { flush: true, mode: 0o600 });
      renameSync(`${path}.new`, path);
    } catch (error) {
      rmSync(`${path}.new`, { force: true });
      throw new DoppelwerkError(
        "DW_UNAVAILABLE",
        message("edge.diskTakesNoMore", { code: (error as NodeJS.ErrnoException).code ?? String(error), folder: this.#folder }),
      );
    }
    this.#take({ name, sequence: this.#next++, rows, oldestMs, bytes: Buffer.byteLength(text) });
    this.#bound();
  }

  /** The oldest chunk; undefined = nothing waits. */
  get first(): Chunk | undefined {
    return this.#chunks[0];
  }

  read({ name }: Chunk): string {
    return readFileSync(join(this.#folder, name), "utf8");
  }

  /** The server has everything up to this sequence for good. */
  removeUpTo(sequence: number): void {
    while (this.#chunks.length > 0 && this.#chunks[0]!.sequence <= sequence) this.#remove();
  }

  #take(chunk: Chunk): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.bytes;
  }

  #bound(): void {
    while (this.#bytes > this.#bytesMost && this.#chunks.length > 1) this.dropped += this.#remove().rows;
  }

  #remove(): Chunk {
    const chunk = this.#chunks.shift()!;
    rmSync(join(this.#folder, chunk.name), { force: true });
    this.#bytes -= chunk.bytes;
    return chunk;
  }
}
