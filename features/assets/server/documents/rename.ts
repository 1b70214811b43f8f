import { setImmediate as turn } from "node:timers/promises";
import { decodeId, parseIdShortPath, formatIdShortPath, validate } from "@doppelwerk/aas";
import type { Environment } from "@doppelwerk/aas";
import { message } from "@doppelwerk/kit";
import {
  DoppelwerkError,
  elementAtPath,
  followRename,
  keysOfElement,
  recordOfAasId,
  referredElementKey,
  renameElement,
} from "@doppelwerk/world";
import type { Change, ElementRecord, RecordId, RecordReader, SubmodelRecord, WorldView } from "@doppelwerk/world";
import type { Rename, Renaming } from "../../contract.ts";

/** Referrers read between two steps. */
const PAGE = 500;

/**
 * Renames an element and lets the references to it, and to what is below it, lead there again: one transaction, one undo.
 * Errors: DW_INVALID (no idShort, AASd-002; an item of a list), DW_NOT_FOUND, DW_CONFLICT (the name is taken; a reference was changed meanwhile).
 */
export async function renameAt(view: WorldView, encodedId: string, request: Rename): Promise<Renaming> {
  const { branch, path, idShort } = request;
  const id = decodeId(encodedId);
  if (typeof id !== "string")
    throw new DoppelwerkError("DW_INVALID", message("assets.reasonAt", { reason: id.reason ?? id.message, place: encodedId }));
  mustBeName(idShort);
  const reader = view.reader(branch);
  const submodel = recordOfAasId(reader, "submodel", id);
  if (submodel === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("assets.noSubmodel", { id }));
  const element = elementAtPath(reader, submodel.id, path);
  if (element === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("assets.noElement", { path }));
  const segments = parseIdShortPath(path);
  if ("severity" in segments)
    throw new DoppelwerkError("DW_INVALID", message("assets.reasonAt", { reason: segments.reason ?? segments.message, place: path }));
  const renamed = formatIdShortPath([...segments.slice(0, -1), idShort]);
  if (element.idShort === idShort) return { path: renamed, references: 0, lookedThrough: true };
  const changes = new Map<RecordId, Change>([[element.id, renameElement(reader, element, idShort)]]);
  const keys = keysOfElement(reader, element);
  let references = 0;
  const followed = new Set<RecordId>();
  const follow = (record: ElementRecord | SubmodelRecord): void => {
    followed.add(record.id);
    const change = followRename(record, keys, idShort);
    if (change?.op !== "update") return;
    references++;
    const own = changes.get(record.id);
    changes.set(record.id, own?.op === "update" ? { ...own, fields: { ...own.fields, ...change.fields } } : change);
  };
  for (const page of referrersOf(reader, referredElementKey(keys.submodel, keys.below[0]!))) {
    for (const record of page) if (!followed.has(record.id)) follow(record as ElementRecord | SubmodelRecord);
    await turn();
  }
  await view.apply({ branch, reason: request.reason ?? `renamed ${path} to ${idShort}`, changes: [...changes.values()] });
  return { path: renamed, references, lookedThrough: true };
}

/** What refers to the element of this key or to something below it, in its value or elsewhere. */
function* referrersOf(reader: RecordReader, value: string) {
  for (const [kind, name] of [
    ["submodel", "bodyReference"],
    ["element", "bodyReference"],
    ["element", "valueReference"],
  ] as const)
    for (let after: RecordId | undefined; ;) {
      const page = reader.query({ kind, index: { name, value }, limit: PAGE, ...(after !== undefined && { after }) });
      yield page;
      if (page.length < PAGE) break;
      after = page.at(-1)!.id;
    }
}

/** Held to the metamodel's own rule of an idShort. */
function mustBeName(idShort: string): void {
  const probe = { submodels: [{ modelType: "Submodel", id: "urn:x", submodelElements: [{ modelType: "Capability", idShort }] }] };
  const fault = validate(probe as Environment, "Environment")[0];
  if (fault !== undefined) throw new DoppelwerkError("DW_INVALID", message("assets.noIdShort", { idShort, reason: fault.message }));
}
