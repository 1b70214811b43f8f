import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ClientSession,
  type DataValue,
  HistoryReadRequest,
  HistoryReadValueId,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  ReadRawModifiedDetails,
  resolveNodeId,
  SecurityPolicy,
  TimestampsToReturn,
} from "node-opcua";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PlantArchive } from "../archive/plant-archive.ts";
import { anchorCalendar, plantShifts } from "../clock/calendar.ts";
import { dirt, namespaceUri, plantSignals, signalsByName } from "../signals/signal-list.ts";
import { PlantRun } from "../truth/plant-run.ts";
import { type PlantServer, startPlantServer } from "./plant-server.ts";

const now = Date.UTC(2026, 10, 24, 15, 17) * 1000;
const anchor = anchorCalendar(now);
const shifts = plantShifts(anchor);
const signals = plantSignals();
const named = signalsByName(signals);
const archive = new PlantArchive(signals);
const folder = mkdtempSync(join(tmpdir(), "demo-plant-"));

let server: PlantServer;
let client: OPCUAClient;
let session: ClientSession;
let namespace = 0;

beforeAll(async () => {
  const run = new PlantRun(
    { signals, seed: 3, shifts, anchor: anchor.anchorDay, recordFrom: shifts[20]!.start },
    {
      write: (signal, time, value) => void (time <= now && archive.append(signal, time, value)),
      textIndex: (text) => archive.textIndex(text),
    },
  );
  run.advanceTo(now, 60);
  server = await startPlantServer({ archive, data: folder, port: 0 });
  server.showAll();
  const keys = new OPCUACertificateManager({ rootFolder: join(folder, "client"), automaticallyAcceptUnknownCertificate: true });
  await keys.initialize();
  client = OPCUAClient.create({
    endpointMustExist: false,
    securityMode: MessageSecurityMode.None,
    securityPolicy: SecurityPolicy.None,
    clientCertificateManager: keys,
  });
  await client.connect(server.url);
  session = await client.createSession();
  namespace = (await session.readNamespaceArray()).indexOf(namespaceUri);
});

