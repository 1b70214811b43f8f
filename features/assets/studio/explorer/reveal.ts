import { encodeId } from "@doppelwerk/aas";
import type { ConceptDescription, Shell, Submodel } from "@doppelwerk/aas";
import type { AasApi } from "@doppelwerk/client";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import { documentPath, ifThere, read } from "./aas-access.ts";
import type { ShellTree, TreeRow } from "./shell-tree.ts";

/** Undefined = the repository does not have it. */
export function shellAt(api: AasApi, id: string): Promise<Shell | undefined> {
  return ifThere(read<Shell>(api, `/shells/${encodeId(id)}`));
}

/** A submodel without its elements; undefined = the repository does not have it. */
export function headAt(api: AasApi, id: string): Promise<Submodel | undefined> {
  return ifThere(read<Submodel>(api, `${documentPath(id)}/$metadata`));
}

/** Undefined = the repository does not have it. */
export function conceptAt(api: AasApi, id: string): Promise<ConceptDescription | undefined> {
  return ifThere(read<ConceptDescription>(api, `/concept-descriptions/${encodeId(id)}`));
}

/** Opens the tree along the place that a link names. */
export async function reveal(tree: ShellTree, place: ExplorerPlace, api: AasApi): Promise<void> {
  if (place.concept !== undefined && rowOf(tree, `c:${place.concept}`) === undefined) {
    const concept = await conceptAt(api, place.concept);
    if (concept !== undefined) tree.show(concept);
  }
  const root = place.shell ?? place.submodel;
  if (root === undefined) return;
  const rootKey = `${place.shell === undefined ? "s" : "a"}:${root}`;
  if (rowOf(tree, rootKey) === undefined) {
    const found = place.shell === undefined ? await headAt(api, root) : await shellAt(api, root);
    if (found !== undefined) tree.show(found);
  }
  if (place.submodel === undefined) return;
  const submodelKey = place.shell === undefined ? rootKey : `${rootKey}/s:${place.submodel}`;
  const below = place.path === undefined ? [] : [submodelKey, ...ancestorsOf(place.path).map((path) => `${submodelKey}/e:${path}`)];
  for (const key of new Set([rootKey, ...below])) {
    const row = rowOf(tree, key);
    if (row !== undefined) await tree.open(row);
  }
}

function rowOf(tree: ShellTree, key: string): TreeRow | undefined {
  const at = tree.indexOf(key);
  return at < 0 ? undefined : tree.rows(at, at + 1)[0];
}

/** `a.b[0].c` → `a`, `a.b`, `a.b[0]`. */
function ancestorsOf(path: string): readonly string[] {
  const ends = [...path.matchAll(/[.[]/g)].map(({ index }) => index).filter((index) => index > 0);
  return ends.map((end) => path.slice(0, end));
}
