// A server as others build them, for tests: structures and enumerations of its own, odd names and ids, limits it does not declare, endpoints nobody reaches.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  DataType,
  MessageSecurityMode,
  nodesets,
  OPCUACertificateManager,
  OPCUAServer,
  resolveNodeId,
  SecurityPolicy,
  Variant,
  VariantArrayType,
  type ExtensionObject,
  type UADataType,
  type UAVariable,
} from "node-opcua";

export interface HostileServerOptions {
  readonly folder: string;
  readonly port?: number;
  /** Host in the URLs of its endpoints. */
  readonly hostname?: string;
  /** Namespaces before its own: a restart may bring others. */
  readonly before?: readonly string[];
  /** It takes so many nodes or items a call and declares no limit. */
  readonly undeclaredLimit?: number;
  /** Variables beside the odd ones. */
  readonly plain?: number;
}

export interface HostileServer {
  readonly port: number;
  stop(): Promise<void>;
}

export const HOSTILE_NAMESPACE = "urn:test:hostile;50%";

/** `Mode` is an enumeration, `Inner` has a 64-bit integer and a list, `Outer` an optional field and a list of `Inner`, `Either` is a union. */
const TYPES = `<?xml version="1.0" encoding="utf-8"?>
<UANodeSet xmlns="http://opcfoundation.org/UA/2011/03/UANodeSet.xsd">
<NamespaceUris><Uri>${HOSTILE_NAMESPACE}</Uri></NamespaceUris>
<Models><Model ModelUri="${HOSTILE_NAMESPACE}" Version="1.0.0" PublicationDate="2026-01-01T00:00:00Z"/></Models>
${dataType(1, "Mode", "i=29", `<Field Name="aus" Value="0"/><Field Name="ein" Value="1"/><Field Name="stör" Value="7"/>`)}
${structure(2, "Inner", "i=22", "", `<Field Name="Flag" DataType="i=1"/><Field Name="Big" DataType="i=8"/><Field Name="List" DataType="i=7" ValueRank="1"/>`)}
${structure(3, "Outer", "i=22", "", `<Field Name="Items" DataType="ns=1;i=2" ValueRank="1"/><Field Name="Rest" DataType="i=11" IsOptional="true"/><Field Name="Gone" DataType="i=11" IsOptional="true"/><Field Name="State" DataType="ns=1;i=1"/>`)}
${structure(4, "Either", "i=12756", ` IsUnion="true"`, `<Field Name="Number" DataType="i=11"/><Field Name="Word" DataType="i=12"/>`)}
</UANodeSet>`;

function dataType(id: number, name: string, base: string, fields: string, attributes = "", more = ""): string {
  return `<UADataType NodeId="ns=1;i=${id}" BrowseName="1:${name}"><DisplayName>${name}</DisplayName><References><Reference ReferenceType="HasSubtype" IsForward="false">${base}</Reference>${more}</References><Definition Name="1:${name}"${attributes}>${fields}</Definition></UADataType>`;
}

function structure(id: number, name: string, base: string, attributes: string, fields: string): string {
  const encoding = `ns=1;i=${id + 100}`;
  return `${dataType(id, name, base, fields, attributes, `<Reference ReferenceType="HasEncoding">${encoding}</Reference>`)}
<UAObject NodeId="${encoding}" BrowseName="Default Binary" SymbolicName="DefaultBinary"><DisplayName>Default Binary</DisplayName><References><Reference ReferenceType="HasEncoding" IsForward="false">ns=1;i=${id}</Reference><Reference ReferenceType="HasTypeDefinition">i=76</Reference></References></UAObject>`;
}

