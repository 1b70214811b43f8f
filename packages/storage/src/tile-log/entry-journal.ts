import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import { entriesOfBundle, entryBundle } from "@doppelwerk/trust/log";
import { crc32c } from "../files/crc32c.ts";
import type { FileLayer, OpenFile } from "../files/file-layer.ts";
import { encodeFrame, frameAt, HEADER_BYTES, nextFrame, payloadOf } from "../files/frame.ts";
import { namesIn } from "../files/log-checkpoint.ts";
import { replaceFile, writeAll } from "../files/replace-file.ts";
import { isOfNewerFormat, readWhole } from "../files/scan-log.ts";

export const JOURNAL = "journal";
/** The bytes of a write that power loss cut short. */
const TORN = "journal.torn";
/** Magic u64 · index of the first entry f64 · CRC-32C u32 of both, little-endian. */
const HEAD_BYTES = 20;
/** Begins a journal: name and version of its format. */
export const JOURNAL_MAGIC = new TextEncoder().encode("DWTLOG\0\u0001");

export interface JournalContent {
  /** Index of the first entry that is not in a full bundle. */
  readonly first: number;
  readonly entries: readonly Uint8Array[];
  /** Where the whole frames end. */
  readonly end: number;
  readonly size: number;
}

/**
 * The entries of a log that are in no full bundle yet, appended in frames, one for each group that was handed in. What is in it is durable; once its entries
 * are in bundles, it is written anew without them.
 */
export class EntryJournal {
  readonly #layer: FileLayer;
  readonly #directory: string;
  #file: OpenFile | undefined;
  #end: number;
  /** Bytes of a refused group may still lie beyond the end. */
  #isDirty: boolean;

  constructor(layer: FileLayer, directory: string, { end, size }: Pick<JournalContent, "end" | "size">) {
    this.#layer = layer;
    this.#directory = directory;
    this.#end = end;
    this.#isDirty = size > end;
  }

  /** Durable once it returns. Errors: as the layer throws them, and then nothing was appended. */
  append(first: number, entries: readonly Uint8Array[]): void {
    this.#file ??= this.#layer.open(join(this.#directory, JOURNAL), "write");
    if (this.#isDirty) this.#file.truncate(this.#end);
    this.#isDirty = true;
    const frame = frameOf(first, entries);
    writeAll(this.#file, frame, this.#end);
    this.#file.fsync();
    this.#end += frame.length;
    this.#isDirty = false;
  }

  /** Begins anew with the entries that are in no full bundle. The journal before is there until this one is. */
  replace(first: number, entries: readonly Uint8Array[]): void {
    const bytes = journalBytes(first, entries);
    this.close();
    replaceFile(this.#layer, join(this.#directory, JOURNAL), bytes);
    this.#layer.fsyncDirectory(this.#directory);
    this.#end = bytes.length;
    this.#isDirty = false;
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

/** What a journal holds; undefined where there is none. Errors: DW_DAMAGED for all but a torn end, and what the layer throws. */
export function readJournal(layer: FileLayer, directory: string): JournalContent | undefined {
  if (!namesIn(layer, directory).includes(JOURNAL)) return undefined;
  const path = join(directory, JOURNAL);
  const bytes = readWhole(layer, path);
  const damaged = (offset: number): DoppelwerkError =>
    new DoppelwerkError("DW_DAMAGED", message("storage.tileLogJournalDamaged", { offset, path }), { file: JOURNAL, offset });
  if (isOfNewerFormat(bytes, JOURNAL_MAGIC)) throw new DoppelwerkError("DW_FORMAT_NEWER", message("storage.tileLogNewer", { path }));
  const first = firstOf(bytes);
  if (first === undefined) throw damaged(0);
  const entries: Uint8Array[] = [];
  let offset = HEAD_BYTES;
  while (offset < bytes.length) {
    const header = frameAt(bytes, offset);
    if (header === undefined) {
      if (nextFrame(bytes, offset) !== undefined) throw damaged(offset);
      break;
    }
    const end = offset + HEADER_BYTES + header.length;
    const bundle = entriesOfBundle(payloadOf(bytes.subarray(offset + HEADER_BYTES, end), header));
    if (bundle?.length !== header.count || header.firstRevision !== first + entries.length) throw damaged(offset);
    entries.push(...bundle);
    offset = end;
  }
  return { first, entries, end: offset, size: bytes.length };
}

/** Keeps what lies beyond the last whole frame aside, before it is cut off. */
export function keepTorn(layer: FileLayer, directory: string, { end, size }: JournalContent): void {
  if (size === end) return;
  replaceFile(layer, join(directory, TORN), readWhole(layer, join(directory, JOURNAL)).subarray(end));
}

export function createJournal(layer: FileLayer, directory: string): JournalContent {
  const bytes = journalBytes(0, []);
  replaceFile(layer, join(directory, JOURNAL), bytes);
  layer.fsyncDirectory(directory);
  return { first: 0, entries: [], end: bytes.length, size: bytes.length };
}

function journalBytes(first: number, entries: readonly Uint8Array[]): Uint8Array {
  const frame = entries.length === 0 ? new Uint8Array(0) : frameOf(first, entries);
  const bytes = new Uint8Array(HEAD_BYTES + frame.length);
  const view = new DataView(bytes.buffer);
  bytes.set(JOURNAL_MAGIC);
  view.setFloat64(8, first, true);
  view.setUint32(16, crc32c(bytes, 0, 16), true);
  bytes.set(frame, HEAD_BYTES);
  return bytes;
}

function firstOf(bytes: Uint8Array): number | undefined {
  if (bytes.length < HEAD_BYTES || !JOURNAL_MAGIC.every((byte, at) => bytes[at] === byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return view.getUint32(16, true) === crc32c(bytes, 0, 16) ? view.getFloat64(8, true) : undefined;
}

function frameOf(first: number, entries: readonly Uint8Array[]): Uint8Array {
  return encodeFrame(entryBundle(entries), { count: entries.length, epoch: 0, firstRevision: first });
}
