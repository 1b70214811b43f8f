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
      `document.querySelector("main [role=status].dw-waiting, main .dw-rows-outline, main [role=status].dw-factor-outline, .dw-world-wait, .dw-place-scene-wait") !== null
        ? -Math.random() : document.querySelectorAll("main *, [role=dialog] *, aside *").length`,
    );
    if (now === before) return;
    before = now;
    await page.waitForTimeout(250);
  }
}

/**
 * What does not fit the width of the window (WCAG 2.2, 1.4.10): the page itself, parts that scroll sideways and are no table, chart or picture, and texts that
 * a part without scrolling cuts off without saying so by dots.
 */
export function beyondWidth(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(String.raw`(() => {
    const may = "table, svg, canvas, pre, code, textarea, [role=tablist], [role=tree], .dw-tabs, .uplot, .dw-gantt, .dw-share-bar, .dw-states-list ul, .dw-chart-block, .mantine-SegmentedControl-root, .mantine-Switch-track, .dw-visually-hidden, .dw-skip, .cm-editor";
    const found = [];
    const name = (element) => element.tagName.toLowerCase() + "." + [...element.classList].join(".");
    const root = document.scrollingElement;
    if (root.scrollWidth > root.clientWidth) found.push("the page is " + root.scrollWidth + " of " + root.clientWidth);
    for (const element of document.body.querySelectorAll("*")) {
      if (element.scrollWidth <= element.clientWidth + 1 || element.clientWidth === 0) continue;
      const { overflowX, textOverflow } = getComputedStyle(element);
      if (overflowX === "visible" || textOverflow === "ellipsis") continue;
      if (element.closest(may) !== null) continue;
      // what holds a table, or a row of choices, and nothing else that is too wide
      const wide = [...element.querySelectorAll("*")].filter((inner) => inner.getBoundingClientRect().right > element.getBoundingClientRect().right + 1 && getComputedStyle(inner).position !== "absolute");
      if (wide.every((inner) => inner.closest(may) !== null || inner.querySelector(may) !== null)) continue;
      found.push(name(element) + " is " + element.scrollWidth + " of " + element.clientWidth + ": " + name(wide.find((inner) => inner.closest(may) === null && inner.querySelector(may) === null)));
    }
    return found;
  })()`);
}

/** What has the focus, and what is wrong with how it shows that; undefined: the focus left the page. */
export interface FocusSeen {
  readonly at: string;
  /** What had the focus when this was asked before has it still. */
  readonly isSame: boolean;
  readonly fault: string | undefined;
}

/** The element that has the focus: it, or what stands for it, has an outline of at least 2 px, and is on the screen with nothing over it. */
export function focusSeen(page: Page): Promise<FocusSeen | undefined> {
  return page.evaluate<FocusSeen | undefined>(String.raw`(() => {
    const element = document.activeElement;
    if (element === null || element === document.body || element === document.documentElement) return undefined;
    const at = element.tagName.toLowerCase() + " " + (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40) + " ." + [...element.classList].slice(-2).join(".");
    const isSame = globalThis.focusedBefore === element;
    globalThis.focusedBefore = element;
    const marked = [element, element.nextElementSibling, element.parentElement, element.closest(".mantine-PillsInput-input, .mantine-MultiSelect-input"), element.querySelector("[data-active], .is-active, .dw-gantt-body")];
    const isMarked = marked.some((each) => {
      if (each === null) return false;
      const style = getComputedStyle(each);
      return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || (each !== element && (style.boxShadow.includes("inset") || parseFloat(style.strokeWidth) >= 2));
    });
    if (!isMarked) return { at, isSame, fault: "shows no focus" };
    const box = element.getBoundingClientRect();
    if (box.width < 3 || box.height < 3) return { at, isSame };
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const isInside = box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
    if (!isInside) return { at, isSame, fault: "is not on the screen" };
    const over = document.elementFromPoint(Math.min(innerWidth - 1, Math.max(0, x)), Math.min(innerHeight - 1, Math.max(0, y)));
    const isCovered = over !== null && !element.contains(over) && !over.contains(element) && over.closest("label, .mantine-InputWrapper-root") === null;
    return isCovered ? { at, isSame, fault: "is covered by " + over.tagName + "." + over.className } : { at, isSame };
  })()`);
}
