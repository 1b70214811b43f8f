import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";

// How a page of the studio is asked whether everybody can use it. What is asked is source: it runs in the browser, and nothing here knows a DOM.

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export type Look = "light" | "dark" | "contrast";

/** The looks of a page whose theme is that of the system. */
const media: Readonly<Record<Look, { readonly colorScheme: "light" | "dark"; readonly contrast: "no-preference" | "more" }>> = {
  light: { colorScheme: "light", contrast: "no-preference" },
  dark: { colorScheme: "dark", contrast: "no-preference" },
  contrast: { colorScheme: "dark", contrast: "more" },
};

/** A window of somebody who has a name and whose theme follows the system, where motion is reduced. */
export async function openStudio(
  browser: Browser,
  url: string,
  {
    width = 1440,
    height = 900,
    language = "en",
  }: { readonly width?: number; readonly height?: number; readonly language?: "en" | "zh" } = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce", ...media.light });
  const preferences = { personId: "e2e-secret-of-Ada Fischer", name: "Ada Fischer", language, theme: "system", inspectorWidth: 352 };
  await context.addInitScript((text) => localStorage.setItem("doppelwerk.preferences", text), JSON.stringify(preferences));
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

export async function show(page: Page, look: Look): Promise<void> {
  await page.emulateMedia(media[look]);
  await page.locator(`html[data-theme=${look}]`).waitFor({ state: "attached" });
}

/** Findings of axe of at least moderate impact, in the colours that are shown. */
export async function findingsOf(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(axe);
  const options = { resultTypes: ["violations"], ...(rules === undefined ? {} : { runOnly: { type: "rule", values: rules } }) };
  return page.evaluate<readonly string[]>(`(async () => {
    const { violations } = await axe.run(document, ${JSON.stringify(options)});
    return violations
      .filter(({ impact }) => impact !== "minor")
      .flatMap(({ id, impact, nodes }) => nodes.map((node) =>
        impact + " " + id + ": " + node.target.join(" ") + " " + node.html.slice(0, 160) +
        (id === "color-contrast" ? " " + node.any.map(({ data }) => data.fgColor + " on " + data.bgColor + " " + data.contrastRatio).join() : "")));
  })()`);
}

/** Opens another view in the page that is loaded, as Back and Forward do. */
export async function turnTo(page: Page, address: string): Promise<void> {
  await page.evaluate(`history.pushState(undefined, "", ${JSON.stringify(address)}); dispatchEvent(new PopStateEvent("popstate"));`);
}

/** Waits until nothing says that it is loading, and the page stays as it is for a moment: values change, parts do not come or go. */
export async function settled(page: Page): Promise<void> {
  let before = -1;
  for (let tries = 0; tries < 60; tries += 1) {
    const now = await page.evaluate<number>(
      `document.querySelector("main [role=status].dw-waiting, main .dw-rows-outline, main [role=status].dw-factor-outline") !== null
        ? -Math.random() : document.querySelectorAll("main *, [role=dialog] *, aside *").length`,
    );
    if (now === before) return;
    before = now;
    await page.waitForTimeout(250);
  }
}
