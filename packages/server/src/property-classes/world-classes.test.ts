import { createMemoryChangeLog, createMemoryRecordStore } from "@doppelwerk/storage/memory";
import { createAccessGate, createSeal } from "@doppelwerk/trust";
import {
  coreKinds,
  LIVE,
  MINUTE,
  openWorld,
  type Change,
  type Json,
  type MergeRequestRecord,
  type World,
  type WorldRecord,
  type WorldView,
} from "@doppelwerk/world";
import { expect, test } from "vitest";
import { propertyClassKind, type PropertyClassRecord } from "./class-record.ts";
import { WorldClasses } from "./world-classes.ts";

interface Plant {
  readonly world: World;
  readonly clock: { time: number };
  as(id: string, ...roles: readonly string[]): WorldView;
  /** Puts fields, on live as nobody's request does. */
  own(...records: readonly WorldRecord[]): Promise<unknown>;
}

const reference = (value: string): Json => ({ type: "ExternalReference", keys: [{ type: "GlobalReference", value }] });

function element(name: string, { parent = "submodel:s", ...more }: Readonly<Record<string, Json>> = {}): WorldRecord {
  const body = more["body"] ?? { valueType: "xs:double" };
  return {
    id: `element:${name}`,
    kind: "element",
    submodel: "submodel:s",
    parent,
    order: "a0",
    modelType: "Property",
    idShort: name,
    body,
    value: "10",
    ...more,
  } as WorldRecord;
}

const collection = (name: string, more: Readonly<Record<string, Json>> = {}): WorldRecord => {
  const { value: _none, ...record } = element(name, { modelType: "SubmodelElementCollection", body: {}, ...more });
  return record as WorldRecord;
};

function classOf(name: string, change: Partial<PropertyClassRecord>): PropertyClassRecord {
  return {
    id: `propertyClass:${name}`,
    kind: "propertyClass",
    name,
    covers: [],
    propose: [],
    approve: [],
    approvers: 1,
    presence: false,
    directWrites: false,
    enabled: true,
    ...change,
  };
}

/** `TechnicalData` with `Limits.Max`, a property of the meaning `urn:speed`, and a free one. */
async function plant(...classes: readonly PropertyClassRecord[]): Promise<Plant> {
  const kinds = [...coreKinds, propertyClassKind];
  const clock = { time: 1_790_000_000_000_000, now: () => (clock.time += 1_000) };
  let next = 0;
  const opened: { world?: World } = {};
  const known = new WorldClasses({ reader: () => opened.world!.reader(LIVE), revision: () => opened.world!.revision() });
  const world = await openWorld({
    store: createMemoryRecordStore(kinds),
    log: createMemoryChangeLog(),
    leaseEpoch: 1,
    clock,
    ids: { next: (kind) => `${kind}:${String(++next).padStart(4, "0")}` },
    seal: createSeal(),
    kinds,
    gate: createAccessGate({ rolesOf: ({ roles }) => roles, classes: known }),
  });
  opened.world = world;
  const own: Plant["own"] = (...records) =>
    world.apply({ branch: LIVE, actor: "system", reason: "plant", changes: records.map((record) => ({ op: "create", record })) });
  await own(
    { id: "submodel:s", kind: "submodel", aasId: "urn:s", idShort: "TechnicalData", body: {} },
    collection("Limits"),
    element("Max", { parent: "element:Limits" }),
    element("Speed", { body: { valueType: "xs:double", semanticId: reference("urn:speed") } }),
    element("Free"),
    ...classes,
  );
  return { world, clock, own, as: (id, ...roles) => world.view({ id, name: id, verified: true, roles }) };
}

const set = (id: string, fields: Readonly<Record<string, readonly [from: Json | undefined, to: Json | undefined]>>): Change => ({
  op: "update",
  id,
  fields: Object.fromEntries(Object.entries(fields).map(([name, [from, to]]) => [name, { from, to }])),
});
const write = (view: WorldView, ...changes: readonly Change[]): Promise<unknown> =>
  view.apply({ branch: LIVE, reason: "test", changes }).then(
    () => "written",
    ({ code }: { code: string }) => code,
  );

const quality = classOf("Quality", { covers: [{ path: "TechnicalData.Limits" }, { semanticId: "urn:speed" }], approvers: 2 });

