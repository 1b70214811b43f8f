import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeId } from "@doppelwerk/aas";
import { getSubmodel } from "@doppelwerk/client";
import type { AasApi } from "@doppelwerk/client";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { themes } from "../packages/ui/src/theme/tokens.ts";
import type { ThemeName } from "../packages/ui/src/theme/tokens.ts";
import { clientOf, eventually, startBrowser, startServer } from "./running-site.ts";
import type { Program } from "./running-site.ts";

// JSON written in a real browser; the studio is the built one, as `npm test` builds it first.
let folder: string;
let server: Program;
let browser: Browser;
let url: string;
let api: AasApi;
const ID = "urn:data";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-json-"));
  server = await startServer(join(folder, "data"));
  url = String(server.ready["url"]).replace(/\/$/, "");
  api = { url: `${url}/api/v3`, fetch: (to, init) => fetch(to, init as RequestInit) };
  const elements = [{ modelType: "Property", idShort: "Speed", valueType: "xs:int", value: "1" }];
  const environment = { submodels: [{ modelType: "Submodel", id: ID, idShort: "Data", submodelElements: elements }] };
  await clientOf(url, "Ada").importFile("data.json", new TextEncoder().encode(JSON.stringify(environment)) as Uint8Array<ArrayBuffer>);
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The JSON of the submodel, in the page as it is or as `prepare` makes it. */
async function open(theme: ThemeName, size = { width: 1440, height: 900 }, prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
  const page = await browser.newPage({ viewport: size });
  await page.addInitScript(
    (held) => localStorage.setItem("doppelwerk.preferences", held),
    JSON.stringify({ name: "Ada", theme, language: "en" }),
  );
  await prepare?.(page);
  await page.goto(`${url}/assets/submodels~s.${encodeId(ID)}~t.json`);
  await page.getByRole("textbox", { name: "JSON" }).and(page.locator(".cm-content")).waitFor();
  return page;
}
const focused = (page: Page): Promise<string> =>
  page.evaluate(`(document.activeElement?.shadowRoot?.activeElement ?? document.activeElement)?.className ?? ""`);

test("[U111] by keyboard: Tab indents, Escape and Tab leave, typed letters are no keys of the studio, and what is written is saved", async () => {
  const page = await open("light");
  const field = page.locator(".cm-content");
  await field.click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Tab");
  expect(await focused(page)).toContain("cm-content");
  expect((await field.innerText()).startsWith("  {")).toBe(true);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  expect(await focused(page)).not.toContain("cm-content");
  await field.getByText(`"Speed"`).click();
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+End");
  await page.keyboard.type(`"idShort": "2 bad?",`);
  await page
    .getByRole("status")
    .getByRole("button", { name: /^Line \d+$/ })
    .waitFor();
  expect(await page.getByRole("button", { name: "Save", exact: true }).isDisabled()).toBe(true);
  expect(await page.getByRole("dialog").count()).toBe(0);
  await field.getByText(`2 bad?`).click();
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+End");
  await page.keyboard.type(`"idShort": "Rate",`);
  await page.getByRole("button", { name: "Save", exact: true, disabled: false }).waitFor();
  await page.keyboard.press("Control+Enter");
  await eventually(
    async () => (await getSubmodel(api, { submodel: ID })).submodelElements?.[0]?.idShort === "Rate" || undefined,
    "it is saved",
  );
  await page.close();
});

test("[U110, U111] in each theme its parts have the colours of the tokens, on 390 px too, where the page allows no inline style", async () => {
  for (const theme of ["light", "dark", "contrast"] as const) {
    const violations: string[] = [];
    const page = await open(theme, { width: 390, height: 800 }, async (fresh) => {
      await fresh.exposeFunction("violated", (source: string) => violations.push(source));
      await fresh.addInitScript(
        `addEventListener("securitypolicyviolation", ({ sourceFile, effectiveDirective }) => violated(effectiveDirective + " " + sourceFile))`,
      );
      await fresh.route(`${url}/assets/**`, async (route) => {
        if (route.request().resourceType() !== "document") return route.fallback();
        const answer = await route.fetch();
        const policy = answer.headers()["content-security-policy"]!.replace("style-src 'self' 'unsafe-inline'", "style-src 'self'");
        expect(policy).not.toContain("unsafe-inline");
        await route.fulfill({ response: answer, headers: { ...answer.headers(), "content-security-policy": policy } });
      });
    });
    const seen = await page.evaluate<{
      readonly colours: readonly string[];
      readonly font: string;
      readonly tags: number;
      readonly right: number;
    }>(`(() => {
      const root = document.querySelector(".dw-json-editor-host").shadowRoot;
      const colourOf = (text) => getComputedStyle([...root.querySelectorAll(".cm-line span")].find((each) => each.textContent === text)).color;
      return {
        colours: [colourOf('"modelType"'), colourOf('"Submodel"')],
        font: getComputedStyle(root.querySelector(".cm-scroller")).fontFamily,
        tags: root.querySelectorAll("style").length,
        right: document.querySelector(".dw-json-editor-host").getBoundingClientRect().right,
      };
    })()`);
    expect(seen.colours, theme).toEqual([rgb(themes[theme].blue), rgb(themes[theme].plum)]);
    expect(seen.font).toContain("monospace");
    expect(seen.tags).toBe(0);
    expect(seen.right).toBeLessThanOrEqual(390);
    expect(violations.filter((source) => source.includes("json-view"))).toEqual([]);
    await page.close();
  }
});

test("[U110] where the code of the editor is missing, a plain field has the text and takes it", async () => {
  const page = await browser.newPage();
  await page.route("**/json-view-*.js", (route) => route.abort());
  await page.goto(`${url}/assets/submodels~s.${encodeId(ID)}~t.json`);
  const field = page.getByRole("textbox", { name: "JSON" });
  await field.and(page.locator("textarea:not([readonly])")).waitFor();
  await field.fill("{");
  expect(await field.inputValue()).toBe("{");
  await page.close();
});

function rgb(hex: string): string {
  return `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(", ")})`;
}
