import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { feature, port } from "@doppelwerk/kit";
import type { Jobs } from "@doppelwerk/kit/server";
import { LIVE, type Principal } from "@doppelwerk/world";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openHostedWorld, SYSTEM, type HostedWorld } from "../compose/open-hosted-world.ts";
import { createSiteApp } from "../compose/register-routes.ts";
import type { WorldJobs } from "./world-jobs.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-jobs-api-"));
const testJobs = port<Jobs>("test.jobs", 1);
const manifest = feature({
  id: "test",
  perWorld: true,
  needs: { ports: [], may: [] },
  offers: { ports: [testJobs], slots: [] },
  contract: [],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [{ kind: "test.idle", maxRunning: 10, maxQueued: 10 }],
  server: "./open.mjs",
  words: "./words",
});
const idle = `export const open = async (ctx) => ({
  handlers: {},
  ports: { "test.jobs@1": ctx.jobs },
  jobs: { "test.idle": (job, run) => new Promise((_, reject) => run.signal.addEventListener("abort", () => reject(new Error("aborted")))) },
  close: async () => {},
});`;

let site: HostedWorld;
let hidden: string;
let shown: string;
beforeAll(async () => {
  writeFileSync(join(root, "open.mjs"), idle);
  site = await openHostedWorld({
    dataDirectory: join(root, "data"),
    logger: pino({ level: "silent" }),
    features: [{ feature: manifest, folder: pathToFileURL(`${root}/`) }],
    // who is called Eve sees live and every branch but one
    access: { mayDo: ({ name }, _action, branch) => name !== "Eve" || branch !== hidden },
  });
  const fork = async (name: string) => (await site.view(SYSTEM).fork({ name, parent: LIVE, instant: site.now(), reason: "a branch" })).id;
  [hidden, shown] = [await fork("hidden"), await fork("shown")];
});
afterAll(async () => {
  await site.close();
  rmSync(root, { recursive: true, force: true });
});

const add = (id: string, branch: string) =>
  site.features.port(testJobs).enqueue({ id, kind: "test.idle", branch, by: "p", priority: 0, detail: { secret: 7 } });

const person = (name: string, role: string): Principal => ({ id: `person:${name}`, name, verified: true, roles: [role] });

/** The routes as one person meets them. */
async function as(
  principal: Principal,
  work: (ask: (method: "GET" | "DELETE", path: string) => Promise<[number, unknown]>) => Promise<void>,
) {
  const app = await createSiteApp(Object.assign(Object.create(site) as HostedWorld, { person: () => principal }));
  await work(async (method, path) => {
    const { statusCode, payload } = await app.inject({ method, url: `/api/doppelwerk/v1${path}`, headers: { host: "127.0.0.1" } });
    return [statusCode, payload === "" ? undefined : JSON.parse(payload)];
  });
  await app.close();
}

test("[JB10] the topic reaches whoever may read the branch of the job, and nobody else", async () => {
  // closing an app of the site says goodbye to its viewers for good: this one is the first
  const app = await createSiteApp(site);
  site.hub.attach(app.server);
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  const [eve, adam] = await Promise.all(["Eve", "Adam"].map((name) => topicsOf(origin, name)));
  await add("job:hidden", hidden);
  await add("job:shown", shown);
  await expect.poll(() => eve!.length).toBeGreaterThan(0);
  await expect.poll(() => adam!.some(({ id, state }) => id === "job:shown" && state === "running")).toBe(true);
  expect(new Set(adam!.map(({ id }) => id))).toEqual(new Set(["job:hidden", "job:shown"]));
  expect(new Set(eve!.map(({ id }) => id))).toEqual(new Set(["job:shown"]));
  expect(JSON.stringify(adam)).not.toContain("secret");
  await app.close();
});

test("[JB10] jobs are listed, read and cancelled by whoever may on their branch; of a hidden branch there are none", async () => {
  await as(person("Eve", "engineer"), async (ask) => {
    expect(await ask("GET", "/jobs")).toMatchObject([
      200,
      { jobs: [{ id: "job:shown", state: "running", kind: "test.idle", progress: 0 }] },
    ]);
    expect((await ask("GET", `/jobs?branch=${hidden}`))[0]).not.toBe(200);
    const [missing, foreign] = [await ask("GET", "/jobs/job:none"), await ask("GET", "/jobs/job:hidden")];
    expect([missing[0], foreign[0]]).toEqual([404, 404]);
    expect(JSON.stringify(foreign).replaceAll("job:hidden", "job:none")).toBe(JSON.stringify(missing));
    expect((await ask("DELETE", "/jobs/job:hidden"))[0]).toBe(404);
  });
  await as(person("Viewer", "viewer"), async (ask) => {
    expect((await ask("GET", `/jobs?branch=${hidden}&state=running&limit=1`))[1]).toMatchObject({ jobs: [{ id: "job:hidden" }] });
    expect((await ask("GET", "/jobs?state=done"))[1]).toEqual({ jobs: [] });
    expect((await ask("GET", "/jobs?state=odd"))[0]).toBe(400);
    expect((await ask("DELETE", "/jobs/job:shown"))[0]).toBe(403);
  });
  await as(person("Engineer", "engineer"), async (ask) => {
    expect((await ask("DELETE", "/jobs/job:shown"))[0]).toBe(204);
    await expect.poll(async () => ((await ask("GET", "/jobs/job:shown"))[1] as { state: string }).state).toBe("cancelled");
  });
});

test("[JB12] a derivation is listed first, read by whoever sees live, and cannot be cancelled", async () => {
  const { reported } = site.jobs as WorldJobs;
  reported!.progress("kernel.derivation", "flow", 0.25);
  await as(person("Engineer", "engineer"), async (ask) => {
    const [, listed] = await ask("GET", "/jobs?limit=1");
    expect(listed).toMatchObject({ jobs: [{ id: "kernel.derivation:flow", progress: 0.25, state: "running", isFixed: true }] });
    expect(await ask("GET", "/jobs/kernel.derivation:flow")).toMatchObject([200, { title: { code: "server.jobDerivation" } }]);
    expect(await ask("DELETE", "/jobs/kernel.derivation:flow")).toMatchObject([409, { error: { code: "DW_CONFLICT" } }]);
  });
  reported!.progress("kernel.derivation", "flow", 1);
});

test("[JB8] a feature that is switched off in a world cancels its jobs", async () => {
  await add("job:last", shown);
  await site.features.switchFeature("test", false);
  expect(await site.jobs.get("job:last")).toMatchObject({ state: "cancelled" });
  expect(await site.jobs.get("job:hidden")).toMatchObject({ state: "cancelled" });
});

interface Progress {
  readonly id: string;
  readonly state: string;
}

/** What a viewer of that name is sent of the topic. */
async function topicsOf(origin: string, name: string): Promise<readonly Progress[]> {
  const socket = new WebSocket(`${origin.replace("http", "ws")}/ws`);
  const received: Progress[] = [];
  let isWelcome = false;
  socket.addEventListener("message", ({ data }) => {
    if (typeof data !== "string") return;
    const message = JSON.parse(data) as { readonly kind: string; readonly topic?: string; readonly payload?: Progress };
    if (message.kind === "welcome") isWelcome = true;
    if (message.topic === "jobs.progress") received.push(message.payload!);
  });
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  socket.send(JSON.stringify({ kind: "hello", protocol: 2, name, client: `secret of ${name}, long enough`, branch: LIVE }));
  await expect.poll(() => isWelcome).toBe(true);
  return received;
}
