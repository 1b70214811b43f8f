import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { lineFlow } from "@doppelwerk/ports";
import { stateSignalId } from "@doppelwerk/operations";
import { importChanges, LIVE, MINUTE, SECOND, type Instant } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant, smallPlantSignals } from "../../packs/discrete-line/src/small-plant.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-lines-"));
const host = "127.0.0.1:8420";
const WAIT = { timeout: 60_000 };
let site: HostedWorld;
let app: Awaited<ReturnType<typeof createSiteApp>>;

async function open(): Promise<void> {
  site = await openProduct(folder);
  // one that took too long on a busy machine is tried again
  await vi.waitUntil(() => site.features.states().every(({ state }) => state.state === "open"), WAIT);
  app = await createSiteApp(site);
}
async function close(): Promise<void> {
  await app.close();
  await site.close();
}
beforeAll(open, 120_000);
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (path: string) => app.inject({ url: `/api/doppelwerk/v1${path}`, headers: { host } });
const answer = async (path: string) => (await ask(path)).json();

/** The small plant once more, its shells others and its stations of the same names. */
function twin<Value>(value: Value): Value {
  return JSON.parse(
    JSON.stringify(value).replaceAll("urn:test:", "urn:test:two:").replaceAll("signal:", "signal:two.").replaceAll('"Line1"', '"Line2"'),
  ) as Value;
}
const CONNECTION = { id: "connection:bench", kind: "connection", name: "bench", protocol: "entered", url: "entered:bench", enabled: true };
const ROLES: readonly string[] = ["ItemState", "Total", "Good", "Reject"];
const signalsOf = (of: "one" | "two") => {
  const all = smallPlantSignals().filter(({ id, role }) => id.startsWith("signal:S90.") && ROLES.includes(role ?? ""));
  return (of === "one" ? all : twin(all)).map((signal) => ({
    op: "create" as const,
    record: { ...signal, connection: CONNECTION.id, address: `${of}.${signal.role}` },
  }));
};
const bring = (address: string, value: number | string, time: Instant = site.now()) =>
  plantsOf(site).bring(CONNECTION.id, [{ address, value, time }]);

interface Shown {
  readonly stations: readonly { readonly id: string; readonly state: string }[];
  readonly alarms: readonly { readonly station: string }[];
}
const stateOf = async (station: string, query = "") =>
  ((await answer(`/snapshot${query}`)) as Shown).stations.find(({ id }) => id === station)?.state;

test("[LN4] [LN6] [LN52] [LN53] a line that is added to a running plant has its own states, and those of the first go on as they were", async () => {
  expect(await answer("/lines")).toEqual({ lines: [], findings: [] });
  const view = site.view(SYSTEM);
  await view.apply({
    branch: LIVE,
    reason: "a line",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "file").changes,
      { op: "create", record: { ...CONNECTION, settings: {} } },
      ...signalsOf("one"),
    ],
  });
  await expect.poll(async () => (await plantsOf(site).list()).find(({ id }) => id === CONNECTION.id)?.state, WAIT).toBe("connected");
  await bring("one.ItemState", 3);
  await expect.poll(() => stateOf("S90"), WAIT).toBe("working");
  const since = ((await answer("/snapshot")) as { stations: { id: string; since: number }[] }).stations.find(
    ({ id }) => id === "S90",
  )!.since;
  // values keep coming while the second line is added
  const flowing = setInterval(() => void bring("one.Total", Math.floor(site.now() / SECOND)), 500);
  try {
    await view.apply({
      branch: LIVE,
      reason: "a second line",
      changes: [...importChanges(view.reader(LIVE), twin(smallPlant()), "second file").changes, ...signalsOf("two")],
    });
    await expect.poll(async () => (await answer("/lines")).lines.length, WAIT).toBe(2);
    await expect.poll(async () => (await ask("/snapshot?line=Line2")).statusCode, WAIT).toBe(200);
    // the connection takes the new signals a moment later
    await expect
      .poll(async () => {
        await bring("two.ItemState", 1);
        return stateOf("Line2.S90", "?line=Line2");
      }, WAIT)
      .toBe("failed");
  } finally {
    clearInterval(flowing);
  }
  expect(await stateOf("S90")).toBe("working");
  expect(await stateOf("S90", "?line=Line1")).toBe("working");
  const after = (await answer("/snapshot")) as { stations: { id: string; since: number }[] };
  expect(after.stations.find(({ id }) => id === "S90")!.since).toBe(since);
  const { lines } = await answer("/lines");
  expect(
    lines.map(({ id, shell, stations }: { id: string; shell: string; stations: { id: string }[] }) => [id, shell, stations.length]),
  ).toEqual([
    ["Line1", "urn:test:shell:Line1", 6],
    ["Line2", "urn:test:two:shell:Line1", 6],
  ]);
  // each as it is described alone, one that is not there left out
  const each = await Promise.all(["Line1", "Line2"].map((id) => answer(`/line?line=${id}`)));
  expect(await answer("/lines/info?lines=Line1,None,Line2,Line1")).toEqual({ lines: each });
  const world = await answer("/world");
  expect(world.lines.map(({ id, path }: { id: string; path: object[] }) => [id, path.length])).toEqual([
    ["Line1", 1],
    ["Line2", 1],
  ]);
  // nothing holds both: the title is that of the world, which is called after its only connection, not that of the first line
  expect([world.path, world.title.en]).toEqual([[], "bench"]);
  expect(lines[1].stations.map(({ id }: { id: string }) => id)).toEqual(
    ["T10", "S10", "S30", "S90", "R1", "S120"].map((id) => `Line2.${id}`),
  );
  const { durations } = { durations: await site.features.port(lineFlow).stateDurations(stateSignalId("Line2.S90"), 0, site.now(), 10) };
  expect(durations).toBeDefined();
});

