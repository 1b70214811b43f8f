import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  readAasx,
  semanticIds,
  strictly,
  validate,
  writeAasx,
  type Environment,
  type Submodel,
  type SubmodelElement,
} from "@doppelwerk/aas";
import { checkTemplate } from "@doppelwerk/aas/template";
import type { ImportReport } from "@doppelwerk/client";
import { LIVE, quality } from "@doppelwerk/world";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { openProduct } from "../../../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { textOfField } from "@doppelwerk/storage/samples-file";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { SHELL, signal, START, TEMPLATE } from "./press.fixture.ts";

const signals = [
  signal("p", { name: "Pressure", unit: "bar" }),
  signal("s", { name: "Text", valueType: "string" }),
  signal("e", { name: "State", valueType: "enumeration" }),
  signal("b", { name: "Door", valueType: "boolean" }),
  signal("lone", { name: "Lone" }),
];
const { good, uncertain, bad } = quality;
/** [signal, seconds, value, quality, text] */
const rows: readonly (readonly [number, number, number, number, string?])[] = [
  [0, 0, 1.5, good],
  [0, 1.000001, -2.25, uncertain],
  [0, 2, Number.NaN, bad],
  [0, 3, 4, good],
  [0, 3, 5, good],
  [1, 0, Number.NaN, good, '=1+1, "so"\nit is'],
  [1, 1, Number.NaN, good, ""],
  [1, 2, Number.NaN, good, "'=x"],
  [2, 0, 3, good],
  [2, 3, Number.NaN, good, "Läuft"],
  [3, 1, 1, good],
  [3, 2, 0, good],
];

interface Plant {
  readonly site: HostedWorld;
  readonly app: Awaited<ReturnType<typeof createSiteApp>>;
  readonly address: string;
  readonly folder: string;
}

async function openPlant(): Promise<Plant> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-series-package-"));
  const site = await openProduct(folder);
  const app = await createSiteApp(site);
  return { site, app, folder, address: await app.listen({ port: 0, host: "127.0.0.1" }) };
}

async function samplesIn({ site }: Plant, id: string) {
  const { times, values, qualities, texts } = await site.history.raw({ branch: LIVE, signal: id }, START, START + 100_000_000);
  return Array.from(times, (time, row) => [(time - START) / 1e6, values[row], qualities[row], texts.get(row)]);
}

