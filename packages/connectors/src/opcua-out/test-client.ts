// A client of the twin's OPC UA server, for tests.
import { AttributeIds, DataType, OPCUAClient, StatusCodes, Variant, type ClientSession, type DataValue } from "node-opcua";

export interface TestClient {
  /** Names below a node, `i=85` = Objects. */
  below(nodeId: string): Promise<readonly { readonly name: string; readonly nodeId: string }[]>;
  read(nodeId: string): Promise<{ readonly value: unknown; readonly status: string; readonly sourceTime: Date | null }>;
  unit(nodeId: string): Promise<string | undefined>;
  history(nodeId: string, from: Date, to: Date): Promise<readonly number[]>;
  /** Name of the status. */
  write(nodeId: string, value: number): Promise<string>;
  close(): Promise<void>;
}

export async function connectTo(url: string): Promise<TestClient> {
  const client = OPCUAClient.create({ endpointMustExist: false, connectionStrategy: { maxRetry: 0 } });
  await client.connect(url);
  const session: ClientSession = await client.createSession();
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
    async history(nodeId, from, to) {
      const answer = await session.readHistoryValue(nodeId, from, to);
      const { dataValues } = answer.historyData as unknown as { readonly dataValues?: readonly DataValue[] };
      return (dataValues ?? []).map(({ value }) => value.value as number);
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
