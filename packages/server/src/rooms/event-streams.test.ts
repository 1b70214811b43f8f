import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openHostedWorld, type HostedWorld } from "../compose/open-hosted-world.ts";
import { createSiteApp } from "../compose/register-routes.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-streams-"));
let site: HostedWorld;
let app: FastifyInstance;
let url: string;

beforeAll(async () => {
  site = await openHostedWorld({ dataDirectory: folder, logger: pino({ level: "silent" }), workers: 1 });
  app = await createSiteApp(site);
  url = `${await app.listen({ port: 0, host: "127.0.0.1" })}/api/doppelwerk/v1/branches/live/events`;
});
afterAll(async () => {
  await app.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

test("[SV315] one person has fifty streams of events at most, and takes them from nobody; one that is closed counts no more", async () => {
  const ended = new AbortController();
  const ask = (person: string, signal = ended.signal) => fetch(url, { signal, headers: { "doppelwerk-person": `secret of ${person}` } });
  const one = new AbortController();
  expect((await ask("Ada", one.signal)).status).toBe(200);
  for (let n = 1; n < 50; n++) expect((await ask("Ada")).status).toBe(200);
  const refused = await ask("Ada");
  expect([refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).toEqual([503, "DW_UNAVAILABLE"]);
  expect((await ask("Ben")).status).toBe(200);
  one.abort();
  await expect.poll(async () => (await ask("Ada")).status).toBe(200);
  ended.abort();
});
