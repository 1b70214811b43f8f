import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSiteApp, type HostedWorld } from "@doppelwerk/server/site";
import { SECOND, type SignalRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { startTestServer, type TestServer } from "../../packages/connectors/src/opcua/test-server.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-counter-width-"));
let plant: TestServer;
let site: HostedWorld;
let origin: string;
let closeApp: () => Promise<unknown>;

beforeAll(async () => {
  plant = await startTestServer({
    pkiFolder: join(folder, "pki"),
    variables: [
      { name: "Narrow", dataType: "Byte", value: 250 },
      { name: "Middle", dataType: "UInt16", value: 65_530 },
      { name: "Wide", dataType: "UInt32", value: 4_294_967_290 },
      { name: "Declared", dataType: "UInt32", value: 65_530 },
      { name: "Signed", dataType: "Int32", value: 65_530 },
    ],
  });
  site = await openProduct(join(folder, "data"));
  const app = await createSiteApp(site);
  closeApp = () => app.close();
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(async () => {
  await closeApp?.();
  await site?.close();
  await plant?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const sent = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`${origin}/api/doppelwerk/v1${path}`, { method, ...sent });
  const text = await answer.text();
  expect(answer.status, text).toBeLessThan(300);
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}

/** A line of one station with a counter; answers the id of the line. */
async function lineOf(signal: SignalRecord, name: string): Promise<string> {
  const { assets } = await ask<{ readonly assets: readonly { readonly shell: string }[] }>("POST", "/assets", {
    columns: [{ name: "Good", role: "Good" }],
    assets: [{ name, signals: [signal.id] }],
  });
  const [{ shell }] = assets as [{ readonly shell: string }];
  const days = "Mon Tue Wed Thu Fri Sat Sun";
  const { idShort } = await ask<{ readonly idShort: string }>("POST", "/lines", {
    name: `${name} line`,
    stations: [{ shell, good: signal.id }],
    taktS: 0.5,
    constraint: shell,
    shifts: [
      { name: "Day", start: "00:00", end: "12:00", days },
      { name: "Night", start: "12:00", end: "00:00", days },
    ],
  });
  return idShort;
}

test("[CN9] a counter rolls over at the width of its type at the plant; a declared one counts before that, and without either a fall is a reset", async () => {
  const { id } = await ask<{ readonly id: string }>("POST", "/connections", { url: plant.url, name: "Plant" });
  const { signals } = await ask<{ readonly signals: readonly SignalRecord[] }>("GET", `/connections/${id}/signals`);
  const of = (name: string) => signals.find(({ address }) => address!.endsWith(`s=${name}`))!;
  expect(["Narrow", "Middle", "Wide", "Signed"].map((name) => of(name).unsignedBits)).toEqual([8, 16, 32, undefined]);
  await ask("PATCH", `/signals/${of("Declared").id}`, { counter: { type: "totaliser", width: 16 } });
  const names = ["Narrow", "Middle", "Wide", "Declared", "Signed"];
  const lines: string[] = [];
  for (const name of names) lines.push(await lineOf(of(name), name));
  const goodOf = async (line: string): Promise<number> => {
    const now = Date.now() * 1_000;
    return (await ask<{ readonly good: number }>("GET", `/kpis?line=${line}&from=${now - 600 * SECOND}&to=${now}`)).good;
  };
  const set = (values: readonly number[]) => values.forEach((value, at) => plant.set(names[at]!, value));
  const all = () => Promise.all(lines.map(goodOf));
  set([251, 65_531, 4_294_967_291, 65_531, 65_531]);
  await expect.poll(all, { timeout: 60_000 }).toEqual([1, 1, 1, 1, 1]);
  // five more of each, over the end of four of them
  set([0, 0, 0, 0, 0]);
  await expect.poll(all, { timeout: 60_000 }).toEqual([6, 6, 6, 6, 1]);
});

test("[CN12] a number declared as text is stored so from then on, without what only a number has; other types are the plant's", async () => {
  const [{ id }] = await ask<readonly [{ readonly id: string }]>("GET", "/connections");
  type Signal = SignalRecord & { readonly now?: { readonly value?: unknown } };
  const signal = async (name: string): Promise<Signal> => {
    const { signals } = await ask<{ readonly signals: readonly Signal[] }>("GET", `/connections/${id}/signals`);
    return signals.find(({ address }) => address!.endsWith(`s=${name}`))!;
  };
  const declared = await signal("Declared");
  await ask("PATCH", `/signals/${declared.id}`, { valueType: "string", unit: "pcs" });
  expect(await signal("Declared")).toMatchObject({ valueType: "string", unit: "pcs" });
  expect(await signal("Declared")).not.toHaveProperty("counter");
  await expect
    .poll(
      async () => {
        plant.set("Declared", 77);
        return (await signal("Declared")).now?.value;
      },
      { timeout: 60_000 },
    )
    .toBe("77");
  await ask("PATCH", `/signals/${declared.id}`, { valueType: declared.valueType });
  expect((await signal("Declared")).valueType).toBe(declared.valueType);
  const refused = await fetch(`${origin}/api/doppelwerk/v1/signals/${declared.id}`, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ valueType: "boolean" }),
  });
  expect(refused.status).toBe(400);
});
