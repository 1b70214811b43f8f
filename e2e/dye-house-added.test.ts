import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildStudio } from "../scripts/build.ts";
import { eventually, runCommand, startBrowser, startProgram, startServer, type Program } from "./running-site.ts";

// The dye house as somebody gets it who has not written it: built, packed by npm, added to a server that runs already, and removed again.
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-dye-house-added-"));
const data = join(folder, "data");
const HOUR = 3_600_000_000;
const NAME = "@doppelwerk/pack-dye-house";
let plant: Program | undefined;
let server: Program | undefined;
let browser: Browser | undefined;
let url: string;
let archive: string;

beforeAll(async () => {
  buildStudio();
  const pack = join(folder, "pack");
  cpSync(fileURLToPath(new URL("../packs/dye-house", import.meta.url)), pack, {
    recursive: true,
    filter: (path) => !path.includes("node_modules"),
  });
  expect(await runCommand(["pack", "build", pack])).toMatchObject({ code: 0 });
  // without what npm gives to the scripts of this repository
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith("npm_")));
  const packed = execFileSync("npm", ["pack", "--silent"], { cwd: pack, encoding: "utf8", env: { ...environment, NODE_OPTIONS: "" } });
  archive = join(pack, packed.trim().split("\n").at(-1)!);
  plant = await startProgram("examples/dye-house-plant/src/main.ts", ["--json", "--days", "1", "--data", join(folder, "plant")]);
  server = await startServer(data, ["--import", String(plant.ready["engineeringFile"]), "--demo"]);
  url = String(server.ready["url"]);
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await plant?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask<Answer>(path: string): Promise<Answer> {
  const answer = await fetch(`${url}/api/doppelwerk/v1/${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}
const statusOf = async (path: string): Promise<number> => (await fetch(`${url}/api/doppelwerk/v1/${path}`)).status;

async function open(path: string): Promise<{ readonly page: Page; readonly faults: readonly string[] }> {
  const page = await browser!.newPage({ viewport: { width: 1440, height: 900 } });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  await page.addInitScript(
    (preferences) => localStorage.setItem("doppelwerk.preferences", preferences),
    JSON.stringify({ personId: "e2e-dye-house-added", name: "Ada Fischer", language: "en" }),
  );
  await page.goto(`${url}${path}`);
  return { page, faults };
}

interface Machine {
  readonly name: string;
  readonly phaseSignal: string;
}

test("[DH19] added to a server that runs, the pack concludes and shows everything; removed, what it concluded stays readable", async () => {
  expect(await statusOf("packs/dye-house")).toBe(404);
  const added = await runCommand(["pack", "add", archive, "--yes", "--data", data]);
  expect(added).toMatchObject({ code: 0 });
  expect(added.stderr).toContain("unsigned");
  await eventually(async () => (await statusOf("packs/dye-house")) === 200, "the operations of the pack");

  // page, fold, words, 3D
  const { page, faults } = await open("/dye-house");
  await page.getByRole("button", { name: "Set up from the engineering file" }).click();
  await page
    .getByRole("button", { name: /^Batch D\d+.* on JET1, / })
    .first()
    .waitFor({ timeout: 240_000 });
  await page.getByRole("heading", { name: "The dye house in 3D" }).waitFor();
  await page.locator(".dye-house-scene canvas").waitFor();
  // the keyboard goes from batch to batch
  await page.locator(".dye-house-batch.is-chosen").focus();
  const chosen = () => page.locator(".dye-house-batch.is-chosen").getAttribute("data-batch");
  const before = await chosen();
  await page.keyboard.press("ArrowLeft");
  await eventually(async () => (await chosen()) !== before, "the batch before");
  // the tab of the inspector
  const tab = await open("/trends?tab=dye-house");
  await eventually(
    async () => /Temperature\d+(?:\.\d+)?\s?°C/.test((await tab.page.getByLabel("JET1", { exact: true }).textContent()) ?? ""),
    "JET1",
  );
  expect([...faults, ...tab.faults]).toEqual([]);
  await tab.page.close();
  await page.close();

  const { machines } = await ask<{ readonly machines: readonly Machine[] }>("packs/dye-house");
  const { phaseSignal } = machines.find(({ name }) => name === "JET1")!;
  const now = Date.now() * 1_000;
  const period = `from=${now - 12 * HOUR}&to=${now - HOUR / 4}`;
  // a frame of samples: JSON texts of phases among them
  const phases = async () =>
    Buffer.from(await (await fetch(`${url}/api/doppelwerk/v1/window?signals=${encodeURIComponent(phaseSignal)}&${period}`)).arrayBuffer());
  const held = await phases();
  expect(held.includes("dose")).toBe(true);

  expect(await runCommand(["pack", "remove", NAME, "--data", data])).toMatchObject({ code: 0 });
  await eventually(async () => (await statusOf("packs/dye-house")) === 404, "the operations to go");
  expect((await phases()).equals(held)).toBe(true);
  const without = await open("/settings/server");
  await without.page.getByText("Version").waitFor();
  // its page is gone, the place of that name stays in the breadcrumb
  expect(await without.page.locator(".dw-nav").getByRole("button", { name: "Dye house" }).count()).toBe(0);
  expect(without.faults).toEqual([]);
  await without.page.close();

  // its documents were kept: added again, nothing has to be set up
  expect(await runCommand(["pack", "add", archive, "--yes", "--data", data])).toMatchObject({ code: 0 });
  const again = await eventually(() => ask<{ readonly machines: readonly Machine[] }>("packs/dye-house"), "the pack to be there again");
  expect(again.machines.map(({ name }) => name)).toEqual(machines.map(({ name }) => name));
});
