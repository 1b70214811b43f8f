import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSiteApp, type HostedWorld } from "@doppelwerk/server/site";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { startBrowser } from "../../../e2e/running-site.ts";
import { buildStudio } from "../../../scripts/build.ts";
import { openProduct } from "./site-of-product.fixture.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export type Language = "en" | "zh";

export interface OpenView {
  /** Window, pixels; its height is 844. */
  readonly width: number;
  readonly language?: Language;
  /** Before the page is loaded: routes that fail, for example. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** The whole product in a browser, for the tests of one file: one world, one page at a time. */
export interface ViewsOfProduct {
  readonly site: HostedWorld;
  readonly page: Page;
  open(path: string, view: OpenView): Promise<Page>;
  /** Findings of axe that are serious or critical, in the dialog that is open, else in what the selector names, else in the page. */
  findings(selector?: string): Promise<readonly string[]>;
  /** How far the page reaches beyond its window, pixels, and controls on one another: in the dialog that is open, else in what the selector names. */
  layout(selector: string): Promise<Layout>;
}

export interface Layout {
  readonly beyond: number;
  readonly overlaps: readonly string[];
}

/** Opens the product before the tests of this file and closes it after them; each test ends with its page closed. */
export function viewsOfProduct(name: string, setUp: (site: HostedWorld) => Promise<unknown> = async () => {}): ViewsOfProduct {
  const folder = mkdtempSync(join(tmpdir(), `doppelwerk-${name}-`));
  let site: HostedWorld;
  let closeApp: () => Promise<unknown>;
  let origin: string;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    buildStudio();
    site = await openProduct(folder);
    const app = await createSiteApp(site);
    closeApp = () => app.close();
    origin = await app.listen({ port: 0, host: "127.0.0.1" });
    site.hub.attach(app.server);
    await setUp(site);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await closeApp?.();
    await site?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => page?.close());
  return {
    get site() {
      return site;
    },
    get page() {
      return page;
    },
    open: async (path, view) => (page = await openPage(browser, `${origin}${path}`, view)),
    findings: (selector) => findingsOf(page, selector),
    layout: (selector) => page.evaluate<Layout>(layoutScript(selector)),
  };
}

async function openPage(browser: Browser, address: string, { width, language = "en", prepare }: OpenView): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 844 }, reducedMotion: "reduce" });
  await page.addInitScript(
    (own) => localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "a-secret-of-ada", name: "Ada", language: own })),
    language,
  );
  await prepare?.(page);
  await page.goto(address);
  return page;
}

// Texts, because they run in the page.

const within = (selector: string) => `document.querySelector("[role=dialog]") ?? document.querySelector(${JSON.stringify(selector)})`;

async function findingsOf(page: Page, selector = "html"): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate<readonly string[]>(`(async () => {
    const { violations } = await axe.run(${within(selector)});
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 200)));
  })()`);
}

const layoutScript = (selector: string) => `(() => {
  const own = ${within(selector)};
  const shown = [...own.querySelectorAll("button, input")]
    .map((element) => ({ text: element.ariaLabel || element.textContent, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 2 && box.height > 2 && box.bottom < innerHeight);
  const isOn = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  const overlaps = shown.flatMap(({ text, box }, at) =>
    shown.slice(at + 1).filter((other) => isOn(box, other.box)).map((other) => text + " on " + other.text),
  );
  return { beyond: document.documentElement.scrollWidth - innerWidth, overlaps };
})()`;
