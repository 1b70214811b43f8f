import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIVE, type SignalRecord } from "@doppelwerk/world";
import { SYSTEM } from "@doppelwerk/server/site";
import { afterAll, expect, test, vi } from "vitest";
import { plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { viewsOfProduct } from "../../apps/doppelwerk/src/views-of-product.fixture.ts";
import { startAlarmPlant, type AlarmPlant } from "../../packages/connectors/src/opcua/test-alarm-plant.ts";
import { fieldsOf } from "./bench.fixture.ts";

const root = mkdtempSync(join(tmpdir(), "dw-at-plant-"));
const DOOR = { id: "signal:door", address: "condition:nsu=urn:test:tank;s=DoorOpen" };
const WAIT = { timeout: 60_000, interval: 50 };
let plant: AlarmPlant;

const views = viewsOfProduct("at-plant-views", async (site) => {
  plant = await startAlarmPlant(join(root, "pki"), 0, { withDoor: true });
  const connection = { id: "connection:tank", kind: "connection", name: "tank", protocol: "opcua", url: plant.url, enabled: true };
  const signal: SignalRecord = { ...DOOR, kind: "signal", name: "Tank.DoorOpen", valueType: "enumeration", connection: connection.id };
  const rule = {
    ...fieldsOf("door", { title: { en: "Door of the mixing tank is open", zh: "搅拌罐门已打开" } }),
    condition: { kind: "condition", signal: DOOR.id },
    id: "alarmRule:door",
    kind: "alarmRule",
  };
  await site.view(SYSTEM).apply({
    branch: LIVE,
    reason: "a plant with a condition",
    changes: [{ ...connection, allowCommands: true }, signal, rule].map((record) => ({ op: "create" as const, record: record as never })),
  });
  await vi.waitUntil(async () => (await plantsOf(site).list()).some(({ state }) => state === "connected"), WAIT);
});
afterAll(async () => {
  await plant?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

test("[CN19] what the plant reports is shown with its alarm, wide and narrow, in both languages; its earlier state is acknowledged there", async () => {
  plant.door.set(true);
  await vi.waitUntil(() => views.site.signals.live(DOOR.id)?.value === 7, WAIT);
  plant.door.branch();
  const name = { en: "At the plant", zh: "在设备上" };
  for (const [width, language, colorScheme] of [
    [390, "zh", "light"],
    [390, "en", "dark"],
    [1440, "en", "dark"],
  ] as const) {
    const page = await views.open("/alarms", { width, language });
    await page.emulateMedia({ colorScheme });
    await page.getByRole("button", { name: name[language] }).first().click();
    await page.locator(".dw-plant-reports li").nth(2).waitFor();
    expect([width, language, await views.layout("[role=dialog]"), await views.findings()]).toEqual([
      width,
      language,
      { beyond: 0, overlaps: [] },
      [],
    ]);
    if (process.env["DW_SHOTS"] !== undefined) await page.screenshot({ path: `${process.env["DW_SHOTS"]}/${width}-${language}.png` });
    if (width < 1440) await views.page.close();
  }
  const { page } = views;
  await page.getByRole("button", { name: "Answer this one" }).click();
  await page.getByRole("textbox", { name: "Comment" }).fill("looked at it");
  await page.getByRole("button", { name: "Request" }).click();
  await page.getByRole("button", { name: "Confirm and send" }).click();
  await page.getByText("Done at the plant").waitFor({ timeout: 60_000 });
  expect(plant.door.state()).toMatchObject({ acknowledged: false, branches: 1 });
  await page.getByText("looked at it").first().waitFor();
}, 240_000);
