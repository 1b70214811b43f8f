import { AttributeIds, DataType, NodeId, ReferenceTypeIds } from "node-opcua";
import type { FoundMethod, MethodArgument } from "@doppelwerk/world";
import { formatAddress } from "./address.ts";
import { identifierOf, readAll, references } from "./ask-server.ts";
import { TypeTree } from "./type-tree.ts";
import type { Link } from "./link.ts";

/** A method as it hangs below an object. */
export interface CallableNode {
  readonly object: NodeId;
  readonly method: NodeId;
  readonly path: readonly string[];
}

export const MAX_METHODS = 5_000;

/** What of a method's arguments the library decodes (Part 3, 8.6). */
interface Argument {
  readonly name?: string | null;
  readonly dataType?: NodeId;
  readonly valueRank?: number;
  readonly description?: { readonly text?: string | null };
}

/** Arguments of methods as the server declares them in InputArguments and OutputArguments; one that declares none takes none. */
export async function describeMethods(link: Link, nodes: readonly CallableNode[]): Promise<readonly FoundMethod[]> {
  const unique = [...new Map(nodes.map(({ method }) => [method.toString(), method])).values()];
  const wanted: { readonly key: string; readonly name: "InputArguments" | "OutputArguments"; readonly nodeId: NodeId }[] = [];
  const properties = await references(link, unique, ReferenceTypeIds.HasProperty);
  for (const [n, method] of unique.entries())
    for (const { browseName, nodeId } of properties[n]!) {
      const { name } = browseName;
      if (name === "InputArguments" || name === "OutputArguments") wanted.push({ key: method.toString(), name, nodeId });
    }
  const values = await readAll(
    link,
    wanted.map(({ nodeId }) => ({ nodeId, attributeId: AttributeIds.Value })),
  );
  const types = new TypeTree(link);
  const told = new Map<string, readonly MethodArgument[]>();
  for (const [n, { key, name }] of wanted.entries()) {
    const list: unknown = values[n]?.value?.value;
    const said = Array.isArray(list) ? (list as Argument[]) : [];
    const read: MethodArgument[] = [];
    for (const argument of said) read.push(await argumentOf(argument, types));
    told.set(`${key} ${name}`, read);
  }
  const addressOf = (nodeId: NodeId): string =>
    formatAddress(nodeId.namespace === 0 ? undefined : (link.namespaces[nodeId.namespace] ?? ""), identifierOf(nodeId));
  return nodes.map(({ object, method, path }) => ({
    path,
    object: addressOf(object),
    method: addressOf(method),
    inputs: told.get(`${method.toString()} InputArguments`) ?? [],
    outputs: told.get(`${method.toString()} OutputArguments`) ?? [],
  }));
}

async function argumentOf({ name, dataType, valueRank = -1, description }: Argument, types: TypeTree): Promise<MethodArgument> {
  const builtIn = dataType === undefined ? undefined : await types.builtIn(dataType);
  return {
    name: name ?? "",
    dataType: builtIn === undefined ? "Structure" : DataType[builtIn]!,
    ...(valueRank >= 0 ? { array: true as const } : {}),
    ...(description?.text ? { description: description.text } : {}),
    supported: builtIn !== undefined && TYPED_IN.has(builtIn) && valueRank <= 1,
  };
}

/** Types a person can write, and that are sent without loss. */
export const TYPED_IN: ReadonlySet<DataType> = new Set([
  DataType.Boolean,
  DataType.SByte,
  DataType.Byte,
  DataType.Int16,
  DataType.UInt16,
  DataType.Int32,
  DataType.UInt32,
  DataType.Float,
  DataType.Double,
  DataType.String,
  DataType.LocalizedText,
  DataType.DateTime,
]);
