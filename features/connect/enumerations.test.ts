import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { LIVE, type SignalRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { startTestServer } from "../../packages/connectors/src/opcua/test-server.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-enumerations-"));
let site: HostedWorld;
let origin: string;
let closeApp: () => Promise<unknown>;

beforeAll(async () => {
  site = await openProduct(folder);
  const app = await createSiteApp(site);
  closeApp = () => app.close();
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(async () => {
  await closeApp?.();
  await site?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function connect(url: string): Promise<SignalRecord> {
  const answer = await fetch(`${origin}/api/doppelwerk/v1/connections`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ url, name: "Plant", addresses: [ADDRESS] }),
  });
  expect(answer.status).toBeLessThan(300);
  const { id } = (await answer.json()) as { readonly id: string };
  const listed = await fetch(`${origin}/api/doppelwerk/v1/connections/${id}/signals`);
  const { signals } = (await listed.json()) as { readonly signals: readonly SignalRecord[] };
  return signals.find(({ address }) => address === ADDRESS)!;
}

const ADDRESS = "nsu=urn:test:plant%3Bwith%25signs;s=Estado";
const plantOf = (port: number, ...enumeration: readonly string[]) =>
  startTestServer({
    port,
    pkiFolder: join(folder, "pki"),
    variables: [{ name: "Estado", dataType: "Int32", value: 1, ...(enumeration.length > 0 && { enumeration }) }],
  });

test("[CN8] the names of an enumeration come into the record and to every viewer; connecting again takes what the plant changed, and keeps what it no longer gives", async () => {
  const plant = await plantOf(0, "Paro", "Marcha");
  const port = Number(new URL(plant.url.replace("opc.tcp", "http")).port);
  const named = [
    { value: 0, name: "Paro" },
    { value: 1, name: "Marcha" },
  ];
  const signal = await connect(plant.url);
  expect(signal).toMatchObject({ valueType: "enumeration", enumeration: named });
  expect(site.signals.entries().find((entry) => entry.id === signal.id)).toMatchObject({ enumeration: named });
  const revision = site.view(SYSTEM).revision();
  await connect(plant.url);
  expect(site.view(SYSTEM).revision()).toBe(revision);
  // a signal that was connected before names were kept
  await site.view(SYSTEM).apply({
    branch: LIVE,
    reason: "as before",
    changes: [{ op: "update", id: signal.id, fields: { enumeration: { from: named, to: undefined } } }],
  });
  expect(await connect(plant.url)).toMatchObject({ id: signal.id, enumeration: named });
  await plant.stop();
  const changed = await plantOf(port, "Paro", "Marcha lenta", "Avería");
  expect((await connect(changed.url)).enumeration?.map(({ name }) => name)).toEqual(["Paro", "Marcha lenta", "Avería"]);
  await changed.stop();
  const silent = await plantOf(port);
  expect((await connect(silent.url)).enumeration?.map(({ name }) => name)).toEqual(["Paro", "Marcha lenta", "Avería"]);
  await silent.stop();
});
