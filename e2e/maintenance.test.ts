import { LIVE } from "@doppelwerk/world";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildStudio } from "../scripts/build.ts";
import { clientOf, eventually, startBrowser, startSite, type RunningSite } from "./running-site.ts";

// Maintenance in a real browser on the small demo plant, and plans that are due while the server is killed.
const AMPLE_MS = 900_000;
const text = (en: string, zh: string) => ({ en, zh });
const RULE = {
  id: "alarmRule:leak",
  kind: "alarmRule",
  title: text("Leak rate above its limit", "泄漏率超限"),
  priority: 2,
  onDelayS: 0,
  offDelayS: 0,
  cause: text("A worn seal", "密封件磨损"),
  consequence: text("Units are rejected", "产品报废"),
  response: text("Replace the seal", "更换密封件"),
  timeToRespondS: 600,
  latching: false,
  suppressedIn: [],
  enabled: true,
  station: "S090",
};

interface Order {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly source: { readonly kind: string; readonly id?: string; readonly at: number };
  readonly text?: { readonly en: string };
}
interface Listed {
  readonly open: readonly Order[];
  readonly ended: readonly Order[];
}

let site: RunningSite;
let browser: Browser;

const call = <Answer>(method: string, path: string, body?: object, name = "Ada Fischer"): Promise<Answer> =>
  clientOf(site.url, name).requester.json<Answer>(method, path, body === undefined ? {} : { body });
const ordersOf = async (kind: string): Promise<readonly Order[]> => {
  const { open, ended } = await call<Listed>("GET", "/work-orders");
  return [...open, ...ended].filter(({ source }) => source.kind === kind);
};

beforeAll(async () => {
  buildStudio();
  [site, browser] = await Promise.all([startSite({ minimal: true }), startBrowser()]);
  const ada = site.client("Ada Fischer");
  await eventually(async () => (await ada.world()).backfill.done, "the recorded past is read");
  const station = await eventually(async () => (await ada.line()).stations.find(({ id }) => id === "S090"), "the line is there");
  const session = ada.live({ branch: LIVE });
  await eventually(() => session.state().kind === "online", "the live session is online");
  const condition = { kind: "high", signal: station.processValues[0]!, limit: -1_000, deadband: 0 };
  await session.push(LIVE, "an alarm that is active", [{ op: "create", record: { ...RULE, condition } as never }]);
  session.close();
  await eventually(async () => (await ada.snapshot()).alarms.some(({ rule }) => rule === RULE.id), "the alarm is active");
}, AMPLE_MS);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
}, AMPLE_MS);

async function open(path: string, width: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: width > 700 ? 900 : 844 } });
  page.setDefaultTimeout(120_000);
  await page.addInitScript(() =>
    localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "e2e-maintenance", name: "Ada Fischer", language: "en" })),
  );
  await page.goto(`${site.url}${path}`);
  return page;
}

test(
  "[E198] [MN8] two clicks lead from an alarm to its work order, filled in and linked to the instant; on a phone it is done to the end, and another person signs it off",
  async () => {
    const desk = await open("/alarms", 1440);
    await desk.locator(".dw-occurrence .is-title", { hasText: "Leak rate above its limit" }).first().getByRole("button").first().click();
    await desk.getByRole("button", { name: "Open a work order" }).click();
    const dialog = desk.getByRole("dialog");
    await dialog.getByText("Cause: A worn seal").waitFor();
    const [order] = await ordersOf("alarm");
    expect(order).toMatchObject({ source: { id: RULE.id }, text: { en: expect.stringContaining("Replace the seal") } });
    // asked for again it is the same
    expect(await call("POST", "/alarm-work-orders", { rule: RULE.id, raised: order!.source.at })).toMatchObject({
      id: order!.id,
      isNew: false,
    });
    await dialog.getByRole("button", { name: /^alarm of / }).click();
    await eventually(() => new URL(desk.url()).searchParams.has("t"), "the instant of the alarm is shown");
    await desk.close();
    const phone = await open(`/maintenance/${encodeURIComponent(order!.id)}`, 390);
    await phone.getByRole("button", { name: "Start" }).click();
    const finish = phone.getByRole("button", { name: "Finish", exact: true });
    await finish.waitFor();
    const box = (await finish.boundingBox())!;
    // within reach of a thumb: the lower third of the screen, and large enough
    expect(box.y + box.height).toBeGreaterThan((844 * 2) / 3);
    expect(box.height).toBeGreaterThanOrEqual(44);
    const [chooser] = await Promise.all([phone.waitForEvent("filechooser"), phone.getByRole("button", { name: "Add a photo" }).click()]);
    const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
    await chooser.setFiles({ name: "seal.png", mimeType: "image/png", buffer: png });
    await phone.getByRole("img", { name: /^Photo of / }).waitFor();
    await finish.click();
    await phone.getByRole("button", { name: "Sign off" }).waitFor();
    const beyond = await phone.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    expect(beyond).toBeLessThanOrEqual(0);
    await phone.close();
    const { acts } = await call<{ readonly acts: number }>("GET", `/work-orders/${encodeURIComponent(order!.id)}`);
    const signed = await call("POST", `/work-orders/${encodeURIComponent(order!.id)}/sign-off`, { seen: acts }, "Ben Okafor");
    expect(signed).toMatchObject({ state: "signedOff" });
  },
  AMPLE_MS,
);

test(
  "[E199] [MN5] [MN11] plans that fall due while the server is killed again and again have one work order each afterwards, and every act that was answered is there",
  async () => {
    const plan = (code: string) => ({
      code,
      title: text(`Plan ${code}`, `计划 ${code}`),
      station: "S090",
      trigger: { kind: "time", every: 1, unit: "month", from: "2026-01-05", minute: 0 },
    });
    const answered = new Map<string, number>();
    for (let round = 0; round < 3; round++) {
      const codes = Array.from({ length: 6 }, (_, n) => `R${round}-${n}`);
      const died = new Promise<void>((resolve) => site.server.child.once("exit", () => resolve()));
      const stored = Promise.allSettled(codes.map((code) => call("PUT", "/maintenance-plans", plan(code))));
      const opened = await call<Order>("POST", "/work-orders", { title: text("by hand", "手动"), station: "S090" });
      const noted = (async () => {
        for (let n = 2; ; n++) {
          await call("POST", `/work-orders/${encodeURIComponent(opened.id)}/work`, { act: "noted", text: `note ${n}` });
          answered.set(opened.id, n);
        }
      })().catch(() => undefined);
      await eventually(() => (answered.get(opened.id) ?? 0) > 2 + round, "acts are answered");
      site.server.child.kill("SIGKILL");
      await Promise.all([died, stored, noted]);
      await site.restartServer("SIGKILL");
    }
    const codes = await eventually(async () => {
      const plans = await call<readonly { readonly fields: { readonly code: string }; readonly open?: object }[]>(
        "GET",
        "/maintenance-plans",
      );
      return plans.length > 0 && plans.every((each) => each.open !== undefined) ? plans.map(({ fields }) => fields.code) : undefined;
    }, "every plan that was stored has its work order");
    const orders = await ordersOf("plan");
    expect(orders.map(({ source }) => source.id).toSorted()).toEqual(codes.toSorted());
    expect(new Set(orders.map(({ number }) => number)).size).toBe(orders.length);
    for (const [id, acts] of answered) {
      const kept = await call<{ readonly acts: number }>("GET", `/work-orders/${encodeURIComponent(id)}`);
      // one more may have been recorded before it could be answered
      expect([acts, acts + 1]).toContain(kept.acts);
    }
  },
  AMPLE_MS,
);
