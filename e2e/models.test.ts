import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientOf, startBrowser, startServer } from "./running-site.ts";
import type { Program } from "./running-site.ts";

// A simulation model, and a line of an event log, from a file to its curves, in a real browser against a real server.
const fixtures = fileURLToPath(new URL("../packages/engines/src/fmi/fixtures/fmu", import.meta.url));
const shells = {
  assetAdministrationShells: [
    {
      modelType: "AssetAdministrationShell",
      id: "urn:shell:ball",
      idShort: "Ball",
      assetInformation: { assetKind: "Instance", globalAssetId: "urn:asset:ball" },
      submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: "urn:handover" }] }],
    },
  ],
  submodels: [
    {
      modelType: "Submodel",
      id: "urn:handover",
      idShort: "Handover",
      submodelElements: [{ modelType: "File", idShort: "Manual", contentType: "application/pdf", value: "https://example.org/manual.pdf" }],
    },
  ],
};
let folder: string;
let server: Program;
let browser: Browser;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-models-"));
  server = await startServer(join(folder, "data"));
  url = String(server.ready["url"]).replace(/\/$/, "");
  await clientOf(url, "Ada").importFile("ball.json", new TextEncoder().encode(JSON.stringify(shells)) as Uint8Array<ArrayBuffer>);
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("[U70] an FMU is added to a shell, run with a parameter of one's own, and drawn; a file that is none is refused in words", async () => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const troubles: string[] = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  await page.addInitScript(() =>
    localStorage.setItem("doppelwerk.preferences", JSON.stringify({ name: "Ada", theme: "light", language: "en" })),
  );
  await page.goto(`${url}/decide/models`);
  await page.getByRole("combobox", { name: "Asset" }).click();
  await page.getByRole("option", { name: "Ball" }).click();
  const file = page.locator('input[type="file"][accept=".fmu"]');
  await file.setInputFiles({ name: "none.fmu", mimeType: "application/zip", buffer: Buffer.from("PK") });
  await page.getByRole("alert").getByText("not a model that can be used").waitFor();
  await file.setInputFiles(join(fixtures, "BouncingBall.3.fmu"));
  await page.getByRole("heading", { name: "Bouncing ball" }).waitFor();
  await page.getByRole("textbox", { name: "Value of e" }).fill("0.9");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("img", { name: "Simulated series: h, v" }).waitFor();
  await page.getByText(/\d+ events/).waitFor();
  const [run] = await clientOf(url, "Ada").requester.json<readonly object[]>("GET", "/branches/live/model-runs");
  expect(run).toMatchObject({ state: "done", model: { name: "Bouncing ball", version: "1.0" } });
  const bounds = page.getByRole("row", { name: /^e parameter/ });
  expect(await bounds.getByRole("cell").allTextContents()).toEqual(["e", "parameter", "Float64", "–", "0.5–1", "0.7"]);
  await file.setInputFiles(join(fixtures, "BouncingBall.2.fmu"));
  await page.getByText("Both have the same ports").waitFor();
  const types = page.getByRole("row", { name: /^Type FMI 2\.0/ });
  expect(await types.getByRole("cell").allTextContents()).toEqual(["Type", "FMI 2.0", "FMI 3.0"]);
  await page.getByRole("button", { name: "manual.pdf Handover · application/pdf" }).waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "Simulation models" }).click();
  await page.getByRole("textbox", { name: "Search models" }).fill("oscillator");
  await page.getByText("No model matches").waitFor();
  expect(troubles).toEqual([]);
});

test("[U76] a dropped event log becomes a bottleneck and a forecast in words, and a line that is taken away; what is none is refused", async () => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const troubles: string[] = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  await page.addInitScript(() =>
    localStorage.setItem("doppelwerk.preferences", JSON.stringify({ name: "Ada", theme: "light", language: "en" })),
  );
  await page.goto(`${url}/decide/event-log`);
  const file = page.locator('input[type="file"]');
  await file.setInputFiles({ name: "none.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n") });
  await page.getByRole("alert").getByText("there is none among a, b").waitFor();
  const at = (minute: number): string => new Date(Date.UTC(2026, 0, 5) + minute * 60_000).toISOString();
  const rows = Array.from({ length: 400 }, (_, i) => [
    `o${i},Saw,${at(15 * i)},${at(15 * i + 4)}`,
    `o${i},Mill,${at(15 * i + 5)},${at(15 * i + 19)}`,
  ]);
  const log = Buffer.from(["order,operation,start,end", ...rows.flat(), "o1,Saw,soon,later"].join("\n"));
  await file.setInputFiles({ name: "shop.csv", mimeType: "text/csv", buffer: log });
  await page.getByText("800 visits of 400 cases, 2026-01-05 00:00").waitFor();
  await page.getByRole("heading", { name: /^Mill is the bottleneck \d+/ }).waitFor();
  await page.getByText("1 row was skipped. First row: row 802 has").waitFor();
  await page.getByText(/^\d+ forecasts from earlier data/).waitFor();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download the line" }).click();
  const taken = await download;
  expect(taken.suggestedFilename()).toBe("shop.line.json");
  expect(JSON.parse(readFileSync(await taken.path(), "utf8"))).toMatchObject({ format: "doppelwerk-flow/1" });
  expect(troubles).toEqual([]);
});