test("[SV240] what a class covers is written to live by nobody, whatever the role, and everything else as before", async () => {
  const { as, world } = await plant(quality);
  const mara = as("mara", "administrator");
  expect(await write(mara, set("element:Free", { value: ["10", "11"] }))).toBe("written");
  for (const change of [
    set("element:Max", { value: ["10", "11"] }),
    set("element:Speed", { value: ["10", "11"] }),
    set("element:Max", { planned: [undefined, { value: "11" }] }),
    { op: "delete", record: world.reader(LIVE).get("element:Max")! } as const,
    { op: "create", record: element("Min", { parent: "element:Limits" }) } as const,
    { op: "create", record: element("Twin", { body: { semanticId: reference("urn:speed") } }) } as const,
  ])
    expect(await write(mara, change), JSON.stringify(change)).toBe("DW_FORBIDDEN");
  await expect(mara.apply({ branch: LIVE, reason: "x", changes: [set("element:Max", { value: ["10", "11"] })] })).rejects.toMatchObject({
    reason: { code: "world.proposeClassed" },
    details: { id: "element:Max", classes: ["propertyClass:Quality"] },
  });
});

test("[SV241] neither a rename, a move, another meaning, nor the parts of one transaction take a property out of its class", async () => {
  const { as, world, own } = await plant(quality);
  await own(collection("Other"), element("Low", { parent: "element:Other" }));
  const mara = as("mara", "administrator");
  const at = (id: string): WorldRecord => world.reader(LIVE).get(id)!;
  for (const changes of [
    [set("element:Limits", { idShort: ["Limits", "Former"] })],
    [set("submodel:s", { idShort: ["TechnicalData", "Former"] })],
    [set("element:Max", { parent: ["element:Limits", "submodel:s"] })],
    // what stands elsewhere comes below it, or is called so
    [set("element:Free", { parent: ["submodel:s", "element:Limits"] })],
    [set("element:Other", { idShort: ["Other", "Limits"] })],
    [set("element:Speed", { body: [at("element:Speed")["body"], {}] })],
    [set("element:Free", { body: [at("element:Free")["body"], { semanticId: reference("urn:speed") }] })],
    [{ op: "delete", record: at("element:Limits") } as const],
    [{ op: "delete", record: at("submodel:s") } as const],
    // its class is that of where it stands at the end
    [
      { op: "create", record: collection("New") } as const,
      { op: "create", record: element("Deep", { parent: "element:New" }) } as const,
      set("element:New", { idShort: ["New", "Limits"] }),
    ],
    [
      { op: "create", record: { id: "submodel:t", kind: "submodel", aasId: "urn:t", idShort: "TechnicalData", body: {} } } as const,
      { op: "create", record: { ...collection("L2", { parent: "submodel:t" }), submodel: "submodel:t", idShort: "Limits" } } as const,
    ],
  ])
    expect(await write(mara, ...(changes as readonly Change[])), JSON.stringify(changes)).toBe("DW_FORBIDDEN");
  const signal: WorldRecord = { id: "signal:max", kind: "signal", name: "max", valueType: "double", element: "element:Max" };
  expect(await write(mara, { op: "create", record: signal })).toBe("DW_FORBIDDEN");
});

