// The process of the OPC UA server that shows the twin. It knows what it is told and asks for history; nobody can write to it.
import {
  coerceInt64,
  DataType,
  DataValue,
  HistoryReadResult,
  makeEUInformation,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  StatusCodes,
  Variant,
  VariantArrayType,
  type IVariableHistorian,
  type Namespace,
  type ReadRawModifiedDetails,
  type UAObject,
  type UAVariable,
} from "node-opcua";
import { join } from "node:path";
import { textOf } from "@doppelwerk/messages";
import { quality, reasonOf, type ValueType } from "@doppelwerk/world";
import { createGate, permissionsOf } from "./gate.ts";
import { readRaw } from "./read-raw.ts";
import { OutAlarms } from "./out-alarms.ts";
import type { AlarmActed, AlarmActWanted, FromOut, OutHistory, OutNode, OutOpening, OutValue, ToOut } from "./message.ts";

const TYPES: Readonly<Record<ValueType, DataType>> = {
  double: DataType.Double,
  integer: DataType.Int64,
  boolean: DataType.Boolean,
  string: DataType.String,
  enumeration: DataType.Int32,
};

let namespace: Namespace | undefined;
let server: OPCUAServer | undefined;
let anonymous = false;
const folders = new Map<string, UAObject>();
const variables = new Map<string, { readonly node: UAVariable; readonly shape: string; readonly dataType: DataType }>();
const questions = new Map<number, PromiseWithResolvers<readonly OutValue[]>>();
const acts = new Map<number, (acted: AlarmActed) => void>();
let alarms: OutAlarms | undefined;
let nextRequest = 1;

function say(message: FromOut): void {
  // the pipe of a killed parent breaks before "disconnect" is told
  if (process.connected) process.send!(message, () => {});
}

/** Basic128Rsa15 and Basic256 are broken and not offered (Part 7). */
const POLICIES = [SecurityPolicy.Basic256Sha256, SecurityPolicy.Aes128_Sha256_RsaOaep, SecurityPolicy.Aes256_Sha256_RsaPss];
/** A decision of a person reaches those who are in within this time. */
const SWEEP_MS = 1_000;

async function open({ port, host, dataDir, world, settings }: OutOpening): Promise<void> {
  const modes = settings.modes.map((mode) => MessageSecurityMode[mode]);
  anonymous = settings.anonymous;
  const pkiFolder = join(dataDir, "pki", "opcua-out");
  const address = () => `opc.tcp://${host}:${server?.endpoints[0]?.port ?? port}/doppelwerk`;
  const gate = createGate({ dataDir, pkiFolder, url: address });
  server = new OPCUAServer({
    port,
    host,
    hostname: host,
    resourcePath: "/doppelwerk",
    buildInfo: { productName: "Doppelwerk" },
    securityModes: modes,
    securityPolicies: modes.includes(MessageSecurityMode.None) ? [SecurityPolicy.None, ...POLICIES] : POLICIES,
    allowAnonymous: settings.anonymous,
    userManager: gate.userManager,
    unresolvedPermissionPolicy: "deny",
    serverCertificateManager: gate.serverCertificateManager,
    // nobody logs in with a certificate
    userCertificateManager: new OPCUACertificateManager({ rootFolder: `${pkiFolder}-users`, automaticallyAcceptUnknownCertificate: false }),
    serverCapabilities: { minSupportedSampleRate: 0 },
  });
  await server.initialize();
  namespace = server.engine.addressSpace!.registerNamespace(`urn:doppelwerk:world:${world}`);
  server.engine.addressSpace!.installAlarmsAndConditionsService();
  alarms = new OutAlarms(namespace, anonymous, wantAct);
  await server.start();
  const opened = server;
  setInterval(() => gate.sweep(opened), SWEEP_MS).unref();
  say({ kind: "ready", url: address() });
}

function takeNodes(nodes: readonly OutNode[]): void {
  const wanted = new Map(nodes.map((node) => [node.id, node]));
  for (const [id, { node, shape }] of variables) {
    const now = wanted.get(id);
    if (now !== undefined && JSON.stringify(now) === shape) continue;
    variables.delete(id);
    server!.engine.addressSpace!.deleteNode(node);
  }
  for (const node of nodes) if (!variables.has(node.id)) addVariable(node);
  guardFolders(nodes);
}

/** A folder is seen by whoever may read something in it: its name says something too. */
function guardFolders(nodes: readonly OutNode[]): void {
  const seen = new Map<string, Set<string> | undefined>();
  for (const { folders: names, readers } of nodes) {
    for (let depth = Math.max(1, names.length); depth > 0; depth--) {
      const path = names.slice(0, depth).join("/");
      const known = seen.get(path);
      if (readers === undefined || (seen.has(path) && known === undefined)) seen.set(path, undefined);
      else seen.set(path, new Set([...(known ?? []), ...readers]));
    }
  }
  for (const [path, folder] of folders) {
    const readers = seen.get(path);
    folder.setRolePermissions(permissionsOf(seen.has(path) ? readers && [...readers] : [], anonymous));
  }
}

