// A small OPC UA server for tests: variables by name, values set by the test, an archive of given samples, in this process or in its own.
import { flushCompileCache } from "node:module";
import {
  AccessLevelFlag,
  DataType,
  DataValue,
  LocalizedText,
  makeEUInformation,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  Range,
  SecurityPolicy,
  StatusCodes,
  Variant,
  VariantArrayType,
  HistoryData,
  HistoryReadResult,
  type ContinuationData,
  type IVariableHistorian,
  NodeId,
  NodeIdType,
  type Namespace,
  type OPCUAServerOptions,
  type ReadRawModifiedDetails,
  type UAVariable,
} from "node-opcua";

export interface TestVariable {
  readonly name: string;
  readonly dataType?: keyof typeof DataType;
  readonly value?: unknown;
  readonly unit?: string;
  readonly range?: readonly [number, number];
  readonly enumeration?: readonly string[];
  /** FalseState and TrueState of a TwoStateDiscrete. */
  readonly twoStates?: readonly [string, string];
  /** Milliseconds and values, ascending. */
  readonly archive?: readonly (readonly [number, number])[];
  /** The archive comes in pages of so many, and a continuation point is a place in the range that was asked for, as some stacks have it. */
  readonly archivePage?: number;
  /** Number of archived values made up: 1 s apart, ending now. */
  readonly archiveLength?: number;
}

/** A variable that holds an array of doubles, or a structure (EUInformation). */
export interface InnerVariable {
  readonly name: string;
  readonly array?: readonly number[];
  readonly unit?: string;
}

export interface TestServerOptions {
  readonly port?: number;
  readonly pkiFolder: string;
  readonly variables: readonly TestVariable[];
  readonly security?: TestSecurity;
  /** Whether subscriptions are given to another session of an anonymous client. */
  readonly transfer?: boolean;
  /** Every HistoryRead is refused as a whole. */
  readonly refusesHistory?: boolean;
  /** False: who comes back to his session is told nothing again, as most stacks have it. */
  readonly saysStanding?: boolean;
  /** Sessions get the tokens 1, 2, 3 …, again after every start, as careless stacks have it. */
  readonly countsTokens?: boolean;
  readonly inner?: readonly InnerVariable[];
  readonly operationLimits?: {
    readonly maxMonitoredItemsPerCall?: number;
    readonly maxNodesPerHistoryReadData?: number;
    readonly maxNodesPerRead?: number;
    readonly maxNodesPerBrowse?: number;
  };
}

export interface TestSecurity {
  /** Default: what the library offers, None among it. */
  readonly modes?: readonly (keyof typeof MessageSecurityMode)[];
  readonly policies?: readonly (keyof typeof SecurityPolicy)[];
  readonly anonymous?: boolean;
  /** Name → password. */
  readonly users?: Readonly<Record<string, string>>;
  /** PEM files of the server's own certificate. */
  readonly certificateFile?: string;
  readonly privateKeyFile?: string;
  /** Strangers' certificates are refused. */
  readonly trustsNobody?: boolean;
}

export interface TestServer {
  readonly url: string;
  readonly port: number;
  set(
    name: string,
    value: unknown,
    options?: { readonly sourceTime?: Date; readonly statusCode?: number; readonly dataType?: keyof typeof DataType },
  ): void;
  /** Ends all sessions and keeps their subscriptions, as a timeout does. */
  endSessions(): Promise<void>;
  stop(): Promise<void>;
}

export const TEST_NAMESPACE = "urn:test:plant;with%signs";

