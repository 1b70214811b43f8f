import { semanticIds } from "@doppelwerk/aas";
import type { ElementRecord, RecordId, RecordReader, ShellRecord, SubmodelRecord } from "@doppelwerk/world";
import { kindOfSemanticId, kindOfText } from "./place-kind.ts";
import type { PlaceKind } from "./place.ts";

/** `child` stands in `parent`, both by globalAssetId. */
export interface AssetEdge {
  readonly child: string;
  readonly parent: string;
  /** Above the parent inside the same submodel, nearest first: where the parent has no shell, the first of these that has. */
  readonly above: readonly string[];
}

export interface ReadHierarchies {
  /** In the order of the submodels and of the elements in them. */
  readonly edges: readonly AssetEdge[];
  /** By globalAssetId. What an asset's own submodel says comes before what another one says of it. */
  readonly kinds: ReadonlyMap<string, PlaceKind>;
  /** Values of `EquipmentLevel` that are no level, by asset. */
  readonly unknownKinds: ReadonlyMap<string, string>;
  /** Elements that this was read from. */
  readonly read: ReadonlySet<RecordId>;
}

/** IDTA 02011 names; the level is a property of ours, called as in B2MML. */
const HIERARCHY = "HierarchicalStructures";
/** Of a line, with its stations. */
const LINE = "ProductionLine";
const LEVEL_PROPERTIES: ReadonlySet<string> = new Set(["EquipmentLevel", "EquipmentElementLevel"]);

/** What the submodels HierarchicalStructures (IDTA 02011) of a branch say, in one pass over their elements. */
export function readHierarchies(reader: RecordReader, ownerOf: (submodel: string) => ShellRecord | undefined): ReadHierarchies {
  const edges: AssetEdge[] = [];
  const own = new Map<string, PlaceKind>();
  const others = new Map<string, PlaceKind>();
  const unknownKinds = new Map<string, string>();
  const read = new Set<RecordId>();
  for (const submodel of hierarchySubmodels(reader)) {
    const owner = assetOf(ownerOf(submodel.aasId));
    const structure = readStructure(reader, submodel, owner);
    for (const { id } of structure.elements) read.add(id);
    edges.push(...edgesOf(structure));
    for (const { asset, value, kind } of levelsOf(structure, owner)) {
      const kinds = asset === owner ? own : others;
      if (kind === undefined) unknownKinds.set(asset, value);
      else if (!kinds.has(asset)) kinds.set(asset, kind);
    }
  }
  return { edges, kinds: new Map([...others, ...own]), unknownKinds, read };
}

export function assetOf(shell: ShellRecord | undefined): string | undefined {
  const { globalAssetId } = (shell?.body["assetInformation"] ?? {}) as { readonly globalAssetId?: unknown };
  return typeof globalAssetId === "string" && globalAssetId !== "" ? globalAssetId : undefined;
}