test("[LN6] without a line the first is answered, as if it were the only one; one that is not there is not found", async () => {
  expect((await answer("/line")).id).toBe("Line1");
  expect((await answer("/line?line=Line2")).stations.map(({ id }: { id: string }) => id)).toContain("Line2.S90");
  for (const path of [
    "/line?line=No",
    "/snapshot?line=No",
    "/shifts?line=No",
    `/kpis?from=0&to=1&line=No`,
    "/branches/live/factors?line=No",
    "/backtest?line=No",
  ])
    expect([path, (await ask(path)).statusCode]).toEqual([path, 404]);
});

test("[LN6] alarms, shifts and key figures are of each line alone", async () => {
  const alarms = async (query: string) => ((await answer(`/snapshot${query}`)) as Shown).alarms.map(({ station }) => station);
  const rules = (await answer("/alarm-rules")) as { id: string; fields: { station?: string } }[];
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  expect(rules.some(({ fields }) => fields.station === "S90")).toBe(true);
  expect(rules.some(({ fields }) => fields.station === "Line2.S90")).toBe(true);
  expect((await alarms("?line=Line1")).some((station) => station.startsWith("Line2."))).toBe(false);
  const now = site.now();
  const [one, two] = await Promise.all(
    ["Line1", "Line2"].map((line) => answer(`/kpis?from=${now - 24 * 60 * MINUTE}&to=${now}&line=${line}`)),
  );
  expect([one.constraint, two.constraint]).toEqual(["S90", "Line2.S90"]);
  expect((await answer("/shift-calendars")).map(({ line }: { line: string }) => line)).toEqual(["Line1", "Line2"]);
  expect((await answer("/kpi-targets")).length).toBe(2);
  expect((await answer("/states")).map(({ station }: { station: string }) => station)).toEqual(
    expect.arrayContaining(["S90", "Line2.S90"]),
  );
});

test("[LN7] a branch is run and compared for one of its lines; the other is not touched", async () => {
  const factor = (await answer("/branches/live/factors?line=Line2")).find(
    ({ key }: { key: string }) => key === "Line2.S120/BufferCapacity",
  );
  const view = site.view(SYSTEM);
  const { id } = await view.fork({ name: "two", parent: LIVE, instant: site.now(), reason: "fork" });
  await view.apply({
    branch: id,
    reason: "a larger buffer",
    changes: [{ op: "update", id: factor.element, fields: { value: { from: String(factor.live), to: "9" } } }],
  });
  const valueOf = async (line: string, key: string) =>
    (await answer(`/branches/${id}/factors?line=${line}`)).find((one: { key: string }) => one.key === key).value;
  expect([await valueOf("Line2", "Line2.S120/BufferCapacity"), await valueOf("Line1", "S120/BufferCapacity")]).toEqual([9, 6]);
  const run = async (line: string) => {
    const started = await app.inject({
      method: "POST",
      url: `/api/doppelwerk/v1/branches/${id}/runs`,
      headers: { host },
      payload: { kind: "study", seed: 1, replications: 3, shifts: 1, line },
    });
    expect(started.statusCode).toBe(202);
    const { id: of } = started.json();
    await expect.poll(async () => (await answer(`/runs/${of}`)).run.state, WAIT).toBe("done");
    return answer(`/runs/${of}`);
  };
  const [one, two] = [await run("Line1"), await run("Line2")];
  expect([one.run.line, two.run.line]).toEqual(["Line1", "Line2"]);
  const model = await answer(`/runs/${two.run.id}/model`);
  expect(model.branch.edited.stations.find((station: { id: string }) => station.id === "Line2.S120").buffer.capacity).toBe(9);
  expect((await answer(`/runs/${one.run.id}/model`)).branch.edited.stations.map((station: { id: string }) => station.id)).toContain("S120");
});

