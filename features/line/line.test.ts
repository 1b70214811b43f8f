import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-line-"));
const host = "127.0.0.1:8420";
let world: HostedWorld;
let app: Awaited<ReturnType<typeof createSiteApp>>;

beforeAll(async () => {
  world = await openProduct(folder);
  app = await createSiteApp(world);
});
afterAll(async () => {
  await app.close();
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (path: string) => app.inject({ url: `/api/doppelwerk/v1${path}`, headers: { host } });
const switching = (on: boolean) =>
  app.inject({ method: "PUT", url: "/api/doppelwerk/v1/features/line", headers: { host }, payload: { on } });

test("[LN1] without a line there is nothing to show; with one it is described on each branch, and on none that is not there", async () => {
  expect([(await ask("/line")).statusCode, (await ask("/snapshot")).statusCode]).toEqual([404, 404]);
  const view = world.view(SYSTEM);
  await view.apply({ branch: LIVE, reason: "a line", changes: importChanges(view.reader(LIVE), smallPlant(), "file").changes });
  const fork = await view.fork({ name: "fork", parent: LIVE, instant: world.now(), reason: "fork" });
  await expect.poll(async () => (await ask("/snapshot")).statusCode, { timeout: 60_000 }).toBe(200);
  const [live, forked] = [(await ask("/line")).json(), (await ask(`/line?branch=${fork.id}`)).json()];
  expect([live.branch, forked.branch]).toEqual([LIVE, fork.id]);
  expect(forked.stations).toEqual(live.stations);
  expect((await ask("/snapshot")).json().stations.map(({ id }: { id: string }) => id)).toEqual(
    live.stations.map(({ id }: { id: string }) => id),
  );
  expect((await ask("/line?branch=nope")).statusCode).toBe(404);
  for (const bad of ["t=x", "t=-1"]) expect((await ask(`/snapshot?${bad}`)).statusCode, bad).toBe(400);
});

test("[LN2] switched off it says so and takes along what needs its fold; on again the line is there", async () => {
  const { switched } = (await switching(false)).json();
  expect(switched).toEqual(expect.arrayContaining(["line", "alarms", "shifts", "kpis"]));
  const off = await ask("/snapshot");
  expect([off.statusCode, off.json().error.details]).toEqual([404, { feature: "off" }]);
  expect((await ask("/world")).json()).toMatchObject({ line: false, snapshot: false });
  for (const feature of switched)
    await app.inject({ method: "PUT", url: `/api/doppelwerk/v1/features/${feature}`, headers: { host }, payload: { on: true } });
  expect((await ask("/snapshot")).statusCode).toBe(200);
  expect((await ask("/world")).json()).toMatchObject({ line: true, snapshot: true });
  expect((await ask("/shifts")).statusCode).toBe(200);
});
