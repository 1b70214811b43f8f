import type { WorldRecord } from "@doppelwerk/world";
import type { Blobs } from "@doppelwerk/world";
import { message, type Message } from "@doppelwerk/messages";
import type {} from "../message-codes.ts";

/** What a link brings, in octets. */
export interface FileBounds {
  readonly each: number;
  readonly all: number;
}

export const FILE_BOUNDS: FileBounds = { each: 50_000_000, all: 1_000_000_000 };

/** What was brought is shown after so many files, or when nothing more is to come. */
const SHOWN_TOGETHER = 20;

export interface LinkedFilesOptions {
  readonly blobs: Pick<Blobs, "open" | "stage">;
  readonly bounds?: FileBounds;
  /** Bytes of a file of the other world, by the id of its record here; undefined where it refuses. */
  read(file: WorldRecord, stop: AbortSignal): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** More of what is wanted is here. Not called after `close`. */
  onBrought(): void;
}

/** Brings the bytes of linked files, one at a time, and holds each to the hash of its record. For one session: what failed is tried again with the next. */
export class LinkedFiles {
  readonly #options: LinkedFilesOptions;
  readonly #bounds: FileBounds;
  readonly #here = new Set<string>();
  readonly #failed = new Map<string, string>();
  readonly #stop = new AbortController();
  #missing: readonly WorldRecord[] = [];
  #beyond: readonly WorldRecord[] = [];
  #bringing: Promise<void> | undefined;

  constructor(options: LinkedFilesOptions) {
    this.#options = options;
    this.#bounds = options.bounds ?? FILE_BOUNDS;
  }

  /** What is not shown, and why. */
  findings(): readonly Message[] {
    const bounded = this.#beyond[0];
    const [unread] = this.#failed.values();
    const { each, all } = this.#bounds;
    return [
      ...(bounded === undefined
        ? []
        : [
            message("links.filesBounded", {
              count: this.#beyond.length,
              name: nameOf(bounded),
              each: Math.ceil(each / 1_000_000),
              all: Math.ceil(all / 1_000_000),
            }),
          ]),
      ...(unread === undefined ? [] : [message("links.filesNotRead", { count: this.#failed.size, name: unread })]),
    ];
  }

  /** Of these files those whose bytes are here; the others are brought, as far as the bounds go. */
  async take(files: readonly WorldRecord[]): Promise<ReadonlySet<string>> {
    const present = new Set<string>();
    const missing: WorldRecord[] = [];
    const beyond: WorldRecord[] = [];
    let all = 0;
    for (const file of files) {
      const size = Number(file["size"]);
      if (!(size >= 0 && size <= this.#bounds.each && all + size <= this.#bounds.all)) {
        beyond.push(file);
        continue;
      }
      all += size;
      if (await this.#isHere(hashOf(file))) present.add(file.id);
      else missing.push(file);
    }
    this.#missing = missing;
    this.#beyond = beyond;
    this.#bringing ??= this.#bring().finally(() => (this.#bringing = undefined));
    return present;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#bringing;
  }

  async #isHere(hash: string): Promise<boolean> {
    if (!this.#here.has(hash) && (await this.#options.blobs.open(hash)) !== undefined) this.#here.add(hash);
    return this.#here.has(hash);
  }

  /** Never rejects. */
  async #bring(): Promise<void> {
    let brought = 0;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const isHere = await this.#read(next).catch(() => false);
      if (this.#stop.signal.aborted) return;
      if (isHere) {
        this.#here.add(hashOf(next));
        if (++brought % SHOWN_TOGETHER === 0) this.#options.onBrought();
      } else this.#failed.set(next.id + hashOf(next), nameOf(next));
    }
    if (brought % SHOWN_TOGETHER !== 0) this.#options.onBrought();
  }

  #next(): WorldRecord | undefined {
    return this.#missing.find((file) => !this.#here.has(hashOf(file)) && !this.#failed.has(file.id + hashOf(file)));
  }

  async #read(file: WorldRecord): Promise<boolean> {
    const pieces = await this.#options.read(file, this.#stop.signal);
    if (pieces === undefined) return false;
    const staged = await this.#options.blobs.stage(noMoreThan(pieces, Number(file["size"])));
    if (staged.hash !== hashOf(file)) {
      await staged.drop();
      return false;
    }
    await staged.keep(String(file["contentType"] ?? "application/octet-stream"));
    return true;
  }
}

async function* noMoreThan(pieces: AsyncIterable<Uint8Array>, octets: number): AsyncIterable<Uint8Array> {
  let taken = 0;
  for await (const piece of pieces) {
    taken += piece.length;
    if (taken > octets) throw new RangeError("the file has more octets than its record says");
    yield piece;
  }
}

function hashOf(file: WorldRecord): string {
  return String(file["hash"]);
}

function nameOf(file: WorldRecord): string {
  return String(file["name"] ?? file["path"]).slice(0, 100);
}
