import { AttributeIds, ExpandedNodeId, ExtraDataTypeManager, type DataValue, type NodeId } from "node-opcua";

/** What of the library's table of types it declares as private, or not at all. */
interface TypeTable {
  readonly namespaceArray: readonly string[];
  readonly _session: { read(nodes: { nodeId: NodeId; attributeId: AttributeIds }[]): Promise<DataValue[]> } | null;
  getDataTypeFactory(namespaceIndex: number): TypesOfNamespace | undefined;
}

interface TypesOfNamespace {
  getStructureIterator(): Iterable<{
    readonly constructor: unknown;
    readonly schema: { readonly name: string; readonly dataTypeNodeId: NodeId };
  }>;
  hasConstructor(encoding: NodeId): boolean;
  associateWithBinaryEncoding(name: string, encoding: ExpandedNodeId): void;
}

const learned = new WeakMap<object, Promise<void>>();
const findConstructor = ExtraDataTypeManager.prototype.getExtensionObjectConstructorFromBinaryEncodingAsync;

/**
 * The library finds the type of a structure by the node of its encoding. Servers that were built without encoding nodes (open62541 by hand) say the
 * encoding in the definition of the type only (`DefaultEncodingId`, Part 3, 8.48): it is read there once a session.
 */
ExtraDataTypeManager.prototype.getExtensionObjectConstructorFromBinaryEncodingAsync = async function byDefinitionToo(
  this: ExtraDataTypeManager,
  encoding: NodeId,
) {
  const table = this as unknown as TypeTable;
  if (table.getDataTypeFactory(encoding.namespace)?.hasConstructor(encoding) === false) {
    if (!learned.has(table)) learned.set(table, learnEncodings(table));
    await learned.get(table);
  }
  return Reflect.apply(findConstructor, this, [encoding]);
};

/** Types read in one call: the library asks as much of a server itself. */
const ASKED_AT_ONCE = 3;

async function learnEncodings(table: TypeTable): Promise<void> {
  for (let namespace = 1; namespace < table.namespaceArray.length; namespace++) {
    const types = table.getDataTypeFactory(namespace);
    const schemas = [...(types?.getStructureIterator() ?? [])].flatMap(({ constructor, schema }) => (constructor ? [schema] : []));
    for (let from = 0; from < schemas.length; from += ASKED_AT_ONCE) {
      const asked = schemas.slice(from, from + ASKED_AT_ONCE);
      const answers = await read(
        table,
        asked.map(({ dataTypeNodeId }) => dataTypeNodeId),
      );
      for (const [n, { name }] of asked.entries()) {
        const definition = answers[n]?.value?.value as { readonly defaultEncodingId?: NodeId } | null | undefined;
        if (!definition?.defaultEncodingId) continue;
        const { identifierType, value, namespace: index } = definition.defaultEncodingId;
        const encoding = new ExpandedNodeId(identifierType, value, index);
        if (value !== 0 && !types!.hasConstructor(encoding)) types!.associateWithBinaryEncoding(name, encoding);
      }
    }
  }
}

async function read(table: TypeTable, types: readonly NodeId[]): Promise<readonly DataValue[]> {
  try {
    return (await table._session?.read(types.map((nodeId) => ({ nodeId, attributeId: AttributeIds.DataTypeDefinition })))) ?? [];
  } catch {
    // a server that says nothing of its types has structures that stay closed
    return [];
  }
}
