import { message, type Message } from "@doppelwerk/messages";
import type { ElementRecord } from "./documents/element-record.ts";
import { isEnumeration, MAX_NAMED_VALUES } from "./signals/enumeration.ts";
import { retentionFault } from "./signals/retention.ts";
import type { WorldRecord } from "./record.ts";
import type { IndexReader, RecordKind } from "./world.ts";

/** What an import keeps of its file, mostly checksums: no query names it. */
const NOT_SEARCHED: readonly string[] = ["imported"];

/** The kinds every world knows. Packs and rooms add theirs; unknown kinds round-trip opaque. */
export const coreKinds: readonly RecordKind[] = [
  {
    kind: "shell",
    validate: strings("aasId"),
    unique: "aasId",
    searched: { without: NOT_SEARCHED },
    indexes: {
      aasId: text("aasId"),
      idShort: text("idShort"),
      assetId: reading(assetIds, "body", "links"),
      submodel: list("submodels"),
      source: reading(importedFrom, "imported"),
    },
  },
  {
    kind: "submodel",
    validate: strings("aasId"),
    unique: "aasId",
    searched: { without: NOT_SEARCHED },
    indexes: {
      aasId: text("aasId"),
      semanticId: reading(semanticIds, "body", "semanticId"),
      bodyReference: reading(({ body }) => referredElements(body), "body"),
      idShort: text("idShort"),
      source: reading(importedFrom, "imported"),
    },
  },
  {
    kind: "element",
    validate: strings("submodel", "parent", "order", "modelType"),
    searched: { without: ["submodel", "parent", "order", "signal", ...NOT_SEARCHED] },
    indexes: {
      submodel: text("submodel"),
      parent: text("parent"),
      signal: text("signal"),
      namedValue: reading(namedValues, "idShort", "modelType", "signal", "value"),
      semanticId: reading(firstSemanticId, "body"),
      bodyReference: reading(({ body }) => referredElements(body), "body"),
      valueReference: reading(({ value }) => referredElements(value), "value"),
    },
    plannedFields: ["value"],
  },
  {
    kind: "conceptDescription",
    validate: strings("aasId"),
    unique: "aasId",
    searched: { without: NOT_SEARCHED },
    indexes: { aasId: text("aasId"), idShort: text("idShort"), source: reading(importedFrom, "imported") },
  },
  {
    kind: "signal",
    validate: (record) => [
      ...strings("name", "valueType")(record),
      ...retentionFaults(record["retention"]),
      ...(record["enumeration"] === undefined || isEnumeration(record["enumeration"])
        ? []
        : [message("world.enumeration", { max: MAX_NAMED_VALUES })]),
    ],
    indexes: {
      connection: text("connection"),
      element: text("element"),
      shell: text("shell"),
      address: text("address"),
      role: text("role"),
    },
  },
  { kind: "connection", validate: strings("name", "protocol", "url") },
  {
    kind: "mergeRequest",
    validate: strings("branch", "title", "author", "diffHash", "status"),
    indexes: { branch: text("branch"), status: text("status") },
  },
  { kind: "comment", validate: strings("request", "author", "text"), indexes: { request: text("request") } },
  // Whether authors may approve their own requests; written by `MergeRequests` alone.
  { kind: "approvalSetting" },
  // What a registry, discovery and a file server keep that is not the world's own (IDTA-01002).
  { kind: "shellDescriptor", validate: strings("aasId"), indexes: { aasId: text("aasId"), idShort: text("idShort") } },
  { kind: "submodelDescriptor", validate: strings("aasId"), indexes: { aasId: text("aasId"), idShort: text("idShort") } },
  { kind: "assetLinks", validate: strings("aasId"), indexes: { aasId: text("aasId"), assetId: reading(assetIds, "body", "links") } },
  { kind: "aasxPackage", validate: strings("fileName", "hash"), indexes: { aasId: list("aasIds") } },
  { kind: "file", validate: strings("owner", "path", "hash"), indexes: { owner: text("owner"), path: text("path") } },
  // What a pack proposed to begin with: what was removed since is not proposed again.
  { kind: "packSetUp", validate: strings("feature") },
  { kind: "alarmRule", indexes: { signal: text("signal"), shell: text("shell") } },
];

function retentionFaults(retention: unknown): readonly Message[] {
  const fault = retention === undefined ? undefined : retentionFault(retention);
  return fault === undefined ? [] : [message("world.retention", { reason: fault })];
}

/** The engineering file that brought the record. */
function importedFrom(record: WorldRecord): string | undefined {
  const source = (record["imported"] as { readonly source?: unknown } | undefined)?.source;
  return typeof source === "string" ? source : undefined;
}

function reading(read: (record: WorldRecord) => string | readonly string[] | undefined, ...reads: readonly string[]): IndexReader {
  return Object.assign((record: WorldRecord) => read(record), { reads });
}

function text(field: string): IndexReader {
  const read = (record: WorldRecord): string | undefined => {
    const value = record[field];
    return typeof value === "string" ? value : undefined;
  };
  return reading(read, field);
}

