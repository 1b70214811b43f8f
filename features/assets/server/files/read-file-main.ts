// A process that is given one file piece by piece, reads it, hands over piece by piece what is in it, and is ended by its parent.

import type { Environment, FileContent, FileReport, Identifiable, RepairRequest } from "@doppelwerk/aas";
import type { ReadFile } from "@doppelwerk/ports";
import { readHere } from "./read-beside.ts";

/** Each is answered by one message. */
export type ToReader =
  | { readonly kind: "begin"; readonly size: number; readonly request: RepairRequest }
  | { readonly kind: "piece"; readonly bytes: Uint8Array }
  | { readonly kind: "next" };

export type FromReader =
  | { readonly kind: "taken" }
  | { readonly kind: "items"; readonly list: keyof Environment; readonly items: readonly Identifiable[] }
  | FilePiece
  | { readonly kind: "end"; readonly report: FileReport; readonly content: Omit<FileContent, "files"> };

/** A supplementary file comes in one or more of these. */
export interface FilePiece {
  readonly kind: "file";
  readonly path: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
}

const LISTS = ["assetAdministrationShells", "submodels", "conceptDescriptions"] as const;
type Listed = (typeof LISTS)[number];

/** A piece has about so many characters of JSON: some milliseconds of who takes it in. */
const PIECE_CHARACTERS = 200_000;
const PIECE_BYTES = 1 << 20;

let file = new Uint8Array(0);
let filled = 0;
let request: RepairRequest = "none";
let pieces: Iterator<FromReader> | undefined;

process.on("message", (message: ToReader) => process.send!(answerTo(message), () => {}));
process.on("disconnect", () => process.exit());

function answerTo(message: ToReader): FromReader {
  if (message.kind === "begin") {
    file = new Uint8Array(message.size);
    request = message.request;
    return { kind: "taken" };
  }
  if (message.kind === "piece") {
    file.set(message.bytes, filled);
    filled += message.bytes.length;
    return { kind: "taken" };
  }
  pieces ??= piecesOf(readHere(file.subarray(0, filled), request));
  return (pieces.next() as IteratorYieldResult<FromReader>).value;
}

function* piecesOf({ content, report }: ReadFile): Generator<FromReader> {
  const { environment, files, ...rest } = content;
  for (const list of LISTS) {
    let items: Identifiable[] = [];
    let characters = 0;
    for (const item of environment[list] ?? []) {
      items.push(item);
      characters += JSON.stringify(item).length;
      if (characters < PIECE_CHARACTERS) continue;
      yield { kind: "items", list, items };
      [items, characters] = [[], 0];
    }
    if (items.length > 0) yield { kind: "items", list, items };
  }
  for (const [path, { contentType, bytes }] of files)
    for (let at = 0; at === 0 || at < bytes.length; at += PIECE_BYTES) {
      const isLast = at + PIECE_BYTES >= bytes.length;
      yield { kind: "file", path, contentType, bytes: bytes.subarray(at, at + PIECE_BYTES), isLast };
    }
  // Whatever else stands in the environment: attributes that nobody knows, empty lists.
  const others = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => !LISTS.includes(name as Listed) || value.length === 0),
  );
  yield { kind: "end", report, content: { ...rest, environment: others } };
}
