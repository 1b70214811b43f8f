// An OPC UA server with conditions and methods, for tests.
import {
  DataType,
  OPCUACertificateManager,
  OPCUAServer,
  StatusCodes,
  Variant,
  type CallMethodResultOptions,
  type Namespace,
  type UAObject,
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
  /** An off-normal alarm `DoorOpen` that is confirmed after it was acknowledged, can be shelved and commented. */
  readonly door: TestDoor;
  /** Events of further conditions, of which each is active in the end. */
  flood(flood: Flood): Promise<void>;
  /** A variable that was not there before, told by a model change event. */
  addVariable(name: string, value: number): void;
  stop(): Promise<void>;
}

export interface TestDoor {
  set(open: boolean): void;
  /** Sets an earlier state aside that still waits to be acknowledged. */
  branch(): void;
  comment(): string;
  state(): { readonly acknowledged: boolean; readonly confirmed: boolean; readonly shelved: boolean; readonly branches: number };
  suppress(suppressed: boolean): void;
}

type Answered = (error: Error | null, result: CallMethodResultOptions) => void;

export const ALARM_NAMESPACE = "urn:test:tank";

export async function startAlarmPlant(
  pkiFolder: string,
  port = 0,
  { withDoor = false }: { readonly withDoor?: boolean } = {},
): Promise<AlarmPlant> {
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
  const door = withDoor ? addDoor(namespace, tank) : undefined;
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
    get door() {
      if (door === undefined) throw new Error("the plant was started without its door");
      return door;
    },
    flood: (wanted) => flood(namespace, { tank, level }, wanted),
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

/** Conditions that become active and return in turn, `count` events in all, `together` of them without a pause. */
async function flood(namespace: Namespace, { tank, level }: Levelled, { count, together }: Flood): Promise<void> {
  const all = Array.from({ length: FLOODING }, (_, n) => {
    const condition = namespace.instantiateAlarmCondition("AlarmConditionType", {
      browseName: `Many.${n}`,
      nodeId: `s=Many.${n}`,
      conditionSource: level,
      componentOf: tank,
      inputNode: level,
      conditionName: `Many.${n}`,
    });
    condition.setEnabledState(true);
    return condition;
  });
  for (let n = 0; n < count; n++) {
    const condition = all[n % FLOODING]!;
    // every one is active in the end
    const isActive = (Math.floor(n / FLOODING) - Math.floor((count - 1) / FLOODING)) % 2 === 0;
    if (isActive) condition.activateAlarm();
    else condition.deactivateAlarm();
    condition.raiseNewCondition({ message: `number ${n}`, severity: 400, retain: true, quality: StatusCodes.Good });
    if (n % together === together - 1) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Levelled {
  readonly tank: UAObject;
  readonly level: UAVariable;
}

interface Flood {
  readonly count: number;
  readonly together: number;
}

/** Conditions that a flood is of, `Many.0` and so on. */
export const FLOODING = 100;

function addDoor(namespace: Namespace, tank: UAObject): TestDoor {
  const open = namespace.addVariable({ componentOf: tank, browseName: "Open", nodeId: "s=Open", dataType: "Boolean", eventSourceOf: tank });
  open.setValueFromSource(new Variant({ dataType: DataType.Boolean, value: false }));
  const normal = namespace.addVariable({ componentOf: tank, browseName: "Closed", nodeId: "s=Closed", dataType: "Boolean" });
  normal.setValueFromSource(new Variant({ dataType: DataType.Boolean, value: false }));
  const alarm = namespace.instantiateOffNormalAlarm({
    browseName: "DoorOpen",
    nodeId: "s=DoorOpen",
    conditionSource: open,
    componentOf: tank,
    inputNode: open,
    normalState: normal,
    conditionName: "DoorOpen",
    optionals: ["ConfirmedState", "Confirm", "ShelvingState", "SuppressedState"],
    maxTimeShelved: 3_600_000,
  });
  alarm.setEnabledState(true);
  // a refresh mentions earlier states too (Part 9, 5.5.7); the library leaves them out
  Object.assign(alarm, {
    _resend_conditionEvents() {
      for (const state of [alarm.currentBranch(), ...alarm.getBranches()]) alarm.raiseConditionEvent(state, false);
      return 1;
    },
  });
  const again = (text: string): void => {
    alarm.raiseNewCondition({ message: text, severity: 500, retain: true, quality: StatusCodes.Good });
  };
  alarm.shelvingState!.setState("Unshelved");
  alarm.shelvingState!.currentState.id.on("value_changed", () => setImmediate(() => again("shelving changed")));
  return {
    set: (isOpen) => open.setValueFromSource(new Variant({ dataType: DataType.Boolean, value: isOpen })),
    branch() {
      const branch = alarm.createBranch();
      alarm.raiseNewBranchState(branch);
    },
    comment: () => alarm.comment.readValue().value.value.text ?? "",
    state: () => ({
      acknowledged: alarm.ackedState.id.readValue().value.value as boolean,
      confirmed: alarm.confirmedState!.id.readValue().value.value as boolean,
      shelved: alarm.shelvingState!.getCurrentState() !== "Unshelved",
      branches: alarm.getBranchCount(),
    }),
    suppress(suppressed) {
      alarm.suppressedState!.setValue(suppressed);
      again("suppression changed");
    },
  };
}
