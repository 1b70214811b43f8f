import { Zip, ZipDeflate, ZipPassThrough } from "fflate";
import { jsonPieces } from "../json/write-environment.ts";
import type { EnvironmentParts } from "../metamodel.ts";
import { isPacked, packageOf, TIME_STAMP } from "./write-aasx.ts";

/** A file on its way into a package. */
export interface PackedPart {
  readonly contentType: string;
  pieces(): AsyncIterable<Uint8Array>;
}

/** Characters of text that are packed at a time. */
const PIECE_CHARACTERS = 1 << 16;

/** A package as `writeAasx` makes it, with JSON, written while it is read: neither the environment nor a file is held whole in memory. */
export async function* aasxPieces(
  environment: EnvironmentParts,
  files: ReadonlyMap<string, PackedPart> = new Map(),
  { thumbnail }: { readonly thumbnail?: string } = {},
): AsyncGenerator<Uint8Array> {
  const { described, sorted } = packageOf(files, "json", thumbnail);
  const packer = new Packer();
  const names = new Set(described.map(([name]) => name));
  for (const [name, content] of described) {
    const part = packer.begin(name, false);
    for (const text of content === undefined ? gathered(jsonPieces(environment)) : [content]) {
      part.push(new TextEncoder().encode(text));
      yield* packer.taken();
    }
    part.push(new Uint8Array(0), true);
  }
  for (const [name, file] of sorted) {
    if (names.has(name)) continue;
    names.add(name);
    const part = packer.begin(name, isPacked(file.contentType));
    for await (const piece of file.pieces()) {
      part.push(piece);
      yield* packer.taken();
    }
    part.push(new Uint8Array(0), true);
  }
  packer.end();
  yield* packer.taken();
}

/** Parts one after another into a zip; what is ready is taken out. */
class Packer {
  #ready: Uint8Array[] = [];
  readonly #zip = new Zip((error, piece) => {
    if (error) throw error;
    this.#ready.push(piece);
  });

  begin(name: string, isStored: boolean): ZipDeflate | ZipPassThrough {
    const part = isStored ? new ZipPassThrough(name.slice(1)) : new ZipDeflate(name.slice(1), { level: 6 });
    part.mtime = TIME_STAMP;
    this.#zip.add(part);
    return part;
  }

  end(): void {
    this.#zip.end();
  }

  taken(): readonly Uint8Array[] {
    return this.#ready.splice(0);
  }
}

/** Short texts together. */
function* gathered(texts: Iterable<string>): Generator<string> {
  let held = "";
  for (const text of texts) {
    held += text;
    if (held.length < PIECE_CHARACTERS) continue;
    yield held;
    held = "";
  }
  yield held;
}
