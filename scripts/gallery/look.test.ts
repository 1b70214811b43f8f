import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBrowser } from "../../e2e/running-site.ts";
import { lookAt } from "./look-at.ts";

// Pages in a real browser: only there do texts have boxes.
let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 600, height: 400 } });
});
afterAll(() => browser?.close());

async function found(html: string, language: "en" | "zh" = "en", written: readonly string[] = []): Promise<readonly string[]> {
  await page.setContent(`<body style="margin:0;font:14px/20px sans-serif">${html}</body>`);
  return lookAt(page, { language, written });
}
const cut = (more: string, attributes = "") =>
  `<div class="name" ${attributes} style="width:60px;overflow:hidden;white-space:nowrap;${more}">A name that is too long for it</div>`;

test("look: a page in which nothing is wrong has no finding", async () => {
  expect(await found(`<h1>Board</h1><p>364 units</p>${cut("text-overflow:ellipsis", 'title="A name that is too long for it"')}`)).toEqual(
    [],
  );
});

test("look: texts on one another are found, one that something opaque covers or that is scrolled away is not", async () => {
  const at = (top: number, more = "") => `<span style="position:absolute;left:10px;top:${top}px;${more}">Main pressure</span>`;
  expect(await found(at(10) + at(16))).toEqual([expect.stringMatching(/^overlap: "Main pressure" and "Main pressure"/)]);
  expect(await found(at(10) + at(30))).toEqual([]);
  expect(await found(`${at(10)}<div style="position:absolute;inset:0;background:#fff">${at(12)}</div>`)).toEqual([]);
  expect(await found(`<div style="height:20px;overflow:hidden">${"<p style='margin:0'>row</p>".repeat(3)}</div><b>below</b>`)).toEqual([]);
  expect(await found(`${at(10)}${at(12, "visibility:hidden")}${at(12, "opacity:0")}`)).toEqual([]);
});

test("look: text that is cut without a mark, that cannot be read whole, or of which next to nothing is left", async () => {
  expect(await found(cut(""))).toEqual([expect.stringMatching(/^cut text: "A name that is too long for it", div.name$/)]);
  expect(await found(cut("text-overflow:ellipsis"))).toEqual([expect.stringMatching(/has an ellipsis but no title/)]);
  expect(await found(cut("text-overflow:ellipsis;width:12px", 'title="all"'))).toEqual([
    expect.stringMatching(/^squeezed text: .* has 12 px/),
  ]);
  expect(await found(cut("overflow:auto"))).toEqual([]);
  // for screen readers only
  expect(await found(cut("position:absolute;width:1px;height:1px;clip-path:inset(50%)"))).toEqual([]);
});

test("look: a control beyond the edge of its window or of a part that hides it, not one that is scrolled to", async () => {
  const row = (more: string) =>
    `<div class="row" style="width:600px;height:40px;display:flex;${more}"><b style="flex:0 0 560px">A</b><button style="flex:0 0 80px">Leave</button></div>`;
  expect(await found(row("overflow:hidden"))).toEqual([expect.stringMatching(/^cut control: 40 of 80 px of "Leave", button$/)]);
  expect(await found(row("overflow:auto"))).toEqual([]);
  expect(await found(row("overflow:hidden;width:660px;transform:scaleX(0.5);transform-origin:left"))).toEqual([]);
});

test("look: a page wider than its window, and text below 11 px", async () => {
  expect(await found('<div style="width:640px">wide</div>')).toEqual(["page scroll: the page reaches 40 px beyond its window"]);
  expect(await found('<small style="font-size:10px">kWh</small>')).toEqual([expect.stringMatching(/^small text: "kWh" has 10 px/)]);
});

test("look: a Latin sentence on a Chinese page, save for what people wrote, code and single terms", async () => {
  const sentence = "<p>Nothing has been simulated yet</p>";
  expect(await found(sentence, "zh")).toEqual([expect.stringMatching(/^not Chinese: "Nothing has been simulated yet"/)]);
  expect(await found(sentence, "en")).toEqual([]);
  expect(await found(sentence, "zh", ["Nothing has been simulated yet"])).toEqual([]);
  expect(await found("<p>Nothing has been simul…</p>", "zh", ["Nothing has been simulated yet"])).toEqual([]);
  expect(await found('<p lang="en">Nothing has been simulated yet</p><code>npm run all the tests</code><p>OPC UA</p>', "zh")).toEqual([]);
});

test("look: a decimal without a unit in its row, its head or beside it", async () => {
  const table = (head: string, cell: string) =>
    `<table><thead><tr><th>Line</th><th>${head}</th></tr></thead><tr><td>L</td><td>${cell}</td></tr></table>`;
  expect(await found(table("OEE", "75.8"))).toEqual([expect.stringMatching(/^no unit: "75.8"/)]);
  expect(await found(table("OEE, %", "75.8"))).toEqual([]);
  expect(await found(table("Cycle", "75.8 s"))).toEqual([]);
  expect(await found(table("Units", "75"))).toEqual([]);
  // the unit stands in the cell before, at its end
  expect(await found("<table><tr><th>Lead time <small>min</small></th><td>39.1</td><td>too small</td></tr></table>")).toEqual([]);
});
