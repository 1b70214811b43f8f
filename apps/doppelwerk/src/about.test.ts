import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { viewsOfProduct } from "./views-of-product.fixture.ts";

const views = viewsOfProduct("about");
const sentences = {
  en: ["Connect machines and other data sources, check that their values arrive, and set what their states mean.", "Guide: Connect"],
  zh: ["连接设备和其他数据源,检查数据是否到达,并设定各状态的含义。", "指南:连接"],
} as const;

test.each(["en", "zh"] as const)("[V14] ? says what the page is for and leads to its guide (%s)", async (language) => {
  const page = await views.open("/connect", { width: 1440, language });
  await page.locator(".connect-page, .dw-page").first().waitFor();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog");
  const [sentence, guide] = sentences[language];
  await dialog.getByText(sentence).waitFor();
  const links = await dialog.getByRole("link").evaluateAll((all) => all.map((link) => (link as unknown as { readonly href: string }).href));
  expect(links.map((link) => new URL(link).pathname)).toEqual(["/guide/connectors", "/guide/errors", "/guide"]);
  expect(await dialog.getByRole("link", { name: guide }).count()).toBe(1);
  for (const link of links) expect((await fetch(link)).headers.get("content-type")).toContain("text/html");
  expect(await views.findings()).toEqual([]);
});

test("[V14] on a phone it is behind the dots, and lies within the screen", async () => {
  const page = await views.open("/assets", { width: 390 });
  await page.locator(".dw-nav-item.dw-narrow").click();
  await page.getByRole("menuitem", { name: "Keys and help" }).click();
  await page.getByRole("dialog").getByText("Every asset of the plant with its nameplate").waitFor();
  expect((await views.layout(".dw-about")).beyond).toBe(0);
});

test("[V14] every guide that a page names is there", () => {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const lists = globSync("{features/*,packages/studio/src}/**/views.ts", { cwd: root }).map((file) =>
    readFileSync(join(root, file), "utf8"),
  );
  const guides = lists.flatMap((text) => [...text.matchAll(/guide: "(?<name>[^"]+)"/g)].map(({ groups }) => groups!["name"]!));
  expect(guides).toContain("explorer");
  for (const guide of guides) expect(existsSync(join(root, `docs/guide/${guide}.md`)), guide).toBe(true);
});
