import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { buildStudio } from "../scripts/build.ts";
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from "../scripts/otlp-receiver.ts";
import { ask, cookieOf, invitationOf, serveReached } from "./reached-server.ts";
import { startBrowser, startSite, type RunningSite } from "./running-site.ts";

const API = "/api/doppelwerk/v1";
const AMPLE_MS = 240_000;
const WAIT = { timeout: 90_000, interval: 250 };
let receiver: OtlpReceiver;
let site: RunningSite;
let browser: Browser;

beforeAll(async () => {
  await buildStudio();
  receiver = await startOtlpReceiver();
  [site, browser] = await Promise.all([startSite({ minimal: true, server: ["--telemetry", receiver.url] }), startBrowser()]);
}, AMPLE_MS);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
  await receiver?.stop();
}, AMPLE_MS);

/** Whole ways of batches: those whose frame was drawn. */
function drawn(): readonly (readonly ReceivedSpan[])[] {
  const traces = Map.groupBy(receiver.spans, ({ traceId }) => traceId);
  return [...traces.values()].filter((spans) => spans.some(({ name }) => name === "frame.draw"));
}

test(
  "[E142] a value is followed from the connector of a machine to the frame of a browser, in one trace; an administrator reads how long that takes",
  async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const preferences = { personId: "an administrator", name: "Mara", language: "en", theme: "light" };
    await page.addInitScript((kept) => localStorage.setItem("doppelwerk.preferences", JSON.stringify(kept)), preferences);
    await page.goto(`${site.url}/board`);
    await vi.waitUntil(() => drawn().length >= 3, WAIT);
    expect(receiver.faults).toEqual([]);
    for (const spans of drawn()) {
      const of = (name: string): ReceivedSpan => spans.find((span) => span.name === name)!;
      const way = [
        "sample.connector",
        "sample.map",
        "sample.queue",
        "sample.table",
        "sample.fold",
        "sample.publish",
        "frame.send",
        "frame.draw",
      ];
      expect([...new Set(spans.map(({ name }) => name))].toSorted()).toEqual(["sample", "sample.store", ...way].toSorted());
      const whole = of("sample");
      expect(whole.parentSpanId).toBeUndefined();
      for (const span of spans) {
        if (span !== whole) expect(span.parentSpanId, span.name).toBe(whole.spanId);
        expect(span.from >= whole.from && span.to <= whole.to && span.to >= span.from, span.name).toBe(true);
      }
      // each part begins where the one before it ends, but for the disk, which nobody waits for
      for (const [one, next] of way.slice(1, 5).map((name, n) => [way[n]!, name] as const)) expect(of(next).from, next).toBe(of(one).to);
      expect(whole.attributes["doppelwerk.rows"]).toBeGreaterThan(0);
      expect(of("frame.draw").attributes).toEqual({ "doppelwerk.view": "board" });
    }
    await page.goto(`${site.url}/settings/state`);
    const row = page.getByRole("table", { name: "From value to frame" }).getByRole("row", { name: /board/i });
    await row.waitFor({ timeout: 60_000 });
    expect(await row.textContent()).toMatch(/[\d.]+\s?ms[\d.]+\s?ms\d+$/);
    await page.close();
  },
  AMPLE_MS,
);

test(
  "[E143] requests of people are traced by the templates of their routes, without anything of them; the trace of nobody else is taken up",
  async () => {
    const root = mkdtempSync(join(tmpdir(), "doppelwerk-telemetry-"));
    const data = join(root, "data");
    const invitation = invitationOf(data, "marker-login", "administrator");
    const server = await serveReached(data, "--telemetry", receiver.url);
    try {
      const joined = await ask(server, "POST", `${API}/session/join`, { body: { token: invitation, password: "marker-password seven" } });
      const cookie = cookieOf(joined);
      const [known, stranger] = ["a", "b"].map((digit) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`) as [string, string];
      const headers = { traceparent: known, "user-agent": "marker-agent", tracestate: "marker=state" };
      const things = ["marker-thing", "shells/marker-shell", "worlds/marker-world", "signals/marker-signal?from=1&note=marker-query"];
      for (const path of things) await ask(server, "GET", `${API}/${path}`, { cookie, headers });
      await ask(server, "POST", `${API}/accounts`, {
        cookie,
        headers,
        body: { login: "marker-other", name: "marker-name", roles: ["viewer"] },
      });
      await ask(server, "POST", `${API}/session`, {
        headers: { traceparent: stranger },
        body: { login: "marker-login", password: "marker-wrong" },
      });
      await ask(server, "GET", `${API}/world`, { headers: { traceparent: stranger } });
      const traced = (digit: string) => receiver.spans.filter(({ traceId }) => traceId === digit.repeat(32));
      await vi.waitUntil(() => traced("a").length >= 5, WAIT);
      await vi.waitUntil(() => receiver.spans.some(({ attributes }) => attributes["http.response.status_code"] === 401), WAIT);
      expect(traced("b")).toEqual([]);
      for (const span of traced("a")) expect(span).toMatchObject({ kind: 2, parentSpanId: "a".repeat(16) });
      expect(traced("a").map(({ name }) => name)).toContain(`POST ${API}/accounts`);
    } finally {
      await server.stop();
      rmSync(root, { recursive: true, force: true });
    }
    expect(receiver.faults).toEqual([]);
    // of everything that was ever sent: no word of what was asked, and no attribute beyond the list
    expect(receiver.octets()).not.toMatch(/marker/);
    const allowed =
      /^(http\.request\.method|http\.route|http\.response\.status_code|doppelwerk\.(rows|frames|view|round_trip_us|job\.(kind|state)|command\.(kind|state)))$/;
    const told = new Set(receiver.spans.flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...told].filter((name) => !allowed.test(name))).toEqual([]);
  },
  AMPLE_MS,
);

test(
  "[E144] while the receiver of traces is gone the plant is recorded and shown as ever; the state of the server says so and counts what was given up",
  async () => {
    const api = async (path: string) => (await (await fetch(site.url + API + path)).json()) as Record<string, never>;
    const ingested = async (): Promise<number> => {
      const text = await (await fetch(`${site.url}/metrics`)).text();
      return Number(/^doppelwerk_samples_ingested_total (\d+)/m.exec(text)![1]);
    };
    receiver.refuse(503);
    const state = async () =>
      (await api("/server")) as unknown as {
        readonly telemetry: { readonly failing?: { readonly reason: string } };
        readonly queues: readonly { readonly name: string; readonly waiting: number; readonly dropped: number }[];
        readonly attention: readonly { readonly message: { readonly code: string } }[];
      };
    await vi.waitUntil(async () => (await state()).telemetry.failing !== undefined, WAIT);
    const before = await ingested();
    const { attention, queues } = await state();
    expect(attention.map(({ message }) => message.code)).toContain("server.attentionTelemetry");
    expect(queues.find(({ name }) => name === "telemetry")!.dropped).toBeGreaterThan(0);
    await vi.waitUntil(async () => (await ingested()) > before, WAIT);
    receiver.refuse(undefined);
    await vi.waitUntil(async () => (await state()).telemetry.failing === undefined, WAIT);
  },
  AMPLE_MS,
);

test("[E142] an address that is none is refused in one line", async () => {
  const { command } = await import("./reached-server.ts");
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-telemetry-"));
  const { status, stderr } = command(["serve", "--data", join(root, "data"), "--port", "0", "--telemetry", "collector:4318"]);
  rmSync(root, { recursive: true, force: true });
  expect(status).toBe(1);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toContain("is no address of an OTLP receiver");
});
