// An OPC UA server with conditions and methods, for tests.
import {
  DataType,
  OPCUACertificateManager,
  OPCUAServer,
  StatusCodes,
  Variant,
  type CallMethodResultOptions,
  type UAExclusiveLimitAlarmEx,
  type UAVariable,
} from "node-opcua";

export interface AlarmPlant {
  readonly url: string;
  /** Above 80 the condition `LevelHigh` of `Tank` is active (severity 700). */
  setLevel(level: number): void;
  /** Whether the condition counts as acknowledged at the server. */
  isAcknowledged(): boolean;
  acknowledgeThere(): void;
  /** Calls that came in, newest last. */
  readonly calls: readonly string[];
  /** A variable that was not there before, told by a model change event. */
  addVariable(name: string, value: number): void;
  stop(): Promise<void>;
}

type Answered = (error: Error | null, result: CallMethodResultOptions) => void;

export const ALARM_NAMESPACE = "urn:test:tank";

export async function startAlarmPlant(pkiFolder: string, port = 0): Promise<AlarmPlant> {
  const server = new OPCUAServer({
    port,
    hostname: "127.0.0.1",
    serverCertificateManager: new OPCUACertificateManager({ rootFolder: pkiFolder, automaticallyAcceptUnknownCertificate: true }),
    userCertificateManager: new OPCUACertificateManager({ rootFolder: `${pkiFolder}-users`, automaticallyAcceptUnknownCertificate: true }),
    serverCapabilities: { minSupportedSampleRate: 0 },
  });
  await server.initialize();
  const addressSpace = server.engine.addressSpace!;
  addressSpace.installAlarmsAndConditionsService();
  const namespace = addressSpace.registerNamespace(ALARM_NAMESPACE);
  const tank = namespace.addObject({
    organizedBy: addressSpace.rootFolder.objects,
    browseName: "Tank",
    nodeId: "s=Tank",
    eventSourceOf: addressSpace.rootFolder.objects.server,
    eventNotifier: 1,
    nodeVersion: "1",
  });
  const level = namespace.addVariable({
    componentOf: tank,
    browseName: "Level",
    nodeId: "s=Level",
    dataType: "Double",
    eventSourceOf: tank,
  });
  level.setValueFromSource(new Variant({ dataType: DataType.Double, value: 10 }));
  const alarm = namespace.instantiateExclusiveLimitAlarm("ExclusiveLimitAlarmType", {
    browseName: "LevelHigh",
    nodeId: "s=LevelHigh",
    conditionSource: level,
    componentOf: tank,
    inputNode: level,
    highLimit: 80,
    highHighLimit: 95,
    lowLimit: -10,
    lowLowLimit: -20,
    conditionName: "LevelHigh",
  }) as unknown as UAExclusiveLimitAlarmEx;
  alarm.setEnabledState(true);
  const calls: string[] = [];
  const argument = (name: string, dataType: DataType, array = false) => ({
    name,
    dataType,
    valueRank: array ? 1 : -1,
    description: { text: `the ${name}` },
  });
  const add = namespace.addMethod(tank, {
    browseName: "Fill",
    nodeId: "s=Fill",
    inputArguments: [argument("amount", DataType.Double), argument("steps", DataType.UInt16), argument("marks", DataType.Int32, true)],
    outputArguments: [argument("level", DataType.Double), argument("note", DataType.String)],
  });
  add.bindMethod((inputs: Variant[], _context: unknown, callback: Answered) => {
    const [amount, steps, marks] = inputs.map(({ value }) => value as unknown);
    calls.push(`Fill ${String(amount)} ${String(steps)} [${[...(marks as Int32Array)].join(",")}]`);
    if (Number(amount) > 100) return callback(null, { statusCode: StatusCodes.BadOutOfRange });
    callback(null, {
      statusCode: StatusCodes.Good,
      outputArguments: [
        new Variant({ dataType: DataType.Double, value: 10 + Number(amount) }),
        new Variant({ dataType: DataType.String, value: "filled" }),
      ],
    });
  });
  const drain = namespace.addMethod(tank, { browseName: "Drain", nodeId: "s=Drain", inputArguments: [], outputArguments: [] });
  drain.bindMethod((_inputs: Variant[], _context: unknown, callback: Answered) => {
    calls.push("Drain");
    callback(null, { statusCode: StatusCodes.Good, outputArguments: [] });
  });
  await server.start();
  const variables: UAVariable[] = [];
  return {
    url: `opc.tcp://127.0.0.1:${server.endpoints[0]!.port}`,
    setLevel: (value) => level.setValueFromSource(new Variant({ dataType: DataType.Double, value })),
    isAcknowledged: () => alarm.ackedState.id.readValue().value.value as boolean,
    acknowledgeThere() {
      alarm.acknowledgeAndAutoConfirmBranch(alarm.currentBranch(), "at the panel");
    },
    calls,
    addVariable(name, value) {
      addressSpace.modelChangeTransaction(() => {
        const variable = namespace.addVariable({ componentOf: tank, browseName: name, nodeId: `s=${name}`, dataType: "Double" });
        variable.setValueFromSource(new Variant({ dataType: DataType.Double, value }));
        variables.push(variable);
      });
    },
    stop: () => server.shutdown(0),
  };
}
