import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import * as lists from "./calls.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-lists-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
let operator: Client;
const rules = { id: "alarmRules" };

beforeAll(async () => {
  site = await openProduct(folder);
  const view = site.view(SYSTEM);
  const signal = (name: string, more = {}) => ({
    id: `signal:${name}`,
    kind: "signal",
    name,
    valueType: "double",
    connection: "connection:x",
    address: name,
    ...more,
  });
  const made = [signal("oil"), signal("secret", { readers: ["administrator"] })];
  await view.apply({
    branch: LIVE,
    reason: "a line",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "file").changes,
      ...made.map((record) => ({ op: "create" as const, record: record as never })),
    ],
  });
  engineer = await clientAs(site, "eva", "engineer", closes);
  operator = await clientAs(site, "otto", "operator", closes);
  const both = (text: string) => ({ en: text, zh: text });
  const fields = {
    title: both("oil too high"),
    condition: { kind: "high", signal: "signal:oil", limit: 50, deadband: 1 },
    priority: 2,
    onDelayS: 0,
    offDelayS: 0,
    timeToRespondS: 600,
    latching: false,
    suppressedIn: [],
    enabled: true,
    cause: both("cause"),
    consequence: both("consequence"),
    response: both("response"),
  };
  await engineer.requester.json("POST", "/alarm-rules", { body: { fields } });
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const octets = (text: string) => new TextEncoder().encode(text);
const preview = (text: string | Uint8Array<ArrayBuffer>, as = engineer) =>
  lists.preview(as, { params: rules, query: { name: "rules.csv" }, body: typeof text === "string" ? octets(text) : text });
const store = (text: string, more = {}, as = engineer) =>
  lists.store(as, { params: rules, query: { name: "rules.csv", ...more }, body: octets(text) });
interface Rule {
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>> & { readonly condition: object };
  readonly isStored: boolean;
}
const known = () => engineer.requester.json<readonly Rule[]>("GET", "/alarm-rules");
const own = async () => (await known()).filter(({ isStored }) => isStored);

test("[TB1] a list that goes out in either form and language and comes in again changes nothing", async () => {
  const all = await lists.lists(engineer);
  expect(all.map(({ id, key }) => [id, key])).toEqual(
    expect.arrayContaining([
      ["alarmRules", "id"],
      ["ownKpis", "name"],
    ]),
  );
  const count = all.find(({ id }) => id === "alarmRules")!.rows;
  expect(count).toBe((await known()).length);
  for (const format of ["csv", "xlsx"] as const)
    for (const language of ["en", "zh"] as const) {
      const file = await lists.file(engineer, { params: rules, query: { format, language } });
      expect(await preview(file as Uint8Array<ArrayBuffer>), `${format} ${language}`).toMatchObject({
        created: [],
        changed: [],
        unchanged: count,
        left: 0,
        findings: [],
      });
    }
});

const HEAD =
  "id,Title (English),Title (Chinese),Condition,signal,limit,deadband,Priority,cause.en,cause.zh,consequence.en,consequence.zh,response.en,response.zh,timeToRespondS";
const rowOf = (id: string, more: Partial<Record<"kind" | "signal" | "limit", string>> = {}) =>
  `${id},Oil low,油位低,${more.kind ?? "low"},${more.signal ?? "signal:oil"},${more.limit ?? "10"},1,2,c,c,c,c,r,r,600`;

