import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryHistory } from "@doppelwerk/storage/memory";
import { LIVE, quality, type SampleBatch, type SignalRecord } from "@doppelwerk/world";
import { parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PlantView } from "@doppelwerk/kit/server";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { createSiteApp } from "@doppelwerk/server/site";
import { samplesOf } from "@doppelwerk/storage/samples-file";
import { exportedSamples } from "./server/export-samples.ts";

const START = 1_790_000_000_000_000;
const pressure: SignalRecord = { id: "signal:p", kind: "signal", name: "Pressure", valueType: "double", unit: "bar" };
const message: SignalRecord = { id: "signal:m", kind: "signal", name: 'Message, "last"', valueType: "string" };

const station = { id: "shell:s10", kind: "shell", aasId: "urn:test:s10", idShort: "S10" };

/** Rows of the first signal (values) and the second (texts): a gap, a formula, a bad value, microseconds. */
function batch(): SampleBatch {
  const rows: readonly (readonly [signal: number, time: number, value: number, quality: number, text?: string])[] = [
    [0, 0, 1.5, quality.good],
    [0, 1_000_001, -2.25, quality.uncertain],
    [0, 2_000_000, Number.NaN, quality.bad],
    [0, 2_000_000, 3, quality.good],
    [1, 500_000, Number.NaN, quality.good, "=HYPERLINK(1)"],
    [1, 1_500_000, Number.NaN, quality.good, 'comma, quote " and\nline 中'],
  ];
  return {
    origin: "measured",
    count: rows.length,
    signals: Uint32Array.from(rows, ([signal]) => signal),
    values: Float64Array.from(rows, ([, , value]) => value),
    texts: new Map(rows.flatMap(([, , , , text], row) => (text === undefined ? [] : [[row, text] as const]))),
    qualities: Uint8Array.from(rows, ([, , , own]) => own),
    sourceTimes: Float64Array.from(rows, ([, time]) => START + time),
    serverTimes: Float64Array.from(rows, ([, time]) => START + time),
  };
}