test("[SV242] an own write from before a class is not taken back without a request; one that was not of it is", async () => {
  const { as, own } = await plant();
  const ida = as("ida", "engineer");
  expect(await write(ida, set("element:Max", { value: ["10", "12"] }))).toBe("written");
  await own(quality);
  await expect(ida.undo(LIVE)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  const otto = as("otto", "engineer");
  expect(await write(otto, set("element:Free", { value: ["10", "12"] }))).toBe("written");
  await otto.undo(LIVE);
});

interface Proposed extends Plant {
  readonly branch: string;
  readonly request: MergeRequestRecord;
  approve(id: string, ...roles: readonly string[]): Promise<unknown>;
}

async function proposed(...classes: readonly PropertyClassRecord[]): Promise<Proposed> {
  const made = await plant(...classes);
  const ida = made.as("ida", "engineer");
  const { id: branch } = await ida.fork({ name: "faster", parent: LIVE, instant: made.clock.time, reason: "try" });
  await ida.apply({ branch, reason: "faster", changes: [set("element:Max", { value: ["10", "12"] })] });
  const planned = { owner: "ida", effectiveFrom: "2026-12-01", action: "set it" };
  const request = await ida.requests.open({ branch, title: "Faster", text: "", planned });
  return {
    ...made,
    branch,
    request,
    approve: (id, ...roles) => {
      const { requests } = made.as(id, ...roles);
      const { plan } = requests.state(request.id);
      return requests.approve(request.id, { diffHash: plan!.diffHash, resultHash: "" });
    },
  };
}

test("[SV243] a merge names what is missing of each class; as many people as the class says, other than its author, approve it", async () => {
  const { as, request, approve, world } = await proposed(
    quality,
    classOf("Safety", { covers: [{ path: "*.Max" }], approve: ["engineer"] }),
  );
  const ida = as("ida", "engineer");
  const missing = (): readonly (readonly [string, number])[] =>
    ida.requests.state(request.id).classes.map(({ class: { name }, missing: count }) => [name, count]);
  expect(missing()).toEqual([
    ["Quality", 2],
    ["Safety", 1],
  ]);
  await expect(ida.requests.merge(request.id)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await approve("bob", "administrator");
  expect(missing()).toEqual([
    ["Quality", 1],
    ["Safety", 1],
  ]);
  await expect(ida.requests.merge(request.id)).rejects.toMatchObject({
    code: "DW_FORBIDDEN",
    message: expect.stringContaining("Quality: 1 more approval"),
    details: {
      missing: [
        { class: "propertyClass:Quality", name: "Quality", roles: [], approvals: 1 },
        { class: "propertyClass:Safety", name: "Safety", roles: ["engineer"], approvals: 1 },
      ],
    },
  });
  // one person is one person, however often
  await approve("bob", "administrator");
  expect(missing()[0]).toEqual(["Quality", 1]);
  await approve("eve", "engineer");
  expect(missing()).toEqual([
    ["Quality", 0],
    ["Safety", 0],
  ]);
  await ida.requests.merge(request.id);
  expect(world.reader(LIVE).get("element:Max")).toMatchObject({ value: "10", planned: { value: "12" } });
  // what was planned so becomes so
  await ida.confirm("element:Max", "done");
  expect(world.reader(LIVE).get("element:Max")).toMatchObject({ value: "12" });
});

test("[SV244] who wrote a change of a class on the branch does not approve it, nor does its author where authors may approve their own", async () => {
  const { as, request, approve, branch } = await proposed({ ...quality, approvers: 1 });
  const mara = as("mara", "administrator");
  await mara.requests.allowSolo(true);
  await approve("ida", "engineer").catch(() => undefined);
  expect(mara.requests.state(request.id).classes).toMatchObject([{ missing: 1 }]);
  const [eve, bob] = [as("eve", "engineer"), as("bob", "engineer")];
  await eve.apply({ branch, reason: "more", changes: [set("element:Max", { value: ["12", "13"] })] });
  await bob.apply({ branch, reason: "beside", changes: [set("element:Free", { value: ["10", "13"] })] });
  await expect(approve("eve", "engineer")).rejects.toMatchObject({ code: "DW_SAME_PERSON" });
  await approve("bob", "engineer");
  expect(mara.requests.state(request.id).classes).toMatchObject([{ missing: 0 }]);
});

test("[SV244] what was written on a branch of the branch is that person's too", async () => {
  const { as, approve, branch } = await proposed({ ...quality, approvers: 1 });
  const [eve, bob] = [as("eve", "engineer"), as("bob", "engineer")];
  const { id: inner } = await eve.fork({ name: "inner", parent: branch, instant: Number.MAX_SAFE_INTEGER, reason: "try" });
  await eve.apply({ branch: inner, reason: "more", changes: [set("element:Max", { value: ["12", "13"] })] });
  const planned = { owner: "eve", effectiveFrom: "2026-12-01", action: "set it" };
  const open = await eve.requests.open({ branch: inner, title: "Inner", text: "", planned });
  await bob.requests.approve(open.id, { diffHash: open.diffHash, resultHash: "" });
  await bob.requests.merge(open.id);
  await expect(approve("eve", "engineer")).rejects.toMatchObject({ code: "DW_SAME_PERSON" });
  await approve("bob", "engineer");
});

test("[SV245] an approval of a class expires, and is void once the branch changes; the roles that propose and approve are asked for", async () => {
  const timed = classOf("Timed", { covers: [{ path: "*.Max" }], expiresAfterMin: 30, propose: ["engineer"], approve: ["administrator"] });
  const { as, request, approve, branch, clock } = await proposed(timed);
  const ida = as("ida", "engineer");
  await expect(approve("eve", "engineer")).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await approve("bob", "administrator");
  expect(ida.requests.state(request.id).classes).toMatchObject([{ missing: 0, approvals: [{ by: "bob", until: expect.any(Number) }] }]);
  clock.time += 30 * MINUTE;
  await expect(ida.requests.merge(request.id)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await approve("bob", "administrator");
  await ida.apply({ branch, reason: "more", changes: [set("element:Max", { value: ["12", "13"] })] });
  await expect(ida.requests.merge(request.id)).rejects.toMatchObject({ code: "DW_STALE_APPROVAL" });
  await approve("bob", "administrator");
  await ida.requests.merge(request.id);
  const otto = as("otto", "operator");
  const { id: other } = await otto.fork({ name: "other", parent: LIVE, instant: clock.time, reason: "try" });
  await otto.apply({ branch: other, reason: "x", changes: [set("element:Max", { idShort: ["Max", "Max1"] })] });
  const planned = { owner: "otto", effectiveFrom: "2026-12-01", action: "set it" };
  await expect(otto.requests.open({ branch: other, title: "x", text: "", planned })).rejects.toMatchObject({
    message: expect.stringContaining("Timed is proposed by: engineer"),
  });
});

test("[SV245] a request that somebody opened with a harmless change does not carry one that he may not propose", async () => {
  const strict = classOf("Strict", { covers: [{ path: "*.Max" }], propose: ["administrator"] });
  const { as, clock } = await plant(strict);
  const ida = as("ida", "engineer");
  const { id: branch } = await ida.fork({ name: "a", parent: LIVE, instant: clock.time, reason: "try" });
  await ida.apply({ branch, reason: "x", changes: [set("element:Free", { value: ["10", "13"] })] });
  const planned = { owner: "ida", effectiveFrom: "2026-12-01", action: "set it" };
  const request = await ida.requests.open({ branch, title: "x", text: "", planned });
  await ida.apply({ branch, reason: "x", changes: [set("element:Max", { value: ["10", "13"] })] });
  const { requests } = as("bob", "administrator");
  await requests.approve(request.id, { diffHash: requests.state(request.id).plan!.diffHash, resultHash: "" });
  await expect(requests.merge(request.id)).rejects.toMatchObject({ details: { missing: [{ authorMayNot: true }] } });
});

test("[SV246] a class is written by administrators, and held to its form; one that is disabled, or allows direct writes, refuses nothing", async () => {
  const { as } = await plant({ ...quality, directWrites: true }, { ...classOf("Off", { covers: [{ kind: "element" }] }), enabled: false });
  const [mara, ida] = [as("mara", "administrator"), as("ida", "engineer")];
  expect(await write(ida, set("element:Max", { value: ["10", "11"] }))).toBe("written");
  const made = classOf("New", { covers: [{ kind: "shell" }] });
  expect(await write(ida, { op: "create", record: made })).toBe("DW_FORBIDDEN");
  for (const wrong of [
    { name: "" },
    { covers: [] },
    { covers: [{ path: "a", kind: "b" }] as never },
    { covers: [{ other: "a" }] as never },
    { approvers: 0 },
    { approvers: 1.5 },
    { expiresAfterMin: 0 },
    { approve: [""] },
    { presence: "yes" as never },
  ])
    expect(await write(mara, { op: "create", record: { ...made, ...wrong } as PropertyClassRecord }), JSON.stringify(wrong)).toBe(
      "DW_INVALID",
    );
  expect(await write(mara, { op: "create", record: made })).toBe("written");
});

test("[SV245] a class of presence counts approvals that were given with a proof of it alone", async () => {
  const { as, request, approve } = await proposed(classOf("Present", { covers: [{ path: "*.Max" }], presence: true }));
  await approve("bob", "engineer");
  const { requests } = as("bob", "engineer");
  expect(requests.state(request.id).classes).toMatchObject([{ missing: 1 }]);
  const { diffHash } = requests.state(request.id).plan!;
  await requests.approve(request.id, { diffHash, resultHash: "", presence: true });
  expect(requests.state(request.id).classes).toMatchObject([{ missing: 0 }]);
});
