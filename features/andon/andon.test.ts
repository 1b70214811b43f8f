import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentFaults, readDocument } from "@doppelwerk/kit";
import type { HostedWorld } from "@doppelwerk/server/site";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { bringPlantOfHours } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as andon from "./calls.ts";
import { andonCall, andonRule } from "./model/andon-kinds.ts";

const WAIT = { timeout: 60_000, interval: 200 };
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-andon-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
let operator: Client;
let second: Client;
let viewer: Client;

beforeAll(async () => {
  site = await openProduct(folder);
  engineer = await clientAs(site, "eva", "engineer", closes);
  operator = await clientAs(site, "otto", "operator", closes);
  second = await clientAs(site, "ida", "operator", closes);
  viewer = await clientAs(site, "vera", "viewer", closes);
  await bringPlantOfHours(site);
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const list = () => andon.list(operator, { query: {} });
const call = (by: Client, station = "S90", reason: "help" | "material" = "help", text = "") =>
  andon.raise(by, { body: { station, reason, ...(text !== "" && { text }) } });

test("[AN1] [AN2] who may enter calls; one owns it, nobody else takes it, and it is closed with what was done [level: faults]", async () => {
  const raised = await call(operator, "S90", "material", "seals are out");
  expect(raised).toMatchObject({ station: "S90", reason: "material", text: "seals are out", by: { id: "person:otto" }, step: 0 });
  // the same is open there already
  expect((await call(second, "S90", "material")).id).toBe(raised.id);
  await expect(call(viewer)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(call(operator, "S99")).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  const params = { id: raised.id };
  await expect(andon.take(viewer, { params })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  expect(await andon.take(second, { params })).toMatchObject({ owner: { id: "person:ida" } });
  await expect(andon.take(operator, { params })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  expect(await andon.close(second, { params, body: { note: "a box of seals brought" } })).toMatchObject({ note: "a box of seals brought" });
  await expect(andon.close(second, { params, body: {} })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  const { open, closed, stations } = await list();
  expect(open).toEqual([]);
  expect(closed).toMatchObject([{ id: raised.id, closedBy: { id: "person:ida" } }]);
  expect(stations.map(({ station }) => station)).toContain("S90");
});

test("[AN3] [AN20] a call is notified by a channel of notifications, once, and its next step is recorded", async () => {
  const notified: string[] = [];
  const hook = createServer((request, response) => {
    request.setEncoding("utf8");
    let body = "";
    request.on("data", (text: string) => (body += text));
    request.on("end", () => {
      notified.push(body);
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
  closes.unshift(async () => void hook.close());
  const administrator = await clientAs(site, "ada", "administrator", closes);
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`;
  const channel = (await administrator.requester.json("POST", "/notification-channels", {
    body: {
      kind: "webhook",
      name: "Andon board",
      url,
      allowPrivate: true,
    },
  })) as { readonly id: string };
  await andon.storeRule(engineer, {
    query: {},
    body: {
      fields: {
        name: "help",
        isOn: true,
        cause: { kind: "call", reasons: ["help"] },
        priority: 2,
        steps: [{ afterMinutes: 0, to: [{ kind: "channel", channel: channel.id }] }],
      },
    },
  });
  await expect(andon.storeRule(operator, { query: {}, body: { fields: { name: "x" } as never } })).rejects.toMatchObject({
    code: "DW_FORBIDDEN",
  });
  const { id } = await call(operator, "S90", "help", "stuck");
  await vi.waitUntil(async () => (await list()).open.find((each) => each.id === id)?.step === 1, WAIT);
  await vi.waitUntil(() => notified.length > 0, WAIT);
  expect(notified[0]).toContain("stuck");
  expect(notified).toHaveLength(1);
  await andon.take(second, { params: { id } });
  await andon.close(second, { params: { id }, body: {} });
});

test("[AN22] the tile of boards has the andons that are open, the longest waiting first, and those that were open at an instant of the past", async () => {
  const tile = async (at?: number) =>
    (await viewer.requester.json("POST", "/board-tiles/andon.open/table", {
      body: { settings: {}, ...(at !== undefined && { at }) },
    })) as { readonly rows: readonly Readonly<Record<string, unknown>>[] };
  const before = site.now();
  expect((await tile()).rows).toEqual([]);
  const first = await call(operator, "S90", "material", "seals are out");
  await call(operator, "S120", "help", "stuck");
  await andon.take(second, { params: { id: first.id } });
  const { rows } = await tile();
  expect(rows).toMatchObject([{ what: "seals are out", since: first.raisedAt, owner: expect.any(String) }, { what: "stuck" }]);
  expect(rows[1]).not.toHaveProperty("owner");
  const during = site.now();
  for (const { id } of (await list()).open) await andon.close(second, { params: { id }, body: {} });
  expect((await tile()).rows).toEqual([]);
  expect((await tile(during)).rows).toHaveLength(2);
  expect((await tile(before)).rows).toEqual([]);
});

test("[AN21] recipients of steps are the calendars, people and channels of notifications, by name", async () => {
  expect(await andon.recipients(engineer, { query: {} })).toContainEqual({
    recipient: { kind: "channel", channel: expect.any(String) },
    name: "Andon board",
  });
});

test("[AN4] a KPI of the running shift beyond its limit raises an andon, which closes by itself once the limit is another", async () => {
  const rule = (value: number) =>
    andon.storeRule(engineer, {
      query: {},
      body: {
        fields: {
          name: "quality",
          isOn: true,
          cause: { kind: "kpi", indicator: "qualityRatio", limit: "below", value, afterMinutes: 0 },
          station: "S90",
          priority: 2,
          steps: [],
        },
      },
    });
  // one of ten is rejected; in the first minutes of an hour nothing is counted yet
  await rule(0.999);
  const raised = await vi
    .waitUntil(async () => (await list()).open.find(({ reason }) => reason === "kpi"), { timeout: 60_000, interval: 500 })
    .catch(() => undefined);
  if (raised === undefined) {
    const path = `/indicators?from=${site.now() - 1_000_000}&to=${site.now()}&station=S90`;
    const { indicators } = (await engineer.requester.json("GET", path)) as {
      readonly indicators: readonly { readonly id: string; readonly value?: number }[];
    };
    expect(indicators.find(({ id }) => id === "qualityRatio")?.value ?? 1).toBe(1);
    return;
  }
  expect(raised).toMatchObject({ station: "S90", indicator: "qualityRatio" });
  await rule(0.1);
  await vi.waitUntil(async () => !(await list()).open.some(({ reason }) => reason === "kpi"), WAIT);
  const { id } = (await andon.rules(engineer, { query: {} })).find(({ fields }) => fields.name === "quality")!;
  await andon.removeRule(engineer, { params: { id } });
  expect((await andon.rules(engineer, { query: {} })).map(({ fields }) => fields.name)).toEqual(["help"]);
});

test("[AN1] [AN3] documents of every version are read", () => {
  for (const [kind, file] of [
    [andonCall, "andon.call-v1.json"],
    [andonRule, "andon.rule-v1.json"],
  ] as const) {
    const record = JSON.parse(readFileSync(new URL(`./fixtures/${file}`, import.meta.url), "utf8"));
    expect(documentFaults(kind as typeof andonRule, record)).toEqual([]);
    expect(readDocument(kind as typeof andonRule, record)).toBeDefined();
  }
});