afterAll(async () => {
  await session?.close();
  await client?.disconnect();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("[DP12] HistoryRead gives every value of every signal exactly once, over continuation points", async () => {
  const opcua = signals.filter((signal) => signal.address.kind === "opcua");
  let open: { readonly name: string; readonly at: Buffer | undefined }[] = opcua.map((signal) => ({ name: signal.name, at: undefined }));
  const counts = new Map<string, number>();
  let pages = 0;
  while (open.length > 0) {
    const batch = open.splice(0, 40);
    const results = await readHistory(batch, { start: new Date(0), end: new Date(now / 1000 + 60_000), most: 700 });
    results.forEach((result, i) => {
      pages++;
      const name = batch[i]!.name;
      counts.set(name, (counts.get(name) ?? 0) + result.values.length);
      if (result.continuation) open.push({ name, at: result.continuation });
    });
  }
  expect(pages).toBeGreaterThan(opcua.length * 1.5);
  expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(opcua.map((signal) => [signal.name, archive.count(signal.index)])));
});

test("[DP12] values, texts and both times come back as they were recorded, forwards and backwards", async () => {
  for (const name of [
    "Line3.S090.PartIn",
    "Line3.T20.LastCycle",
    "Line3.S050.Total",
    "Line3.S080.SpindleTemperature",
    "Line3.S050.ClampOk1",
  ]) {
    const signal = named.get(name)!;
    const count = archive.count(signal.index);
    const recorded = Array.from({ length: count }, (_, row) => ({
      time: archive.timeAt(signal.index, row) / 1000,
      value:
        signal.type === "String"
          ? archive.textAt(archive.valueAt(signal.index, row))
          : signal.type === "Boolean"
            ? archive.valueAt(signal.index, row) !== 0
            : archive.valueAt(signal.index, row),
    }));
    const read = (values: readonly DataValue[]) =>
      values.map((value) => ({ time: value.sourceTimestamp!.getTime(), value: value.value.value as unknown }));
    const [forwards] = await readHistory([{ name, at: undefined }], { start: new Date(0), end: new Date(now / 1000), most: 0 });
    expect(read(forwards!.values)).toEqual(recorded.slice(0, 20_000));
    const [backwards] = await readHistory([{ name, at: undefined }], { start: new Date(now / 1000), end: new Date(0), most: 50 });
    expect(read(backwards!.values)).toEqual(recorded.toReversed().slice(0, 50));
    expect(
      forwards!.values.every(
        (value) => value.statusCode.value === 0 && value.serverTimestamp?.getTime() === value.sourceTimestamp?.getTime(),
      ),
    ).toBe(true);
  }
});

test("[DP13] only the fast clock's source times run ahead, by 37 seconds; the server's time is right", async () => {
  const [fast] = await readHistory([{ name: `Line3.${dirt.fastClock.unit}.Total`, at: undefined }], {
    start: new Date(0),
    end: new Date(now / 1000 + 60_000),
    most: 100,
  });
  expect(fast!.values).toHaveLength(100);
  for (const value of fast!.values) expect(value.sourceTimestamp!.getTime() - value.serverTimestamp!.getTime()).toBe(37_000);
});

test("[DP12] ranges are inclusive, empty ones say so, bounds are the neighbours, and nonsense is refused", async () => {
  const signal = named.get("Line3.S090.Total")!;
  const [second, fourth] = [archive.timeAt(signal.index, 2) / 1000, archive.timeAt(signal.index, 4) / 1000];
  const name = signal.name;
  const [inside] = await readHistory([{ name, at: undefined }], { start: new Date(second), end: new Date(fourth), most: 0 });
  expect(inside!.values).toHaveLength(3);
  const [bounded] = await readHistory([{ name, at: undefined }], {
    start: new Date(second + 1),
    end: new Date(fourth - 1),
    most: 0,
    bounds: true,
  });
  expect(bounded!.values).toHaveLength(3);
  const [empty] = await readHistory([{ name, at: undefined }], { start: new Date(second + 1), end: new Date(second + 2), most: 0 });
  expect([empty!.values.length, empty!.status]).toEqual([0, "GoodNoData"]);
  const [nonsense] = await readHistory([{ name, at: Buffer.from("xyz") }], { start: new Date(0), end: new Date(fourth), most: 0 });
  expect(nonsense!.status).toBe("BadContinuationPointInvalid");
});

test("[DP14] every unit is a machine of the Machinery specification with identification, state and unit of measure", async () => {
  const machines = await session.browse({ nodeId: "i=85", includeSubtypes: true, browseDirection: 0, resultMask: 63 });
  const folderNode = machines.references!.find((reference) => reference.browseName.name === "Machines")!;
  const found = await session.browse(folderNode.nodeId.toString());
  const names = found.references!.map((reference) => reference.browseName.name);
  for (const unit of ["T10", "S090", "S130"]) expect(names).toContain(unit);
  const children = await session.browse(`ns=${namespace};s=Line3.S090`);
  const inside = children.references!.map((reference) => reference.browseName.name);
  for (const part of ["Identification", "MachineryItemState", "MachineryOperationMode", "Status", "Production", "Process"])
    expect(inside).toContain(part);
  const unit = await session.read({ nodeId: `ns=${namespace};s=Line3.S090.PressureDrop1.EngineeringUnits` });
  expect(unit.value.value.displayName.text).toBe("kPa");
});

test("[DP14] a value shown is the value read, and no communication is bad, never old", async () => {
  const signal = named.get("Line3.S080.SpindleTemperature")!;
  server.show(signal, now, 47.5);
  const nodeId = `ns=${namespace};s=${signal.name}`;
  const good = await session.read({ nodeId });
  expect([good.value.value, good.statusCode.name]).toEqual([47.5, "Good"]);
  server.show(signal, now + 1_000_000, Number.NaN);
  const bad = await session.read({ nodeId });
  expect(bad.statusCode.name).toBe("BadNoCommunication");
});

interface Page {
  readonly values: readonly DataValue[];
  readonly continuation: Buffer | undefined;
  readonly status: string;
}

async function readHistory(
  nodes: readonly { readonly name: string; readonly at: Buffer | undefined }[],
  range: { readonly start: Date; readonly end: Date; readonly most: number; readonly bounds?: boolean },
): Promise<readonly Page[]> {
  const response = await session.historyRead(
    new HistoryReadRequest({
      historyReadDetails: new ReadRawModifiedDetails({
        isReadModified: false,
        startTime: range.start,
        endTime: range.end,
        numValuesPerNode: range.most,
        returnBounds: range.bounds ?? false,
      }),
      timestampsToReturn: TimestampsToReturn.Both,
      releaseContinuationPoints: false,
      nodesToRead: nodes.map(
        (node) => new HistoryReadValueId({ nodeId: resolveNodeId(`ns=${namespace};s=${node.name}`), continuationPoint: node.at }),
      ),
    }),
  );
  return response.results!.map((result) => ({
    values: (result.historyData as { dataValues?: DataValue[] } | null)?.dataValues ?? [],
    continuation: result.continuationPoint?.length ? result.continuationPoint : undefined,
    status: result.statusCode.name,
  }));
}
