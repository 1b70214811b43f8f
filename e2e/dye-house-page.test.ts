import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildStudio } from "../scripts/build.ts";
import { OVER_PRINTS } from "./page-faults.ts";
import { clientOf, eventually, startBrowser, startProgram, startServer, type Program } from "./running-site.ts";

// The page of the dye house in the built studio, in a real browser, beside a plant whose boiler has failed an hour ago.
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-dye-house-page-"));
const running: Program[] = [];
let url: string;
let browser: Browser;

beforeAll(async () => {
  buildStudio();
  const past = ["--days", "2", "--steam-lost", "60"];
  const plant = await startProgram("examples/dye-house-plant/src/main.ts", ["--json", "--data", join(folder, "plant"), ...past]);
  running.push(plant);
  const file = String(plant.ready["engineeringFile"]);
  const server = await startServer(join(folder, "data"), ["--pack", "packs/dye-house", "--import", file, "--demo"]);
  running.push(server);
  url = String(server.ready["url"]);
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  for (const program of running.toReversed()) await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask<Answer>(path: string, method = "GET", body?: object): Promise<Answer> {
  const given = body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`${url}/api/doppelwerk/v1/${path}`, { method, ...given });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

interface Look {
  readonly language?: "en" | "zh";
  readonly theme?: "light" | "dark";
  readonly width?: number;
}

async function open(
  path: string,
  { language = "en", theme = "light", width = 1440 }: Look = {},
): Promise<{ readonly page: Page; readonly faults: readonly string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  await page.addInitScript(
    (preferences) => localStorage.setItem("doppelwerk.preferences", preferences),
    JSON.stringify({ personId: "e2e-dye-house", name: "Ada Fischer", language, theme }),
  );
  await page.goto(`${url}${path}`);
  return { page, faults };
}

const overPrints = (page: Page): Promise<readonly string[]> => page.evaluate(`(${OVER_PRINTS})(document.querySelector(".dye-house-page"))`);

test("[DH15] the page sets up the dye house and shows batches, key figures, a batch against its programme and alarm rules to add", async () => {
  const { page, faults } = await open("/dye-house");
  await page.getByRole("button", { name: "Set up from the engineering file" }).click();
  const gantt = page.getByRole("group", { name: "Batches by machine" });
  await gantt
    .getByRole("button", { name: /^Batch D\d+.* on JET1, / })
    .first()
    .waitFor({ timeout: 240_000 });
  const figures = page.locator(".dye-house-figures");
  await eventually(async () => /Water\d+\.\d\sL\/kg/.test((await figures.textContent()) ?? ""), "water of the past");
  expect(await figures.textContent()).toMatch(/Right first time\d+(?:\.\d)?\s?%/);
  // as wide as its card
  const [drawn, card] = [await gantt.boundingBox(), await page.locator(".dw-card", { has: gantt }).boundingBox()];
  expect(drawn!.width).toBeGreaterThan(card!.width - 40);
  await gantt
    .getByRole("button", { name: /on JET2/ })
    .first()
    .click();
  await page.getByRole("heading", { name: /^JET2 · D\d+/ }).waitFor();
  const choice = page.getByRole("radiogroup", { name: "Shown" });
  expect((await choice.boundingBox())!.height).toBeGreaterThan(20);
  await choice.getByText("Liquor volume").click();
  await page.locator(".dye-house-trend svg").first().waitFor();
  // what it begins with is proposed, and holds once it is merged
  await page.getByRole("button", { name: /^Propose the set-up \(\d\d new\)$/ }).click();
  await page.getByRole("dialog").waitFor();
  expect((await ask<readonly Rule[]>("alarm-rules")).filter(isOffProgramme)).toEqual([]);
  expect(faults).toEqual([]);
  await page.close();
});

test("[DH15] what is on the page keeps to its place in both languages and themes, on a wide screen and on a phone", async () => {
  for (const look of [{}, { language: "zh", theme: "dark" }, { width: 390 }, { width: 390, language: "zh" }] as const) {
    const { page, faults } = await open("/dye-house", look);
    // the newest batch, which is shown first, may have no value yet
    await page.locator(".dye-house-batch").first().click();
    await page.locator(".dye-house-trend svg").first().waitFor();
    expect(await overPrints(page), JSON.stringify(look)).toEqual([]);
    expect(await page.evaluate("document.querySelector('.dye-house-page').scrollWidth <= innerWidth"), JSON.stringify(look)).toBe(true);
    expect(faults).toEqual([]);
    await page.close();
  }
});

test("[DH15] the inspector names the machines and has the present values of the tanks with their units", async () => {
  await ask("packs/dye-house/set-up", "POST", {});
  const { page } = await open("/trends?tab=dye-house");
  for (const name of ["JET1", "JET4"]) await page.getByLabel(name, { exact: true }).waitFor();
  const tanks = page.getByLabel("Tanks", { exact: true });
  await eventually(async () => /ACID\d+(?:\.\d+)?\s?L/.test((await tanks.textContent()) ?? ""), "the level of a tank");
  await page.close();
});

interface Rule {
  readonly id: string;
  readonly fields: object;
}
const isOffProgramme = ({ id }: { readonly id: string }): boolean => id.startsWith("alarmRule:dyeHouse.offProgramme");

/** One proposes it, another one approves it, and it is merged. */
async function mergeSetUp(): Promise<void> {
  const [ada, bo] = [clientOf(url, "Ada"), clientOf(url, "Bo")];
  const { id: branch } = await ada.fork("set-up");
  await ask(`pack-set-ups/dye-house?branch=${encodeURIComponent(branch)}`, "POST", {});
  const planned = { owner: "Ada", effectiveFrom: "2026-12-01", action: "watch the dye house" };
  const { id } = await ada.propose({ branch, title: "Set-up", text: "", runs: [], planned });
  await bo.approve(id);
  await ada.merge(id);
}

test("[DH16] a machine that has no steam to follow its programme raises an alarm", async () => {
  await mergeSetUp();
  const own = (await ask<readonly Rule[]>("alarm-rules")).filter(isOffProgramme);
  expect(own.length).toBeGreaterThan(1);
  // as shipped they wait for five minutes
  for (const { id, fields } of own) await ask(`alarm-rules/${encodeURIComponent(id)}`, "PUT", { fields: { ...fields, onDelayS: 0 } });
  const raised = await eventually(async () => {
    const alarms = await ask<readonly { readonly rule: string; readonly state: string }[]>("alarms");
    return alarms.find(({ rule, state }) => isOffProgramme({ id: rule }) && state === "unacknowledged");
  }, "an alarm of a machine that is off its programme");
  const { page } = await open("/alarms");
  const machine = /machine:(\w+)$/.exec(raised.rule)![1]!;
  await page.getByText(`${machine} is off its temperature programme`).first().waitFor();
  await page.close();
});