export async function startTestServer(options: TestServerOptions): Promise<TestServer> {
  const server = new OPCUAServer({
    port: options.port ?? 0,
    hostname: "127.0.0.1",
    serverCertificateManager: new OPCUACertificateManager({
      rootFolder: options.pkiFolder,
      automaticallyAcceptUnknownCertificate: options.security?.trustsNobody !== true,
    }),
    ...securityOf(options),
    allowAnonymousSubscriptionTransferOnUnsecuredChannel: options.transfer ?? false,
    serverCapabilities: {
      minSupportedSampleRate: 0,
      operationLimits: {
        maxMonitoredItemsPerCall: 1000,
        maxNodesPerHistoryReadData: 100,
        maxNodesPerRead: 1000,
        maxNodesPerBrowse: 1000,
        ...options.operationLimits,
      },
    },
  });
  await server.initialize();
  if (options.refusesHistory === true) server.engine.historyRead = () => Promise.reject(new Error("no history"));
  if (options.saysStanding === false)
    server.on("create_session", (session: { resendMonitoredItemInitialValues: () => Promise<void> }) => {
      session.resendMonitoredItemInitialValues = async () => {};
    });
  if (options.countsTokens === true) countTokens(server.engine);
  const variables = addVariables(server, options.variables);
  for (const inner of options.inner ?? []) addInner(server, inner);
  await server.start();
  const endpoint = server.endpoints[0]!;
  const port = endpoint.port;
  return {
    url: `opc.tcp://127.0.0.1:${port}`,
    port,
    set(name, value, { sourceTime = new Date(), statusCode, dataType } = {}) {
      const variable = variables.get(name);
      if (variable === undefined) throw new Error(`no variable ${name}`);
      const type = dataType === undefined ? variable.dataTypeName : dataType;
      // sets a value with a time of its own, so only when it must
      if (type !== variable.current) variable.node.changeDataType(type, { dataType: DataType[type], value });
      variable.current = type;
      variable.node.setValueFromSource(
        new Variant({ dataType: DataType[type], value: type === "Double" ? Number(value) : value }),
        Object.values(StatusCodes).find((code) => code.value === (statusCode ?? 0)) ?? StatusCodes.Good,
        sourceTime,
      );
    },
    async endSessions() {
      const { engine } = server;
      for (let session = sessionOf(engine); session !== undefined; session = sessionOf(engine))
        await engine.closeSession(session, false, "Timeout");
    },
    stop: () => server.shutdown(0),
  };
}

interface CountedSession {
  authenticationToken: NodeId;
}

function countTokens(engine: OPCUAServer["engine"]): void {
  const held = engine as unknown as {
    createSession(...all: unknown[]): CountedSession;
    readonly _sessions: Record<string, CountedSession>;
  };
  const createSession = held.createSession.bind(held);
  let count = 0;
  held.createSession = (...all) => {
    const session = createSession(...all);
    delete held._sessions[session.authenticationToken.toString()];
    session.authenticationToken = new NodeId(NodeIdType.BYTESTRING, Buffer.from([0, 0, 0, ++count]));
    held._sessions[session.authenticationToken.toString()] = session;
    return session;
  };
}

function sessionOf(engine: OPCUAServer["engine"]): NodeId | undefined {
  const sessions = (engine as unknown as { readonly _sessions: Readonly<Record<string, { readonly authenticationToken: NodeId }>> })
    ._sessions;
  return Object.values(sessions)[0]?.authenticationToken;
}

function securityOf({ security = {}, pkiFolder }: TestServerOptions): Partial<OPCUAServerOptions> {
  const { modes, policies, anonymous, users, certificateFile, privateKeyFile } = security;
  return {
    ...(modes === undefined ? {} : { securityModes: modes.map((mode) => MessageSecurityMode[mode]) }),
    ...(policies === undefined ? {} : { securityPolicies: policies.map((policy) => SecurityPolicy[policy]) }),
    ...(anonymous === undefined ? {} : { allowAnonymous: anonymous }),
    ...(users === undefined ? {} : { userManager: { isValidUser: (name: string, password: string) => users[name] === password } }),
    ...(certificateFile === undefined ? {} : { certificateFile, privateKeyFile }),
    userCertificateManager: new OPCUACertificateManager({ rootFolder: `${pkiFolder}-users`, automaticallyAcceptUnknownCertificate: true }),
  };
}

