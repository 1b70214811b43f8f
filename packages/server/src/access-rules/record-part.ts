import type { Submodel } from "@doppelwerk/aas";
import type { QuerySubject } from "@doppelwerk/aas/query";
import { shellJson, type ElementRecord, type Json, type ShellRecord, type WorldRecord } from "@doppelwerk/world";

/** Kinds of which rules may hide parts. */
export const PARTED: ReadonlySet<string> = new Set([
  "shell",
  "submodel",
  "conceptDescription",
  "shellDescriptor",
  "submodelDescriptor",
  "assetLinks",
  "element",
]);

type Prune = <Whole extends object>(whole: Whole, subjectOf: (whole: Whole) => QuerySubject) => Whole;
/** What conditions read of an object beside what is judged: of a shell its submodels, of a submodel its elements. */
export type Beside = Pick<QuerySubject & { readonly kind: "submodel" }, "elements" | "shells"> &
  Pick<QuerySubject & { readonly kind: "shell" }, "submodels">;
type Body = { readonly [key: string]: Json };

/** The record without what the filters hide of its JSON; itself where they hide nothing. `holder`: the shell or descriptor of links, else the record. */
export function partOfRecord(record: WorldRecord, holder: WorldRecord, prune: Prune, beside: Beside): WorldRecord {
  const { elements, shells } = beside;
  switch (record.kind) {
    case "shell":
      return partOfLinks(partOfShell(record as ShellRecord, prune, beside), holder, prune, beside);
    case "submodel": {
      const whole = { modelType: "Submodel", ...bodyOf(record), id: String(record["aasId"]), ...named(record) } as unknown as Submodel;
      const part = prune(whole, (submodel) => ({ kind: "submodel", submodel, elements, shells }));
      return part === whole ? record : withBody(record, part as unknown as Body);
    }
    case "assetLinks":
      return partOfLinks(record, holder, prune, beside);
    default: {
      const kind = record.kind as "conceptDescription" | "shellDescriptor" | "submodelDescriptor";
      const whole: Body = { ...bodyOf(record), ...(kind === "conceptDescription" && named(record)) };
      const part = prune(whole, (value) => ({ kind, value }));
      return part === whole ? record : withBody(record, part);
    }
  }
}

/** An element without what stands below it. */
export function jsonOfElement({ modelType, idShort, body, value }: ElementRecord): Body {
  return { modelType, ...(idShort !== undefined && { idShort }), ...body, ...(value !== undefined && { value }) };
}

/** The element without what the filters hide of it: its value is also what is planned, and the signal that shows it. */
export function partOfElement(record: ElementRecord, prune: (whole: Body) => Body): WorldRecord {
  const { value } = record;
  const whole = jsonOfElement(record);
  // a plan, or a signal, without a value of its own
  const isValued = value !== undefined || record.planned !== undefined || record.signal !== undefined;
  const given = isValued && value === undefined ? { ...whole, value: "" } : whole;
  const part = prune(given);
  if (part === given) return record;
  const { valueId: _meaning, ...unvalued } = bodyOf(withBody(record, part));
  if (part["value"] !== undefined) return { ...withBody(record, part), ...(value !== undefined && { value: part["value"] }) };
  const { value: _value, planned: _planned, signal: _signal, ...rest } = withBody(record, part);
  return { ...rest, body: unvalued } as WorldRecord;
}

function partOfShell(record: ShellRecord, prune: Prune, { submodels: all }: Beside): WorldRecord {
  const whole = shellJson(record);
  const part = prune(whole, (shell) => ({ kind: "shell", shell, submodels: all }));
  if (part === whole) return record;
  const references = new Set((part.submodels ?? []).map(({ keys }) => keys.at(-1)?.value));
  const submodels = whole.submodels === part.submodels ? record.submodels : record.submodels.filter((id) => references.has(id));
  return { ...withBody(record, part as unknown as Body), submodels };
}

/** What discovery finds a shell by is hidden as in the shell, or its descriptor. */
function partOfLinks(record: WorldRecord, holder: WorldRecord, prune: Prune, { submodels: all }: Beside): WorldRecord {
  const { links } = record;
  if (!Array.isArray(links)) return record;
  if (holder.kind === "shell") {
    const shell = shellJson(holder as ShellRecord);
    const whole = { ...shell, assetInformation: { ...shell.assetInformation, specificAssetIds: links as never } };
    const part = prune(whole, (one) => ({ kind: "shell", shell: one, submodels: all }));
    return part === whole ? record : withLinks(record, part.assetInformation.specificAssetIds);
  }
  const whole: Body = { ...bodyOf(holder), specificAssetIds: links as Json };
  const part = prune(whole, (value) => ({ kind: "shellDescriptor", value }));
  return part === whole ? record : withLinks(record, part["specificAssetIds"]);
}

function withLinks(record: WorldRecord, links: unknown): WorldRecord {
  return { ...record, links: (links ?? []) as Json };
}

/** Of the body only what was in it; `idShort` and `semanticId` may be fields of their own. */
function withBody(record: WorldRecord, part: Body): WorldRecord {
  const body = Object.fromEntries(
    Object.keys(bodyOf(record)).flatMap((key) => (part[key] === undefined ? [] : [[key, part[key]] as const])),
  );
  const hidesName = typeof record["idShort"] === "string" && record["idShort"] !== "" && part["idShort"] === undefined;
  const { semanticId, ...rest } = record;
  const left = (semanticId !== undefined && part["semanticId"] === undefined ? rest : record) as WorldRecord;
  return { ...left, body, ...(hidesName && { idShort: "" }) };
}

function bodyOf({ body }: WorldRecord): Body {
  return (typeof body === "object" && body !== null ? body : {}) as Body;
}

function named({ idShort }: WorldRecord): { readonly idShort?: string } {
  return typeof idShort === "string" && idShort !== "" ? { idShort } : {};
}
