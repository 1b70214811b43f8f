// A client of the conditions of the twin's OPC UA server, for tests.
import {
  AttributeIds,
  CallMethodRequest,
  ClientSubscription,
  DataType,
  LocalizedText,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
  TimestampsToReturn,
  UserTokenType,
  Variant,
  coerceNodeId,
  makeBrowsePath,
} from "node-opcua";
import { conditionFilter, readEvent, type ConditionReport } from "../opcua/conditions.ts";

export interface TestAlarmClient {
  /** Events of conditions, oldest first. */
  readonly events: readonly ConditionReport[];
  /** Between the two events of a refresh; the name of its status. */
  refresh(): Promise<{ readonly status: string; readonly events: readonly ConditionReport[] }>;
  /** Name of the status. */
  answer(method: "acknowledge" | "confirm" | "comment", event: ConditionReport, comment: string): Promise<string>;
  shelve(nodeId: string, seconds: number | undefined): Promise<string>;
  close(): Promise<void>;
}

const METHODS = { acknowledge: "i=9111", confirm: "i=9113", comment: "i=9029" } as const;

export async function listenTo(
  url: string,
  { pkiFolder, user }: { readonly pkiFolder: string; readonly user?: readonly [name: string, password: string] },
): Promise<TestAlarmClient> {
  const client = OPCUAClient.create({
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0 },
    ...(user === undefined ? {} : { securityMode: MessageSecurityMode.SignAndEncrypt, securityPolicy: SecurityPolicy.Basic256Sha256 }),
    clientCertificateManager: new OPCUACertificateManager({ rootFolder: pkiFolder, automaticallyAcceptUnknownCertificate: true }),
  });
  await client.connect(url);
  const session = await client.createSession(
    user === undefined ? undefined : { type: UserTokenType.UserName, userName: user[0], password: user[1] },
  );
  const subscription = ClientSubscription.create(session, { requestedPublishingInterval: 50, publishingEnabled: true });
  const item = await subscription.monitor(
    { nodeId: "i=2253", attributeId: AttributeIds.EventNotifier },
    { queueSize: 1_000, discardOldest: true, filter: conditionFilter() },
    TimestampsToReturn.Both,
  );
  const events: ConditionReport[] = [];
  let during: ConditionReport[] | undefined;
  let refreshed: () => void = () => {};
  item.on("changed", (fields: unknown) => {
    const event = readEvent(fields as readonly Variant[]);
    if (event.kind === "refreshStart") during = [];
    else if (event.kind === "refreshEnd") refreshed();
    else if (event.kind === "condition") {
      events.push(event);
      during?.push(event);
    }
  });
  const call = async (objectId: string, methodId: string, inputArguments: Variant[]): Promise<string> =>
    (await session.call(new CallMethodRequest({ objectId: coerceNodeId(objectId), methodId: coerceNodeId(methodId), inputArguments })))
      .statusCode.name;
  return {
    events,
    async refresh() {
      const ended = new Promise<void>((resolve) => (refreshed = resolve));
      const status = await call("i=2782", "i=3875", [new Variant({ dataType: DataType.UInt32, value: subscription.subscriptionId })]);
      if (status === "Good") await ended;
      return { status, events: during ?? [] };
    },
    answer: (method, { nodeId, eventId }, comment) =>
      call(nodeId, METHODS[method], [
        new Variant({ dataType: DataType.ByteString, value: eventId }),
        new Variant({ dataType: DataType.LocalizedText, value: new LocalizedText({ text: comment }) }),
      ]),
    async shelve(nodeId, seconds) {
      const { targets } = await session.translateBrowsePath(makeBrowsePath(nodeId, ".ShelvingState"));
      const object = targets![0]!.targetId.toString();
      return seconds === undefined
        ? call(object, "i=2947", [])
        : call(object, "i=2949", [new Variant({ dataType: DataType.Double, value: seconds * 1_000 })]);
    },
    async close() {
      await session.close();
      await client.disconnect();
    },
  };
}