test("[TB3] [TB4] rows are created and changed in one change, with each value in the preview; what a file does not have stays", async () => {
  const [{ id, fields }] = (await own()) as [Awaited<ReturnType<typeof own>>[number]];
  const file = `${HEAD}\n${rowOf("alarmRule:oil-low")}\n`;
  const seen = await preview(file);
  expect(seen).toMatchObject({ created: ["alarmRule:oil-low"], changed: [], findings: [] });
  expect(seen.left).toBe((await known()).length);
  expect(await own()).toHaveLength(1);
  expect(await store(file, { expected: seen.state })).toEqual({ created: 1, changed: 0 });
  // only two columns, one of them empty
  const edit = `limit;id;suppressedBy;unknown\n12,5;${id};;x\n`;
  const second = await preview(edit);
  expect(second).toMatchObject({
    created: [],
    changed: [{ key: id, fields: [{ column: "limit", from: 50, to: 12.5 }] }],
    findings: [{ line: 1, isFault: false }],
  });
  // the list became another one since the first preview
  await expect(store(edit, { expected: seen.state })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  expect(await store(edit, { expected: second.state })).toEqual({ created: 0, changed: 1 });
  const stored = (await own()).find((rule) => rule.id === id)!;
  expect(stored.fields).toEqual({ ...fields, condition: { ...fields.condition, limit: 12.5 } });
});

test("[TB4] a row that cannot be stored is named with line and column, and then nothing of the file is stored", async () => {
  const before = await own();
  const file = [
    HEAD,
    rowOf("alarmRule:good"),
    rowOf("alarmRule:bad", { limit: "much" }),
    rowOf("alarmRule:none", { signal: "signal:none" }),
    rowOf("alarmRule:kind", { kind: "never" }),
    rowOf("bad id"),
  ].join("\n");
  const { findings, created } = await preview(file);
  expect(created).toContain("alarmRule:good");
  // what the product finds comes after what no cell can be read as
  expect(findings.filter(({ isFault }) => isFault).map(({ line, column }) => [line, column])).toEqual([
    [3, "limit"],
    [4, "signal"],
    [5, "kind"],
    [6, "id"],
  ]);
  await expect(store(file)).rejects.toMatchObject({ code: "DW_INVALID", message: expect.stringContaining("line 3") });
  await expect(store(`${HEAD}\n${rowOf("alarmRule:x").replace("Oil low", "")}`)).rejects.toMatchObject({
    message: expect.stringContaining("Title"),
  });
  await expect(preview("limit\n1")).resolves.toMatchObject({ findings: [{ line: 1, isFault: true }] });
  await expect(preview(new Uint8Array([0xd0, 0xcf, 0x11, 0xe0]))).rejects.toMatchObject({
    code: "DW_INVALID",
    message: expect.stringContaining(".xlsx"),
  });
  await expect(lists.file(engineer, { params: { id: "none" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  expect(await own()).toEqual(before);
});

test("[TB7] who may not edit previews and stores nothing; a rule over a signal that may not be read is neither listed nor taken", async () => {
  const file = `${HEAD}\n${rowOf("alarmRule:of-operator")}\n`;
  await expect(preview(file, operator)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(store(file, {}, operator)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  const hidden = await preview(`${HEAD}\n${rowOf("alarmRule:h", { signal: "signal:secret" })}`);
  const absent = await preview(`${HEAD}\n${rowOf("alarmRule:h", { signal: "signal:absent" })}`);
  expect(JSON.stringify(hidden.findings).replace("signal:secret", "")).toBe(JSON.stringify(absent.findings).replace("signal:absent", ""));
});

test("[TB4] own KPIs of one file may name each other; a circle among them is refused", async () => {
  const params = { id: "ownKpis" };
  const send = (body: string) => lists.store(engineer, { params, query: { name: "k.csv" }, body: octets(body) });
  expect(await send("name,title.en,formula\nsecond,Second,first * 2\nfirst,First,PQ / PBT\n")).toEqual({ created: 2, changed: 0 });
  // the first one of the file, whatever is found first
  await expect(send("name,title.en,formula\na1,A,PQ + PBT\na2,A,PQ /\n")).rejects.toMatchObject({
    message: expect.stringContaining("line 2"),
  });
  await expect(send("name,formula\nfirst,second + 1\n")).rejects.toMatchObject({
    code: "DW_INVALID",
    message: expect.stringContaining("→"),
  });
  const query = { from: 10, to: 20 };
  const answer = await engineer.requester.json<{
    readonly own: readonly { readonly name: string; readonly fields: { readonly formula: string } }[];
  }>("GET", "/indicators", { query });
  expect(answer.own.map(({ name, fields }) => [name, fields.formula])).toEqual([
    ["first", "PQ / PBT"],
    ["second", "first * 2"],
  ]);
});
