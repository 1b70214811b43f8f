import { HASH_BYTES } from "./merkle-hash.ts";
import { base64, bytesOfBase64 } from "./note-base64.ts";

/** A log at a size (C2SP tlog-checkpoint): the text of a signed note. */
export interface Checkpoint {
  /** Which log it is of, a name that a key may have. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Further lines, not empty. */
  readonly extensions?: readonly string[];
}

export function checkpointText({ origin, size, root, extensions = [] }: Checkpoint): string {
  return [origin, String(size), base64(root), ...extensions].map((line) => `${line}\n`).join("");
}

/** Undefined where the text is no checkpoint. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  if (!text.endsWith("\n")) return undefined;
  const [origin = "", sizeText = "", rootText = "", ...extensions] = text.slice(0, -1).split("\n");
  const root = bytesOfBase64(rootText);
  const isWhole = origin !== "" && extensions.every((line) => line !== "");
  if (!isWhole || !/^(?:0|[1-9]\d{0,15})$/.test(sizeText) || root?.length !== HASH_BYTES) return undefined;
  const size = Number(sizeText);
  return Number.isSafeInteger(size) ? { origin, size, root, ...(extensions.length > 0 && { extensions }) } : undefined;
}
