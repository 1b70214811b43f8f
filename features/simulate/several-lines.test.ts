import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { RunResult, RunSummary } from "@doppelwerk/client";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { runResults, type KnownLines } from "@doppelwerk/ports";
import type { Environment } from "@doppelwerk/aas";
import { importChanges, LIVE, recordOfAasId, type ElementRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProduct, serveAs } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-several-lines-"));
const WAIT = { timeout: 120_000 };
const foreign = JSON.parse(
  readFileSync(new URL("../../packs/discrete-line/fixtures/three-lines.aas.json", import.meta.url), "utf8"),
) as Environment;
const buffer = (id: string) => `https://motors.example/aas/${id}`;
const LINES = ["Frames", "Motors", "Assembly"];
const study = { kind: "study", seed: 1, replications: 4, shifts: 1 };

let site: HostedWorld;
let app: Awaited<ReturnType<typeof createSiteApp>>;
let branch: string;
beforeAll(async () => {
  site = await openProduct(join(folder, "data"));
  const view = site.view(SYSTEM);
  await view.apply({ branch: LIVE, reason: "a plant", changes: importChanges(view.reader(LIVE), foreign, "file").changes });
  branch = (await view.fork({ name: "store", parent: LIVE, instant: site.now(), reason: "fork" })).id;
  app = await createSiteApp(site);
}, 120_000);
afterAll(async () => {
  await app.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask<Answer>(
  method: "GET" | "POST",
  path: string,
  payload?: object,
): Promise<{ readonly status: number; readonly answer: Answer }> {
  const response = await app.inject({
    method,
    url: `/api/doppelwerk/v1${path}`,
    headers: { host: "127.0.0.1" },
    ...(payload && { payload }),
  });
  return { status: response.statusCode, answer: response.json() as Answer };
}

async function resultOf(on: string, body: object): Promise<RunResult> {
  const { status, answer } = await ask<RunSummary>("POST", `/branches/${on}/runs`, body);
  expect(status, JSON.stringify(answer)).toBe(202);
  await expect.poll(async () => (await ask<RunResult>("GET", `/runs/${answer.id}`)).answer.run.state, WAIT).toBe("done");
  return (await ask<RunResult>("GET", `/runs/${answer.id}`)).answer;
}

const good = (result: Pick<RunResult, "kpis">) => result.kpis.find(({ key }) => key === "good" || key === "throughput")!.live.mean;

test("[LN20] GET /lines names the buffers that lines share", async () => {
  await expect.poll(async () => (await ask<KnownLines>("GET", "/lines")).answer.lines.length, WAIT).toBe(3);
  const { lines } = (await ask<KnownLines>("GET", "/lines")).answer;
  const ends = lines.flatMap(({ id, ends: own }) =>
    (own ?? []).map(({ side, station, buffer: { shell, capacity } }) => [id, side, station, shell, capacity]),
  );
  expect(ends.toSorted()).toEqual([
    ["Assembly", "inlet", "A1", buffer("PaintedFrames"), 12],
    ["Assembly", "inlet", "A2", buffer("MotorStore"), 8],
    ["Frames", "outlet", "F3", buffer("PaintedFrames"), 12],
    ["Motors", "outlet", "M2", buffer("MotorStore"), 8],
  ]);
});

let together: RunResult;
test("[SI6] three lines run at once: each has its KPIs, the total counts what leaves the plant and has no OEE, buffers their content", async () => {
  together = await resultOf(LIVE, { ...study, lines: LINES });
  expect(together.run.lines).toEqual(LINES);
  expect(together.run.line).toBeUndefined();
  expect(together.kpis.map(({ key }) => key)).toEqual(["good", "wip", "rework"]);
  expect(together.lines!.map(({ line, kpis }) => [line, kpis.some(({ key }) => key === "oee")])).toEqual([
    ["Frames", true],
    ["Motors", true],
    ["Assembly", true],
  ]);
  expect(together.fan).toEqual(together.lines![2]!.fan);
  expect(together.buffers!.map(({ buffer: shell, capacity }) => [shell, capacity])).toEqual([
    [buffer("PaintedFrames"), 12],
    [buffer("MotorStore"), 8],
  ]);
  for (const { capacity, live } of together.buffers!) expect(live.max).toBeLessThanOrEqual(capacity!);
  expect(together.checks).toMatchObject({ conservation: true, littlesLaw: true });
  expect(together.lines![0]!.stations).toEqual(["F1", "F2", "F3"]);
});

test("[SI6] one line alone is never blocked nor starved by another, and a list of one line is that line", async () => {
  const alone = await resultOf(LIVE, { ...study, line: "Assembly" });
  const listed = await resultOf(LIVE, { ...study, lines: ["Assembly"] });
  expect(listed.run).toMatchObject({ line: "Assembly", resultHash: alone.run.resultHash });
  expect(listed.lines).toBeUndefined();
  expect(good(alone)).toBeGreaterThan(good(together.lines![2]!));
});

test("[SI7] run again, several lines come to the same hash; a smaller buffer on a branch changes what the plant makes", async () => {
  const again = (await ask<RunSummary>("POST", `/runs/${together.run.id}/rerun`)).answer;
  await expect.poll(async () => (await ask<RunResult>("GET", `/runs/${again.id}`)).answer.run.state, WAIT).toBe("done");
  expect((await ask<RunResult>("GET", `/runs/${again.id}`)).answer.run).toMatchObject({ sameHash: true, lines: LINES });
  const same = await resultOf(branch, { ...study, lines: LINES });
  expect(same.kpis.map(({ verdict }) => verdict)).toEqual(["no evidence", "no evidence", "no evidence"]);
  const view = site.view(SYSTEM);
  const { answer: factors } = await ask<readonly { key: string; element: string }[]>("GET", `/branches/${branch}/factors?line=Assembly`);
  const { element } = factors.find(({ key }) => key === "Assembly/MotorStore/Capacity")!;
  const before = view.reader(branch).get(element) as ElementRecord;
  await view.apply({
    branch,
    reason: "a smaller store",
    changes: [{ op: "update", id: before.id, fields: { value: { from: before.value, to: "0" } } }] as never,
  });
  const smaller = await resultOf(branch, { ...study, replications: 8, lines: LINES });
  expect(smaller.buffers![1]).toMatchObject({ capacity: 0, branch: { max: 0 } });
  const [total] = smaller.kpis;
  expect(total!.difference.mean).toBeLessThan(0);
  expect(smaller.lines!.map(({ line }) => line)).toEqual(LINES);
});

test("[SI7] a replication of several lines is followed again for the states of each line, to the trace hash that the run kept", async () => {
  const runs = site.features.port(runResults);
  const forecast = await resultOf(branch, { ...study, kind: "forecast", lines: LINES });
  for (const [line, stations] of [
    [undefined, ["F1", "F2", "F3"]],
    ["Motors", ["M1", "M2"]],
    ["Assembly", ["A1", "A2", "A3", "A4"]],
  ] as const) {
    const course = await runs.course(branch, { run: forecast.run.id, replication: 1, line }, { aborted: false });
    expect(course).toMatchObject({ line: line ?? "Frames", isWhole: true, traceHash: forecast.replications[1]!.traceHash });
    expect([...new Set(course!.states.map(({ station }) => station))].toSorted()).toEqual(stations);
  }
  expect(await runs.course(branch, { run: forecast.run.id, line: "Line9" }, { aborted: false })).toBeUndefined();
});

test("[SI7] the Rail and alarms ahead show a line of the newest run that it was in", async () => {
  const runs = site.features.port(runResults);
  const { run, lines } = await resultOf(branch, { ...study, kind: "forecast", lines: ["Frames", "Assembly"] });
  const alone = await resultOf(branch, { ...study, kind: "forecast", line: "Motors" });
  const assembly = (await runs.newestOfLine(branch, "Assembly"))!;
  expect(assembly).toMatchObject({ run: { id: run.id, line: "Assembly" }, kpis: lines![1]!.kpis, fan: lines![1]!.fan });
  expect(assembly.lines).toBeUndefined();
  expect([...new Set(assembly.timeShares.map(({ station }) => station))]).toEqual(lines![1]!.stations);
  expect((await runs.newestOfLine(branch, "Motors"))!.run.id).toBe(alone.run.id);
  const [from, to] = [site.now() - 3.6e9, site.now() + 8.64e10];
  const { answer } = await ask<{ lanes: readonly { branch: { id: string }; fan: readonly object[] }[] }>(
    "GET",
    `/rail?from=${from}&to=${to}&points=10&line=Assembly`,
  );
  expect(answer.lanes.find((lane) => lane.branch.id === branch)!.fan).toEqual(lines![1]!.fan.branch.filter(({ at }) => at <= to));
  const { status, answer: ahead } = await ask<{ run: string }>("GET", `/alarms-ahead?branch=${branch}&line=Assembly`);
  expect([status, ahead.run]).toEqual([200, run.id]);
}, 120_000);

test("[LN22] a forecast says what it takes each shared buffer to hold: empty where nothing behind it has a part", async () => {
  const { initialState } = await resultOf(branch, { ...study, kind: "forecast", lines: LINES });
  const shared = initialState.filter(({ item }) => item.endsWith(" shared"));
  expect(shared.map(({ item, value, basis, reason }) => [item, value, basis, reason?.code])).toEqual([
    ["Painted\u00a0frames shared", "0", "inferred", "line.initial.sharedEmpty"],
    ["Motor\u00a0store shared", "0", "inferred", "line.initial.sharedEmpty"],
  ]);
});

test("[LN21] lines that feed each other in a circle are refused with the buffer; without the one that closes it they run", async () => {
  const view = site.view(SYSTEM);
  const circle = (await view.fork({ name: "circle", parent: LIVE, instant: site.now(), reason: "fork" })).id;
  const submodels = foreign.submodels!.map((submodel) => {
    if (!submodel.id.endsWith("Assembly/ProductionLine")) return submodel;
    const inlets = submodel.submodelElements!.find(({ idShort }) => idShort === "Inlets")!;
    const outlets = JSON.parse(JSON.stringify(inlets).replace('"Inlets"', '"Outlets"').replace('"A1"', '"A4"')) as typeof inlets;
    return {
      ...submodel,
      submodelElements: [
        ...submodel.submodelElements!,
        { ...outlets, value: (outlets as unknown as { value: object[] }).value.slice(0, 1) },
      ],
    };
  });
  const { changes } = importChanges(view.reader(circle), { ...foreign, submodels } as Environment, "file");
  await view.apply({ branch: circle, reason: "back into the buffer", changes });
  const refused = await ask("POST", `/branches/${circle}/runs`, { ...study, lines: LINES });
  expect(refused.status).toBe(400);
  expect(JSON.stringify(refused.answer)).toMatch(/line\.together\.circle.*Painted frames/);
  expect((await resultOf(circle, { ...study, lines: ["Frames", "Motors"] })).warningMessages).toMatchObject([
    { code: "line.together.apart" },
  ]);
});

test("[LN21] lines that share a station do not run together, and one that is not there is refused; the others do", async () => {
  expect((await ask("POST", `/branches/${LIVE}/runs`, { ...study, lines: ["Frames", "Nothing"] })).status).toBe(404);
  const view = site.view(SYSTEM);
  const shared = (await view.fork({ name: "shared", parent: LIVE, instant: site.now(), reason: "fork" })).id;
  const text = JSON.stringify(foreign).replaceAll('"M2"', '"F3"').replaceAll(buffer("M2"), buffer("F3"));
  await view.apply({
    branch: shared,
    reason: "two lines with one painting station",
    changes: importChanges(view.reader(shared), JSON.parse(text) as Environment, "file").changes,
  });
  expect(recordOfAasId(view.reader(shared), "shell", buffer("Motors"))).toBeDefined();
  const refused = await ask<{ code: string; reason: { code: string } }>("POST", `/branches/${shared}/runs`, { ...study, lines: LINES });
  expect([refused.status, JSON.stringify(refused.answer)]).toEqual([400, expect.stringContaining("line.together.sharedStation")]);
  expect(JSON.stringify(refused.answer)).toMatch(/Frames.*Motors|Motors.*Frames/);
  const rest = await resultOf(shared, { ...study, lines: ["Frames", "Assembly"] });
  expect(rest.lines).toHaveLength(2);
});

test("[SI6] doppelwerk run --line A --line B runs lines at once and prints each; compare prints them again", async () => {
  const main = fileURLToPath(new URL("../../apps/doppelwerk/src/main.ts", import.meta.url));
  const { origin, close } = await serveAs(site, { id: "e", name: "Engineer", verified: false, roles: ["engineer"] });
  const command = async (...words: readonly string[]) =>
    (await promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...words, "--server", origin])).stdout;
  try {
    const words = ["run", branch, "--kind", "forecast", "--replications", "3"];
    const json = JSON.parse(await command(...words, "--line", "Frames", "--line", "Assembly", "--json")) as RunResult;
    expect(json.run.lines).toEqual(["Frames", "Assembly"]);
    expect((JSON.parse(await command(...words, "--line", "Motors", "--json")) as RunResult).run).toMatchObject({ line: "Motors" });
    const printed = await command(...words, "--line", "Frames", "--line", "Assembly");
    expect(printed.split("\n").filter((row) => !/ → /.test(row) && row !== "")).toEqual(["all lines together", "Frames", "Assembly"]);
    expect(printed).toMatch(/Painted frames {2}mean .* of 12/);
    expect(await command("compare", branch)).toContain(printed.trim());
  } finally {
    await close();
  }
}, 120_000);
