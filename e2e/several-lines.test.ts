import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildStudio } from "../scripts/build.ts";
import { eventually, startBrowser, startServer, type Program } from "./running-site.ts";

// Two lines that share a buffer, run together from the page: three lines of a motor works by their engineering file, without a plant.
const file = fileURLToPath(new URL("../packs/discrete-line/fixtures/three-lines.aas.json", import.meta.url));
let folder: string;
let server: Program;
let browser: Browser;

beforeAll(async () => {
  buildStudio();
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-several-lines-page-"));
  [server, browser] = await Promise.all([startServer(join(folder, "data"), ["--import", file]), startBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const origin = (): string => String(server.ready["url"]).replace(/\/$/, "");

async function ask<Answer>(method: "GET" | "POST", path: string, body?: object): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${origin()}/api/doppelwerk/v1${path}`, { method, ...(body && { headers, body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

/** The card with this heading. */
const card = (page: Page, name: string): Locator =>
  page.locator(".dw-card").filter({ has: page.getByRole("heading", { name, exact: true }) });
const indicator = (of: Locator, name: string): Locator => of.getByRole("cell", { name: new RegExp(`^${name}`) });

/** All lines together without OEE, each line with its own, and the buffer between them. */
async function expectEachLine(page: Page): Promise<void> {
  const total = card(page, "Branch against live, all lines together");
  await indicator(total, "Good units").waitFor();
  expect(await indicator(total, "OEE").count()).toBe(0);
  for (const line of ["Assembly", "Motors"]) {
    await indicator(card(page, line), "OEE").waitFor();
    await indicator(card(page, line), "Throughput").waitFor();
  }
  expect(await card(page, "Frames").count()).toBe(0);
}

/** Every button beside the factors has its height, and no table leaves its card, on a desk and on a phone. */
async function expectRoom(page: Page): Promise<void> {
  const heights = await page.locator(".dw-decide-rooms > button").evaluateAll((all) => all.map((each) => each.clientHeight));
  expect(heights.length).toBeGreaterThan(2);
  expect(Math.min(...heights)).toBeGreaterThan(20);
  await page.setViewportSize({ width: 390, height: 844 });
  const tooWide = () =>
    page.locator(".dw-decide .dw-card").evaluateAll((all) => all.filter((each) => each.scrollWidth > each.clientWidth + 1).length);
  await expect.poll(tooWide).toBe(0);
  await page.setViewportSize({ width: 1440, height: 900 });
}

test("[SI6] two lines that the address names are run together from Decide, each with its figures, and proposed in one merge request", async () => {
  const { id: branch } = await ask<{ readonly id: string }>("POST", "/branches", {
    name: "store",
    parent: "live",
    reason: "a smaller store",
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  await page.addInitScript(
    (preferences) => localStorage.setItem("doppelwerk.preferences", preferences),
    JSON.stringify({ personId: "e2e-several-lines", name: "Ada Fischer", language: "en" }),
  );
  await page.goto(`${origin()}/decide/lines:Assembly,Motors?branch=${encodeURIComponent(branch)}&line=Assembly`);
  await page.getByText("Simulated together, joined at Motor store.").waitFor();
  await page.getByRole("textbox", { name: "Find a factor" }).fill("Motor store");
  const capacity = page.getByLabel("Shared buffer Motor store", { exact: true });
  await capacity.fill("1");
  await capacity.press("Enter");
  const changes = () => ask<readonly object[]>("GET", `/branches/${branch}/diff`);
  await eventually(async () => (await changes()).length > 0 || undefined, "the capacity on the branch");
  await page.getByLabel("Replications").fill("3");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expectEachLine(page);
  await card(page, "Shared buffers").getByRole("cell", { name: "Motor store" }).waitFor();
  await expectRoom(page);
  const runs = await ask<readonly { readonly lines?: readonly string[] }[]>("GET", `/branches/${branch}/runs`);
  expect(runs.map(({ lines }) => lines?.toSorted())).toEqual([["Assembly", "Motors"]]);

  await page.getByRole("main").getByRole("button", { name: "Propose" }).click();
  await page.getByLabel("Title").fill("A smaller store");
  await page.getByLabel(/Responsible/).fill("Maintenance");
  await page.getByLabel(/Action to take/).fill("Take places out of the motor store");
  await page.getByRole("dialog").getByRole("button", { name: "Propose" }).click();
  await page.getByText(/You cannot approve this/).waitFor();
  await page.getByText("MotorStore Capacity").waitFor();
  await expectEachLine(page);
  expect(faults).toEqual([]);
  await page.close();
});
