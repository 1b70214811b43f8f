import { AttributeIds, NodeId, ReferenceTypeIds, resolveNodeId } from "node-opcua";
import type { ReferenceDescription } from "node-opcua";
import type { FoundCondition, FoundObject } from "@doppelwerk/world";
import { formatAddress } from "./address.ts";
import { identifierOf, readAll, references } from "./ask-server.ts";
import { conditionAddress, refreshedConditions } from "./conditions.ts";
import type { Link } from "./link.ts";

/** An object on the way, with its type and its HasProperty targets by browse name. */
export interface FoundNode {
  readonly nodeId: NodeId;
  readonly path: readonly string[];
  readonly displayName: string;
  readonly typeDefinition: NodeId | undefined;
  properties: ReadonlyMap<string, NodeId>;
}

/** Properties of one object that are read, and characters of one that are kept. */
const MAX_PROPERTIES = 50;
const MAX_PROPERTY_TEXT = 500;

const CONDITION_TYPE = 2782;
const REFRESH_WITHIN_MS = 5_000;

/** Conditions that stand now, and those the server shows as objects though they are normal. */
export async function allConditions(link: Link, objects: readonly FoundNode[]): Promise<readonly FoundCondition[]> {
  const heard = await refreshedConditions(link, REFRESH_WITHIN_MS);
  const known = new Set(heard.map(({ address }) => address));
  const conditionTypes = await typesBelow(link, objects, CONDITION_TYPE);
  const shown: FoundCondition[] = [];
  for (const { nodeId, typeDefinition, path, displayName } of objects) {
    if (typeDefinition === undefined || !conditionTypes.has(typeDefinition.toString())) continue;
    const uri = nodeId.namespace === 0 ? undefined : (link.namespaces[nodeId.namespace] ?? "");
    const address = conditionAddress(formatAddress(uri, identifierOf(nodeId)));
    if (known.has(address)) continue;
    shown.push({ address, source: path.at(-2) ?? "", name: displayName || path.at(-1)!, message: "", severity: 0, state: 0 });
  }
  return [...heard, ...shown];
}

const MAX_DERIVED = 16;

/** Types of objects that derive from one of namespace 0, by node id. All go up together, a step each call: a server that answers slowly has many types. */
async function typesBelow(link: Link, objects: readonly FoundNode[], wanted: number): Promise<ReadonlySet<string>> {
  const parentOf = new Map<string, string | undefined>();
  let level = new Map(objects.flatMap(({ typeDefinition: type }) => (type === undefined ? [] : [[type.toString(), type as NodeId]])));
  const types = [...level.keys()];
  const base = resolveNodeId(`i=${wanted}`).toString();
  for (let depth = 0; level.size > 0 && depth < MAX_DERIVED; depth++) {
    level.delete(base);
    const parents = await references(link, [...level.values()], ReferenceTypeIds.HasSubtype, true);
    const next = new Map<string, NodeId>();
    for (const [n, type] of [...level.keys()].entries()) {
      const parent = parents[n]![0]?.nodeId;
      parentOf.set(type, parent?.toString());
      if (parent !== undefined && !parentOf.has(parent.toString())) next.set(parent.toString(), parent);
    }
    level = next;
  }
  const isBelow = (type: string): boolean => {
    let at: string | undefined = type;
    for (let depth = 0; at !== undefined && depth < MAX_DERIVED; depth++, at = parentOf.get(at)) if (at === base) return true;
    return false;
  };
  return new Set(types.filter(isBelow));
}

