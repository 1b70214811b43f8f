// A process that reads one file, says what is in it piece by piece, each when asked for, and is ended by who asked.

import type { Environment, FileContent, FileReport, Identifiable, RepairRequest } from "@doppelwerk/aas";
import type { ReadFile } from "@doppelwerk/ports";
import { readHere } from "./read-beside.ts";

export type ToReader = { readonly bytes: Uint8Array; readonly request: RepairRequest } | "next";

export type FromReader =
  | { readonly kind: "items"; readonly list: keyof Environment; readonly items: readonly Identifiable[] }
  | { readonly kind: "file"; readonly path: string; readonly file: { readonly contentType: string; readonly bytes: Uint8Array } }
  | { readonly kind: "end"; readonly report: FileReport; readonly content: Omit<FileContent, "files"> };

const LISTS = ["assetAdministrationShells", "submodels", "conceptDescriptions"] as const;
type Listed = (typeof LISTS)[number];

/** A piece has about so many characters of JSON: some milliseconds of who takes it in. */
const PIECE_CHARACTERS = 200_000;

let pieces: Iterator<FromReader> | undefined;

process.on("message", (message: ToReader) => {
  if (message !== "next") pieces = piecesOf(readHere(message.bytes, message.request));
  const { value } = pieces!.next() as IteratorYieldResult<FromReader>;
  process.send!(value, () => {});
});
process.on("disconnect", () => process.exit());

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
  for (const [path, file] of files) yield { kind: "file", path, file };
  // Whatever else stands in the environment: attributes that nobody knows, empty lists.
  const others = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => !LISTS.includes(name as Listed) || value.length === 0),
  );
  yield { kind: "end", report, content: { ...rest, environment: others } };
}