function addInner(server: OPCUAServer, { name, array, unit }: InnerVariable): void {
  const addressSpace = server.engine.addressSpace!;
  const namespace = addressSpace.getNamespace(TEST_NAMESPACE);
  const place = { organizedBy: addressSpace.rootFolder.objects, browseName: name, nodeId: `s=${name}` };
  if (array !== undefined) {
    const value = new Variant({ dataType: DataType.Double, arrayType: VariantArrayType.Array, value: Float64Array.from(array) });
    namespace.addVariable({ ...place, dataType: "Double", valueRank: 1, arrayDimensions: [array.length], value });
  }
  if (unit !== undefined) {
    const value = makeEUInformation(unit, unit, unit);
    namespace.addVariable({ ...place, dataType: "EUInformation", value: { dataType: DataType.ExtensionObject, value } });
  }
}

interface Variable {
  readonly node: UAVariable;
  readonly dataTypeName: keyof typeof DataType;
  current: keyof typeof DataType;
}

function addVariables(server: OPCUAServer, variables: readonly TestVariable[]): Map<string, Variable> {
  const addressSpace = server.engine.addressSpace!;
  const namespace = addressSpace.registerNamespace(TEST_NAMESPACE);
  const device = namespace.addObject({ organizedBy: addressSpace.rootFolder.objects, browseName: "Plant" });
  const nodes = new Map<string, Variable>();
  for (const variable of variables) {
    const dataTypeName = variable.dataType ?? "Double";
    const node = namespace.addVariable({
      componentOf: device,
      browseName: variable.name,
      nodeId: `s=${variable.name}`,
      dataType: dataTypeName,
      accessLevel: AccessLevelFlag.CurrentRead | AccessLevelFlag.HistoryRead,
      userAccessLevel: AccessLevelFlag.CurrentRead | AccessLevelFlag.HistoryRead,
    });
    node.setValueFromSource(new Variant({ dataType: DataType[dataTypeName], value: variable.value ?? 0 }), StatusCodes.Good, new Date());
    describeVariable(namespace, node, variable);
    const archive = variable.archive ?? madeUp(variable.archiveLength ?? 0);
    if (variable.archivePage !== undefined) readInPages(node, archive, dataTypeName, variable.archivePage);
    else if (archive.length > 0) addressSpace.installHistoricalDataNode(node, { historian: new Archive(archive, dataTypeName) });
    nodes.set(variable.name, { node, dataTypeName, current: dataTypeName });
  }
  return nodes;
}

function describeVariable(namespace: Namespace, node: UAVariable, variable: TestVariable): void {
  if (variable.unit !== undefined) {
    const value = makeEUInformation("CEL", variable.unit, variable.unit);
    namespace.addVariable({
      propertyOf: node,
      browseName: { name: "EngineeringUnits", namespaceIndex: 0 },
      dataType: "EUInformation",
      value: { dataType: "ExtensionObject", value },
    });
  }
  if (variable.range !== undefined) {
    const value = new Range({ low: variable.range[0], high: variable.range[1] });
    namespace.addVariable({
      propertyOf: node,
      browseName: { name: "EURange", namespaceIndex: 0 },
      dataType: "Range",
      value: { dataType: "ExtensionObject", value },
    });
  }
  for (const [at, text] of (variable.twoStates ?? []).entries())
    namespace.addVariable({
      propertyOf: node,
      browseName: { name: at === 0 ? "FalseState" : "TrueState", namespaceIndex: 0 },
      dataType: "LocalizedText",
      value: { dataType: "LocalizedText", value: new LocalizedText({ text }) },
    });
  if (variable.enumeration !== undefined) {
    const value = variable.enumeration.map((name) => new LocalizedText({ text: name }));
    namespace.addVariable({
      propertyOf: node,
      browseName: { name: "EnumStrings", namespaceIndex: 0 },
      dataType: "LocalizedText",
      valueRank: 1,
      value: { dataType: "LocalizedText", arrayType: VariantArrayType.Array, value },
    });
  }
}