describe("over HTTP", () => {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-export-"));
  let site: HostedWorld;
  let app: Awaited<ReturnType<typeof createSiteApp>>;
  let base: string;
  beforeAll(async () => {
    site = await openProduct(folder);
    await site.view(SYSTEM).apply({
      branch: LIVE,
      reason: "test",
      changes: [station, { ...pressure, shell: station.aasId }, message].map((record) => ({ op: "create", record })),
    });
    await site.history.append(LIVE, batch(), [pressure.id, message.id]);
    app = await createSiteApp(site);
    base = `${await app.listen({ port: 0, host: "127.0.0.1" })}/api/doppelwerk/v1/export/samples`;
  });
  afterAll(async () => {
    await app.close();
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const ask = (query: string) => fetch(`${base}?from=${START}&to=${START + 3_000_000}&${query}`);

  test("[EX1] [EX2] every sample once as CSV, formulas defused", async () => {
    const answer = await ask("signals=signal:p,signal:m");
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="samples-\d{8}T\d{4}Z-\d{8}T\d{4}Z\.csv"$/);
    const t = (micros: number) =>
      new Date((START + micros) / 1_000).toISOString().slice(0, 20) + String((START + micros) % 1_000_000).padStart(6, "0") + "Z";
    expect(await answer.text()).toBe(
      [
        "time,signal,name,unit,value,text,quality,origin",
        `${t(0)},signal:p,Pressure,bar,1.5,,good,measured`,
        `${t(1_000_001)},signal:p,Pressure,bar,-2.25,,uncertain,measured`,
        `${t(2_000_000)},signal:p,Pressure,bar,,,bad,measured`,
        `${t(2_000_000)},signal:p,Pressure,bar,3,,good,measured`,
        `${t(500_000)},signal:m,"Message, ""last""",,,'=HYPERLINK(1),good,measured`,
        `${t(1_500_000)},signal:m,"Message, ""last""",,,"comma, quote "" and\nline 中",good,measured`,
        "",
      ].join("\r\n"),
    );
  });

  test("[EX5] with a zone CSV has its local time beside UTC and the station of each signal; an unknown zone is refused", async () => {
    const utc = (micros: number) => `${new Date((START + micros) / 1_000).toISOString().slice(0, -1)}000Z`;
    const local = (micros: number) => new Date((START + micros) / 1_000 + 8 * 3_600_000).toISOString().slice(0, 23).replace("T", " ");
    const zone = "zone=Asia%2FShanghai";
    const [head, first] = (await (await ask(`signals=signal:p&${zone}`)).text()).split("\r\n");
    expect(head).toBe("time (UTC),time (Asia/Shanghai),station,signal,name,unit,value,text,quality,origin");
    expect(first).toBe(`${utc(0)},${local(0)},S10,signal:p,Pressure,bar,1.5,,good,measured`);
    const [wideHead, wide] = (await (await ask(`signals=signal:p&layout=wide&step=3&value=last&${zone}`)).text()).split("\r\n");
    expect(wideHead).toBe("time (UTC),time (Asia/Shanghai),S10 Pressure [bar]");
    expect(wide).toBe(`${utc(0)},${local(0)},3`);
    // POSIX counts fixed offsets west of Greenwich
    const fixed = await (await ask("signals=signal:p&zone=Etc%2FGMT-8")).text();
    expect(fixed.split("\r\n")[0]).toMatch(/^time \(UTC\),time \(UTC\+8\),station,/u);
    expect(fixed.split("\r\n")[1]).toContain(`,${local(0)},S10`);
    const behind = await (await ask("signals=signal:p&layout=wide&step=3&zone=Etc%2FGMT%2B8")).text();
    expect(behind).toMatch(/^time \(UTC\),time \(UTC-8\),/u);
    expect((await ask("signals=signal:p&zone=Mars%2FBase")).status).toBe(400);
  });

  test("[EX3] the same as Parquet, read by another library", async () => {
    const file = await (await ask("signals=all&format=parquet")).arrayBuffer();
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(6);
    expect(rows[1]).toEqual({
      time: expect.anything(),
      signal: "signal:p",
      name: "Pressure",
      unit: "bar",
      value: -2.25,
      text: null,
      quality: "uncertain",
      origin: "measured",
    });
    expect(BigInt(new Date(rows[1]!["time"] as string | number).getTime())).toBe(BigInt(Math.floor((START + 1_000_001) / 1_000)));
    expect(rows[5]).toMatchObject({ value: null, text: 'comma, quote " and\nline 中', unit: null });
  });

  test("[EX1] side by side on a grid, time-weighted or last, in both formats", async () => {
    const csv = await (await ask("signals=signal:p&layout=wide&step=0.5&value=last")).text();
    const lines = csv.trimEnd().split("\r\n");
    expect(lines[0]).toBe("time,Pressure [bar]");
    expect(lines.slice(1).map((line) => line.split(",")[1])).toEqual(["1.5", "", "-2.25", "", "3", ""]);
    const mean = await (await ask("signals=signal:p&layout=wide&step=2&format=parquet")).arrayBuffer();
    const [first] = await parquetReadObjects({ file: mean });
    expect(first!["Pressure [bar]"]).toBeCloseTo((1.5 * 1_000_001 - 2.25 * 999_999) / 2_000_000, 9);
  });

  test("[EX1] [EX3] a state stands beside numbers as the word that held at the end of the step, and a signal named twice stands once", async () => {
    const csv = await (await ask("signals=signal:m,signal:p,signal:m&layout=wide&step=1")).text();
    const [header, ...lines] = csv.trimEnd().split("\r\n");
    expect(header).toBe('time,"Message, ""last""",Pressure [bar]');
    expect(lines.map((line) => line.slice(28, 50))).toEqual(["'=HYPERLINK(1),1.5", '"comma, quote "" and\nl', '"comma, quote "" and\nl']);
    const file = await (await ask("signals=signal:m&layout=wide&step=0.5&format=parquet")).arrayBuffer();
    const words = (await parquetReadObjects({ file })).map((row) => row['Message, "last"']);
    const [first, second] = ["=HYPERLINK(1)", 'comma, quote " and\nline 中'];
    expect(words).toEqual([null, first, first, second, second, second]);
    expect((await (await ask("signals=signal:p,signal:p")).text()).trimEnd().split("\r\n")).toHaveLength(5);
  });

  test("[EX4] what cannot be exported is refused before the file begins", async () => {
    for (const [query, status] of [
      ["signals=signal:none", 404],
      ["signals=signal:p&layout=wide", 400],
      ["signals=signal:p&layout=wide&step=0.0000001", 400],
      ["signals=signal:p&format=xls", 400],
      ["signals=", 400],
    ] as const) {
      const answer = await ask(query);
      expect([answer.status, query]).toEqual([status, query]);
      expect(((await answer.json()) as { error: { message: string } }).error.message).toMatch(/\S/);
    }
    expect((await fetch(`${base}?from=5&to=5&signals=all`)).status).toBe(400);
  });
});

test("[EX1] whatever is read at a time, every sample comes once, also many at one instant", async () => {
  const history = createMemoryHistory();
  const times = [0, 1, 1, 1, 1, 2, 3, 3, 4, 5, 5, 5, 6];
  const count = times.length;
  await history.append(
    LIVE,
    {
      origin: "measured",
      count,
      signals: new Uint32Array(count),
      values: Float64Array.from(times, (_, i) => i),
      texts: new Map([[3, "third"]]),
      qualities: new Uint8Array(count),
      sourceTimes: Float64Array.from(times, (time) => START + time),
      serverTimes: Float64Array.from(times, (time) => START + time),
    },
    [pressure.id],
  );
  for (const most of [1, 2, 3, 4, 5, 100]) {
    const values: number[] = [];
    const texts: string[] = [];
    for await (const part of samplesOf(history, [pressure], START, START + 100, () => "measured", most)) {
      for (const [row, text] of part.texts) texts.push(`${part.values[row]} ${text}`);
      values.push(...part.values);
    }
    expect(values, `${most} at a time`).toEqual(times.map((_, i) => i));
    expect(texts).toEqual(["3 third"]);
  }
});

test("[EX6] a place with more samples than one file holds is refused before the file begins; a row a minute goes on", async () => {
  const view = {
    history: { buckets: async () => ({ count: [3_000_000] }) },
    documents: { reader: () => ({}), may: () => ({ allowed: true }) },
  } as unknown as PlantView;
  const request = { signals: "", of: [pressure, message], from: START, to: START + 60_000_000, format: "csv", value: "mean" } as const;
  await expect(exportedSamples(view, { ...request, layout: "long" })).rejects.toMatchObject({
    code: "DW_INVALID",
    message: expect.stringContaining("more than 5,000,000 samples in this range"),
  });
  // two signals of 2,500,000 are all that fits
  const fitting = { ...view, history: { buckets: async () => ({ count: [2_500_000] }) } } as unknown as PlantView;
  for (const [of, layout] of [
    [view, "wide"],
    [fitting, "long"],
  ] as const)
    expect((await exportedSamples(of, { ...request, layout, step: 60 })).type).toContain("text/csv");
});
