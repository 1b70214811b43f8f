import { AttributeIds, NodeClass, NodeId, ReferenceTypeIds, VariableIds, resolveNodeId } from "node-opcua";
import type { ReferenceDescription } from "node-opcua";
import type { BrowseResult } from "@doppelwerk/world";
import type { Secret } from "../secrets/secret-store.ts";
import { identifierOf, references } from "./ask-server.ts";
import { openLink, type Link } from "./link.ts";
import { describeMethods, MAX_METHODS, type CallableNode } from "./methods.ts";
import { allConditions, describeObjects, type FoundNode } from "./objects.ts";
import type { OpcuaSettings } from "./settings.ts";
import { describeVariables, type FoundVariable } from "./variables.ts";

export interface BrowseOptions {
  readonly dataDir: string;
  /** Bound on nodes looked at; what lies beyond is `truncated`. */
  readonly mostNodes?: number;
  readonly security?: Pick<OpcuaSettings, "securityMode" | "securityPolicy">;
  readonly secret?: Secret;
}

/** Walks a server from Objects down in batches within its limits and proposes a signal for every scalar variable. The Server object is left out. */
export async function browseServer(url: string, options: BrowseOptions): Promise<BrowseResult> {
  const link = await openLink({ url, dataDir: options.dataDir, security: options.security, secret: options.secret });
  try {
    const { variables, objects, methods, truncated } = await walk(link, options.mostNodes ?? 100_000);
    const { drafts, skipped } = await describeVariables(link, variables);
    const described = await describeObjects(link, objects);
    const conditions = await allConditions(link, objects);
    const product = await link.session.read({
      nodeId: `i=${VariableIds.Server_ServerStatus_BuildInfo_ProductName}`,
      attributeId: AttributeIds.Value,
    });
    const name: unknown = product.value?.value;
    return {
      serverName: typeof name === "string" ? name : "",
      namespaces: link.namespaces,
      drafts,
      objects: described,
      methods: await describeMethods(link, methods),
      conditions,
      skipped,
      truncated,
    };
  } finally {
    await link.close();
  }
}

const OBJECTS = "i=85";
const SERVER = "ns=0;i=2253";
/** The numbers of the standard itself lie far below; from here on servers count what was added without a number of its own (open62541). */
const OF_SERVERS = 50_000;

/** Server, Aliases, Locations, Quantities and the like say something about the server, not about the plant. */
function isOfStandard({ namespace, value }: NodeId): boolean {
  return namespace === 0 && typeof value === "number" && value < OF_SERVERS;
}

interface Place {
  readonly nodeId: NodeId;
  readonly path: readonly string[];
  readonly variable?: FoundVariable;
  readonly object?: FoundNode;
}

interface Walked {
  readonly variables: readonly FoundVariable[];
  readonly methods: readonly CallableNode[];
  readonly objects: readonly FoundNode[];
  readonly truncated: boolean;
}

/** The bound on nodes is looked at after each of these. */
const LOOKED_AT_ONCE = 1_000;

async function walk(link: Link, mostNodes: number): Promise<Walked> {
  const variables: FoundVariable[] = [];
  const objects: FoundNode[] = [];
  const methods: CallableNode[] = [];
  const seen = new Set<string>(["ns=0;i=85", SERVER]);
  let level: Place[] = [{ nodeId: resolveNodeId(OBJECTS), path: [] }];
  while (level.length > 0) {
    const next: Place[] = [];
    for (let from = 0; from < level.length; from += LOOKED_AT_ONCE) {
      const places = level.slice(from, from + LOOKED_AT_ONCE);
      const answers = await references(
        link,
        places.map((place) => place.nodeId),
      );
      for (const [position, place] of places.entries())
        next.push(...enter(place, answers[position]!, seen, { variables, objects, methods }));
      if (seen.size > mostNodes) return { variables, objects, methods, truncated: true };
    }
    level = next;
  }
  return { variables, objects, methods, truncated: false };
}

/** Children of one place not seen before; properties are noted at their variable. */
function enter(
  place: Place,
  children: readonly ReferenceDescription[],
  seen: Set<string>,
  { variables, objects, methods }: { readonly variables: FoundVariable[]; readonly objects: FoundNode[]; readonly methods: CallableNode[] },
): Place[] {
  const places: Place[] = [];
  const properties = new Map<string, NodeId>();
  const below = new Set<string>();
  for (const child of children) {
    const nodeId = child.nodeId;
    const isProperty = child.referenceTypeId.namespace === 0 && child.referenceTypeId.value === ReferenceTypeIds.HasProperty;
    if (isProperty) {
      properties.set(child.browseName.name ?? "", nodeId);
      continue;
    }
    // one method is often shared by all objects of a type: it is another order on each of them
    if (child.nodeClass === NodeClass.Method) {
      if (methods.length < MAX_METHODS && !isOfStandard(place.nodeId))
        methods.push({ object: place.nodeId, method: nodeId, path: [...place.path, child.browseName.name ?? ""] });
      continue;
    }
    if (child.nodeClass === NodeClass.Variable) below.add(child.browseName.name ?? "");
    const key = `ns=${nodeId.namespace};${identifierOf(nodeId)}`;
    if (seen.has(key) || (place.path.length === 0 && isOfStandard(nodeId))) continue;
    seen.add(key);
    const path = [...place.path, child.browseName.name ?? ""];
    if (child.nodeClass !== NodeClass.Variable) {
      const object: FoundNode = {
        nodeId,
        path,
        displayName: child.displayName.text ?? "",
        typeDefinition: child.typeDefinition instanceof NodeId ? child.typeDefinition : undefined,
        properties: new Map(),
      };
      objects.push(object);
      places.push({ nodeId, path, object });
    } else {
      const variable: FoundVariable = {
        nodeId,
        path,
        displayName: child.displayName.text || child.browseName.name || identifierOf(nodeId),
        properties: new Map(),
        children: new Set(),
      };
      variables.push(variable);
      places.push({ nodeId, path, variable });
    }
  }
  if (place.variable !== undefined) Object.assign(place.variable, { properties, children: below });
  if (place.object !== undefined) place.object.properties = properties;
  return places;
}
