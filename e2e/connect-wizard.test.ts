import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAlarmPlant, type AlarmPlant } from "../packages/connectors/src/opcua/test-alarm-plant.ts";
import { clientOf, startBrowser, startServer, type Program } from "./running-site.ts";
import { startVariedServer, variedPlants } from "./varied-plants.ts";

// From an address to signals in a real browser; the studio is the built one. SHOTS=folder keeps pictures of each step.
const shots = process.env["SHOTS"];
let folder: string;
let server: Program;
let browser: Browser;
let tank: AlarmPlant;
let blocks: Awaited<ReturnType<typeof startVariedServer>>;
let url: string;
const troubles: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-wizard-"));
  server = await startServer(join(folder, "data"));
  url = String(server.ready["url"]).replace(/\/$/, "");
  tank = await startAlarmPlant(join(folder, "tank-pki"));
  const plant = variedPlants.find(({ name }) => name === "blocks")!;
  blocks = await startVariedServer([plant], join(folder, "blocks-pki"));
  blocks.show(plant);
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await tank?.stop();
  await blocks?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(size = { width: 1440, height: 900 }, language = "en", theme = "light"): Promise<Page> {
  const page = await browser.newPage({ viewport: size });
  page.on("pageerror", (error) => troubles.push(error.message));
  await page.addInitScript(
    (held) => localStorage.setItem("doppelwerk.preferences", held),
    JSON.stringify({ name: "Ada", theme, language }),
  );
  await page.goto(`${url}/connect`);
  return page;
}

/** On a machine that is busy with other things a page takes its time. */
/** The tank connected, and taking commands. */
async function connectTank() {
  const ann = clientOf(url, "ann");
  const connection = await ann.connect({ url: tank.url, name: "Tank" });
  await ann.changeConnection(connection.id, { allowCommands: true });
  return { ann, connection };
}

/** Whole walks by hand; what the server does in them is tested without a browser, in `commands.test.ts` and `entries.test.ts`. */
const walk = test.skipIf(process.env["SOAK"] === undefined);

