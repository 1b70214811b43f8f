import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { dismiss, proposals } from "./calls.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-dismiss-"));
const WAIT = { timeout: 120_000, interval: 50 };
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;

beforeAll(async () => {
  site = await openProduct(folder);
});
const close = async (): Promise<void> => {
  for (const end of closes.splice(0)) await end();
  await site.close();
};
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const minute = (at: number) => new Date(Date.UTC(2026, 0, 12, 6, at)).toISOString();
const rows = Array.from(
  { length: 8 },
  (_, i) => `${i},Mill,${minute(10 * i)},${minute(10 * i + 4)}\n${i},Drill,${minute(10 * i + 5)},${minute(10 * i + 9)}`,
);
const eventLog = `case,activity,start,end\n${rows.join("\n")}`;

test("[TW5] a proposal is dismissed for everybody and across a restart, stands in the log with who did it, and is restored; an unknown one is 404", async () => {
  site.accounts.remember("person:ann", "ann");
  const ann = await clientAs(site, "ann", "administrator", closes);
  const bob = await clientAs(site, "bob", "administrator", closes);
  const { id } = await ann.proposeTwin({ eventLog, name: "Milling" });
  const entryOf = async (client: typeof ann) => (await proposals(client, {})).find((each) => each.id === id);
  await vi.waitUntil(async () => (await entryOf(ann))?.state === "done", WAIT);
  const { request, dismissed: before } = (await entryOf(ann))!;
  expect([before, typeof request]).toEqual([undefined, "string"]);
  expect((await dismiss(ann, { params: { id }, body: { dismissed: true } })).dismissed).toMatchObject({ by: "ann" });
  expect((await entryOf(bob))?.dismissed).toMatchObject({ by: "ann", at: expect.any(Number) });
  expect(site.view(SYSTEM).reader("live").get(request!)).toMatchObject({ status: "open" });
  await expect(dismiss(ann, { params: { id: "proposal:none" }, body: { dismissed: true } })).rejects.toMatchObject({
    code: "DW_NOT_FOUND",
  });

  await close();
  site = await openProduct(folder);
  const carl = await clientAs(site, "carl", "administrator", closes);
  expect((await entryOf(carl))?.dismissed).toMatchObject({ by: "ann" });
  expect((await dismiss(carl, { params: { id }, body: { dismissed: false } })).dismissed).toBeUndefined();
  expect((await entryOf(carl))?.dismissed).toBeUndefined();
  const log = JSON.stringify(await carl.log({ limit: 20 }));
  expect(log).toContain("Dismissed the proposal from Milling");
  expect(log).toContain("Restored the proposal from Milling");
});
