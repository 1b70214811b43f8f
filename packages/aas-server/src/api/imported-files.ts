import { childrenOf, partFinder, type Environment, type Submodel, type SubmodelElement } from "@doppelwerk/aas";
import type { Change, RecordReader } from "@doppelwerk/world";
import { partName, putFile } from "./file-records.ts";
import { safeName } from "./multipart.ts";

/** A file of a package whose bytes are on their way into the store of files. */
export interface ImportedFile {
  readonly contentType: string;
  /** SHA-256 of the bytes. */
  readonly hash: string;
  readonly size: number;
}

/** Files of a package that its shells (thumbnails) and submodels (File elements) name: they are found again by who names them. `files` by part name. */
export function importedFiles(reader: RecordReader, environment: Environment, files: ReadonlyMap<string, ImportedFile>): readonly Change[] {
  const find = partFinder(files.keys());
  return namesIn(environment).flatMap(([owner, path]) => {
    const file = files.get(find(path) ?? "");
    if (file === undefined) return [];
    const { contentType, hash, size } = file;
    return putFile(reader, { owner, path, name: safeName(decoded(path)), contentType, hash, size });
  });
}

/** Every (owner, path) once. */
function namesIn({ assetAdministrationShells, submodels }: Environment): readonly (readonly [owner: string, path: string])[] {
  const names = new Map<string, readonly [string, string]>();
  const add = (owner: string, path: string | undefined) => {
    if (typeof path === "string" && path !== "") names.set(JSON.stringify([owner, partName(path)]), [owner, path]);
  };
  for (const { id, assetInformation } of assetAdministrationShells ?? []) add(id, assetInformation?.defaultThumbnail?.path);
  const walk = (owner: string, element: Submodel | SubmodelElement): void => {
    if (element.modelType === "File") add(owner, element.value);
    for (const child of childrenOf(element)) walk(owner, child);
  };
  for (const submodel of submodels ?? []) walk(submodel.id, submodel);
  return [...names.values()];
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
