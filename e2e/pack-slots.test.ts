import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { smallPlant } from "../packs/discrete-line/src/small-plant.fixture.ts";
import { buildStudio } from "../scripts/build.ts";
import { slotPack, slotViews, throwingPack } from "./pack-slots.fixture.ts";
import { writeFiles } from "./pack-views.fixture.ts";
import { eventually, runCommand, startBrowser, startServer } from "./running-site.ts";
import type { Program } from "./running-site.ts";

// Every slot of the studio that packs fill, in a real browser and a plant with a line: two packs from folders of an author, one that is added to the running server.
let folder: string;
let data: string;
let server: Program;
let browser: Browser;

beforeAll(async () => {
  buildStudio();
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-pack-slots-"));
  data = join(folder, "data");
  writeFileSync(join(folder, "plant.json"), JSON.stringify(smallPlant()));
  const written = [
    writeFiles(join(folder, "written"), slotPack("written", "Written")),
    writeFiles(join(folder, "faulty"), throwingPack("faulty")),
  ];
  const packs = written.flatMap((path) => ["--pack", path]);
  [server, browser] = await Promise.all([startServer(data, ["--import", join(folder, "plant.json"), ...packs]), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(path: string): Promise<{ readonly page: Page; readonly faults: readonly string[] }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  await page.addInitScript(
    (preferences) => localStorage.setItem("doppelwerk.preferences", preferences),
    JSON.stringify({ personId: "e2e-pack-slots", name: "Ada Fischer", language: "en" }),
  );
  await page.goto(`${String(server.ready["url"])}${path}`);
  return { page, faults };
}

/** Moves over the marks above the band until the Rail says this. */
async function pointAtLane(page: Page, says: string): Promise<void> {
  const hint = page.locator(".dw-rail-hint").getByText(says);
  await eventually(async () => {
    const rail = (await page.locator(".dw-rail-canvas").boundingBox())!;
    for (let x = 0; x < 24; x += 3) {
      await page.mouse.move(rail.x + rail.width / 2 + x, rail.y + 30);
      if ((await hint.count()) > 0) return true;
    }
    return undefined;
  }, says);
}

/** Runs the action of a pack in the palette, which opens its dialog. */
async function runAction(page: Page, says: string): Promise<void> {
  await page.keyboard.press("Control+K");
  await page.getByRole("button", { name: `Ask ${says}` }).click();
}

/** Goes through every slot of the pack; ends at the world. */
async function expectSlots(page: Page, id: string, says: string): Promise<void> {
  const go = (path: string) => page.goto(`${String(server.ready["url"])}/${path}`);
  await go("board");
  await page.getByRole("heading", { name: `Tile of ${says}`, exact: true }).waitFor();
  await page.getByRole("heading", { name: `Line tile of ${says}` }).waitFor();
  await page.getByRole("tab", { name: says }).click();
  await page.getByText(`tab of ${says}`).waitFor();
  await page.getByText(`section of ${says}`).waitFor();
  await go("settings/worlds");
  await page.getByRole("heading", { name: `Setting of ${says}` }).waitFor();
  await runAction(page, says);
  await page.getByText(`dialog of ${says}`).waitFor();
  await page.keyboard.press("Escape");
  await page.getByText(`dialog of ${says}`).waitFor({ state: "hidden" });
  await go(id);
  await page.getByText(`page of ${says}`).waitFor();
  await go("world");
  await page.getByText(`overlay of ${says}`).waitFor();
}

test("[PK40] a pack fills every slot: tab, section, tiles, setting, action, dialog, page, overlay and lane stand in a plant with a line", async () => {
  const { page, faults } = await open("/board");
  await expectSlots(page, "written", "Written");
  await pointAtLane(page, "lane of Written");
  expect(faults).toEqual([]);
  await page.close();
});

test("[PK41] what throws in a slot is named with its pack there, and hides nothing of what stands beside it", async () => {
  const { page, faults } = await open("/board?tab=faulty");
  const failure = (text: string) => page.getByRole("alert").getByText(text).waitFor();
  for (const name of ["tile", "lineTile"]) await failure(`faulty.${name} (pack doppelwerk-faulty): `);
  await failure("faulty (pack doppelwerk-faulty): tab broke");
  await failure("faulty.section (pack doppelwerk-faulty): section broke");
  await page.getByRole("heading", { name: "Tile of Written", exact: true }).waitFor();
  await page.getByText("Measured bottleneck").waitFor();
  // a lane has no place of its own for what is wrong with it
  await page.getByText("A part of the pack doppelwerk-faulty failed: faulty.lane").waitFor();
  await pointAtLane(page, "lane of Written");
  // nor has a dialog: what is beside the page would move it
  const rail = await page.locator(".dw-rail").boundingBox();
  for (let turn = 0; turn < 2; turn++) {
    await runAction(page, "faulty");
    await page.getByText("faulty.dialog (pack doppelwerk-faulty): dialog broke").last().waitFor();
  }
  expect(await page.locator(".dw-rail").boundingBox()).toEqual(rail);
  await page.goto(`${String(server.ready["url"])}/world`);
  await failure("faulty.overlay (pack doppelwerk-faulty): overlay broke");
  await page.getByText("overlay of Written").waitFor();
  // the world below takes the pointer
  await page
    .locator(".dw-world-host canvas")
    .first()
    .click({ position: { x: 500, y: 600 } });
  expect(faults).toEqual([]);
  await page.close();
});

test("[PK47] views that an author adds to the manifest, or takes out of it, come and go without a reload", async () => {
  const { page, faults } = await open("/board");
  const root = join(folder, "written");
  const declare = (views: readonly object[]): unknown =>
    writeFiles(root, { "package.json": slotPack("written", "Written", views)["package.json"]! });
  await page.getByRole("heading", { name: "Tile of Written", exact: true }).waitFor();
  await page.getByRole("tab", { name: "Written" }).waitFor();
  await page.evaluate("globalThis.isSameWindow = true");
  declare(slotViews("written").filter(({ id }) => !["written.tab", "written.section", "written.tile", "written.page"].includes(id)));
  await page.getByRole("heading", { name: "Tile of Written", exact: true }).waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "Line tile of Written" }).waitFor();
  expect(await page.getByRole("tab", { name: "Written" }).count()).toBe(0);
  declare(slotViews("written"));
  await page.getByRole("heading", { name: "Tile of Written", exact: true }).waitFor();
  await page.getByRole("tab", { name: "Written" }).waitFor();
  await page.getByRole("navigation").getByRole("button", { name: "Written" }).click();
  await page.getByText("page of Written").waitFor();
  // the page that is shown goes: the first one stands in its place
  declare(slotViews("written").filter(({ id }) => id !== "written.page"));
  await page.getByText("overlay of Written").waitFor();
  declare(slotViews("written"));
  await page.getByRole("navigation").getByRole("button", { name: "Written" }).waitFor();
  expect(await page.evaluate("globalThis.isSameWindow")).toBe(true);
  expect(faults).toEqual([]);
  await page.close();
});

test("[PK43] a lane that an author changes is another one without a reload", async () => {
  const { page } = await open("/board");
  await pointAtLane(page, "lane of Written");
  writeFiles(join(folder, "written"), { "studio/lane.js": slotPack("written", "another one")["studio/lane.js"]! });
  await pointAtLane(page, "lane of another one");
  await page.close();
});

test("[PK44] [PK48] a pack that is added to the running server fills every slot once a page is loaded, and none after it was removed", async () => {
  const added = await runCommand(["pack", "add", writeFiles(join(folder, "added"), slotPack("added", "Added")), "--yes", "--data", data]);
  expect(added).toMatchObject({ code: 0 });
  const parts = async (): Promise<readonly string[]> => {
    const answer = await fetch(`${String(server.ready["url"])}/api/doppelwerk/v1/studio-parts`);
    return ((await answer.json()) as { readonly parts: readonly { readonly feature: string }[] }).parts.map(({ feature }) => feature);
  };
  await eventually(async () => (await parts()).includes("added") || undefined, "the views of the added pack");
  const { page, faults } = await open("/board");
  await expectSlots(page, "added", "Added");
  expect(await runCommand(["pack", "remove", "doppelwerk-added", "--data", data])).toMatchObject({ code: 0 });
  await eventually(async () => !(await parts()).includes("added") || undefined, "the views to go");
  await page.goto(`${String(server.ready["url"])}/board?tab=added`);
  await page.getByRole("heading", { name: "Tile of Written", exact: true }).waitFor();
  await page.getByText("Measured bottleneck").waitFor();
  expect(await page.getByText(/of Added/).count()).toBe(0);
  expect(await page.getByRole("tab", { name: "Added" }).count()).toBe(0);
  await page.keyboard.press("Control+K");
  await page.getByRole("button", { name: "Ask Written" }).waitFor();
  expect(await page.getByRole("button", { name: "Added" }).count()).toBe(0);
  expect(faults).toEqual([]);
  await page.close();
});