function list(field: string): IndexReader {
  const read = (record: WorldRecord): readonly string[] => {
    const value = record[field];
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  };
  return reading(read, field);
}

/** What an element bound to a signal has in place of its value in the index `namedValue`: what it shows is not in the records. */
const LIVE_VALUE = "\u0000live";
const NAMED_VALUE_LENGTH = 200;

/** How an element is named in the index `namedValue`: its idShort and the beginning of its value; without a value, those that show a signal. */
export function namedValueKey(idShort: string | undefined, value: string | undefined): string {
  return `${idShort ?? ""}\n${value === undefined ? LIVE_VALUE : value.slice(0, NAMED_VALUE_LENGTH)}`;
}

function namedValues(record: WorldRecord): string | readonly string[] {
  const { idShort, signal, value, modelType } = record as Partial<ElementRecord>;
  if (signal !== undefined) return namedValueKey(idShort, undefined);
  if (typeof value === "string") return modelType === "Blob" ? [] : namedValueKey(idShort, value);
  if (modelType === "MultiLanguageProperty" && Array.isArray(value))
    return value.flatMap((text) => (typeof text?.text === "string" ? [namedValueKey(idShort, text.text)] : []));
  const key =
    modelType === "ReferenceElement"
      ? (value as { readonly keys?: readonly { readonly value?: unknown }[] } | undefined)?.keys?.[0]
      : undefined;
  return typeof key?.value === "string" ? namedValueKey(idShort, key.value) : [];
}

function firstSemanticId(record: WorldRecord): string | undefined {
  const { semanticId } = (record["body"] ?? {}) as { readonly semanticId?: { readonly keys?: readonly { readonly value?: unknown }[] } };
  const value = semanticId?.keys?.[0]?.value;
  return typeof value === "string" ? value : undefined;
}

/** How an element below a submodel is named in the indexes `bodyReference` and `valueReference` of what refers to it or to something below it. */
export function referredElementKey(submodel: string, firstName: string): string {
  return `${submodel}\n${firstName}`;
}

/** The elements at the top of submodels that model references anywhere in this lead to or through. */
function referredElements(json: unknown): readonly string[] {
  return typeof json === "object" && json !== null ? [...new Set(referredIn(json))] : [];
}

function* referredIn(json: object): Iterable<string> {
  const { keys } = json as { readonly keys?: unknown };
  if (Array.isArray(keys) && keys.length > 1) {
    const [submodel, first] = keys as readonly ({ readonly type?: unknown; readonly value?: unknown } | null)[];
    if (submodel?.type === "Submodel" && typeof submodel.value === "string" && typeof first?.value === "string")
      yield referredElementKey(submodel.value, first.value);
  }
  for (const name in json) {
    const item = (json as Readonly<Record<string, unknown>>)[name];
    if (typeof item === "object" && item !== null) yield* referredIn(item);
  }
}

/** How an asset id is named in the index `assetId`: its name and value; the global one is named `globalAssetId` (AASd-116). */
export function assetIdKey(name: string, value: string): string {
  return `${name.toLowerCase() === "globalassetid" ? "globalAssetId" : name}\n${value}`;
}

/** Of a shell its global and specific asset ids, of asset links the ids they hold. */
function assetIds(record: WorldRecord): readonly string[] {
  const body = record["body"] as { readonly assetInformation?: AssetIds } | undefined;
  const { globalAssetId, specificAssetIds } = body?.assetInformation ?? {};
  const named = [
    { name: "globalAssetId", value: globalAssetId },
    ...(Array.isArray(specificAssetIds) ? specificAssetIds : []),
    ...(Array.isArray(record["links"]) ? record["links"] : []),
  ] as readonly { readonly name?: unknown; readonly value?: unknown }[];
  return named.flatMap(({ name, value }) => (typeof name === "string" && typeof value === "string" ? [assetIdKey(name, value)] : []));
}

interface AssetIds {
  readonly globalAssetId?: unknown;
  readonly specificAssetIds?: unknown;
}

/** First keys of the semantic id and of the supplemental ones. */
function semanticIds(record: WorldRecord): readonly string[] {
  const { semanticId, supplementalSemanticIds } = (record["body"] ?? {}) as Record<string, unknown>;
  const references = [semanticId, ...(Array.isArray(supplementalSemanticIds) ? supplementalSemanticIds : [])];
  const first = references.map((reference) => (reference as References | undefined)?.keys?.[0]?.value);
  return [record["semanticId"], ...first].filter(
    (value, index, all) => typeof value === "string" && all.indexOf(value) === index,
  ) as string[];
}

interface References {
  readonly keys?: readonly { readonly value?: unknown }[];
}

function strings(...fields: readonly string[]): (record: WorldRecord) => readonly Message[] {
  const isMissing = (record: WorldRecord, field: string): boolean => typeof record[field] !== "string";
  return (record) => {
    for (const field of fields)
      if (isMissing(record, field))
        return fields.filter((each) => isMissing(record, each)).map((each) => message("world.fieldMustBeText", { field: each }));
    return none;
  };
}

const none: readonly Message[] = [];
