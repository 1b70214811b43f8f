import { decodeId } from "@doppelwerk/aas";
import { message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { DoppelwerkError, elementAtPath, elementsOf, recordOfAasId, messageOfEntry } from "@doppelwerk/world";
import type { BranchId, ElementTree, RecordId } from "@doppelwerk/world";
import type { DocumentVersion } from "../../contract.ts";

interface Asked {
  readonly branch: BranchId;
  readonly path?: string | undefined;
  readonly limit: number;
}

type NameOf = (actor: string) => string;

/** Records below one element whose versions are looked at; of more, those first in document order. */
const MAX_RECORDS = 5_000;

/**
 * When a submodel, or one element of it, was written: its own record and everything that is below it today, newest first.
 * What the document was at each of them, `$history?date=` of the AAS API tells.
 * Errors: DW_NOT_FOUND when submodel or element are not there for the one who asks.
 */
export async function versionsOf(
  nameOf: NameOf,
  view: PlantView,
  encodedId: string,
  { branch, path, limit }: Asked,
): Promise<readonly DocumentVersion[]> {
  const id = decodeId(encodedId);
  if (typeof id !== "string")
    throw new DoppelwerkError("DW_INVALID", message("assets.reasonAt", { reason: id.reason ?? id.message, place: encodedId }));
  const reader = view.documents.reader(branch);
  const submodel = recordOfAasId(reader, "submodel", id);
  if (submodel === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("assets.noSubmodel", { id }));
  const root = path === undefined ? submodel : elementAtPath(reader, submodel.id, path);
  if (root === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("assets.noElement", { path: path! }));
  const revisions = new Set<number>();
  for (const record of withBelow(elementsOf(reader, submodel.id), root.id))
    for (const { revision } of reader.versions(record, limit)) revisions.add(revision);
  return told(nameOf, view, revisions, limit);
}

/** When a shell was written: its own record, which names its submodels; what is in those has a history of its own. Errors: DW_NOT_FOUND. */
export async function versionsOfShell(
  nameOf: NameOf,
  view: PlantView,
  encodedId: string,
  { branch, limit }: Asked,
): Promise<readonly DocumentVersion[]> {
  const id = decodeId(encodedId);
  if (typeof id !== "string")
    throw new DoppelwerkError("DW_INVALID", message("assets.reasonAt", { reason: id.reason ?? id.message, place: encodedId }));
  const reader = view.documents.reader(branch);
  const shell = recordOfAasId(reader, "shell", id);
  if (shell === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("assets.noShellId", { aasId: id }));
  return told(nameOf, view, new Set(reader.versions(shell.id, limit).map(({ revision }) => revision)), limit);
}

/** What the log says of the newest of these revisions. */
async function told(nameOf: NameOf, view: PlantView, revisions: ReadonlySet<number>, limit: number): Promise<readonly DocumentVersion[]> {
  const newest = [...revisions].toSorted((a, b) => b - a).slice(0, limit);
  const entries = await Promise.all(newest.map(async (revision) => (await view.logBefore(revision + 1, 1))[0]));
  return entries.flatMap((entry) => {
    if (entry === undefined || !revisions.has(entry.revision)) return [];
    const { revision, time: at, actor, branch, reason } = entry;
    const own = messageOfEntry(entry);
    return [{ revision, at, name: nameOf(actor), branch, reason, ...(own && { message: own, told: own }) }];
  });
}

function withBelow(tree: ElementTree, root: RecordId): readonly RecordId[] {
  const found: RecordId[] = [root];
  for (let at = 0; at < found.length && found.length < MAX_RECORDS; at++)
    for (const { id } of tree.get(found[at]!) ?? []) if (found.length < MAX_RECORDS) found.push(id);
  return found;
}