function addVariable(out: OutNode): void {
  const addressSpace = server!.engine.addressSpace!;
  const dataType = TYPES[out.valueType];
  const rolePermissions = permissionsOf(out.readers, anonymous);
  const node = namespace!.addVariable({
    organizedBy: folderOf(out.folders),
    browseName: out.name,
    displayName: out.name,
    nodeId: `s=${out.id}`,
    dataType: DataType[dataType],
    accessLevel: "CurrentRead | HistoryRead",
    userAccessLevel: "CurrentRead | HistoryRead",
    rolePermissions,
  });
  if (out.unit !== undefined) {
    // the unit as the twin has it; 0..-1 where no code of UN/CEFACT is known (Part 8, 5.6.3)
    const value = makeEUInformation(out.unit, out.unit, out.unit);
    namespace!.addVariable({
      propertyOf: node,
      browseName: { name: "EngineeringUnits", namespaceIndex: 0 },
      dataType: "EUInformation",
      accessLevel: "CurrentRead",
      userAccessLevel: "CurrentRead",
      rolePermissions,
      value: { dataType: "ExtensionObject", value },
    });
  }
  node.setValueFromSource(new Variant({ dataType: DataType.Null }), StatusCodes.BadWaitingForInitialData);
  addressSpace.installHistoricalDataNode(node, { historian: elsewhere });
  readsFromTwin(node, out.id, dataType);
  variables.set(out.id, { node, shape: JSON.stringify(out), dataType });
}

function folderOf(names: readonly string[]): UAObject {
  const path = names.join("/");
  let folder = folders.get(path);
  if (folder === undefined) {
    const above = names.length <= 1 ? server!.engine.addressSpace!.rootFolder.objects : folderOf(names.slice(0, -1));
    folder = namespace!.addFolder(above, { browseName: names.at(-1) ?? "Signals", nodeId: `s=folder:${path}` });
    folders.set(path, folder);
  }
  return folder;
}

function takeValues(values: readonly OutValue[]): void {
  for (const value of values) {
    const known = variables.get(value.id);
    if (known === undefined) continue;
    const { node, dataType } = known;
    node.setValueFromSource(variantOf(value, dataType), statusOf(value), dateOf(value));
  }
}

function variantOf({ value }: OutValue, dataType: DataType): Variant {
  if (value === undefined) return new Variant({ dataType: DataType.Null });
  const arrayType = VariantArrayType.Scalar;
  if (dataType === DataType.Int64) return new Variant({ dataType, arrayType, value: coerceInt64(Math.trunc(Number(value))) });
  return new Variant({ dataType, arrayType, value: dataType === DataType.Int32 ? Math.trunc(Number(value)) | 0 : value });
}

function statusOf({ quality: worth }: OutValue) {
  if (worth === quality.good) return StatusCodes.Good;
  return worth === quality.uncertain ? StatusCodes.UncertainLastUsableValue : StatusCodes.BadNoCommunication;
}

function dateOf({ sourceTime }: OutValue): Date {
  return new Date(Math.floor(sourceTime / 1_000));
}

/** What happens is kept by the twin's own historian, and read from it. */
const elsewhere: IVariableHistorian = {
  push: async () => {},
  extractDataValues: (_details, _most, _reversed, _reverse, done) => done(null, []),
};

/** How the library reads history, in pages it cuts of all there is in memory. */
interface RawHistory {
  _historyReadRaw(
    context: unknown,
    details: ReadRawModifiedDetails,
    range: unknown,
    encoding: unknown,
    going: { readonly continuationPoint?: Buffer | null; readonly releaseContinuationPoints?: boolean },
    done: (error: Error | null, result?: HistoryReadResult) => void,
  ): void;
}

function readsFromTwin(node: UAVariable, id: string, dataType: DataType): void {
  const shown = (value: OutValue): DataValue =>
    new DataValue({
      value: variantOf(value, dataType),
      statusCode: statusOf(value),
      sourceTimestamp: dateOf(value),
      serverTimestamp: dateOf(value),
    });
  (node as unknown as RawHistory)._historyReadRaw = (_context, details, _range, _encoding, going, done) => {
    if (going.releaseContinuationPoints === true) return done(null, new HistoryReadResult({ statusCode: StatusCodes.Good }));
    readRaw(details, going.continuationPoint, (wanted) => ask({ id, ...wanted }), shown).then((result) => done(null, result), done);
  };
}

function ask(wanted: OutHistory): Promise<readonly OutValue[]> {
  const request = nextRequest++;
  const question = Promise.withResolvers<readonly OutValue[]>();
  questions.set(request, question);
  say({ kind: "historyWanted", request, wanted });
  return question.promise;
}

function wantAct(wanted: AlarmActWanted): Promise<AlarmActed> {
  const request = nextRequest++;
  const { promise, resolve } = Promise.withResolvers<AlarmActed>();
  acts.set(request, resolve);
  say({ kind: "actWanted", request, wanted });
  return promise;
}

process.on("message", (message: ToOut) => {
  switch (message.kind) {
    case "open":
      return void open(message).catch((error: unknown) => say({ kind: "failed", reason: reasonOf(error) }));
    case "nodes":
      return takeNodes(message.nodes);
    case "values":
      return takeValues(message.values);
    case "alarms":
      return message.all ? alarms?.takeAll(message.alarms) : alarms?.take(message.alarms);
    case "acted":
      acts.get(message.request)?.(message.acted);
      acts.delete(message.request);
      return;
    case "history": {
      const question = questions.get(message.request);
      questions.delete(message.request);
      if (message.reason === undefined) question?.resolve(message.values);
      else question?.reject(new Error(textOf(message.reason)));
    }
  }
});

process.on("disconnect", () => {
  const end = () => process.exit(0);
  setTimeout(end, 2_000).unref();
  void server?.shutdown(0).then(end, end);
  if (server === undefined) end();
});
