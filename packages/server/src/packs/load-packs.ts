import { fileURLToPath, pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { featureOfPack, type PackFeature, type PackManifest, type PackPermission } from "@doppelwerk/kit/pack";
import type { FeatureOptions } from "@doppelwerk/kit";
import { message, verbatim, type Message } from "@doppelwerk/messages";
import { aasEvents, pastReading, simComponents } from "@doppelwerk/ports";
import { DoppelwerkError, reasonOf } from "@doppelwerk/world";
import { namesOf, type ComponentsOfPack, type ListedFeature } from "../features/resolve.ts";
import { urlOfPackFold } from "./folds/fold-url.ts";
import { openPackFeature } from "./open-pack-feature.ts";
import type { PackLimits } from "./pack-process.ts";
import { readAuthorsFolder } from "./pack-source.ts";
import { serverEditionOf } from "./server-edition.ts";
import type { PackStudio } from "./pack-studio.ts";
import { setUpsOf, type FeatureSetUp } from "./set-up/set-up.ts";
import { listTrustedKeys, signatureOf, type PackSignature, type TrustedKey } from "./trusted-keys.ts";
import type { RunningPack } from "./running-pack.ts";
import { listPacks, packFolder, readInstalled } from "./pack-store.ts";

/** A pack of the server, and what became of it. */
export interface PackState {
  /** The path where there is no manifest to name it. */
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
  /** `added`: with `doppelwerk pack add`, isolated. `folder`: of an author, trusted. */
  readonly from: "added" | "folder";
  /** When it was added. */
  readonly added?: string;
  /** Fingerprint of the key that it is signed with; undefined = unsigned. */
  readonly signedBy?: string;
  /** What that signature is worth here. */
  readonly signature?: PackSignature;
  readonly permissions: readonly PackPermission[];
  readonly features: readonly string[];
  /** Of a folder: another one as soon as what runs on the server is another one. */
  readonly edition?: string;
  /** What browsers get of it, while it is loaded. */
  readonly studio?: PackStudio;
  /** What its features begin with, where they say. */
  readonly setUps?: readonly FeatureSetUp[];
  /** Why it is not loaded; undefined while it is. */
  readonly refused?: Message;
}

export interface LoadedPacks {
  readonly features: readonly ListedFeature[];
  readonly packs: readonly PackState[];
}

/**
 * The packs of a data folder, and folders of authors. One that is damaged, does not fit or takes a name of the product or of a pack before it is left out with
 * the reason; the others load. Code of a pack runs only for a folder of an author that has a `module`.
 */
export async function loadPacks(
  data: string,
  folders: readonly string[],
  product: readonly ListedFeature[],
  limits: Partial<PackLimits> = {},
): Promise<LoadedPacks> {
  const found = inPlace(installedPacks(data), folders.map(folderPack));
  const features: ListedFeature[] = [];
  const packs: PackState[] = [];
  for (const one of found) {
    if (one.manifest === undefined) {
      packs.push(one.state);
      continue;
    }
    try {
      const listed = await listedOf(one.manifest, { ...one.running, limits });
      requireFit(listed, [...product, ...features]);
      features.push(...listed);
      packs.push(one.state);
    } catch (error) {
      const { studio: _, setUps: __, ...state } = one.state;
      packs.push({ ...state, refused: reasonOf(error) });
    }
  }
  const keys = keysOf(data);
  return { features, packs: packs.map((pack) => ({ ...pack, signature: signatureOf(pack.signedBy, keys) })) };
}

/** A list of keys that cannot be read trusts nobody. */
function keysOf(data: string): readonly TrustedKey[] {
  try {
    return listTrustedKeys(data);
  } catch {
    return [];
  }
}

/** A folder that is being written stands in the place of the pack of its name that was added. */
function inPlace(added: readonly FoundPack[], folders: readonly FoundPack[]): readonly FoundPack[] {
  const places = new Map(folders.flatMap(({ manifest, state }) => (manifest === undefined ? [] : [[manifest.name, state.studio!.folder]])));
  const others = added.map((one): FoundPack => {
    const path = places.get(one.state.name);
    if (path === undefined) return one;
    const { studio: _, setUps: __, ...state } = one.state;
    return { state: { ...state, refused: message("packs.folderInPlace", { path }) }, running: one.running };
  });
  return [...others, ...folders];
}

interface FoundPack {
  readonly state: PackState;
  readonly manifest?: PackManifest;
  readonly running: RunningPack;
}

function installedPacks(data: string): readonly FoundPack[] {
  let packs: ReturnType<typeof listPacks>;
  try {
    packs = listPacks(data);
  } catch (error) {
    const name = "packs.json";
    return [
      {
        state: { name, from: "added", permissions: [], features: [], refused: reasonOf(error) },
        running: runningOf(name, data, [], false),
      },
    ];
  }
  return packs.map((pack) => {
    const { name, version, added, permissions, features, signedBy } = pack;
    const state = { name, version, from: "added", added, permissions, features, ...(signedBy && { signedBy }) } as const;
    const running = runningOf(name, packFolder(data, pack), permissions, false);
    try {
      const { manifest } = readInstalled(data, pack);
      const studio = { name, version, folder: packFolder(data, pack), hashes: pack.files };
      const setUps = setUpsOf(studio, manifest.features);
      return { state: { ...state, description: manifest.description, studio, setUps }, manifest, running };
    } catch (error) {
      return { state: { ...state, refused: reasonOf(error) }, running };
    }
  });
}

function folderPack(path: string): FoundPack {
  const folder = resolve(path);
  try {
    const { manifest, signedBy } = readAuthorsFolder(folder);
    const { name, version, description, permissions, features } = manifest;
    const edition = serverEditionOf(folder, manifest);
    return {
      state: {
        name,
        version,
        description,
        from: "folder",
        permissions,
        features: features.map(({ id }) => id),
        studio: { name, version, folder },
        edition,
        setUps: setUpsOf({ name, version, folder }, features),
        ...(signedBy && { signedBy }),
      },
      manifest,
      running: { ...runningOf(name, folder, permissions, true), edition },
    };
  } catch (error) {
    return {
      state: { name: folder, from: "folder", permissions: [], features: [], refused: reasonOf(error) },
      running: runningOf(folder, folder, [], true),
    };
  }
}

function runningOf(name: string, folder: string, permissions: readonly PackPermission[], isTrusted: boolean): RunningPack {
  return { name, folder: pathToFileURL(`${folder}/`), permissions, isTrusted, folds: [], kpis: [] };
}

async function listedOf(manifest: PackManifest, running: RunningPack): Promise<readonly ListedFeature[]> {
  const listed: ListedFeature[] = [];
  for (const given of manifest.features) {
    if (given.module === undefined) {
      const feature = featureOfPack(given);
      const folds = given.folds.map((fold) => urlOfPackFold(running.folder, fold, running.edition));
      const open = openPackFeature({ ...running, folds: given.folds, kpis: given.kpis }, feature);
      listed.push({ feature, folder: running.folder, folds, open, components: componentsOf(manifest, given, running) });
    } else if (!running.isTrusted) throw new DoppelwerkError("DW_FORBIDDEN", message("packs.moduleUntrusted", { feature: given.id }));
    else {
      const folder = new URL("./", new URL(given.module, running.folder));
      listed.push({ feature: await featureOfModule(given, running), folder, components: componentsOf(manifest, given, running) });
    }
  }
  return listed;
}

function componentsOf({ name, version }: PackManifest, { components }: PackFeature, { folder }: RunningPack): ComponentsOfPack {
  return { pack: name, version, folder: fileURLToPath(folder).replace(/[\\/]$/, ""), declared: components };
}

/** The manifest as code, of a pack that is trusted: it declares what `package.json` declares. */
async function featureOfModule(given: PackFeature, { folder }: RunningPack): Promise<FeatureOptions> {
  const exported = Object.values((await import(new URL(given.module!, folder).href)) as Readonly<Record<string, unknown>>);
  const isIt = (value: unknown): value is FeatureOptions =>
    (value as FeatureOptions | null)?.id === given.id && Array.isArray((value as FeatureOptions).contract);
  const feature = exported.find(isIt);
  if (feature === undefined)
    throw new DoppelwerkError("DW_INVALID", message("packs.moduleWithoutFeature", { feature: given.id, path: given.module! }));
  const declared = namesOf(featureOfPack(given));
  const made = namesOf(feature);
  const difference = [...declared.filter((name) => !made.includes(name)), ...made.filter((name) => !declared.includes(name))][0];
  if (difference !== undefined)
    throw new DoppelwerkError("DW_INVALID", message("packs.moduleDiffers", { feature: given.id, name: difference }));
  return feature;
}

const KERNEL_PORTS = [pastReading.key, aasEvents.key, simComponents.key];

/** What is there already, and ports that nobody provides, keep a pack out and nothing else. */
function requireFit(listed: readonly ListedFeature[], present: readonly ListedFeature[]): void {
  const taken = new Set(present.flatMap(({ feature }) => namesOf(feature)));
  const clash = listed.flatMap(({ feature }) => namesOf(feature)).find((name) => taken.has(name));
  if (clash !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("packs.nameTaken", { name: clash }));
  const provided = new Set<string>([
    ...KERNEL_PORTS,
    ...[...present, ...listed].flatMap(({ feature }) => feature.offers.ports.map(({ key }) => key)),
  ]);
  const missing = listed.flatMap(({ feature }) => feature.needs.ports).find(({ key }) => !provided.has(key));
  if (missing !== undefined) throw new DoppelwerkError("DW_INVALID", message("packs.portMissing", { port: verbatim(missing.key) }));
}
