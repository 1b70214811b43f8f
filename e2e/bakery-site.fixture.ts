import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { startBakeryPlant, type BakeryPlant } from "./bakery-plant.ts";
import { freePort, startBrowser, startServer, type Program } from "./running-site.ts";

/** How a page is opened: width and height in pixels, language, theme. */
interface Look {
  readonly size?: { readonly width: number; readonly height: number };
  readonly language?: "en" | "zh";
  readonly theme?: "light" | "dark";
}

/** The bakery of other people, a server with an empty data folder, and a browser. SHOTS=folder keeps pictures. */
export interface BakerySite {
  readonly bakery: BakeryPlant;
  readonly origin: string;
  /** Messages of errors that pages threw. */
  readonly troubles: readonly string[];
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body: unknown): Promise<Answer>;
  open(path: string, look?: Look): Promise<Page>;
  shot(page: Page, name: string): Promise<void>;
  kill(): Promise<void>;
  /** The server again, after it was killed. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

export async function startBakerySite(): Promise<BakerySite> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-bakery-"));
  const port = await freePort();
  const serve = (): Promise<Program> => startServer(join(folder, "data"), ["--port", String(port)]);
  const [bakery, first, browser] = await Promise.all([startBakeryPlant(join(folder, "pki")), serve(), startBrowser()]);
  let server = first;
  const origin = `http://127.0.0.1:${port}`;
  const troubles: string[] = [];
  return {
    bakery,
    origin,
    troubles,
    get: (path) => ask(origin, path),
    post: (path, body) =>
      ask(origin, path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    open: (path, look) => openPage(browser, `${origin}${path}`, troubles, look),
    shot,
    kill: () => server.stop("SIGKILL"),
    async startAgain() {
      server = await serve();
    },
    async stop() {
      await browser.close();
      await server.stop();
      await bakery.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ask<Answer>(origin: string, path: string, init?: RequestInit): Promise<Answer> {
  const answer = await fetch(`${origin}/api/doppelwerk/v1${path}`, init);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

async function openPage(
  browser: Browser,
  url: string,
  troubles: string[],
  { size = { width: 1440, height: 900 }, language = "en", theme = "light" }: Look = {},
): Promise<Page> {
  const page = await browser.newPage({ viewport: size });
  page.on("pageerror", (error) => troubles.push(error.message));
  await page.addInitScript(
    (held) => localStorage.setItem("doppelwerk.preferences", held),
    JSON.stringify({ personId: "e2e-secret-of-ada", name: "Ada", theme, language }),
  );
  await page.goto(url);
  return page;
}

async function shot(page: Page, name: string): Promise<void> {
  const shots = process.env["SHOTS"];
  if (shots !== undefined) await page.screenshot({ path: join(shots, `bakery-${name}.png`) });
}

export async function choose(page: Page, what: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: what, exact: true }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** The steps of a line from its order on; the assets are in it already. */
export async function makeLine(
  page: Page,
  line: { readonly name: string; readonly takt: string; readonly constraint: string },
): Promise<void> {
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("textbox", { name: "Name of the line" }).fill(line.name);
  await page.getByRole("textbox", { name: "Takt in seconds" }).fill(line.takt);
  await choose(page, "Shifts", "three: 06–14, 14–22, 22–06");
  await choose(page, "Days", "every day");
  await choose(page, "Constraint", line.constraint);
  await shot(page, `times-${line.name}`);
  await page.getByRole("button", { name: "Create the line" }).click();
}
