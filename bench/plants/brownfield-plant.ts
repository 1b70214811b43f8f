// The brownfield of packages/operations as an OPC UA server over a real socket, in a process of its own. Prints {"ready":true,"url":…}.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPCUACertificateManager, OPCUAServer, Range, makeEUInformation, type UAObject } from "node-opcua";
import { brownfield } from "../../packages/operations/src/proposal/brownfield.fixture.ts";

const [seed, nodes] = process.argv.slice(2).map(Number) as [number, number];
const pki = mkdtempSync(join(tmpdir(), "doppelwerk-brownfield-"));
const server = new OPCUAServer({
  port: 0,
  hostname: "127.0.0.1",
  serverCertificateManager: new OPCUACertificateManager({ rootFolder: pki, automaticallyAcceptUnknownCertificate: true }),
  serverCapabilities: { operationLimits: { maxNodesPerRead: 500, maxNodesPerBrowse: 200 } },
});
await server.initialize();
const addressSpace = server.engine.addressSpace!;
const namespace = addressSpace.registerNamespace("urn:plc");
const folders = new Map<string, UAObject>();
const types = { double: "Double", integer: "Int32", boolean: "Boolean", string: "String", enumeration: "Int32" } as const;

function folderOf(path: readonly string[]): UAObject {
  const key = path.join(".");
  const known = folders.get(key);
  if (known !== undefined) return known;
  const parent = path.length === 1 ? addressSpace.rootFolder.objects : folderOf(path.slice(0, -1));
  const made = namespace.addObject({
    browseName: path.at(-1)!,
    nodeId: `s=folder:${key}`,
    organizedBy: parent,
    typeDefinition: "FolderType",
  });
  folders.set(key, made);
  return made;
}

for (const { path, address, valueType, unit } of brownfield(seed, nodes).variables) {
  const dataType = types[valueType];
  const place = {
    browseName: path.at(-1)!,
    nodeId: address.slice(address.indexOf("s=", 4)),
    componentOf: folderOf(path.slice(0, -1)),
    dataType,
  };
  const value = { dataType, value: dataType === "String" ? "" : dataType === "Boolean" ? false : 0 } as never;
  if (unit === undefined) namespace.addVariable({ ...place, value });
  else
    namespace.addAnalogDataItem({
      ...place,
      value,
      engineeringUnits: makeEUInformation(unit, unit, unit),
      engineeringUnitsRange: new Range({ low: 0, high: 0 }),
    } as never);
}
await server.start();
process.stdout.write(`${JSON.stringify({ ready: true, url: `opc.tcp://127.0.0.1:${server.endpoints[0]!.port}` })}\n`);
process.once("SIGTERM", () => {
  void server.shutdown(0).finally(() => {
    rmSync(pki, { recursive: true, force: true });
    process.exit(0);
  });
});
