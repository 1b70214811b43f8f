import { hash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { PackFeature, PackManifest, PackView } from "@doppelwerk/kit/pack";
import type { FileHashes } from "./integrity.ts";
import { filesWithReact, reachedFrom } from "./own-react.ts";
import { listPackFolder } from "./pack-files.ts";
import { readPackWords, type PackWords } from "./pack-words.ts";
import { manifestOfFolder } from "./pack-source.ts";

/** The studio part of a pack that is loaded. */
export interface PackStudio {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  /** Of an added pack, whose files stay as they are; undefined for a folder of an author. */
  readonly hashes?: FileHashes;
}

/** What one feature of a pack brings to the studio; a browser learns it without running any of the pack. */
export interface StudioPart {
  readonly pack: string;
  readonly version: string;
  readonly feature: string;
  /** Begins the addresses of its files, `/packs/NAME/VERSION~EDITION/`; another one as soon as a file is another one. */
  readonly base: string;
  /** From a folder of an author: asked for again and again. */
  readonly isChanging: boolean;
  /** By the id of a view, the file with a React of its own that it imports. */
  readonly ownReact?: Readonly<Record<string, string>>;
  readonly views: readonly PackView[];
  readonly words: PackWords;
}

/** Of added packs, which stay as they are. */
const editions = new WeakMap<FileHashes, string>();
const kept = new WeakMap<PackStudio, { readonly edition: string; readonly parts: readonly StudioPart[] }>();

/** The parts of a pack, as its files are now. One whose folder cannot be read any more has none. */
export function partsOf(studio: PackStudio): readonly StudioPart[] {
  const held = kept.get(studio);
  if (held !== undefined && studio.hashes !== undefined) return held.parts;
  try {
    const edition = editionOf(studio);
    if (held?.edition === edition) return held.parts;
    const parts = readParts(studio, edition);
    kept.set(studio, { edition, parts });
    return parts;
  } catch {
    // an author's folder between two states: what was there stays until it can be read
    return held?.parts ?? [];
  }
}

/** Twelve digits that are others as soon as a file is another one. */
export function editionOf(studio: PackStudio): string {
  const { hashes, folder } = studio;
  const held = hashes && editions.get(hashes);
  if (held !== undefined) return held;
  const edition = hash("sha256", JSON.stringify(hashes ?? filesNow(folder)), "hex").slice(0, 12);
  if (hashes !== undefined) editions.set(hashes, edition);
  return edition;
}

function filesNow(folder: string): unknown {
  return listPackFolder(folder).map((path) => {
    const { mtimeMs, size } = statSync(join(folder, path));
    return [path, mtimeMs, size];
  });
}

function readParts(studio: PackStudio, edition: string): readonly StudioPart[] {
  const { name, version, folder, hashes } = studio;
  const manifest: PackManifest = manifestOfFolder(folder);
  const withReact = filesWithReact(folder);
  return manifest.features
    .filter(({ views }) => views.length > 0)
    .map((feature) => ({
      pack: name,
      version,
      feature: feature.id,
      base: `/packs/${name}/${version}~${edition}/`,
      isChanging: hashes === undefined,
      ...(withReact.size > 0 && { ownReact: ownReactOf(folder, feature, withReact) }),
      views: feature.views,
      words: readPackWords(folder, feature),
    }));
}

function ownReactOf(folder: string, { views }: PackFeature, files: ReadonlySet<string>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    views.flatMap(({ id, load }) => {
      const file = reachedFrom(folder, load.slice(2), files);
      return file === undefined ? [] : [[id, file] as const];
    }),
  );
}