export async function startHostileServer(options: HostileServerOptions): Promise<HostileServer> {
  const { folder, port = 0, hostname = "127.0.0.1", before = [], undeclaredLimit, plain = 0 } = options;
  const file = join(folder, "hostile.xml");
  writeFileSync(file, TYPES);
  const limit = undeclaredLimit ?? 0;
  const server = new OPCUAServer({
    port,
    hostname,
    nodeset_filename: [nodesets.standard, file],
    securityModes: [MessageSecurityMode.None, MessageSecurityMode.Sign],
    securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256],
    serverCertificateManager: new OPCUACertificateManager({
      rootFolder: join(folder, "hostile-pki"),
      automaticallyAcceptUnknownCertificate: true,
    }),
    serverCapabilities: {
      minSupportedSampleRate: 0,
      maxBrowseContinuationPoints: 1,
      operationLimits: { maxNodesPerRead: limit, maxNodesPerBrowse: limit, maxMonitoredItemsPerCall: limit },
    },
  });
  await server.initialize();
  const space = server.engine.addressSpace!;
  // 11705 read, 11710 browse, 11714 monitored items
  if (undeclaredLimit !== undefined) for (const id of [11705, 11710, 11714]) space.deleteNode(resolveNodeId(`i=${id}`));
  const own = space.getNamespace(HOSTILE_NAMESPACE);
  for (const uri of before) space.registerNamespace(uri);
  const late = space.registerNamespace("urn:test:late");
  const type = (name: string): UADataType => space.findDataType(name, own.index)!;
  const make = (name: string, fields: object): ExtensionObject =>
    space.constructExtensionObject(type(name), fields as Record<string, unknown>);
  const add = (nodeId: string, name: string, dataType: string | UADataType, value: Variant, below = plant): void => {
    const isArray = value.arrayType !== VariantArrayType.Scalar;
    const shape = isArray ? { valueRank: value.dimensions?.length ?? 1, arrayDimensions: value.dimensions ?? null } : {};
    own.addVariable({ organizedBy: below, browseName: name, nodeId, dataType, ...shape, value } as never);
  };
  const plant = own.addObject({ organizedBy: space.rootFolder.objects, browseName: "Anlage", nodeId: "s=Anlage" });
  const double = (value: number): Variant => new Variant({ dataType: DataType.Double, value });
  const inner = make("Inner", { flag: true, big: [1, 705_032_704], list: [1, 2] });
  const outer = make("Outer", { items: [inner, inner], rest: 1.5, state: 7 });
  const structured = (value: unknown): Variant =>
    new Variant({
      dataType: DataType.ExtensionObject,
      arrayType: Array.isArray(value) ? VariantArrayType.Array : VariantArrayType.Scalar,
      value,
    });
  add("s=mode", "Betriebsart", type("Mode"), new Variant({ dataType: DataType.Int32, value: 7 }));
  add("s=outer", "outer", type("Outer"), structured(outer));
  // fields and elements that are variables of their own too, as servers of PLCs have them
  const place = space.findNode(`ns=${own.index};s=outer`) as UAVariable;
  own.addVariable({ componentOf: place, browseName: "Rest", nodeId: "s=outer.Rest", dataType: "Double", value: double(1.5) } as never);
  add(
    "s=zones",
    "zones",
    "Double",
    new Variant({ dataType: DataType.Double, arrayType: VariantArrayType.Array, value: Float64Array.from([1, 2]) }),
  );
  for (const [n, value] of [1, 2].entries())
    own.addVariable({
      componentOf: space.findNode(`ns=${own.index};s=zones`) as UAVariable,
      browseName: `zones[${n}]`,
      nodeId: `s=zones[${n}]`,
      dataType: "Double",
      value: double(value),
    } as never);
  add("s=inners", "inners", type("Inner"), structured([inner]));
  add("s=either", "either", type("Either"), structured(make("Either", { word: "x" })));
  const wide = [
    [0, 7],
    [4_294_967_295, 4_294_967_295],
  ];
  add("s=wide", "wide", "Int64", new Variant({ dataType: DataType.Int64, arrayType: VariantArrayType.Array, value: wide }));
  const matrix = { dataType: DataType.Double, arrayType: VariantArrayType.Matrix, dimensions: [2, 3], value: [0, 1, 2, 3, 4, 5] };
  add("s=matrix", "matrix", "Double", new Variant(matrix));
  add("s=any", "any", "BaseDataType", double(3.25));
  add("s=bytes", "bytes", "ByteString", new Variant({ dataType: DataType.ByteString, value: Buffer.from([0, 255]) }));
  add("s=guidvalue", "guidvalue", "Guid", new Variant({ dataType: DataType.Guid, value: "12345678-1234-5678-1234-567812345678" }));
  add("s=huge", "huge", "String", new Variant({ dataType: DataType.String, value: "x".repeat(200_000) }));
  // a lone surrogate is no UTF-8
  add("s=broken", "broken", "String", new Variant({ dataType: DataType.String, value: "a\\ud800b" }));
  add("i=4711", "number", "Double", double(1));
  add("g=12345678-1234-5678-1234-567812345678", "guid", "Double", double(2));
  add("b=AQI7Pf8=", "opaque", "Double", double(3));
  add("s=a#/b;c%d", "slash", "Double", double(4));
  // two of one name, and a circle
  add("s=t1", "Temp", "Double", double(5));
  add("s=t2", "Temp", "Double", double(6));
  const a = own.addObject({ organizedBy: plant, browseName: "A", nodeId: "s=A" });
  const b = own.addObject({ organizedBy: a, browseName: "B", nodeId: "s=B" });
  b.addReference({ referenceType: "Organizes", nodeId: a });
  add("s=deep", "tief", "Double", double(7), b);
  late.addVariable({ organizedBy: plant, browseName: "spät", nodeId: "s=late", dataType: "Double", value: double(8) } as never);
  for (let n = 0; n < plain; n++) add(`s=p${n}`, `p${n}`, "Double", double(n));
  await server.start();
  return { port: server.endpoints[0]!.port, stop: () => server.shutdown(0) };
}