/** By idShort and by semantic id, each once; templates are no plant. */
function hierarchySubmodels(reader: RecordReader): readonly SubmodelRecord[] {
  const found = [
    ...reader.query({ kind: "submodel", index: { name: "idShort", value: HIERARCHY } }),
    ...reader.query({ kind: "submodel", index: { name: "semanticId", value: semanticIds.hierarchicalStructures } }),
  ];
  const byId = new Map((found as unknown as readonly SubmodelRecord[]).map((submodel) => [submodel.id, submodel]));
  return [...byId.values()].filter(({ body }) => body["kind"] !== "Template").toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Whether the tree is read from a submodel: from a hierarchy, or from the stations of a line. */
export function isReadFrom({ idShort, body, semanticId }: SubmodelRecord): boolean {
  const keys = (body["semanticId"] as { readonly keys?: unknown } | undefined)?.keys;
  const meanings = Array.isArray(keys) ? (keys as readonly { readonly value?: unknown }[]).map(({ value }) => value) : [];
  return idShort === HIERARCHY || idShort === LINE || [semanticId, ...meanings].includes(semanticIds.hierarchicalStructures);
}

interface Structure {
  readonly elements: readonly ElementRecord[];
  readonly byId: ReadonlyMap<RecordId, ElementRecord>;
  readonly submodel: RecordId;
  /** Assets of entities, by record id. */
  readonly assets: ReadonlyMap<RecordId, string>;
  /** The archetype says that what is nested stands above (IDTA 02011: OneUp). */
  readonly isUpwards: boolean;
}

function readStructure(reader: RecordReader, { id: submodel }: SubmodelRecord, owner: string | undefined): Structure {
  const found = reader.query({ kind: "element", index: { name: "submodel", value: submodel } }) as readonly ElementRecord[];
  const elements = found.toSorted((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.id < b.id ? -1 : 1));
  const byId = new Map(elements.map((element) => [element.id, element]));
  const assets = new Map<RecordId, string>();
  for (const element of elements) {
    if (element.modelType !== "Entity") continue;
    const asset = element.body["globalAssetId"];
    if (typeof asset === "string" && asset !== "") assets.set(element.id, asset);
    // the entry node stands for the asset of the shell that the submodel belongs to
    else if (element.parent === submodel && element.idShort === "EntryNode" && owner !== undefined) assets.set(element.id, owner);
  }
  const isUpwards = elements.some(({ parent, idShort, value }) => parent === submodel && idShort === "ArcheType" && value === "OneUp");
  return { elements, byId, submodel, assets, isUpwards };
}

/** From the relationships where they say it of two entities, else from which entity is nested in which. */
function edgesOf(structure: Structure): readonly AssetEdge[] {
  const { elements, byId, assets, isUpwards } = structure;
  const related = relationshipsOf(structure);
  const edges: AssetEdge[] = [];
  const add = (child: string, parent: string, above: readonly string[] = []): void => {
    if (child !== parent) edges.push({ child, parent, above });
  };
  for (const { child, parent } of related.values()) add(assets.get(child)!, assets.get(parent)!);
  for (const element of elements) {
    const inner = assets.get(element.id);
    const around = entitiesAround(element, byId).filter((id) => assets.has(id));
    const [outer, ...further] = around;
    if (inner === undefined || outer === undefined || related.has(pairOf(element.id, outer))) continue;
    if (isUpwards) add(assets.get(outer)!, inner);
    else
      add(
        inner,
        assets.get(outer)!,
        further.map((id) => assets.get(id)!),
      );
  }
  return edges;
}

/** Entities that an element is nested in, nearest first. */
function entitiesAround(element: ElementRecord, byId: ReadonlyMap<RecordId, ElementRecord>): readonly RecordId[] {
  const around: RecordId[] = [];
  const seen = new Set<RecordId>();
  for (let at = byId.get(element.parent); at !== undefined && !seen.has(at.id); at = byId.get(at.parent)) {
    seen.add(at.id);
    if (at.modelType === "Entity") around.push(at.id);
  }
  return around;
}

/** HasPart and IsPartOf between entities of the submodel, by the pair of both. */
function relationshipsOf({
  elements,
  byId,
  submodel,
  assets,
}: Structure): ReadonlyMap<string, { readonly child: RecordId; readonly parent: RecordId }> {
  const relations = elements.filter(({ modelType }) => modelType === "RelationshipElement" || modelType === "AnnotatedRelationshipElement");
  const related = new Map<string, { readonly child: RecordId; readonly parent: RecordId }>();
  if (relations.length === 0) return related;
  const byPath = new Map([...assets.keys()].map((id) => [pathOf(byId.get(id)!, byId, submodel), id]));
  for (const relation of relations) {
    const upwards = isNamed(relation, "IsPartOf");
    if (!upwards && !isNamed(relation, "HasPart")) continue;
    const { first, second } = (relation.value ?? {}) as { readonly first?: unknown; readonly second?: unknown };
    const [one, other] = [byPath.get(pathOfReference(first)), byPath.get(pathOfReference(second))];
    if (one === undefined || other === undefined || one === other) continue;
    related.set(pairOf(one, other), upwards ? { child: one, parent: other } : { child: other, parent: one });
  }
  return related;
}

function isNamed({ idShort, body }: ElementRecord, name: string): boolean {
  return idShort?.startsWith(name) === true || keysOf(body["semanticId"]).some(({ value }) => value?.split("/").includes(name) === true);
}

function pairOf(one: RecordId, other: RecordId): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}

function pathOf(element: ElementRecord, byId: ReadonlyMap<RecordId, ElementRecord>, submodel: RecordId): string {
  const names: string[] = [];
  const seen = new Set<RecordId>();
  for (
    let at: ElementRecord | undefined = element;
    at !== undefined && !seen.has(at.id);
    at = at.parent === submodel ? undefined : byId.get(at.parent)
  ) {
    seen.add(at.id);
    names.unshift(at.idShort ?? "");
  }
  return names.join("/");
}

interface Key {
  readonly type?: string;
  readonly value?: string;
}

function keysOf(reference: unknown): readonly Key[] {
  const keys = (reference as { readonly keys?: unknown } | undefined)?.keys;
  return Array.isArray(keys) ? (keys as readonly Key[]) : [];
}

function pathOfReference(reference: unknown): string {
  return keysOf(reference)
    .filter(({ type }) => type !== "Submodel")
    .map(({ value }) => value ?? "")
    .join("/");
}

interface SaidLevel {
  readonly asset: string;
  readonly value: string;
  readonly kind: PlaceKind | undefined;
}

/** Levels that properties say of an entity or of the owner, and semantic ids of entities that end in one. */
function levelsOf({ elements, submodel, assets }: Structure, owner: string | undefined): readonly SaidLevel[] {
  return elements.flatMap((element): readonly SaidLevel[] => {
    const { id, parent, idShort, value, body } = element;
    if (LEVEL_PROPERTIES.has(idShort ?? "") && typeof value === "string" && value !== "") {
      const asset = parent === submodel ? owner : assets.get(parent);
      return asset === undefined ? [] : [{ asset, value, kind: kindOfText(value) }];
    }
    const asset = assets.get(id);
    if (asset === undefined) return [];
    const references = [body["semanticId"], ...(Array.isArray(body["supplementalSemanticIds"]) ? body["supplementalSemanticIds"] : [])];
    const said = references.flatMap((reference) => keysOf(reference).map((key) => key.value ?? ""));
    const kind = said.map(kindOfSemanticId).find((found) => found !== undefined);
    return kind === undefined ? [] : [{ asset, value: "", kind }];
  });
}
