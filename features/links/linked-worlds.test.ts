import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient, type Client } from "@doppelwerk/client";
import * as links from "./calls.ts";
import { buildStudio } from "../../scripts/build.ts";
import { eventually, runCommand, startBrowser, startServer, type Program } from "../../e2e/running-site.ts";

// Worlds in a browser: one that shows a line of another one, and windows of worlds that are not to be had.

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-linked-worlds-"));
const LINE_FILE = fileURLToPath(new URL("../../packs/discrete-line/fixtures/three-lines.aas.json", import.meta.url));
let server: Program;
let browser: Browser;
let url: string;

const clientIn = (world: string): Client =>
  createClient({
    baseUrl: url,
    world,
    person: { id: "secret of Ada", name: "Ada" },
    fetch: (address, init) => fetch(address, init as RequestInit),
  });

beforeAll(async () => {
  buildStudio();
  [server, browser] = await Promise.all([startServer(join(folder, "data")), startBrowser()]);
  url = String(server.ready["url"]).replace(/\/$/, "");
  for (const name of ["mill", "park"]) await clientIn("default").createWorld({ name, title: `The ${name}` });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(address: string, language = "en", size = { width: 1440, height: 900 }): Promise<Page> {
  const context = await browser.newContext({ viewport: size });
  const page = await context.newPage();
  const held = JSON.stringify({ personId: "e2e-linked-worlds", name: "Ada", language });
  await page.addInitScript((text) => localStorage.setItem("doppelwerk.preferences", text), held);
  await page.goto(url + address);
  return page;
}

test("[LK15] a linked line stands in the place tree, on its board and in Assets with the world that it is from, and with its age once that is away", async () => {
  expect((await runCommand(["import", LINE_FILE, "--server", `${url}/worlds/mill`])).code).toBe(0);
  const [line] = (await links.offers(clientIn("mill"))).shells;
  const { key } = await links.grant(clientIn("mill"), { body: { label: "Park", places: [line!.id], shells: [], signals: [] } });
  await links.add(clientIn("park"), { body: { url: `${url}/worlds/mill`, key, name: "Mill" } });
  await eventually(
    async () => ((await links.list(clientIn("park"))).links[0]!.shows.shells > line!.contains ? true : undefined),
    "the line is linked",
  );

  const page = await open("/assets?world=park");
  await page.getByRole("button", { name: "Show all places" }).click();
  const tree = page.getByRole("tree", { name: "Places" });
  await tree.getByRole("treeitem").nth(line!.contains).waitFor();
  // each of them, and no place more
  await tree.getByRole("img", { name: "from Mill, read-only", exact: true }).nth(line!.contains).waitFor();
  expect(await tree.getByRole("treeitem").count()).toBe(line!.contains + 1);
  await page.keyboard.press("Escape");
  await page.getByText("Shells", { exact: true }).click();
  await page.getByRole("treeitem").first().click();
  await page.getByRole("heading", { level: 2 }).waitFor();
  await page.locator("header").getByText("from Mill, read-only").waitFor();

  await clientIn("default").changeWorld("mill", { archived: true });
  await page
    .locator("header")
    .getByText(/^from Mill, read-only, last contact .+ ago$/)
    .waitFor();
  await page.context().close();
  const phone = await open("/board?world=park", "zh", { width: 390, height: 844 });
  await phone.getByRole("button", { name: "显示全部区域" }).click();
  await phone
    .getByRole("img", { name: /^来自 Mill，只读，.+前最后一次联系$/ })
    .first()
    .waitFor();
  expect(await phone.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  await phone.context().close();
});

test("[U118] a window of a world that is archived, or renamed while it is looked at, says so and leads to the others", async () => {
  await clientIn("default").createWorld({ name: "guest", title: "The guest" });
  const page = await open("/board?world=guest");
  await page.getByText("live", { exact: true }).first().waitFor();
  await clientIn("default").changeWorld("guest", { name: "visitor" });
  await page.getByText("There is no world guest. It may have been renamed or deleted.").waitFor();
  await clientIn("default").changeWorld("visitor", { archived: true });
  await page.goto(`${url}/?world=visitor`);
  await page.getByText("The guest is archived: it cannot be used until it is restored.").waitFor();
  await page.getByRole("link", { name: "Worlds of this server" }).click();
  await page
    .getByRole("row", { name: /The guest/ })
    .getByRole("button", { name: "Restore" })
    .click();
  await page.getByRole("link", { name: "The guest" }).click();
  await page.getByText("live", { exact: true }).first().waitFor();
  expect(new URL(page.url()).searchParams.get("world")).toBe("visitor");
  await page.context().close();
});
