import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { validate, type Environment } from "@doppelwerk/aas";
import { createClient, type Client, type ModelRunRequest, type ModelRunResult } from "@doppelwerk/client";
import { importChanges, LIVE, quality, submodelOf, type Principal, type SignalRecord } from "@doppelwerk/world";
import { openProduct, serveAs } from "../../../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { createSiteApp } from "@doppelwerk/server/site";
import { runProgram } from "@doppelwerk/server";
import { addSimulateCommands } from "../command.ts";
import { fixtureModels } from "../../../../packages/engines/src/fmi/fixtures/descriptions.ts";
import { packFmu } from "../../../../packages/engines/src/fmi/fixtures/pack-fmu.ts";
import * as simulate from "../../calls.ts";

const fixtures = fileURLToPath(new URL("../../../../packages/engines/src/fmi/fixtures/fmu", import.meta.url));
const fmu = (name: string) => ({ name: `${name}.fmu`, bytes: new Uint8Array(readFileSync(join(fixtures, `${name}.fmu`))) });
const SHELL = "urn:shell:oscillator";
const level: SignalRecord = { id: "signal:level", kind: "signal", name: "Level", valueType: "double", unit: "m" };
const environment: Environment = {
  assetAdministrationShells: [
    {
      modelType: "AssetAdministrationShell",
      id: SHELL,
      idShort: "Oscillator",
      assetInformation: { assetKind: "Instance", globalAssetId: "urn:asset:oscillator" },
      submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: "urn:sm:technical" }] }],
    },
  ],
  submodels: [
    {
      modelType: "Submodel",
      id: "urn:sm:technical",
      idShort: "TechnicalData",
      submodelElements: [{ modelType: "Property", idShort: "damping", valueType: "xs:double", value: "1.5" }],
    },
  ],
};

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-models-"));
let site: HostedWorld;
let app: Awaited<ReturnType<typeof createSiteApp>>;
let client: Client;
let forkedAt = 0;