const shot = async (page: Page, name: string): Promise<void> => {
  if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}.png`) });
};

test("[U77] host and port are looked into, searched, seen live, ticked and connected; a second look on a phone in Chinese", async () => {
  const page = await open();
  await page.getByLabel("Address").fill(blocks.url.replace("opc.tcp://", ""));
  await page.getByLabel("Name", { exact: true }).fill("Blocks");
  await page.getByRole("button", { name: "Browse" }).click();
  const tree = page.getByRole("tree", { name: "Contents of the plant" });
  await tree.getByRole("treeitem").first().waitFor();
  await page.getByLabel("Search names").fill("st020 zaehler");
  await expect.poll(() => tree.getByRole("treeitem").count()).toBe(5);
  // values of what is on the screen are asked for
  await expect.poll(() => tree.getByRole("treeitem").last().textContent()).toMatch(/1\s*$/);
  await page.getByRole("button", { name: "Select all" }).click();
  await shot(page, "look");
  await page.getByRole("button", { name: "Connect 2 values" }).click();
  await page.getByText("Connected", { exact: true }).waitFor();
  const connections = (await (await fetch(`${url}/api/doppelwerk/v1/connections`)).json()) as { name: string; signals: number }[];
  expect(connections).toMatchObject([{ name: "Blocks", signals: 2 }]);
  const phone = await open({ width: 390, height: 844 }, "zh", "dark");
  await phone.getByLabel("地址").fill(blocks.url);
  await phone.getByRole("button", { name: "浏览" }).click();
  await phone.getByRole("tree", { name: "设备提供的内容" }).getByRole("treeitem").first().waitFor();
  await shot(phone, "look-phone");
  expect(await phone.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  await phone.close();
  await page.close();
  expect(troubles).toEqual([]);
});

test("[CM9] a method is called from the studio after it was allowed and confirmed, and conditions are taken as alarms", async () => {
  const page = await open();
  await page.getByLabel("Address").fill(tank.url);
  await page.getByLabel("Name", { exact: true }).fill("Tank");
  await page.getByRole("main").getByRole("button", { name: "Connect", exact: true }).click();
  const card = page.locator(".dw-card").filter({ hasText: tank.url });
  await card.getByRole("button", { name: "Methods and alarms" }).click();
  await card.getByRole("button", { name: "Allow commands" }).click();
  const row = card.locator(".dw-plant-row").filter({ hasText: "Tank / Fill" });
  await expect.poll(() => row.getByRole("button", { name: "Call …" }).isEnabled()).toBe(true);
  await row.getByRole("button", { name: "Call …" }).click();
  await row.getByLabel("amount").fill("2.5");
  await row.getByLabel("steps").fill("3");
  await row.getByLabel("marks").fill("1, 2");
  await row.getByLabel("Reason").fill("trial");
  await shot(page, "method");
  await row.getByRole("button", { name: "Request" }).click();
  await row.getByText("[2.5,3,[1,2]]").waitFor();
  expect(tank.calls).toEqual([]);
  await shot(page, "method-confirm");
  await row.getByRole("button", { name: "Confirm and call" }).click();
  await row.getByText('Called: [12.5,"filled"]').waitFor();
  expect(tank.calls).toEqual(["Fill 2.5 3 [1,2]"]);
  await card.getByRole("button", { name: "Create alarms" }).click();
  await page.getByText("1 alarms created").first().waitFor();
  await shot(page, "conditions");
  await page.close();
  expect(troubles).toEqual([]);
});

walk(
  "[CM12] a condition of a plant stands in the alarm list of a world without a line, and is acknowledged at its plant from there",
  async () => {
    const { ann, connection } = await connectTank();
    await ann.takeAlarms(connection.id, { urgentFrom: 800, highFrom: 600, lowFrom: 200 });
    const page = await open();
    await page.goto(`${url}/alarms`);
    tank.setLevel(90);
    const row = page.getByRole("row").filter({ hasText: "LevelHigh" });
    await row.getByText("Unacknowledged").waitFor();
    await shot(page, "alarm");
    await row.getByRole("button", { name: "Acknowledge at the plant" }).click();
    await page.getByLabel("Reason").fill("looked at it");
    await page.getByRole("button", { name: "Request", exact: true }).click();
    expect(tank.isAcknowledged()).toBe(false);
    await shot(page, "alarm-confirm");
    await page.getByRole("button", { name: "Confirm and acknowledge" }).click();
    await page.getByText("Acknowledged at the plant", { exact: true }).waitFor();
    expect(tank.isAcknowledged()).toBe(true);
    await page.getByRole("button", { name: "Close" }).last().click();
    // what the plant acknowledges is acknowledged here
    await row.getByText("Acknowledged", { exact: true }).waitFor();
    await page.close();
    expect(troubles).toEqual([]);
  },
);

walk("[CM2] a value is asked for, confirmed by repeating it, written and read back in the studio", async () => {
  await connectTank();
  tank.setLevel(90);
  const page = await open();
  await page.getByRole("tab", { name: "Commands" }).click();
  await page.getByRole("combobox", { name: "Signal" }).fill("Level");
  await page.getByRole("option", { name: /Level/ }).first().click();
  await page.getByRole("textbox", { name: "Value", exact: true }).fill("42");
  await page.getByLabel("Why").fill("trial");
  await page.getByRole("button", { name: "Request", exact: true }).click();
  const confirm = page.getByRole("button", { name: "Confirm and write" });
  await page.getByLabel("Repeat the value").fill("41");
  expect(await confirm.isDisabled()).toBe(true);
  await page.getByLabel("Repeat the value").fill("42");
  await confirm.click();
  const done = page.getByRole("row").filter({ hasText: "Done, read back" });
  await done.waitFor();
  expect(await done.textContent()).toMatch(/90 → 42/);
  await shot(page, "command");
  await page.close();
  expect(troubles).toEqual([]);
});

walk("[server EN2] a value is declared, typed in and corrected in the studio; both stand in the list", async () => {
  const page = await open({ width: 390, height: 844 });
  await page.getByRole("tab", { name: "Manual entry" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Scrap weight");
  await page.getByRole("textbox", { name: "Unit" }).fill("kg");
  await page.getByRole("button", { name: "Describe" }).click();
  await page.getByRole("textbox", { name: "Value" }).fill("5");
  await page.getByRole("button", { name: "Enter", exact: true }).click();
  const list = page.locator(".dw-written tbody tr");
  await list.first().getByRole("button", { name: "Correct" }).click();
  await page.getByLabel("Right value").fill("6");
  await page.getByLabel("Why").fill("scale not set to zero");
  await list.first().getByRole("button", { name: "Correct", exact: true }).click();
  await expect.poll(async () => (await list.allTextContents()).map((text) => /([56])\s*kg/.exec(text)?.[1])).toEqual(["6", "5"]);
  await shot(page, "entries-phone");
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  await page.close();
  expect(troubles).toEqual([]);
});
