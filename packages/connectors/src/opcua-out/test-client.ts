// A client of the twin's OPC UA server, for tests.
import {
  AttributeIds,
  DataType,
  HistoryReadRequest,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  ReadRawModifiedDetails,
  SecurityPolicy,
  StatusCodes,
  TimestampsToReturn,
  UserTokenType,
  Variant,
  type ClientSession,
  type DataValue,
} from "node-opcua";

export interface TestClient {
  /** Names below a node, `i=85` = Objects. */
  below(nodeId: string): Promise<readonly { readonly name: string; readonly nodeId: string }[]>;
  read(nodeId: string): Promise<{ readonly value: unknown; readonly status: string; readonly sourceTime: Date | null }>;
  unit(nodeId: string): Promise<string | undefined>;
  /** All pages of at most `most` values. Undefined: no start, or no end. */
  history(nodeId: string, from: Date | undefined, to: Date | undefined, most?: number): Promise<readonly number[]>;
  /** Name of the status. */
  write(nodeId: string, value: number): Promise<string>;
  close(): Promise<void>;
}

export interface TestLogin {
  /** Where the client keeps its own key; with it the channel is signed and encrypted. */
  readonly pkiFolder?: string;
  readonly policy?: keyof typeof SecurityPolicy;
  readonly mode?: keyof typeof MessageSecurityMode;
  readonly user?: readonly [name: string, password: string];
  /** PEM files of another certificate than the folder's own. */
  readonly certificate?: { readonly certificateFile: string; readonly privateKeyFile: string };
}

export async function connectTo(url: string, login: TestLogin = {}): Promise<TestClient> {
  const { pkiFolder, policy = "Basic256Sha256", mode = "SignAndEncrypt", user, certificate } = login;
  const client = OPCUAClient.create({
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0 },
    ...(pkiFolder === undefined
      ? {}
      : {
          securityMode: MessageSecurityMode[mode],
          securityPolicy: SecurityPolicy[policy],
          clientCertificateManager: new OPCUACertificateManager({ rootFolder: pkiFolder, automaticallyAcceptUnknownCertificate: true }),
          ...certificate,
        }),
  });
  let session: ClientSession;
  try {
    await client.connect(url);
    session = await client.createSession(
      user === undefined ? undefined : { type: UserTokenType.UserName, userName: user[0], password: user[1] },
    );
  } catch (error) {
    await client.disconnect().catch(() => {
      // the first error says why it is not connected
    });
    throw error;
  }
  const below = async (nodeId: string) =>
    ((await session.browse(nodeId)).references ?? []).map((reference) => ({
      name: reference.browseName.name ?? "",
      nodeId: reference.nodeId.toString(),
    }));
  return {
    below,
    async read(nodeId) {
      const answer: DataValue = await session.read({ nodeId, attributeId: AttributeIds.Value });
      return { value: answer.value?.value ?? null, status: answer.statusCode.name, sourceTime: answer.sourceTimestamp };
    },
    async unit(nodeId) {
      const property = ((await session.browse({ nodeId, referenceTypeId: "HasProperty", resultMask: 63 })).references ?? []).find(
        ({ browseName }) => browseName.name === "EngineeringUnits",
      );
      if (property === undefined) return undefined;
      return (await session.read({ nodeId: property.nodeId, attributeId: AttributeIds.Value })).value.value.displayName.text as string;
    },
    async history(nodeId, from, to, most = 0) {
      const heard: number[] = [];
      const nothing = new Date(Date.UTC(1601, 0, 1));
      let continuationPoint: Buffer | undefined;
      do {
        const { results } = await session.historyRead(
          new HistoryReadRequest({
            historyReadDetails: new ReadRawModifiedDetails({ startTime: from ?? nothing, endTime: to ?? nothing, numValuesPerNode: most }),
            timestampsToReturn: TimestampsToReturn.Both,
            nodesToRead: [{ nodeId, continuationPoint }],
          }),
        );
        const [result] = results!;
        if (result!.statusCode.isNotGood()) throw new Error(result!.statusCode.name);
        const data = result!.historyData as unknown as { readonly dataValues?: readonly DataValue[] } | null;
        heard.push(...(data?.dataValues ?? []).map(({ value }) => value.value as number));
        continuationPoint = result!.continuationPoint?.length > 0 ? result!.continuationPoint : undefined;
      } while (continuationPoint !== undefined);
      return heard;
    },
    async write(nodeId, value) {
      const status = await session.write({
        nodeId,
        attributeId: AttributeIds.Value,
        value: { value: new Variant({ dataType: DataType.Double, value }) },
      });
      return status === StatusCodes.Good ? "Good" : status.name;
    },
    async close() {
      await session.close();
      await client.disconnect();
    },
  };
}
