import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentFaults, readDocument } from "@doppelwerk/kit";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bringPlantOfHours } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as calls from "./calls.ts";
import { pinnedDocument, type PinFields } from "./model/pin-kind.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-pins-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let [eva, vera, otto]: Client[] = [];
let shell = "";

beforeAll(async () => {
  site = await openProduct(folder);
  eva = await clientAs(site, "eva", "engineer", closes);
  otto = await clientAs(site, "otto", "operator", closes);
  vera = await clientAs(site, "vera", "viewer", closes);
  await bringPlantOfHours(site);
  const [first] = site.view(SYSTEM).reader(LIVE).query({ kind: "shell" });
  shell = String(first!["aasId"]);
});
afterAll(async () => {
  for (const end of closes) await end();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

const link = (url: string): PinFields => ({ station: "S90", shell, title: "Manual", content: { kind: "link", url } });
const add = (fields: PinFields, by = eva!, query = {}) => calls.add(by, { query, body: { fields } });
const bytes = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

test("[SR40] [SR41] engineers pin a link at a point, viewers read it, it is taken away; on a branch operators do, and live stays as it is", async () => {
  const view = { target: [1, 2, 3], yaw: 0.1, pitch: 0.5, distance: 4 } as const;
  const pin = await add({ ...link("https://maker.example/manual"), point: [1, 2, 3], view: { ...view, target: [1, 2, 3] } });
  expect(await calls.list(vera!, { query: { station: "S90" } })).toEqual([pin]);
  expect(await calls.list(vera!, { query: { station: "S10" } })).toEqual([]);
  await expect(add(link("https://a.example"), otto)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(add({ ...link("https://a.example"), shell: "urn:none" })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  const { id: branch } = await otto!.fork("pins");
  await add(link("https://b.example"), otto, { branch });
  expect(await calls.list(vera!, { query: { branch } })).toHaveLength(2);
  expect(await calls.list(vera!, { query: {} })).toHaveLength(1);
  await expect(calls.remove(vera!, { params: { id: pin.id }, query: {} })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await calls.remove(eva!, { params: { id: pin.id }, query: {} });
  expect(await calls.list(vera!, { query: {} })).toEqual([]);
  await expect(calls.remove(eva!, { params: { id: pin.id }, query: {} })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[SR42] a file has the type of its bytes; SVG, HTML and addresses that run or hide a password are refused", async () => {
  const pdf = bytes("%PDF-1.7\n1 0 obj\n");
  const stored = await calls.addFile(eva!, { query: {}, body: pdf });
  expect(stored).toMatchObject({ type: "application/pdf", size: pdf.length });
  for (const text of [
    "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "<!doctype html><script>alert(1)</script>",
    " %PDF-",
    "",
  ])
    await expect(calls.addFile(eva!, { query: {}, body: bytes(text) })).rejects.toMatchObject({ code: "DW_INVALID" });
  const content = { kind: "file" as const, hash: stored.hash, name: "manual.pdf", size: stored.size };
  // called a picture it is none
  await expect(add({ ...link("x"), content: { ...content, type: "image/png" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  const pin = await add({ ...link("x"), content: { ...content, type: "application/pdf" } });
  expect(Buffer.from((await calls.file(vera!, { params: { id: pin.id }, query: {} })) as Uint8Array)).toEqual(Buffer.from(pdf));
  for (const url of ["javascript:alert(1)", "data:text/html,x", "https://ada:secret@maker.example", "file:///etc/passwd"])
    await expect(add(link(url))).rejects.toMatchObject({ code: "DW_INVALID" });
});

test("[SR40] documents of every version are read", () => {
  const record = JSON.parse(readFileSync(new URL("./fixtures/pins.pin-v1.json", import.meta.url), "utf8"));
  expect(documentFaults(pinnedDocument, record)).toEqual([]);
  expect(readDocument(pinnedDocument, record)).toBeDefined();
});
