import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { message } from "@doppelwerk/messages";
import type { ReceiptProof } from "@doppelwerk/trust/chain";
import { DoppelwerkError } from "@doppelwerk/world";

/** Where a checkpoint is in a chain of blocks. */
export interface Anchor {
  /** Id of the chain, decimal. */
  readonly chain: string;
  /** Address of the contract. */
  readonly contract: string;
  /** Hash of the own transaction and its block; absent where somebody else wrote the root first. */
  readonly transaction?: string;
  readonly block?: number;
  readonly blockHash?: string;
  /** Of the block, seconds since 1970. */
  readonly time: number;
  /** Address of who wrote it. */
  readonly by: string;
  /** That the event of the contract is in the block with that hash; records of earlier releases have none. */
  readonly proof?: ReceiptProof;
  /** Hosts of other nodes that had the block, as deep as was asked for. */
  readonly agreed?: readonly string[];
}

/** What somebody else stated about a checkpoint of the log: nothing in it is about a person. */
export type OutsideRecord = {
  /** Entries of the checkpoint. */
  readonly size: number;
  /** The checkpoint as the log signed it; with the lines of the witnesses where they cosigned. */
  readonly note: string;
  /** When it was received here, microseconds since 1970. */
  readonly at: number;
} & (
  | { readonly what: "cosigned" }
  /** Base 64 of the token (RFC 3161), of the SHA-256 of the text of the checkpoint. */
  | { readonly what: "stamped"; readonly token: string }
  | { readonly what: "anchored"; readonly anchor: Anchor }
);

export type OutsideKind = OutsideRecord["what"];

/** Statements of others, in a file beside the log: one line each, only appended. */
export class OutsideRecords {
  readonly #path: string;
  readonly #newest = new Map<OutsideKind, OutsideRecord>();
  #length = 0;

  /** A last line that was cut short is removed. Errors: DW_DAMAGED. */
  constructor(path: string) {
    this.#path = path;
    if (!existsSync(path)) return;
    const bytes = readFileSync(path);
    this.#length = bytes.lastIndexOf(0x0a) + 1;
    if (this.#length < bytes.length) truncateSync(path, this.#length);
    for (const record of recordsIn(path, bytes.subarray(0, this.#length))) this.#newest.set(record.what, record);
  }

  newest<Kind extends OutsideKind>(what: Kind): (OutsideRecord & { readonly what: Kind }) | undefined {
    return this.#newest.get(what) as (OutsideRecord & { readonly what: Kind }) | undefined;
  }

  /** Of each kind the first that covers so many entries: the closest in time to them. Errors: DW_DAMAGED. */
  covering(size: number): readonly OutsideRecord[] {
    const found = new Map<OutsideKind, OutsideRecord>();
    for (const record of readOutsideRecords(this.#path)) if (record.size >= size && !found.has(record.what)) found.set(record.what, record);
    return [...found.values()];
  }

  /** Durable once it returns. Errors: DW_UNAVAILABLE; it is not there then. */
  append(record: OutsideRecord): void {
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    let file: number | undefined;
    try {
      file = openSync(this.#path, "a", 0o600);
      for (let at = 0; at < line.length;) at += writeSync(file, line, at);
      fsyncSync(file);
    } catch (error) {
      // what was written of the line is cut off again, here or at the next start
      if (file !== undefined) ftruncateSync(file, this.#length);
      throw new DoppelwerkError("DW_UNAVAILABLE", message("server.fileNotWritten", { reason: (error as Error).message, path: this.#path }));
    } finally {
      if (file !== undefined) closeSync(file);
    }
    this.#length += line.length;
    this.#newest.set(record.what, record);
  }
}

/** Every statement, oldest first; none where there is no file. Writes nothing. Errors: DW_DAMAGED. */
export function readOutsideRecords(path: string): readonly OutsideRecord[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  return recordsIn(path, bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1));
}

function recordsIn(path: string, bytes: Uint8Array): readonly OutsideRecord[] {
  const lines = Buffer.from(bytes).toString("utf8").split("\n").slice(0, -1);
  return lines.map((line, at) => {
    const record = recordOf(line);
    if (record === undefined) throw new DoppelwerkError("DW_DAMAGED", message("proof.outsideRecordUnreadable", { line: at + 1, path }));
    return record;
  });
}

function recordOf(line: string): OutsideRecord | undefined {
  try {
    const record = JSON.parse(line) as OutsideRecord;
    return isOutsideRecord(record) ? record : undefined;
  } catch {
    // no JSON
    return undefined;
  }
}

export function isOutsideRecord(record: OutsideRecord): boolean {
  const isCommon = Number.isSafeInteger(record?.size) && record.size >= 0 && typeof record.note === "string" && Number.isFinite(record.at);
  if (!isCommon) return false;
  if (record.what === "cosigned") return true;
  if (record.what === "stamped") return typeof record.token === "string";
  if (record.what !== "anchored" || typeof record.anchor !== "object" || record.anchor === null) return false;
  const { chain, contract, block = 0, blockHash = "", time, by, transaction = "", proof, agreed = [] } = record.anchor;
  if (!Array.isArray(agreed) || (proof !== undefined && !isProof(proof))) return false;
  return (
    [chain, contract, blockHash, by, transaction, ...agreed].every((text) => typeof text === "string") &&
    [block, time].every(Number.isSafeInteger)
  );
}

/** By its form; what it shows is another question. */
function isProof(proof: ReceiptProof): boolean {
  const { header, index, nodes } = Object(proof) as ReceiptProof;
  return (
    typeof header === "string" && Number.isSafeInteger(index) && Array.isArray(nodes) && nodes.every((node) => typeof node === "string")
  );
}