beforeAll(async () => {
  site = await openProduct(folder);
  const view = site.view(SYSTEM);
  const { changes } = importChanges(view.reader(LIVE), environment, "test");
  await view.apply({ branch: LIVE, reason: "test", changes: [...changes, { op: "create", record: level }] });
  forkedAt = view.timeOf(view.revision())!;
  // 2 until ten seconds before the fork, then 4, then a bad one
  const rows = [
    [-60, 2, quality.good],
    [-10, 4, quality.good],
    [-5, Number.NaN, quality.bad],
  ] as const;
  const times = Float64Array.from(rows, ([offset]) => forkedAt + offset * 1e6);
  await site.history.append(
    LIVE,
    {
      origin: "measured",
      count: rows.length,
      signals: new Uint32Array(rows.length),
      values: Float64Array.from(rows, ([, value]) => value),
      texts: new Map(),
      qualities: Uint8Array.from(rows, ([, , code]) => code),
      sourceTimes: times,
      serverTimes: times,
    },
    [level.id],
  );
  app = await createSiteApp(site);
  client = createClient({
    baseUrl: await app.listen({ port: 0, host: "127.0.0.1" }),
    person: { id: "p", name: "Ada" },
    fetch: fetch as never,
  });
});
afterAll(async () => {
  await app.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

async function done(branch: string, hash: string, request: ModelRunRequest): Promise<ModelRunResult> {
  const { id } = await simulate.startModelRun(client, { params: { branch, hash }, body: request });
  for (;;) {
    const result = await simulate.readModelRun(client, { params: { id } });
    if (result.run.state !== "running") return result;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("[MO1] a model is announced by its shell in a submodel of the template, found by search, and told with its typed ports", async () => {
  const card = await simulate.announceModel(client, {
    query: { branch: LIVE, shell: SHELL, name: fmu("VanDerPol.3").name },
    body: fmu("VanDerPol.3").bytes,
  });
  expect(card).toMatchObject({
    name: "Van der Pol oscillator",
    shell: SHELL,
    version: "1.0",
    fileType: "FMI 3.0, Co-Simulation",
    latest: true,
  });
  const reader = site.view(SYSTEM).reader(LIVE);
  const [record] = reader.query({ kind: "submodel", index: { name: "idShort", value: "SimulationModels" } });
  expect(validate({ submodels: [submodelOf(reader, record!.id)!] })).toEqual([]);
  expect((await simulate.listModels(client, { query: { branch: LIVE, search: "pol oscill" } })).map(({ hash }) => hash)).toEqual([
    card.hash,
  ]);
  expect(await simulate.listModels(client, { query: { branch: LIVE, search: "pump" } })).toEqual([]);
  const detail = await simulate.readModel(client, { params: { hash: card.hash }, query: { branch: LIVE } });
  expect(detail.runs).toEqual({ kind: "wasm", platform: "wasm32-wasip1" });
  expect(detail.ports.map(({ name, causality, type }) => `${causality} ${name} ${type}`)).toEqual([
    "output x0 Float64",
    "output x1 Float64",
    "parameter mu Float64",
  ]);
  await expect(
    simulate.announceModel(client, {
      query: { branch: LIVE, shell: SHELL, name: fmu("VanDerPol.3").name },
      body: fmu("VanDerPol.3").bytes,
    }),
  ).rejects.toThrow("already");
  const second = await simulate.announceModel(client, {
    query: { branch: LIVE, shell: SHELL, version: "1.1", name: fmu("VanDerPol.2").name },
    body: fmu("VanDerPol.2").bytes,
  });
  expect(
    (await simulate.listModels(client, { query: { branch: LIVE } })).map(({ hash, version, latest }) => [hash, version, latest]),
  ).toEqual([
    [second.hash, "1.1", true],
    [card.hash, "1.0", false],
  ]);
});

test("[MO2] what is no model, no shell, or of who may not edit changes nothing", async () => {
  const before = site.view(SYSTEM).revision();
  await expect(
    simulate.announceModel(client, { query: { branch: LIVE, shell: SHELL, name: "x.fmu" }, body: new Uint8Array([80, 75]) }),
  ).rejects.toThrow("not a model");
  await expect(
    simulate.announceModel(client, { query: { branch: LIVE, shell: "urn:none", name: fmu("Stair.2").name }, body: fmu("Stair.2").bytes }),
  ).rejects.toThrow("no shell");
  const viewer: Principal = { id: "v", name: "Viewer", verified: false, roles: ["viewer"] };
  const asViewer = await serveAs(site, viewer);
  const query = new URLSearchParams({ shell: SHELL, name: "s.fmu" });
  const answered = await fetch(`${asViewer.origin}/api/doppelwerk/v1/models?${query}`, {
    method: "POST",
    headers: { "content-type": "application/octet-stream" },
    body: fmu("Stair.2").bytes,
  });
  expect(answered.status).toBe(403);
  await asViewer.close();
  expect(site.view(SYSTEM).revision()).toBe(before);
});

test("[MO3] a run on a branch takes parameters from the branch's documents and inputs from its signals, held from the fork on", async () => {
  const branch = await client.fork("models");
  const [oscillator] = await simulate.listModels(client, { query: { branch: branch.id } });
  const bound = { variable: "mu", property: { submodel: "urn:sm:technical", path: "damping" } };
  const plain = await done(branch.id, oscillator!.hash, { durationS: 1, bindings: [{ variable: "mu", value: 1.5 }] });
  const run = await done(branch.id, oscillator!.hash, { durationS: 1, bindings: [bound] });
  expect(run).toMatchObject({ origin: "simulated", run: { state: "done", from: branch.instant, model: { version: "1.1" } } });
  expect(run.run.traceHash).toBe(plain.run.traceHash);
  expect(run.series.map(({ name, values }) => [name, values.length])).toEqual([
    ["x0", 101],
    ["x1", 101],
  ]);
  const through = await simulate.announceModel(client, {
    query: { branch: branch.id, shell: SHELL, name: fmu("Feedthrough.3").name },
    body: fmu("Feedthrough.3").bytes,
  });
  expect((await simulate.listModels(client, { query: { branch: LIVE } })).length).toBe(2);
  const signal = { variable: "Float64_continuous_input", signal: level.id, factor: 10, offset: 1 };
  const outputs = ["Float64_continuous_output"];
  const past = await done(branch.id, through.hash, { from: forkedAt - 12e6, durationS: 4, stepS: 1, bindings: [signal], outputs });
  expect(past.series[0]!.values).toEqual([21, 21, 41, 41, 41]);
  const ahead = await done(branch.id, through.hash, { durationS: 2, stepS: 1, bindings: [signal], outputs });
  expect(ahead.series[0]!.values).toEqual([41, 41, 41]);
  expect(await simulate.listModelRuns(client, { params: { branch: branch.id } })).toHaveLength(4);
  expect(await simulate.listModelRuns(client, { params: { branch: LIVE } })).toEqual([]);
});

test("[MO4] a run goes on from the state of another to the trace of the straight one", async () => {
  const [, oscillator] = await simulate.listModels(client, { query: { branch: LIVE } });
  const straight = await done(LIVE, oscillator!.hash, { durationS: 2 });
  const half = await done(LIVE, oscillator!.hash, { durationS: 1, keepState: true });
  const rest = await done(LIVE, oscillator!.hash, { durationS: 2, continueFrom: half.run.id });
  expect(rest.run.traceHash).toBe(straight.run.traceHash);
  await expect(
    simulate.startModelRun(client, {
      params: { branch: LIVE, hash: oscillator!.hash },
      body: { durationS: 2, continueFrom: straight.run.id },
    }),
  ).rejects.toThrow("stored no state");
});

test("[MO5] what cannot be run is refused in one line before anything runs; a model that breaks down is a failed run with its reason", async () => {
  const [, oscillator] = await simulate.listModels(client, { query: { branch: LIVE } });
  const refused = (request: ModelRunRequest) =>
    simulate.startModelRun(client, { params: { branch: LIVE, hash: oscillator!.hash }, body: request });
  await expect(refused({ bindings: [{ variable: "none", value: 1 }] })).rejects.toThrow('no variable "none"');
  await expect(refused({ bindings: [{ variable: "mu", signal: level.id }] })).rejects.toThrow("only inputs follow a signal");
  await expect(refused({ bindings: [{ variable: "mu" }] })).rejects.toThrow("exactly one of");
  await expect(refused({ durationS: 1e8 })).rejects.toThrow(/values would be/);
  const folders = ["linux64", "darwin64", "win64"].flatMap((older) => [older, `aarch64-${older.slice(0, -2)}`]);
  const binaries = Object.fromEntries(
    folders.flatMap((at) => ["so", "dylib", "dll"].map((suffix) => [`binaries/${at}/Dahlquist.${suffix}`, new Uint8Array(4)] as const)),
  );
  const dahlquist = fixtureModels.find(({ identifier }) => identifier === "Dahlquist")!;
  const bytes = packFmu(dahlquist, 2, binaries) as Uint8Array<ArrayBuffer>;
  const native = await simulate.announceModel(client, { query: { branch: LIVE, shell: SHELL, name: "native.fmu" }, body: bytes });
  await expect(simulate.startModelRun(client, { params: { branch: LIVE, hash: native.hash }, body: {} })).rejects.toThrow(
    "started without --native-models",
  );
  const runs = await simulate.listModelRuns(client, { params: { branch: LIVE } });
  const hostile = await simulate.announceModel(client, {
    query: { branch: LIVE, shell: SHELL, name: fmu("Hostile.3").name },
    body: fmu("Hostile.3").bytes,
  });
  const broken = await done(LIVE, hostile.hash, { bindings: [{ variable: "deed", value: 1 }] });
  expect(broken.run).toMatchObject({ state: "failed", message: expect.stringContaining("failed in fmi3DoStep") });
  const hanging = await simulate.startModelRun(client, {
    params: { branch: LIVE, hash: hostile.hash },
    body: { bindings: [{ variable: "deed", value: 2 }] },
  });
  await simulate.cancelModelRun(client, { params: { id: hanging.id } });
  await expect.poll(async () => (await simulate.readModelRun(client, { params: { id: hanging.id } })).run.state).toBe("cancelled");
  expect(await simulate.listModelRuns(client, { params: { branch: LIVE } })).toHaveLength(runs.length + 2);
});

test("[MO7] a run is a job: one that the end of the server interrupts is carried out again; runs of an earlier store are listed with their results", async () => {
  const folderOfEarlier = join(folder, "model-runs");
  const [card] = await simulate.listModels(client, { query: { branch: LIVE, search: "hostile" } });
  const { id } = await simulate.startModelRun(client, {
    params: { branch: LIVE, hash: card!.hash },
    body: { bindings: [{ variable: "deed", value: 2 }] },
  });
  expect(await client.jobs({ kind: "simulate.model", state: "running" })).toMatchObject([{ id, title: { code: "simulate.jobModel" } }]);
  await app.close();
  await site.close();
  const earlier = { branch: LIVE, model: card!, startedAt: 1, from: 1, stepS: 1, durationS: 1 };
  const result = { origin: "simulated", request: {}, offsetsS: [0], series: [], texts: {}, eventsS: [], steps: 7, inputs: [], log: [] };
  mkdirSync(folderOfEarlier, { recursive: true });
  for (const state of ["done", "running"]) {
    const run = { ...earlier, id: `modelrun:old-${state}`, state, model: { hash: card!.hash, name: card!.name, version: "1" } };
    writeFileSync(join(folderOfEarlier, `modelrun_old-${state}.json`), JSON.stringify(run));
    writeFileSync(join(folderOfEarlier, `modelrun_old-${state}.result.gz`), gzipSync(JSON.stringify({ run, ...result })));
  }
  site = await openProduct(folder);
  app = await createSiteApp(site);
  client = createClient({
    baseUrl: await app.listen({ port: 0, host: "127.0.0.1" }),
    person: { id: "p", name: "Ada" },
    fetch: fetch as never,
  });
  expect((await simulate.readModelRun(client, { params: { id } })).run.state).toBe("running");
  expect(await client.jobs({ kind: "simulate.model", state: "running" })).toMatchObject([{ id, resumed: 1 }]);
  await client.cancelJob(id);
  await expect.poll(async () => (await simulate.readModelRun(client, { params: { id } })).run.state).toBe("cancelled");
  expect(await simulate.readModelRun(client, { params: { id: "modelrun:old-done" } })).toMatchObject({ run: { state: "done" }, steps: 7 });
  const lost = (await simulate.readModelRun(client, { params: { id: "modelrun:old-running" } })).run;
  expect(lost).toMatchObject({ state: "failed", message: expect.stringContaining("the server stopped") });
});

test("[MO6] a file is run without a server: CSV or one JSON line, inputs from a CSV, exit 1 with one line where it cannot", async () => {
  const written: string[] = [];
  const [out, err] = [process.stdout.write, process.stderr.write];
  process.stdout.write = process.stderr.write = ((text: string) => written.push(text) > 0) as never;
  let codes: readonly number[];
  try {
    const file = join(fixtures, "Dahlquist.2.fmu");
    codes = [
      await runProgram(["simulate", file, "--duration", "0.2", "--json"], { commands: [addSimulateCommands] }),
      await runProgram(["simulate", file, "--duration", "0.1", "--set", "k=5"], { commands: [addSimulateCommands] }),
      await runProgram(["simulate", file, "--set", "none=1"], { commands: [addSimulateCommands] }),
    ];
  } finally {
    [process.stdout.write, process.stderr.write] = [out, err];
  }
  expect(codes).toEqual([0, 0, 1]);
  expect(JSON.parse(written[0]!)).toMatchObject({
    format: "doppelwerk-fmu-result/1",
    columns: ["time", "x"],
    rows: [
      [0, 1],
      [0.1, 0.9],
      [0.2, 0.81],
    ],
  });
  expect(written[1]).toBe("time,x\n0,1\n0.1,0.5\n");
  expect(written[2]).toContain("none=1");
});
