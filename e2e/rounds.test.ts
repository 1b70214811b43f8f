import { randomUUID } from "node:crypto";
import type { Client } from "@doppelwerk/client";
import { createClient } from "@doppelwerk/client";
import { expect, test } from "vitest";
import { viewsOfProduct } from "../apps/doppelwerk/src/views-of-product.fixture.ts";

const AMPLE_MS = 300_000;
const WAIT = { timeout: 60_000 };
let client: Client;
const views = viewsOfProduct("rounds", async () => {});

const fields = {
  code: "CELLAR",
  title: { en: "Cellar", zh: "地下室巡检" },
  schedule: { kind: "none" },
  points: [
    {
      id: "pump",
      title: { en: "Pump", zh: "泵" },
      code: "QR-PUMP",
      checks: [
        { id: "oil", title: { en: "Oil pressure", zh: "油压" }, kind: "value", unit: "bar", low: 4, high: 6 },
        { id: "photo", title: { en: "Gauge", zh: "压力表" }, kind: "photo", isRequired: false },
      ],
    },
    {
      id: "valve",
      title: { en: "Valve", zh: "阀门" },
      checks: [{ id: "ok", title: { en: "Closed", zh: "已关闭" }, kind: "yesNo", good: true }],
    },
  ],
};
interface SeenWalk {
  readonly finishedAt?: number;
  readonly startedAt: number;
  readonly points: readonly {
    readonly point: string;
    readonly at: number;
    readonly isScanned: boolean;
    readonly answers: readonly { readonly check: string; readonly value: unknown; readonly isBeyond: boolean }[];
  }[];
}
const seen = () => client.requester.json<readonly SeenWalk[]>("GET", "/inspection-rounds/CELLAR/walks");

test(
  "[E201] [RD12] a round is walked on a phone without a network: answers and a photo wait over a reload, arrive once and in order, at the time of the walk",
  { timeout: AMPLE_MS },
  async () => {
    const page = await views.open("/rounds", { width: 390 });
    const origin = new URL(page.url()).origin;
    client = createClient({
      baseUrl: origin,
      person: { id: "person:eva", name: "eva" },
      fetch: (url, init) => fetch(url, init as RequestInit),
    });
    await page.getByText("No inspection rounds yet").waitFor(WAIT);
    await client.requester.json("PUT", "/inspection-rounds/CELLAR", { body: { fields } });
    await page.getByRole("button", { name: "Start" }).click(WAIT);
    // down in the cellar: nothing of the interface is reached
    await page.route("**/api/**", (route) => route.abort());
    await page.getByLabel("Or type the code").fill("QR-PUMP");
    await page.getByRole("button", { name: "Take it" }).click();
    await page.getByText("Scanned: QR-PUMP").waitFor(WAIT);
    await page.getByRole("textbox", { name: "Oil pressure" }).fill("6.5");
    await page.getByText("Not as it should be").waitFor(WAIT);
    const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
    await page.locator("input[type=file]").setInputFiles({ name: `${randomUUID()}.png`, mimeType: "image/png", buffer: png });
    await page.getByRole("img", { name: "Gauge" }).waitFor(WAIT);
    expect((await views.layout(".dw-rounds")).beyond).toBeLessThanOrEqual(0);
    expect(await views.findings(".dw-rounds")).toEqual([]);
    await page.getByRole("button", { name: "Record and continue" }).click();
    await page.getByRole("heading", { name: "Valve" }).waitFor(WAIT);
    const button = await page.getByRole("button", { name: "Yes" }).boundingBox();
    expect(button!.height).toBeGreaterThanOrEqual(44);
    await page.getByRole("button", { name: "Yes" }).click();
    await page.getByRole("button", { name: "Record without a scan" }).click();
    await page.getByText("3 entries wait in this browser").waitFor(WAIT);
    expect(await seen()).toEqual([]);
    const before = Date.now() * 1_000;
    await page.unrouteAll();
    await page.reload();
    await expect.poll(async () => (await seen())[0]?.points.length, WAIT).toBe(2);
    const [walk] = await seen();
    expect(walk!.points.map(({ point, isScanned }) => [point, isScanned])).toEqual([
      ["pump", true],
      ["valve", false],
    ]);
    expect(walk!.points[0]!.answers.map(({ check, isBeyond }) => [check, isBeyond])).toEqual([
      ["oil", true],
      ["photo", false],
    ]);
    expect(walk!.points.every(({ at }) => at <= before)).toBe(true);
    await page.getByRole("button", { name: /^Finish/ }).click(WAIT);
    await expect.poll(async () => (await seen())[0]?.finishedAt, WAIT).toBeDefined();
    await page.getByText("not scanned", { exact: true }).first().waitFor(WAIT);
    await page.getByRole("button", { name: "Show the photo" }).first().click();
    await page.locator("img.dw-rounds-shown").waitFor(WAIT);
    expect(await seen()).toHaveLength(1);
    expect(await views.findings(".dw-rounds")).toEqual([]);
  },
);

test("[E200] [SR6] stock is read and taken on a phone; what is not there is not given", { timeout: AMPLE_MS }, async () => {
  const page = await views.open("/stores", { width: 390 });
  await page.getByText("No spare parts yet").waitFor(WAIT);
  const part = { number: "SP-1", title: { en: "Drive belt", zh: "传动带" }, minimum: 3, place: "A-1", price: 12, currency: "EUR" };
  await client.requester.json("PUT", "/spare-parts/SP-1", { body: { fields: part } });
  await client.requester.json("POST", "/spare-parts/SP-1/movements", { body: { id: randomUUID(), kind: "received", quantity: 2 } });
  await page.getByText("Below minimum").first().waitFor(WAIT);
  expect((await views.layout(".dw-stores")).beyond).toBeLessThanOrEqual(0);
  expect(await views.findings(".dw-stores")).toEqual([]);
  await page.getByText("SP-1", { exact: true }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Quantity").fill("5");
  await dialog.getByRole("button", { name: "Record" }).click();
  await page
    .getByText(/Only 2 PCE are there by the book/)
    .first()
    .waitFor(WAIT);
  await dialog.getByLabel("Quantity").fill("2");
  await dialog.getByRole("button", { name: "Record" }).click();
  await dialog.getByText("Taken").first().waitFor(WAIT);
  expect(await views.findings()).toEqual([]);
});
