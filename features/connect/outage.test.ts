import { globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createSiteApp } from "@doppelwerk/server/site";
import type { SignalRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { startTestServer, type TestServer } from "../../packages/connectors/src/opcua/test-server.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-outage-"));
const closes: (() => Promise<unknown>)[] = [];
let plant: TestServer;
let origin: string;

beforeAll(async () => {
  plant = await startTestServer({
    pkiFolder: join(folder, "pki"),
    variables: ["Changed", "Stamped", "Still"].map((name) => ({ name, dataType: "Int32", value: 1 })),
  });
});
afterAll(async () => {
  await stop();
  await plant?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function start(): Promise<void> {
  const site = await openProduct(join(folder, "data"));
  const app = await createSiteApp(site);
  origin = `${await app.listen({ port: 0, host: "127.0.0.1" })}/api/doppelwerk/v1`;
  closes.push(
    () => site.close(),
    () => app.close(),
  );
}
async function stop(): Promise<void> {
  for (let close = closes.pop(); close !== undefined; close = closes.pop()) await close();
}

/** The record of a signal: values with their qualities, ascending in time. */
async function recordOf({ id }: SignalRecord): Promise<readonly string[]> {
  const answer = await fetch(`${origin}/export/samples?signals=${id}&from=0&to=${Date.now() * 1_000}`);
  const [head, ...rows] = (await answer.text()).trim().split(/\r?\n/);
  const columns = head!.split(",");
  return rows.map((row) => {
    const cells = row.split(",");
    return `${cells[columns.indexOf("value")]} ${cells[columns.indexOf("quality")]}`;
  });
}

test("[CN10] what happened while the server did not run is unknown; what stands since before held all the while", async () => {
  await start();
  const connected = await fetch(`${origin}/connections`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ url: plant.url, name: "Plant" }),
  });
  const { id } = (await connected.json()) as { readonly id: string };
  const { signals } = (await (await fetch(`${origin}/connections/${id}/signals`)).json()) as { readonly signals: readonly SignalRecord[] };
  const of = (name: string) => signals.find(({ address }) => address!.endsWith(`s=${name}`))!;
  const records = () => Promise.all(["Changed", "Stamped", "Still"].map((name) => recordOf(of(name))));
  await expect.poll(records, { timeout: 60_000 }).toEqual([["1 good"], ["1 good"], ["1 good"]]);
  // its archive was looked through: only then it is known what is stored
  await expect.poll(() => globSync("**/backfilled.json", { cwd: folder }), { timeout: 60_000 }).toHaveLength(1);
  await stop();
  await wait(5_000);
  plant.set("Changed", 2);
  plant.set("Stamped", 1);
  await start();
  await expect.poll(records, { timeout: 60_000 }).toEqual([["1 good", " bad", "2 good"], ["1 good", " bad", "1 good"], ["1 good"]]);
});