/** Objects that say something: a type of another namespace than OPC UA's own, or properties with values. */
export async function describeObjects(link: Link, objects: readonly FoundNode[]): Promise<readonly FoundObject[]> {
  const types = await typeNames(link, objects);
  const bases = await baseTypes(link, objects);
  const wanted = objects.flatMap((object) =>
    [...object.properties].slice(0, MAX_PROPERTIES).map(([name, nodeId]) => ({ object, name, nodeId })),
  );
  const values = await readAll(
    link,
    wanted.map(({ nodeId }) => ({ nodeId, attributeId: AttributeIds.Value })),
  );
  const told = new Map<FoundNode, Record<string, string>>();
  for (const [n, { object, name }] of wanted.entries()) {
    const text = propertyText(values[n]?.value?.value);
    if (text !== undefined) told.set(object, { ...told.get(object), [name]: text });
  }
  return objects.flatMap((object): FoundObject[] => {
    const { path, displayName, typeDefinition } = object;
    const name = typeDefinition && types.get(typeDefinition.toString());
    const properties = told.get(object);
    const shown = displayName !== "" && displayName !== path.at(-1) ? displayName : undefined;
    if (name === undefined && properties === undefined && shown === undefined) return [];
    const type = name === undefined ? undefined : { namespace: link.namespaces[typeDefinition!.namespace] ?? "", name };
    const supertypes = (typeDefinition && bases.get(typeDefinition.toString())) ?? [];
    return [
      {
        path,
        ...(type ? { type } : {}),
        ...(supertypes.length > 0 ? { supertypes } : {}),
        ...(shown === undefined ? {} : { displayName: shown }),
        ...(properties ? { properties } : {}),
      },
    ];
  });
}

const MAX_SUPERTYPES = 8;

/** What each type outside of namespace 0 derives from, nearest first, as far as it is outside too: a vendor's own machine is still a machine. */
async function baseTypes(
  link: Link,
  objects: readonly FoundNode[],
): Promise<ReadonlyMap<string, readonly { readonly namespace: string; readonly name: string }[]>> {
  const parentOf = new Map<string, ReferenceDescription | undefined>();
  let wanted = new Map(
    objects.flatMap(({ typeDefinition }) =>
      typeDefinition === undefined || typeDefinition.namespace === 0
        ? []
        : [[typeDefinition.toString(), typeDefinition as NodeId] as const],
    ),
  );
  const types = [...wanted.keys()];
  for (let depth = 0; wanted.size > 0 && depth < MAX_SUPERTYPES; depth++) {
    const next = new Map<string, NodeId>();
    const all = [...wanted.values()];
    const parents = await references(link, all, ReferenceTypeIds.HasSubtype, true);
    for (const [n, type] of all.entries()) {
      const parent = parents[n]![0];
      const outside = parent !== undefined && parent.nodeId.namespace !== 0;
      parentOf.set(type.toString(), outside ? parent : undefined);
      if (outside && !parentOf.has(parent.nodeId.toString())) next.set(parent.nodeId.toString(), parent.nodeId);
    }
    wanted = next;
  }
  return new Map(
    types.map((type) => {
      const chain: { namespace: string; name: string }[] = [];
      for (
        let parent = parentOf.get(type);
        parent !== undefined && chain.length < MAX_SUPERTYPES;
        parent = parentOf.get(parent.nodeId.toString())
      )
        chain.push({ namespace: link.namespaces[parent.nodeId.namespace] ?? "", name: parent.browseName.name ?? "" });
      return [type, chain] as const;
    }),
  );
}

/** Browse names of the type definitions outside of namespace 0, by node id. */
async function typeNames(link: Link, objects: readonly FoundNode[]): Promise<ReadonlyMap<string, string>> {
  const types = new Map(
    objects.flatMap(({ typeDefinition }) =>
      typeDefinition === undefined || typeDefinition.namespace === 0 ? [] : [[typeDefinition.toString(), typeDefinition] as const],
    ),
  );
  const names = await readAll(
    link,
    [...types.values()].map((nodeId) => ({ nodeId, attributeId: AttributeIds.BrowseName })),
  );
  return new Map(
    [...types.keys()].flatMap((key, n) => {
      const name: unknown = (names[n]?.value?.value as { name?: unknown } | undefined)?.name;
      return typeof name === "string" && name !== "" ? [[key, name] as const] : [];
    }),
  );
}

function propertyText(value: unknown): string | undefined {
  const text = typeof value === "object" && value !== null ? (value as { text?: unknown }).text : value;
  if (typeof text !== "string" && typeof text !== "number") return undefined;
  const short = String(text).trim().slice(0, MAX_PROPERTY_TEXT);
  return short === "" ? undefined : short;
}