function madeUp(length: number): readonly (readonly [number, number])[] {
  const end = Date.now() - 1000;
  return Array.from({ length }, (_, i) => [end - (length - i) * 1000, Math.round(100 * Math.sin(i / 50)) / 10] as const);
}

function dataValuesOf(samples: readonly (readonly [number, number])[], dataType: keyof typeof DataType): readonly DataValue[] {
  return samples.map(
    ([time, value]) =>
      new DataValue({
        value: new Variant({ dataType: DataType[dataType], value }),
        sourceTimestamp: new Date(time),
        serverTimestamp: new Date(time),
        statusCode: StatusCodes.Good,
      }),
  );
}

/** HistoryRead as open62541 answers it. */
function readInPages(
  node: UAVariable,
  archive: readonly (readonly [number, number])[],
  dataType: keyof typeof DataType,
  page: number,
): void {
  const values = dataValuesOf(archive, dataType);
  const answer = ({ startTime, endTime }: ReadRawModifiedDetails, { continuationPoint }: ContinuationData): HistoryReadResult => {
    const inRange = values.filter(({ sourceTimestamp }) => sourceTimestamp! >= startTime! && sourceTimestamp! < endTime!);
    const from = continuationPoint ? continuationPoint.readUInt32LE() : 0;
    const next = Buffer.alloc(4);
    next.writeUInt32LE(from + page);
    return new HistoryReadResult({
      statusCode: StatusCodes.Good,
      historyData: new HistoryData({ dataValues: inRange.slice(from, from + page) }),
      ...(inRange.length > from + page ? { continuationPoint: next } : {}),
    });
  };
  // with or without a callback
  node.historyRead = (async (...given: Parameters<UAVariable["historyRead"]>) => {
    const result = answer(given[1] as ReadRawModifiedDetails, given[4]);
    given[5]?.(null, result);
    return result;
  }) as UAVariable["historyRead"];
}

class Archive implements IVariableHistorian {
  readonly #values: readonly DataValue[];
  constructor(samples: readonly (readonly [number, number])[], dataType: keyof typeof DataType) {
    this.#values = dataValuesOf(samples, dataType);
  }
  async push(): Promise<void> {}
  extractDataValues(
    details: ReadRawModifiedDetails,
    _most: number,
    _reversed: boolean,
    _reverse: boolean,
    callback: (error: Error | null, values?: DataValue[]) => void,
  ): void {
    const from = details.startTime!.getTime();
    const to = details.endTime!.getTime();
    callback(
      null,
      this.#values.filter((value) => value.sourceTimestamp!.getTime() >= from && value.sourceTimestamp!.getTime() < to),
    );
  }
}

interface SetByMessage {
  readonly sourceTime?: number;
  readonly statusCode?: number;
  readonly dataType?: keyof typeof DataType;
}

interface SetMessage {
  readonly set: readonly [string, unknown, SetByMessage | undefined];
}

if (process.argv[2] === "test-server" && process.send !== undefined) {
  let server: TestServer | undefined;
  process.on("message", async (message: SetMessage | { readonly serve: TestServerOptions } | "endSessions" | "stop") => {
    if (message === "endSessions") {
      await server!.endSessions();
      process.send!("ended");
    } else if (message === "stop") {
      await server!.stop();
      process.send!("stopped");
    } else if ("serve" in message) {
      server = await startTestServer(message.serve);
      process.send!({ ready: server.port });
      // this process is killed, not ended
      flushCompileCache();
    } else {
      const [name, value, how] = message.set;
      server!.set(name, value, { ...how, sourceTime: how?.sourceTime === undefined ? new Date() : new Date(how.sourceTime) });
    }
  });
  process.on("disconnect", () => process.exit(0));
}
