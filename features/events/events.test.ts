import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type Client } from "@doppelwerk/client";
import { LIVE, type NewEvent, type WorldRecord } from "@doppelwerk/world";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { createSiteApp, openHostedWorld, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { productFeatures } from "../../apps/doppelwerk/src/features.ts";
import * as events from "./calls.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-event-records-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const press: WorldRecord = { id: "shell:press", kind: "shell", aasId: "https://example.com/press" };

async function withServer(
  directory: string,
  run: (site: HostedWorld, client: Client, get: (path: string) => Promise<Response>) => Promise<void>,
): Promise<void> {
  const site = await openHostedWorld({
    dataDirectory: directory,
    logger: pino({ level: "silent" }),
    workers: 1,
    features: productFeatures,
  });
  const app = await createSiteApp(site);
  const baseUrl = await app.listen({ port: 0, host: "127.0.0.1" });
  try {
    await run(
      site,
      createClient({
        baseUrl,
        person: { id: "11111111-1111-4111-8111-111111111111", name: "Ann" },
        fetch: (url, init) => fetch(url, init as RequestInit),
      }),
      (path) => fetch(`${baseUrl}${path}`),
    );
  } finally {
    await app.close();
    await site.close();
  }
}

function made(now: number, secondsAgo: number, fields: Partial<NewEvent> = {}): NewEvent {
  const id = `made:${secondsAgo}`;
  return {
    id,
    subject: press.id,
    type: "part.completed",
    at: now - secondsAgo * 1e6,
    origin: "derived",
    payload: { serial: id, product: "A" },
    ...fields,
  };
}

test("[ER1] events are read over HTTP by subject, type, key, time, branch and as known, page by page, and survive a restart", async () => {
  const directory = join(root, "read");
  await withServer(directory, async (site, client) => {
    const now = site.now();
    const view = site.view(SYSTEM);
    await view.apply({ branch: LIVE, reason: "test", changes: [{ op: "create", record: press }] });
    await view.events.record([made(now, 50), made(now, 40), made(now, 30, { type: "part.scrapped" })]);
    const then = site.now();
    await view.events.record([made(now, 45)]);
    const ids = async (query: NonNullable<Parameters<typeof events.list>[1]>["query"]) =>
      (await events.list(client, { query })).events.map(({ id }) => id);
    expect(await ids({})).toEqual(["made:30", "made:40", "made:45", "made:50"]);
    expect(await ids({ types: "part.scrapped", subject: press.id })).toEqual(["made:30"]);
    expect(await ids({ key: "serial", value: "made:45" })).toEqual(["made:45"]);
    expect(await ids({ key: "product", value: "A", knownAt: then, order: "ascending" })).toEqual(["made:50", "made:40", "made:30"]);
    expect(await ids({ from: now - 42e6, to: now - 35e6 })).toEqual(["made:40"]);
    expect(await events.count(client, { query: { types: "part.completed,part.scrapped" } })).toEqual({ count: 4 });
    const first = await events.list(client, { query: { limit: 3 } });
    expect(await ids({ limit: 3, cursor: first.next! })).toEqual(["made:50"]);
    const branch = await client.fork("try", now - 43e6);
    expect(await ids({ branch: branch.id })).toEqual(["made:45", "made:50"]);
    expect(first.events[0]).toMatchObject({
      subject: press.id,
      actor: SYSTEM.id,
      origin: "derived",
      keys: { serial: ["made:30"], product: ["A"] },
    });
  });
  expect(readdirSync(join(directory, "events"))).toContain("manifest.json");
  await withServer(directory, async (site, client, get) => {
    expect((await events.count(client)).count).toBe(4);
    expect(await events.expire(client, { query: { before: site.now(), types: "part.completed" } })).toEqual({ expired: 3 });
    expect((await events.list(client)).events.map(({ id }) => id)).toEqual(["made:30"]);
    expect(await (await get("/metrics")).text()).toContain("doppelwerk_events_damaged_files 0");
  });
});

test("[ER2] what is asked for wrongly is 400 with the field, a branch that is none 404", async () => {
  await withServer(join(root, "wrong"), async (_site, _client, get) => {
    const answer = async (query: string) => {
      const response = await get(`/api/doppelwerk/v1/event-records?${query}`);
      return [response.status, JSON.stringify(await response.json())] as const;
    };
    for (const [query, field] of [
      ["limit=0", "limit"],
      ["limit=1001", "limit"],
      ["order=up", "order"],
      ["key=serial", "key and value"],
      ["value=S1", "key and value"],
      ["from=yesterday", "from"],
      ["cursor=x", "cursor"],
      ["cursor=1%3Anone", "expired"],
    ]) {
      const [status, body] = await answer(query!);
      expect([status, body.includes(field!)], `${query}: ${body}`).toEqual([400, true]);
    }
    expect((await answer("branch=branch:none"))[0]).toBe(404);
    expect(await answer("subject=note:none")).toEqual([200, '{"events":[]}']);
    expect((await get("/api/doppelwerk/v1/event-records/count?key=serial")).status).toBe(400);
  });
});

test("[ER3] a folder whose events are damaged starts, reports them at /healthz, and serves the rest", async () => {
  const directory = join(root, "damaged");
  await withServer(directory, async (site) => {
    await site.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes: [{ op: "create", record: press }] });
    await site.view(SYSTEM).events.record([made(site.now(), 50)]);
  });
  rmSync(join(directory, "events", "events-000001.sqlite"));
  await withServer(directory, async (site, client, get) => {
    expect(await (await get("/healthz")).text()).toContain("events: events-000001.sqlite: the file is missing");
    await site.view(SYSTEM).events.record([made(site.now(), 20)]);
    expect((await events.list(client)).events.map(({ id }) => id)).toEqual(["made:20"]);
  });
});