async function importInto({ address }: Plant, name: string, bytes: Uint8Array): Promise<ImportReport> {
  const response = await fetch(`${address}/api/doppelwerk/v1/import?name=${name}`, {
    method: "POST",
    headers: { "content-type": "application/octet-stream" },
    body: new Uint8Array(bytes),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as ImportReport;
}

describe("series in a package", () => {
  let here: Plant;
  let there: Plant;
  let bytes: Uint8Array;
  const query = (ids: readonly string[], to = 10) =>
    `${here.address}/api/doppelwerk/v1/export/time-series?signals=${ids.join(",")}&from=${START}&to=${START + to * 1_000_000}`;
  beforeAll(async () => {
    [here, there] = [await openPlant(), await openPlant()];
    const shell = {
      modelType: "AssetAdministrationShell",
      id: SHELL,
      idShort: "Press",
      assetInformation: { assetKind: "Instance", globalAssetId: "urn:a" },
    };
    const made = await fetch(`${here.address}/api/v3/shells`, {
      method: "POST",
      body: JSON.stringify(shell),
      headers: { "content-type": "application/json" },
    });
    expect(made.status).toBe(201);
    const records = [...signals, { ...signal("homeless", {}), shell: "urn:nowhere" }];
    await here.site.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes: records.map((record) => ({ op: "create", record })) });
    await here.site.history.append(
      LIVE,
      {
        origin: "measured",
        count: rows.length,
        signals: Uint32Array.from(rows, ([index]) => index),
        values: Float64Array.from(rows, ([, , value]) => value),
        texts: new Map(rows.flatMap(([, , , , text], row) => (text === undefined ? [] : [[row, text] as const]))),
        qualities: Uint8Array.from(rows, ([, , , own]) => own),
        sourceTimes: Float64Array.from(rows, ([, seconds]) => START + Math.round(seconds * 1e6)),
        serverTimes: Float64Array.from(rows, ([, seconds]) => START + Math.round(seconds * 1e6)),
      },
      signals.map(({ id }) => id),
    );
    const response = await fetch(query(signals.slice(0, 4).map(({ id }) => id)));
    expect(response.status).toBe(200);
    bytes = new Uint8Array(await response.arrayBuffer());
  });
  afterAll(async () => {
    for (const { app, site, folder } of [here, there]) {
      await app.close();
      await site.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("[TS5] the package holds the shell, the series and a CSV with the names of the record", async () => {
    const { environment, files, findings } = readAasx(bytes);
    expect(strictly(findings).filter(({ severity }) => severity === "error")).toEqual([]);
    expect(environment.assetAdministrationShells!.map(({ id }) => id)).toEqual([SHELL]);
    const submodel = environment.submodels![0]!;
    expect(validate(submodel, "Submodel").filter(({ severity }) => severity === "error")).toEqual([]);
    const [name, file] = [...files][0]!;
    expect(JSON.stringify(submodel)).toContain(`"value":"${name}","contentType":"text/csv"`);
    const lines = new TextDecoder().decode(file.bytes).split("\r\n");
    expect(lines[0]).toBe("Time00,Pressure,Pressure_Quality,Text,Text_Quality,State,Door");
    expect(lines[1]).toBe('2026-09-21T14:13:20.000000Z,1.5,,"\'=1+1, ""so""\nit is",,3,');
    expect(lines.slice(2)).toEqual([
      "2026-09-21T14:13:21.000000Z,,,,good,,true",
      "2026-09-21T14:13:21.000001Z,-2.25,uncertain,,,,",
      "2026-09-21T14:13:22.000000Z,,bad,''=x,,,false",
      "2026-09-21T14:13:23.000000Z,4,,,,Läuft,",
      "2026-09-21T14:13:23.000000Z,5,,,,,",
      "",
    ]);
    // nothing was written here
    expect(await fetch(`${here.address}/api/v3/submodels`).then((answer) => answer.json())).toMatchObject({ result: [] });
  });

  testOnSharedData("[TS5] the published template accepts the series of the package", TEMPLATE, (path) => {
    const submodel = readAasx(bytes).environment.submodels![0]!;
    const template = (JSON.parse(readFileSync(path, "utf8")) as { submodels: Submodel[] }).submodels[0]!;
    expect(checkTemplate(submodel, template, () => undefined).filter(({ severity }) => severity === "error")).toEqual([]);
  });

  test("[TS5] what cannot be packed is refused", async () => {
    for (const [address, status, why] of [
      [query(["signal:none"]), 404, /no signal of this id/],
      [query(["signal:homeless"]), 400, /belongs to no shell/],
      [query(["signal:p"], 0), 400, /from must be before to/],
    ] as const) {
      const response = await fetch(address);
      expect([response.status, ((await response.json()) as { error: { message: string } }).error.message]).toEqual([
        status,
        expect.stringMatching(why),
      ]);
    }
  });

  test("[TS6] imported elsewhere every sample is there with its quality, under the same signals; imported again nothing is there twice", async () => {
    const report = await importInto(there, "series.aasx", bytes);
    expect(report).toMatchObject({ samples: rows.length });
    expect(report.findings.filter(({ constraint }) => constraint === "series")).toEqual([]);
    const held = async () => Promise.all(signals.slice(0, 4).map(({ id }) => samplesIn(there, id)));
    const first = await held();
    expect(first).toEqual(await Promise.all(signals.slice(0, 4).map(({ id }) => samplesIn(here, id))));
    expect(there.site.signals.record("signal:p")).toMatchObject({ name: "Pressure", unit: "bar", valueType: "double", shell: SHELL });
    expect(there.site.signals.record("signal:e")).toMatchObject({ valueType: "enumeration" });
    expect(await samplesIn(there, "signal:lone")).toEqual([]);
    await importInto(there, "series.aasx", bytes);
    expect(await held()).toEqual(first);
    // writing the series there keeps what came with the package
    const written = await fetch(`${there.address}/api/doppelwerk/v1/time-series`, {
      method: "POST",
      body: JSON.stringify({ shell: SHELL }),
      headers: { "content-type": "application/json" },
    });
    expect(written.status).toBe(200);
    const kept = await fetch(`${there.address}/api/v3/submodels`).then((answer) => answer.text());
    expect(kept).toMatch(/ExternalSegment_20260921T141320Z/);
    expect(kept).toMatch(/Pressure_Quality/);
  });

  test("[TS6] a stranger's series: internal records, semicolons, units of concepts; what cannot be read is a finding and nothing else is lost", async () => {
    const record = (more: readonly SubmodelElement[] = []) => [
      { modelType: "Property", idShort: "Time", semanticId: id(`${base}/UtcTime/1/1`), valueType: "xs:dateTime" },
      { modelType: "Property", idShort: "Force", semanticId: id("urn:force"), valueType: "xs:float" },
      { modelType: "Property", idShort: "Count", valueType: "xs:unsignedInt" },
      ...more,
    ];
    const base = "https://admin-shell.io/idta/TimeSeries";
    const id = (value: string) => ({ type: "ExternalReference", keys: [{ type: "GlobalReference", value }] });
    const segment = (kind: string, idShort: string, value: readonly object[]) => ({
      modelType: "SubmodelElementCollection",
      idShort,
      semanticId: id(`${base}/Segments/${kind}/1/1`),
      value,
    });
    const file = (value: string, contentType: string) => ({ modelType: "File", idShort: "File", contentType, value });
    const at = (seconds: number) => new Date(START / 1_000 + seconds * 1_000).toISOString();
    const environment = {
      assetAdministrationShells: [
        {
          modelType: "AssetAdministrationShell",
          id: "urn:foreign",
          assetInformation: { assetKind: "Instance", globalAssetId: "urn:b" },
          submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: "urn:foreign:series" }] }],
        },
      ],
      submodels: [
        {
          modelType: "Submodel",
          id: "urn:foreign:series",
          idShort: "TimeSeries",
          semanticId: id(semanticIds.timeSeries),
          submodelElements: [
            {
              modelType: "SubmodelElementCollection",
              idShort: "Metadata",
              value: [{ modelType: "SubmodelElementCollection", idShort: "Record", value: record() }],
            },
            {
              modelType: "SubmodelElementCollection",
              idShort: "Segments",
              value: [
                segment("InternalSegment", "Inside", [
                  {
                    modelType: "SubmodelElementCollection",
                    idShort: "Records",
                    value: [
                      {
                        modelType: "SubmodelElementCollection",
                        idShort: "Record00",
                        value: [
                          { modelType: "Property", idShort: "Time", valueType: "xs:dateTime", value: at(1) },
                          { modelType: "Property", idShort: "Force", valueType: "xs:float", value: "1.25" },
                        ],
                      },
                    ],
                  },
                ]),
                segment("ExternalSegment", "Semicolons", [file("file:///aasx/A.csv", "text/csv; header=present")]),
                segment("ExternalSegment", "Gone", [file("/aasx/gone.csv", "text/csv")]),
                segment("ExternalSegment", "Other", [file("/aasx/b.json", "application/json")]),
                segment("ExternalSegment", "Nameless", [file("/aasx/c.csv", "text/csv")]),
              ],
            },
          ],
        },
      ],
      conceptDescriptions: [
        {
          modelType: "ConceptDescription",
          id: "urn:force",
          embeddedDataSpecifications: [
            {
              dataSpecification: id("https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"),
              dataSpecificationContent: {
                modelType: "DataSpecificationIec61360",
                preferredName: [{ language: "en", text: "Force" }],
                unit: "kN",
              },
            },
          ],
        },
      ],
    } as unknown as Environment;
    const csv = (text: string) => ({ contentType: "text/csv", bytes: new TextEncoder().encode(text) });
    const files = new Map([
      ["/aasx/a.csv", csv(`\uFEFFTime;Force;Count;More\n${at(2)};-3e2;7;x\n${at(3).replace("Z", "")};soon;8;\nyesterday;1;9;\n`)],
      ["/aasx/b.json", { contentType: "application/json", bytes: new TextEncoder().encode("[]") }],
      ["/aasx/c.csv", csv("a,b\n1,2\n")],
    ]);
    const report = await importInto(there, "foreign.aasx", writeAasx(environment, files));
    expect(report.samples).toBe(5);
    expect(report.findings.filter(({ constraint }) => constraint === "series").map(({ path, message }) => `${path}: ${message}`)).toEqual([
      "TimeSeries.Segments.Gone: the file of the segment is not in the package: /aasx/gone.csv",
      "TimeSeries.Segments.Other: records can be read from CSV (text/csv) only, not from application/json",
      "TimeSeries.Segments.Semicolons: 1 records without a readable time (UTC, ISO 8601) were skipped",
      `TimeSeries.Segments.Nameless: no column is a time in UTC (semantic id ${base}/UtcTime/1/1); there are a, b`,
    ]);
    const made = there.site.signals.records().filter(({ shell }) => shell === "urn:foreign");
    expect(made.map(({ name, unit, valueType }) => [name, unit, valueType])).toEqual([
      ["Force", "kN", "double"],
      ["Count", undefined, "integer"],
    ]);
    expect(await samplesIn(there, made[0]!.id)).toEqual([
      [1, 1.25, good, undefined],
      [2, -300, good, undefined],
      [3, Number.NaN, bad, undefined],
    ]);
    expect(await samplesIn(there, made[1]!.id)).toEqual([
      [2, 7, good, undefined],
      [3, 8, good, undefined],
    ]);
  });
});

test("[TS5] an apostrophe that was put before a text can be taken away again, whatever the text", () => {
  for (const [written, text] of [
    ["'=1", "=1"],
    ["''=1", "'=1"],
    ["'tis", "'tis"],
    ["-", "-"],
  ] as const)
    expect(textOfField(written)).toBe(text);
});
