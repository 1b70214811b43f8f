import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newPack } from "../packages/server/src/packs/new-pack.ts";
import { buildStudio } from "../scripts/build.ts";
import { brewing, brokenPack, cellar, writeFiles } from "./pack-views.fixture.ts";
import { runCommand, startBrowser, startServer } from "./running-site.ts";
import type { Program } from "./running-site.ts";

// What packs show in the built studio, in a real browser: two from folders that are being written, one that was added.
let folder: string;
let brewery: string;
let server: Program;
let browser: Browser;

beforeAll(async () => {
  buildStudio();
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-pack-views-"));
  const data = join(folder, "data");
  brewery = writeFiles(join(folder, "brewery"), brewing);
  const broken = writeFiles(join(folder, "broken"), await brokenPack());
  const added = await runCommand(["pack", "add", writeFiles(join(folder, "cellar"), cellar), "--yes", "--data", data]);
  expect(added.stderr).toContain("run in the browser");
  const malt = newPack("malt", folder);
  expect(await runCommand(["pack", "build", malt])).toMatchObject({ code: 0 });
  expect(await runCommand(["pack", "add", malt, "--yes", "--data", data])).toMatchObject({ code: 0 });
  [server, browser] = await Promise.all([startServer(data, ["--pack", brewery, "--pack", broken]), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A window of somebody who has a name; what the browser complains of is kept. */
async function open(path: string, language = "en"): Promise<{ readonly page: Page; readonly faults: readonly string[] }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  await page.addInitScript(
    (preferences) => localStorage.setItem("doppelwerk.preferences", preferences),
    JSON.stringify({ personId: "e2e-packs", name: "Ada Fischer", language }),
  );
  await page.goto(`${String(server.ready["url"])}${path}`);
  return { page, faults };
}

test("[PK40] a page of a pack stands in the bar, is loaded when it is opened, and shares React and the kit with the studio", async () => {
  const { page, faults } = await open("/settings/server");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.getByText("Version").waitFor();
  expect(asked.filter((path) => path.startsWith("/packs/doppelwerk-brewery"))).toEqual([]);
  await page.getByRole("button", { name: "Batches" }).first().click();
  await page.getByText("Helles 12").waitFor();
  await page.getByRole("button", { name: "tapped 0" }).click();
  await page.getByRole("button", { name: "tapped 1" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/brewery");
  expect(asked.filter((path) => path.startsWith("/packs/doppelwerk-brewery")).map((path) => path.split("/").at(-1))).toEqual([
    "page.js",
    "batch-list.js",
  ]);
  // the styles of parts of the kit that the studio had not shown
  expect(await page.locator("link[rel=stylesheet][href*='/charts-']").count()).toBeGreaterThan(0);
  expect(faults).toEqual([]);
  await page.close();
});

test("[PK41] views that throw, hang, have no component or do not compile are named with their pack, and the rest goes on", async () => {
  const { page } = await open("/settings/worlds");
  const failure = (text: RegExp) => page.getByRole("alert").getByText(text).waitFor();
  await page.getByText("last card").waitFor();
  await page.getByText("first card").waitFor();
  await failure(/broken\.throws \(pack doppelwerk-broken\): .*the kettle is empty/);
  await failure(/broken\.nothing \(pack doppelwerk-broken\): \.\/studio\/nothing\.js has no default export/);
  await failure(/broken\.missing \(pack doppelwerk-broken\): studio\/missing\.tsx does not compile: 1:/);
  await failure(/broken\.hangs \(pack doppelwerk-broken\): studio\/hangs\.js was not loaded within 10 s/);
  await page.getByRole("heading", { name: "Packs", exact: true }).waitFor();
  await page.keyboard.press("Control+K");
  await page.getByRole("button", { name: "Broken action" }).click();
  await page.getByText("the action failed").waitFor();
  await page.close();
});

test("[PK34] a view of a pack cannot evaluate text", async () => {
  const { page } = await open("/settings/worlds");
  await page.getByText("first card, eval: EvalError").waitFor();
  await page.close();
});

test("[PK42] a view with a React of its own is named with its file and what to do", async () => {
  const { page } = await open("/settings/worlds");
  await page
    .getByRole("alert")
    .getByText(/broken\.ownReact \(pack doppelwerk-broken\): studio\/ownReact\.js contains its own copy of React/)
    .waitFor();
  await page.close();
});

test("[PK43] what an author changes is shown without a reload, its words too; a fault is shown and goes with it", async () => {
  const { page } = await open("/brewery");
  await page.getByText("Helles 12").waitFor();
  await page.evaluate("globalThis.isSameWindow = true");
  const list = (body: string) =>
    writeFileSync(join(brewery, "studio/batch-list.tsx"), `export const BatchList = ({ batches }: any) => ${body};`);
  list("<p>{batches.length} in the cellar</p>");
  await page.getByText("1 in the cellar").waitFor();
  list("<p>{batches.lenght.toFixed()}</p>");
  await page.getByRole("alert").getByText("Batches (pack doppelwerk-brewery): ").waitFor();
  writeFileSync(join(brewery, "words/en.json"), JSON.stringify({ "brewery.title": "Brews" }));
  list("<p>{batches.length} brewed</p>");
  await page.getByText("1 brewed").waitFor();
  await page.getByRole("button", { name: "Brews" }).first().waitFor();
  expect(await page.evaluate("globalThis.isSameWindow")).toBe(true);
  await page.close();
});

test("[PK44] a pack that was added shows its page, from files that are kept for good", async () => {
  const { page } = await open("/cellar");
  const answer = page.waitForResponse((response) => response.url().endsWith("/studio/page.js"));
  await page.reload();
  await page.getByText("cool and dark").waitFor();
  expect((await (await answer).allHeaders())["cache-control"]).toContain("immutable");
  await page.close();
});

test("[PK83] a new pack that was built and added has its page: a batch that is added is listed, and stands in 3D", async () => {
  const { page, faults } = await open("/malt");
  await page.getByText("No batches yet").waitFor();
  await page.getByRole("textbox", { name: "Name" }).fill("Helles 12");
  await page.getByRole("textbox", { name: "Litres" }).fill("2000");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("cell", { name: "Helles 12", exact: true }).waitFor();
  await page.locator(".malt-tanks canvas").first().waitFor();
  // on a phone a row is a block: of a batch whose level nobody measures there are two lines
  const cells = page.getByRole("main").getByRole("row", { name: "Helles 12" }).locator("td:visible");
  expect(await cells.count()).toBe(4);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(() => cells.count()).toBe(2);
  expect(faults).toEqual([]);
  await page.close();
});

test("[PK45] packs have their words in both languages, and none of the product's", async () => {
  const { page } = await open("/cellar", "zh");
  await page.getByRole("button", { name: "酒窖" }).first().waitFor();
  await page.getByRole("button", { name: "批次" }).first().waitFor();
  expect(await page.getByText("已被占用").count()).toBe(0);
  expect(await page.locator("nav[aria-label='已被占用']").count()).toBe(0);
  await page.close();
});

test("[PK105] where what packs show cannot be read the studio says so and why; trying again brings their pages", async () => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  let fails = true;
  await page.route("**/studio-parts", async (route) => {
    if (!fails) return route.continue();
    return route.fulfill({ status: 503, json: { error: { code: "DW_UNAVAILABLE", message: "the packs are being moved" } } });
  });
  await page.addInitScript(
    (preferences) => localStorage.setItem("doppelwerk.preferences", preferences),
    JSON.stringify({ personId: "e2e-packs", name: "Ada Fischer", language: "zh" }),
  );
  await page.goto(`${String(server.ready["url"])}/settings`);
  const banner = page.getByRole("alert").filter({ hasText: "无法读取扩展包" });
  await banner.getByText("the packs are being moved").waitFor();
  await banner.getByRole("button").click();
  await banner.getByText("the packs are being moved").waitFor();
  fails = false;
  await banner.getByRole("button").click();
  await banner.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "批次" }).first().waitFor();
  await page.close();
});
