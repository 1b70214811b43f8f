import { hash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { namesBeginWith, type PackFeature, type PackManifest, type PackView } from "@doppelwerk/kit/pack";
import type { FileHashes } from "./integrity.ts";
import { listPackFolder } from "./pack-files.ts";
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
  /** A file that holds a React of its own. */
  readonly ownReact?: string;
  readonly views: readonly PackView[];
  readonly words: { readonly en: Words; readonly zh: Words };
}

type Words = Readonly<Record<string, string>>;

/** How React marks its elements, in version 19 and before it: what stays of a bundled one however much of it was left out. */
const MARK_OF_REACT = /["'`]react\.(?:transitional\.)?element["'`]/;
const MAX_WORD_LENGTH = 2_000;

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
  const ownReact = fileWithReact(studio);
  return manifest.features
    .filter(({ views }) => views.length > 0)
    .map((feature) => ({
      pack: name,
      version,
      feature: feature.id,
      base: `/packs/${name}/${version}~${edition}/`,
      isChanging: hashes === undefined,
      ...(ownReact === undefined ? {} : { ownReact }),
      views: feature.views,
      words: { en: wordsOf(folder, feature, "en"), zh: wordsOf(folder, feature, "zh") },
    }));
}

/** Texts under the names of the feature: a pack gives no other code a text. */
function wordsOf(folder: string, feature: PackFeature, language: "en" | "zh"): Words {
  if (feature.words === undefined) return {};
  const given = JSON.parse(readFileSync(join(folder, feature.words, `${language}.json`), "utf8")) as Readonly<Record<string, unknown>>;
  const prefix = `${namesBeginWith(feature.id)}.`;
  const isWord = (entry: readonly [string, unknown]): entry is [string, string] =>
    entry[0].startsWith(prefix) && typeof entry[1] === "string" && entry[1].length <= MAX_WORD_LENGTH;
  return Object.fromEntries(Object.entries(given).filter(isWord));
}

function fileWithReact({ folder }: PackStudio): string | undefined {
  return listPackFolder(folder)
    .filter((path) => /\.m?js$/.test(path))
    .find((path) => MARK_OF_REACT.test(readFileSync(join(folder, path), "utf8")));
}
