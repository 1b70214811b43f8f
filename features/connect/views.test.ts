import { expect, test } from "vitest";
import { viewsOfProduct, type Language } from "../../apps/doppelwerk/src/views-of-product.fixture.ts";

const views = viewsOfProduct("connect-views");
const ADDRESS = "opc.tcp://packaging-hall-2.line-4.station-090.plant.example:4840";
const refused = {
  error: {
    code: "DW_UNAVAILABLE",
    message: "refused",
    reason: { code: "connectors.connectionRefused", params: { address: ADDRESS } },
  },
};
const texts = {
  en: `No connection to ${ADDRESS}: nothing listens at this port, the host refuses the connection. Check the port, and that the server of the plant is running.`,
  zh: `无法连接 ${ADDRESS}：该端口没有程序监听，主机拒绝了连接。请检查端口，并确认工厂侧服务器正在运行。`,
} as const;

const cases: readonly (readonly [number, Language])[] = [
  [1440, "en"],
  [1024, "zh"],
  [390, "en"],
];

test.each(cases)(
  "[U130] a connection that is refused is one message with its code; no field of the form moves or changes its size (%i px, %s)",
  async (width, language) => {
    const page = await views.open("/connect", {
      width,
      language,
      prepare: (opened) =>
        opened.route("**/connections/browse", (route) =>
          route.fulfill({ status: 503, contentType: "application/json", body: JSON.stringify(refused) }),
        ),
    });
    const form = page.locator("form.dw-add");
    await form.locator("input").first().fill(ADDRESS);
    // the actions of other features come when they are loaded
    await form.locator("button", { has: page.locator(".tabler-icon-sitemap") }).waitFor();
    // address, name and the first button: what stands below the message makes room for it
    const boxes = async () => {
      const all = [form.locator("input").first(), form.locator("input").nth(1), form.getByRole("button").first()];
      const found = await Promise.all(all.map((one) => one.boundingBox()));
      return found.map((box) => box && [Math.round(box.x), Math.round(box.y), Math.round(box.width)]);
    };
    const before = await boxes();
    await form.getByRole("button").first().click();
    const problem = form.getByRole("alert");
    await problem.waitFor();
    expect(await problem.locator("span").first().textContent()).toBe(texts[language]);
    expect(await problem.getByRole("link", { name: "connectors.connectionRefused" }).getAttribute("href")).toBe(
      "/guide/errors#connectors.connectionRefused",
    );
    expect(await boxes()).toEqual(before);
    // the button that shows a password lies on its field by intent: overlaps are not asked for
    expect([(await views.layout("form.dw-add")).beyond, await views.findings("form.dw-add")]).toEqual([0, []]);
  },
);
