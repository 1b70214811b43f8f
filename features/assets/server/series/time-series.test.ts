import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeId, validate, type Submodel } from "@doppelwerk/aas";
import { checkTemplate } from "@doppelwerk/aas/template";
import { LIVE, quality } from "@doppelwerk/world";
import { openProduct } from "../../../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { columnsOf, internalSegment, segmentOf } from "./time-series-submodel.ts";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { SHELL, signal, START, TEMPLATE } from "./press.fixture.ts";

const signals = [
  signal("p", { name: "Pressure", unit: "bar" }),
  signal("s", { name: "状态", valueType: "string", role: "ItemState" }),
  signal("n", { name: "Good parts", valueType: "integer" }),
];
/** [signal, seconds, value, quality, text] */
const rows: readonly (readonly [number, number, number, number, string?])[] = [
  [0, 0, 1.5, quality.good],
  [0, 1.000001, -2.25, quality.uncertain],
  [0, 2, Number.NaN, quality.bad],
  [0, 3, 4, quality.good],
  [1, 1.000001, Number.NaN, quality.good, "Running"],
  [2, 0, 7, quality.good],
];

const at = (seconds: number) => new Date((START + seconds * 1_000_000) / 1_000).toISOString();

describe("Time Series Data", () => {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-series-"));
  let site: HostedWorld;
  let app: Awaited<ReturnType<typeof createSiteApp>>;
  let address: string;
  beforeAll(async () => {
    site = await openProduct(folder);
    const shell = {
      modelType: "AssetAdministrationShell",
      id: SHELL,
      idShort: "Press",
      assetInformation: { assetKind: "Instance", globalAssetId: "urn:test:asset" },
    };
    await site.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes: signals.map((record) => ({ op: "create", record })) });
    await append(rows);
    app = await createSiteApp(site);
    address = await app.listen({ port: 0, host: "127.0.0.1" });
    expect((await call("POST", "/api/v3/shells", shell)).status).toBe(201);
  });
  afterAll(async () => {
    await app.close();
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function append(batch: typeof rows): Promise<void> {
    await site.history.append(
      LIVE,
      {
        origin: "measured",
        count: batch.length,
        signals: Uint32Array.from(batch, ([index]) => index),
        values: Float64Array.from(batch, ([, , value]) => value),
        texts: new Map(batch.flatMap(([, , , , text], row) => (text === undefined ? [] : [[row, text] as const]))),
        qualities: Uint8Array.from(batch, ([, , , own]) => own),
        sourceTimes: Float64Array.from(batch, ([, seconds]) => START + Math.round(seconds * 1_000_000)),
        serverTimes: Float64Array.from(batch, ([, seconds]) => START + Math.round(seconds * 1_000_000)),
      },
      signals.map(({ id }) => id),
    );
  }
  // oxlint-disable-next-line no-explicit-any -- an answer has no type before it is judged
  async function call(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly json: any }> {
    const response = await fetch(address + path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await response.text();
    return { status: response.status, json: text === "" ? undefined : JSON.parse(text) };
  }
  const write = (body: unknown = { shell: SHELL }) => call("POST", "/api/doppelwerk/v1/time-series", body);
  const submodelPath = `/api/v3/submodels/${encodeId(`${SHELL}/time-series`)}`;
  const invoke = async (name: string, from: number, to: number, more: object = {}, base = submodelPath) =>
    (
      await call("POST", `${base}/submodel-elements/${name}/invoke/$value`, {
        inputArguments: { Timespan: { min: at(from), max: at(to) }, ...more },
      })
    ).json;

  test("[TS1] the signals of a shell become a submodel that the template accepts; asked again only what is new is written", async () => {
    const first = await write();
    expect(first).toEqual({
      status: 201,
      json: {
        submodel: `${SHELL}/time-series`,
        columns: [
          { idShort: "Pressure", signal: "signal:p" },
          { idShort: "ItemState", signal: "signal:s" },
          { idShort: "Good_parts", signal: "signal:n" },
        ],
      },
    });
    const submodel = (await call("GET", submodelPath)).json as Submodel;
    expect(validate(submodel, "Submodel").filter(({ severity }) => severity === "error")).toEqual([]);
    expect((await call("GET", `/api/v3/shells/${encodeId(SHELL)}/submodel-refs`)).json.result).toHaveLength(1);
    const linked = (await call("GET", `${submodelPath}/submodel-elements/Segments.LinkedSegment/$value`)).json;
    const file = await fetch(`${address}${linked.Endpoint}?${linked.Query}&from=${START}&to=${START + 4_000_000}`);
    expect((await file.text()).trim().split(/\r?\n/)).toHaveLength(1 + rows.length);

    const versions = async () => (await call("GET", `/api/doppelwerk/v1/submodels/${encodeId(`${SHELL}/time-series`)}/versions`)).json;
    const before = await versions();
    expect((await write()).status).toBe(200);
    expect(await versions()).toEqual(before);
    await site
      .view(SYSTEM)
      .apply({ branch: LIVE, reason: "test", changes: [{ op: "create", record: signal("p2", { name: "Pressure" }) }] });
    expect((await write()).json.columns.map(({ idShort }: { idShort: string }) => idShort)).toEqual([
      "Pressure",
      "ItemState",
      "Good_parts",
      "Pressure_2",
    ]);
    expect((await call("GET", `/api/v3/shells/${encodeId(SHELL)}/submodel-refs`)).json.result).toHaveLength(1);
  });

  testOnSharedData("[TS1] nothing that the published template asks for is missing", TEMPLATE, async (path) => {
    const template = (JSON.parse(readFileSync(path, "utf8")) as { submodels: Submodel[] }).submodels[0]!;
    const submodel = (await call("GET", submodelPath)).json as Submodel;
    // as it is stored, with a stretch of the linked segment beside it, and with records inside
    const columns = columnsOf(signals, new Map());
    const extent = { first: START, last: START + 3_000_000, count: 6 };
    const records = [{ time: START, values: [{ value: "1.5", quality: "uncertain" as const }, undefined, { value: "7" }] }];
    for (const more of [
      [],
      [segmentOf(columns, extent, address)],
      [internalSegment(columns, records, 60)],
      [internalSegment(columns, [], 0.5)],
    ]) {
      const whole: Submodel = {
        ...submodel,
        submodelElements: submodel.submodelElements!.map((element) =>
          element.idShort === "Segments" && element.modelType === "SubmodelElementCollection"
            ? { ...element, value: [...element.value!, ...more.map((segment) => ({ ...segment, idShort: "More" }))] }
            : element,
        ),
      };
      expect(validate(whole, "Submodel").filter(({ severity }) => severity === "error")).toEqual([]);
      expect(checkTemplate(whole, template, () => undefined).filter(({ severity }) => severity === "error")).toEqual([]);
    }
  });

  test("[TS2] records: every sample once, bad is no value, uncertain is marked, the end is not part", async () => {
    const answer = await invoke("ReadRecords", 0, 3);
    expect(answer).toMatchObject({ executionState: "Completed", success: true });
    expect(answer.outputArguments.Records).toEqual({
      Record00: { Time00: "2026-09-21T14:13:20.000Z", Pressure: 1.5, Good_parts: 7 },
      Record01: { Time00: "2026-09-21T14:13:21.000001Z", Pressure: -2.25, ItemState: "Running" },
      Record02: { Time00: "2026-09-21T14:13:22.000Z" },
    });
    expect((await invoke("ReadRecords", 10, 20)).outputArguments.Records).toEqual({});
  });

  test("[TS2] what cannot be read is a failed outcome that says why", async () => {
    const spoilt = async (Timespan: unknown) =>
      (await call("POST", `${submodelPath}/submodel-elements/ReadRecords/invoke/$value`, { inputArguments: { Timespan } })).json;
    for (const [span, why] of [
      [{ min: "2026-05-01T06:00:00", max: at(1) }, /Timespan.min .*time zone/],
      [{ min: at(1), max: at(1) }, /min must be before/],
      [{ min: at(0) }, /Timespan.max/],
    ] as const)
      expect(await spoilt(span)).toMatchObject({ executionState: "Failed", messages: [{ text: expect.stringMatching(why) }] });
    await append(Array.from({ length: 10_001 }, (_, row) => [0, 1_000 + row, row, quality.good] as const));
    expect(await invoke("ReadRecords", 1_000, 20_000)).toMatchObject({
      executionState: "Failed",
      messages: [{ text: expect.stringMatching(/more than 10000 records/) }],
    });
  });

  test("[TS3] derived segments hold a record a step, segments their count and times", async () => {
    const derived = await invoke("DeriveSegment", 0, 4, { SamplingInterval: "2", AggregationMethod: "max" });
    expect(derived.outputArguments.Segments.InternalSegment).toMatchObject({
      RecordCount: 2,
      SamplingInterval: 2,
      Records: { Record00: { Pressure: 1.5, Good_parts: 7 }, Record01: { Pressure: 4 } },
    });
    expect(await invoke("DeriveSegment", 0, 4, { SamplingInterval: "soon", AggregationMethod: "max" })).toMatchObject({
      executionState: "Failed",
    });
    expect(await invoke("DeriveSegment", 0, 4, { SamplingInterval: "1", AggregationMethod: "mode" })).toMatchObject({
      executionState: "Failed",
    });
    expect((await invoke("ReadSegments", 0, 4)).outputArguments.Segment).toMatchObject({
      RecordCount: rows.length,
      StartTime: at(0),
      EndTime: at(3),
    });
    expect((await invoke("ReadSegments", 100, 200)).outputArguments.Segment).toMatchObject({ RecordCount: 0 });
  });

  test("[TS4] a branch knows the past up to its instant", async () => {
    const branch = await call("POST", "/api/doppelwerk/v1/branches", { name: "before", at: START + 1_500_000 });
    expect(branch.status).toBe(201);
    const base = `/worlds/default/branches/${encodeURIComponent(branch.json.id)}${submodelPath}`;
    expect(Object.keys((await invoke("ReadRecords", 0, 4, {}, base)).outputArguments.Records)).toEqual(["Record00", "Record01"]);
  });

  test("[TS1] a shell without signals, and none at all, are refused", async () => {
    expect((await write({ shell: "urn:test:none" })).status).toBe(404);
    expect((await write({})).status).toBe(400);
  });
});

test("[TS1] columns: idShorts that are told apart, and stay when a signal is renamed", () => {
  const two = [
    signal("a", { name: "1. Druck (bar)" }),
    signal("b", { name: "Druck bar" }),
    signal("c", { name: "时间" }),
    signal("d", { name: "Time00" }),
  ];
  expect(columnsOf(two, new Map()).map(({ idShort }) => idShort)).toEqual(["Druck_bar", "Druck_bar_2", "Value", "Value_Time00"]);
  expect(columnsOf(two, new Map([["signal:b", "Old"]])).map(({ idShort }) => idShort)).toEqual([
    "Druck_bar",
    "Old",
    "Value",
    "Value_Time00",
  ]);
});