test("[LN4] after a restart the lines are called the same and go on", async () => {
  const before = await answer("/lines");
  await close();
  await open();
  await expect.poll(async () => (await answer("/lines")).lines.length, WAIT).toBe(2);
  expect(await answer("/lines")).toEqual(before);
  await expect.poll(() => stateOf("S90", "?line=Line1"), WAIT).toBe("working");
  await expect.poll(() => stateOf("Line2.S90", "?line=Line2"), WAIT).toBe("failed");
});

test("[LN5] what should be a line and cannot be read, and what lines share, is said where lines are listed", async () => {
  const view = site.view(SYSTEM);
  const [submodel] = view
    .reader(LIVE)
    .query({ kind: "submodel", index: { name: "aasId", value: "urn:test:two:submodel:Line1:ProductionLine" } });
  const [shell] = view.reader(LIVE).query({ kind: "shell", index: { name: "aasId", value: "urn:test:two:shell:Line1" } });
  const branch = (await view.fork({ name: "broken", parent: LIVE, instant: site.now(), reason: "fork" })).id;
  await view.apply({
    branch,
    reason: "the shell of the line loses it",
    changes: [{ op: "update", id: shell!.id, fields: { submodels: { from: shell!["submodels"] as never, to: [] } } }],
  });
  const { lines, findings } = await answer(`/lines?branch=${branch}`);
  expect(lines.map(({ id }: { id: string }) => id)).toEqual(["Line1"]);
  expect(findings).toMatchObject([
    { code: "line.finding.ofShells", params: { text: { en: expect.stringContaining(String(submodel!["aasId"])) } } },
  ]);
  const read = (await answer("/lines")).lines[0].findings;
  expect(read.length).toBeGreaterThan(0);
});

test("[LN5] a line that refers to a station of another one is read, and says which line raises its alarms; the other stays as it is", async () => {
  const view = site.view(SYSTEM);
  const branch = (await view.fork({ name: "shared", parent: LIVE, instant: site.now(), reason: "fork" })).id;
  const before = await answer(`/lines?branch=${branch}`);
  // the second line refers to the leak test of the first, and has none of its own
  const taken = JSON.parse(JSON.stringify(twin(smallPlant())).replaceAll("urn:test:two:shell:S90", "urn:test:shell:S90"));
  const shells = (taken.assetAdministrationShells as readonly { readonly id: string }[]).filter(({ id }) => id !== "urn:test:shell:S90");
  const { changes } = importChanges(view.reader(branch), { ...taken, assetAdministrationShells: shells }, "second file");
  await view.apply({ branch, reason: "share the leak test", changes });
  const { lines } = await answer(`/lines?branch=${branch}`);
  expect(lines.map(({ id }: { readonly id: string }) => id)).toEqual(["Line1", "Line2"]);
  expect(lines[0]).toEqual(before.lines[0]);
  expect(lines[1].findings).toContainEqual({ code: "line.finding.sharedStation", params: { station: "Line2.S90", line: "Line1" } });
  expect(lines[1].stations).toHaveLength(6);
});

test("[LN51] switched off in a world, a pack takes its lines with it and nothing else; on again they are there, with what came meanwhile", async () => {
  const before = await answer("/lines");
  expect(await site.features.switchFeature("discrete-line", false)).toEqual(["discrete-line"]);
  const notOpen = site.features.states().filter(({ state }) => state.state !== "open");
  expect(notOpen.map(({ id, state }) => [id, state.state])).toEqual([["discrete-line", "off"]]);
  expect(await answer("/lines")).toEqual({ lines: [], findings: [] });
  await expect.poll(async () => (await answer("/snapshot")).stations, WAIT).toEqual([]);
  expect((await ask("/snapshot?line=Line1")).statusCode).toBe(404);
  const shells = await app.inject({ url: "/api/v3/shells", headers: { host } });
  expect([shells.statusCode, shells.json().result.length]).toEqual([200, 16]);
  await bring("one.ItemState", 1);
  await site.features.switchFeature("discrete-line", true);
  expect(await answer("/lines")).toEqual(before);
  await expect.poll(() => stateOf("S90", "?line=Line1"), WAIT).toBe("failed");
  await expect.poll(() => stateOf("Line2.S90", "?line=Line2"), WAIT).toBe("failed");
});
