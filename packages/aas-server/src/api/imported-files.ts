import { childrenOf, partFinder, type AasxFile, type Environment, type Submodel, type SubmodelElement } from "@doppelwerk/aas";
import type { Blobs, Change, RecordReader } from "@doppelwerk/world";
import { partName, putFile } from "./file-records.ts";
import { safeName } from "./multipart.ts";

interface Packed {
  readonly environment: Environment;
  readonly files: ReadonlyMap<string, AasxFile>;
  readonly thumbnail?: AasxFile & { readonly path: string };
}

/** Files of a package that its shells (thumbnails) and submodels (File elements) name: stored, and found again by who names them. */
export async function importedFiles(
  reader: RecordReader,
  { environment, files, thumbnail }: Packed,
  blobs: Blobs,
): Promise<readonly Change[]> {
  const all = [...files, ...(thumbnail === undefined ? [] : [[thumbnail.path, thumbnail] as const])];
  const named = new Map(all);
  const find = partFinder(named.keys());
  const changes: Change[] = [];
  for (const [owner, path] of namesIn(environment)) {
    const file = named.get(find(path) ?? "");
    if (file === undefined) continue;
    const { hash } = await blobs.put(file.bytes, file.contentType);
    const name = safeName(decoded(path));
    changes.push(...putFile(reader, { owner, path, name, contentType: file.contentType, hash, size: file.bytes.length }));
  }
  return changes;
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
