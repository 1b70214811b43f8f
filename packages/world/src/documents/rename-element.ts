import { message } from "@doppelwerk/messages";
import type { Change, FieldChange } from "../change.ts";
import { DoppelwerkError } from "../error.ts";
import type { Json } from "../record.ts";
import type { RecordReader } from "../world.ts";
import { childrenOfRecord, pathOfElement } from "./document-of-records.ts";
import type { ElementRecord, SubmodelRecord } from "./element-record.ts";
import { isList } from "./element-fields.ts";

/** How a model reference names an element: the id of its submodel, then the value of each key down to it. */
export interface ElementKeys {
  readonly submodel: string;
  readonly below: readonly string[];
}

/**
 * The change of an element's idShort; the record stays, and with it its history, its binding and its plan.
 * Errors: DW_INVALID (an item of a list has no name), DW_CONFLICT (the idShort is taken among its siblings, AASd-022).
 */
export function renameElement(reader: RecordReader, element: ElementRecord, idShort: string): Change {
  const parent = reader.get(element.parent);
  if (parent?.kind === "element" && isList((parent as ElementRecord).modelType))
    throw new DoppelwerkError("DW_INVALID", message("world.itemListNoName"));
  const taken = childrenOfRecord(reader, element.parent).some((sibling) => sibling.id !== element.id && sibling.idShort === idShort);
  if (taken) throw new DoppelwerkError("DW_CONFLICT", message("world.idShortTakenAmongSiblings", { idShort }));
  return { op: "update", id: element.id, fields: { idShort: { from: element.idShort, to: idShort } } };
}

/** How references name the element as it is now; keys of list items are their index. */
export function keysOfElement(reader: RecordReader, element: ElementRecord): ElementKeys {
  const { aasId } = reader.get(element.submodel) as SubmodelRecord;
  return { submodel: aasId, below: pathOfElement(reader, element).map(String) };
}

/** The change that lets every reference in an element or submodel that leads to or through the renamed element lead there again; undefined = there is none. */
export function followRename(record: ElementRecord | SubmodelRecord, keys: ElementKeys, idShort: string): Change | undefined {
  const fields: Record<string, FieldChange> = {};
  for (const name of ["value", "body"] as const) {
    const from = record[name] as Json | undefined;
    const to = followed(from, keys, idShort);
    if (to !== from) fields[name] = { from, to };
  }
  return Object.keys(fields).length === 0 ? undefined : { op: "update", id: record.id, fields };
}

/** The same object where nothing in it refers to the element. */
function followed(json: Json | undefined, keys: ElementKeys, idShort: string): Json | undefined {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) {
    const items = (json as readonly Json[]).map((item) => followed(item, keys, idShort)!);
    return items.some((item, index) => item !== (json as readonly Json[])[index]) ? items : json;
  }
  const object = json as { readonly [key: string]: Json };
  const own = leadsThrough(object["keys"], keys);
  const entries = Object.entries(object).map(([name, value]): [string, Json] =>
    name === "keys" && own !== undefined
      ? [name, own.map((key, index) => (index === keys.below.length ? { ...key, value: idShort } : key))]
      : [name, followed(value, keys, idShort)!],
  );
  return entries.some(([name, value]) => value !== object[name]) ? Object.fromEntries(entries) : json;
}

type Keys = readonly { readonly [key: string]: Json }[];

/** The keys of a reference whose first ones are those of the element. */
function leadsThrough(given: Json | undefined, { submodel, below }: ElementKeys): Keys | undefined {
  if (!Array.isArray(given) || given.length <= below.length) return undefined;
  const keys = given as Keys;
  const first = keys[0];
  if (first?.["type"] !== "Submodel" || first["value"] !== submodel) return undefined;
  return below.every((value, index) => keys[index + 1]?.["value"] === value) ? keys : undefined;
}
