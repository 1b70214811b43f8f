import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE, type Principal } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProduct, serveAs } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-simulate-"));
const engineer: Principal = { id: "e", name: "Engineer", verified: false, roles: ["engineer"] };
const viewer: Principal = { id: "v", name: "Viewer", verified: false, roles: ["viewer"] };
const stranger: Principal = { id: "s", name: "Stranger", verified: false, roles: [] };
const study = { kind: "study", seed: 1, replications: 3, shifts: 1 };
const request = {
  title: "buffers",
  factors: ["S30", "S90", "S120"].map((station) => ({ key: `${station}/BufferCapacity`, min: 0, max: 12 })),
  goals: ["throughput"],
  // more than is searched before it is cancelled
  shifts: 20,
  budget: 100_000,
};

let site: HostedWorld;
let branch: string;
beforeAll(async () => {
  site = await openProduct(join(folder, "data"));
  const view = site.view(SYSTEM);
  await view.apply({ branch: LIVE, reason: "a line", changes: importChanges(view.reader(LIVE), smallPlant(), "file").changes });
  branch = (await view.fork({ name: "simulate", parent: LIVE, instant: site.now(), reason: "fork" })).id;
});
afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Asking {
  ask<Answer>(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly answer: Answer }>;
}

/** The product as one principal meets it. */
async function as(principal: Principal, work: (asking: Asking) => Promise<void>): Promise<void> {
  const { origin, close } = await serveAs(site, principal);
  try {
    await work({
      async ask(method, path, body) {
        const response = await fetch(`${origin}/api/doppelwerk/v1${path}`, {
          method,
          ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
        });
        const text = await response.text();
        return { status: response.status, answer: (text === "" ? undefined : JSON.parse(text)) as never };
      },
    });
  } finally {
    await close();
  }
}

test("[SI2] how far a run is, is pushed as topics, and to a client of protocol 1 as `run`", async () => {
  const app = await createSiteApp(site);
  site.hub.attach(app.server);
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  const [now, before] = await Promise.all([heard(origin, 2), heard(origin, 1)]);
  const started = await app.inject({
    method: "POST",
    url: `/api/doppelwerk/v1/branches/${branch}/runs`,
    headers: { host: "127.0.0.1" },
    payload: study,
  });
  const { id } = started.json<{ id: string }>();
  await expect.poll(() => now.some(({ payload }) => payload?.id === id && payload.state === "done")).toBe(true);
  await expect.poll(() => before.some(({ run }) => run?.id === id && run.state === "done")).toBe(true);
  const topics = now.filter(({ payload }) => payload?.id === id).map(({ topic }) => topic);
  expect(new Set(topics)).toEqual(new Set(["jobs.progress", "simulate.progress"]));
  expect(now.some(({ kind }) => kind === "run")).toBe(false);
  expect(before.some(({ kind }) => kind === "topic")).toBe(false);
  await app.close();
});

test("[SI1] who may run nothing on its branch cannot stop, resume or choose what is known by its id, and the backtest is not for strangers", async () => {
  let run = "";
  let optimisation = "";
  await as(engineer, async ({ ask }) => {
    run = (await ask<{ id: string }>("POST", `/branches/${branch}/runs`, study)).answer.id;
    const started = await ask<{ id: string }>("POST", `/branches/${branch}/optimisations`, request);
    expect(started.status).toBe(202);
    optimisation = started.answer.id;
  });
  await as(viewer, async ({ ask }) => {
    expect((await ask("GET", "/backtest")).status).toBe(200);
    expect((await ask("GET", `/runs/${run}`)).status).toBe(200);
    expect((await ask("DELETE", `/runs/${run}`)).status).toBe(403);
    expect((await ask("POST", `/runs/${run}/rerun`)).status).toBe(403);
    expect((await ask("DELETE", `/optimisations/${optimisation}`)).status).toBe(403);
    // before the body is looked at
    expect((await ask("POST", `/optimisations/${optimisation}/choose`, { point: "first" })).status).toBe(403);
    expect((await ask<{ state: string }>("GET", `/optimisations/${optimisation}`)).answer.state).not.toBe("cancelled");
    expect((await ask("DELETE", "/optimisations/optimisation:none")).status).toBe(404);
  });
  await as(stranger, async ({ ask }) => {
    expect((await ask("GET", "/backtest")).status).toBe(403);
    for (const path of [`/runs/${run}`, `/optimisations/${optimisation}`]) expect([403, 404]).toContain((await ask("GET", path)).status);
  });
  await as(engineer, async ({ ask }) => {
    expect((await ask("DELETE", `/optimisations/${optimisation}`)).status).toBe(204);
    await expect.poll(async () => (await ask<{ state: string }>("GET", `/optimisations/${optimisation}`)).answer.state).toBe("cancelled");
  });
});

test("[SI3] switched off, its operations answer 404, the Rail shows no forecast, merge requests go on, and what ran is cancelled", async () => {
  await as(engineer, async ({ ask }) => {
    const { id } = (await ask<{ id: string }>("POST", `/branches/${branch}/runs`, { ...study, kind: "forecast" })).answer;
    await expect.poll(async () => (await ask<{ run: { state: string } }>("GET", `/runs/${id}`)).answer.run.state).toBe("done");
    const forecast = async () => {
      const now = site.now();
      const { answer } = await ask<{ lanes: readonly { branch: { id: string }; fan: readonly object[] }[] }>(
        "GET",
        `/rail?from=${now - 3.6e9}&to=${now + 3.6e9}&points=50`,
      );
      return answer.lanes.find((lane) => lane.branch.id === branch)!.fan.length;
    };
    expect(await forecast()).toBeGreaterThan(0);
    const long = (await ask<{ id: string }>("POST", `/branches/${branch}/runs`, { ...study, replications: 500 })).answer.id;
    await site.features.switchFeature("simulate", false);
    expect((await ask("GET", `/runs/${id}`)).status).toBe(404);
    expect(await forecast()).toBe(0);
    expect((await ask("GET", "/merge-requests")).status).toBe(200);
    await site.features.switchFeature("simulate", true);
    expect((await ask("GET", `/runs/${id}`)).status).toBe(200);
    expect((await ask<{ run: object }>("GET", `/runs/${long}`)).answer.run).toMatchObject({ state: "cancelled" });
  });
});

interface Heard {
  readonly kind: string;
  readonly topic?: string;
  readonly payload?: { readonly id: string; readonly state: string };
  readonly run?: { readonly id: string; readonly state: string };
}

/** What a viewer of one version of the protocol is sent. */
async function heard(origin: string, protocol: number): Promise<readonly Heard[]> {
  const socket = new WebSocket(`${origin.replace("http", "ws")}/ws`);
  const messages: Heard[] = [];
  socket.addEventListener("message", ({ data }) => {
    if (typeof data === "string") messages.push(JSON.parse(data) as Heard);
  });
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  socket.send(JSON.stringify({ kind: "hello", protocol, name: "Eve", client: "secret of Eve, long enough", branch: LIVE }));
  await expect.poll(() => messages.some(({ kind }) => kind === "welcome")).toBe(true);
  return messages;
}
