import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dyeHouseEnvironment } from "../examples/dye-house-plant/src/engineering-file/dye-house-file.ts";
import { buildStudio } from "../scripts/build.ts";
import { eventually, startBrowser, startServer } from "./running-site.ts";
import type { Program } from "./running-site.ts";

// A run whose stations are components of a pack, simulated again in the page: the line of the dye house by its engineering file, without a plant.
let folder: string;
let server: Program;
let browser: Browser;

beforeAll(async () => {
  buildStudio();
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-watch-components-"));
  const file = join(folder, "plant.json");
  const nowhere = { opcua: "opc.tcp://127.0.0.1:1", modbus: "modbus+tcp://127.0.0.1:2" };
  writeFileSync(file, JSON.stringify(dyeHouseEnvironment(nowhere, true)));
  const started = startServer(join(folder, "data"), ["--pack", "packs/dye-house", "--import", file]);
  [server, browser] = await Promise.all([started, startBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask<Answer>(method: "GET" | "POST", path: string, body?: object): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${String(server.ready["url"])}/api/doppelwerk/v1${path}`, {
    method,
    ...(body && { headers, body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

test("[SI9] a run with components of a pack is watched in the browser: the trace is that of the server, under the policy of the page", async () => {
  const { id: branch } = await ask<{ readonly id: string }>("POST", "/branches", {
    name: "watched",
    parent: "live",
    reason: "a run to watch",
  });
  const plan = { kind: "study", seed: 3, replications: 3, shifts: 6 };
  const { id: run } = await ask<{ readonly id: string }>("POST", `/branches/${branch}/runs`, plan);
  await eventually(async () => {
    const { run: now } = await ask<{ readonly run: { readonly state: string } }>("GET", `/runs/${run}`);
    if (now.state === "failed") throw new Error(JSON.stringify(now));
    return now.state === "done" || undefined;
  }, "the run");
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const faults: string[] = [];
  const machines: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (line) => void (/Content Security Policy/i.test(line.text()) && faults.push(line.text())));
  page.on("request", (request) => void (request.url().endsWith(".wasm") && machines.push(request.url())));
  await page.addInitScript(
    (preferences) => localStorage.setItem("doppelwerk.preferences", preferences),
    JSON.stringify({ personId: "e2e-watch-components", name: "Ada Fischer", language: "en" }),
  );
  await page.goto(`${String(server.ready["url"])}/decide?branch=${branch}`);
  await page.getByText("Study").first().waitFor();
  expect(machines).toEqual([]);
  await page.goto(`${String(server.ready["url"])}/decide/watch?branch=${branch}&run=${run}`);
  await page.getByText(/^the same events as on the server/).waitFor();
  expect(machines.length).toBeGreaterThan(0);
  expect(faults).toEqual([]);
  await page.close();
});
