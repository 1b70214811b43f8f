import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  ask as askServer,
  command,
  cookieOf,
  invitationOf,
  serveReached,
  type Answer,
  type Asked,
  type ReachedServer,
} from "./reached-server.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-property-classes-"));
const data = join(root, "data");
const API = "/api/doppelwerk/v1";
const AMPLE_MS = 120_000;
const PASSWORD = "seven green pumps";
const SUBMODEL = `/api/v3/submodels/${Buffer.from("urn:sm:press").toString("base64url")}`;

let server: ReachedServer;
const cookies: Record<string, string> = {};

const ask = (who: string, method: string, path: string, asked?: Asked): Promise<Answer> =>
  askServer(server, method, path, { cookie: cookies[who], ...asked });

const quality = {
  name: "Quality",
  covers: [{ path: "TechnicalData.MaxPressure" }],
  propose: [],
  approve: ["engineer"],
  approvers: 2,
  expiresAfterMin: 480,
  presence: false,
  directWrites: false,
  enabled: true,
};

function submodel(max: string, free = "1"): object {
  const property = (idShort: string, value: string) => ({ modelType: "Property", idShort, valueType: "xs:double", value });
  return {
    modelType: "Submodel",
    id: "urn:sm:press",
    idShort: "TechnicalData",
    submodelElements: [property("MaxPressure", max), property("Free", free)],
  };
}

beforeAll(async () => {
  const links = [
    ["mara", "administrator"],
    ["ida", "engineer"],
    ["bob", "engineer"],
    ["eve", "engineer"],
    ["otto", "operator"],
  ].map(([login, role]) => [login!, invitationOf(data, login!, role!)] as const);
  server = await serveReached(data);
  for (const [login, token] of links)
    cookies[login] = cookieOf(await askServer(server, "POST", `${API}/session/join`, { body: { token, password: PASSWORD } }));
  expect((await ask("mara", "POST", "/api/v3/submodels", { body: submodel("160") })).status).toBe(201);
}, AMPLE_MS);

afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

test(
  "[E100] a class is kept by administrators; what it covers is written to live by no operation of either API, and what it does not cover is",
  async () => {
    expect((await ask("ida", "POST", `${API}/property-classes`, { body: quality })).status).toBe(403);
    expect((await ask("mara", "POST", `${API}/property-classes`, { body: { ...quality, approvers: 0 } })).status).toBe(400);
    const made = await ask("mara", "POST", `${API}/property-classes`, { body: quality });
    expect(made.body).toMatchObject({ ...quality, id: expect.stringMatching(/^propertyClass:/) });
    expect((await ask("otto", "GET", `${API}/property-classes`)).body["classes"]).toEqual([made.body]);
    const element = `${SUBMODEL}/submodel-elements/MaxPressure`;
    const whole = submodel("200") as { readonly submodelElements: readonly object[] };
    for (const [method, path, body] of [
      ["PATCH", `${element}/$value`, "200"],
      ["PUT", element, whole.submodelElements[0]],
      ["PATCH", element, whole.submodelElements[0]],
      ["DELETE", element, undefined],
      ["PUT", SUBMODEL, whole],
      ["PATCH", SUBMODEL, whole],
      ["PATCH", `${SUBMODEL}/$value`, { MaxPressure: "200" }],
      ["PATCH", `${SUBMODEL}/$metadata`, { modelType: "Submodel", id: "urn:sm:press", idShort: "Other" }],
      ["DELETE", SUBMODEL, undefined],
    ] as const) {
      const refused = await ask("mara", method, path, { ...(body !== undefined && { body }) });
      expect([refused.status, refused.text], `${method} ${path}`).toEqual([403, expect.stringContaining("propose it on a branch")]);
    }
    expect((await ask("ida", "PATCH", `${SUBMODEL}/submodel-elements/Free/$value`, { body: "2" })).status).toBe(204);
    expect((await ask("mara", "GET", `${element}/$value`)).text).toBe("160");
  },
  AMPLE_MS,
);

test(
  "[E101] a request says of each class whose approval is missing, and a refused merge lists it",
  async () => {
    const branch = (await ask("ida", "POST", `${API}/branches`, { body: { name: "More pressure" } })).body["id"] as string;
    const onBranch = `/worlds/default/branches/${encodeURIComponent(branch)}${SUBMODEL}/submodel-elements/MaxPressure/$value`;
    expect((await ask("ida", "PATCH", onBranch, { body: "180" })).status).toBe(204);
    const planned = { owner: "Ida", effectiveFrom: "2026-12-12", action: "set the valve" };
    const opened = await ask("ida", "POST", `${API}/merge-requests`, { body: { branch, title: "More", text: "", runs: [], planned } });
    const request = `${API}/merge-requests/${encodeURIComponent(opened.body["id"] as string)}`;
    expect(opened.body["classes"]).toMatchObject([{ name: "Quality", roles: ["engineer"], approvers: 2, missing: 2, approvals: [] }]);
    expect((await ask("mara", "GET", request)).body).toMatchObject({ diff: [{ classes: ["Quality"] }], mayNotApproveCode: "role" });
    expect((await ask("mara", "POST", `${request}/approve`, { body: {} })).status).toBe(403);
    expect((await ask("ida", "POST", `${request}/approve`, { body: {} })).body.error?.code).toBe("DW_SAME_PERSON");
    const first = await ask("bob", "POST", `${request}/approve`, { body: {} });
    expect(first.body).toMatchObject({
      status: "open",
      classes: [{ missing: 1, approvals: [{ name: "bob", until: expect.any(Number) }] }],
    });
    const refused = await ask("ida", "POST", `${request}/merge`, { body: {} });
    expect(refused.body.error).toMatchObject({
      code: "DW_FORBIDDEN",
      message: expect.stringContaining("Quality: 1 more approval (engineer)"),
    });
    expect((await ask("eve", "POST", `${request}/approve`, { body: {} })).body).toMatchObject({ status: "approved" });
    expect((await ask("ida", "POST", `${request}/merge`, { body: {} })).body).toMatchObject({ status: "merged" });
  },
  AMPLE_MS,
);

async function accountOf(login: string): Promise<string> {
  const { accounts } = (await ask("mara", "GET", `${API}/accounts`)).body as {
    readonly accounts: readonly { id: string; login: string }[];
  };
  return accounts.find((one) => one.login === login)!.id;
}

test(
  "[SV347] no way of writing to live leaves a class that nobody could change again: a change, a merge of what was approved, an undo, roles at places",
  async () => {
    const record = (approve: readonly string[], approvers: number, enabled = true) => ({
      ...quality,
      id: "propertyClass:locks",
      kind: "propertyClass",
      name: "Locks",
      covers: [{ kind: "propertyClass" }],
      approve,
      approvers,
      enabled,
    });
    const write = (branch: string, ...changes: readonly object[]) =>
      ask("mara", "POST", `${API}/branches/${encodeURIComponent(branch)}/changes`, { body: { reason: "lock", changes } });
    const refusal = [409, "DW_CONFLICT", expect.stringContaining("nobody could change the property class Locks again")];
    const said = ({ status, body, text }: Answer): readonly unknown[] => [status, body.error?.code, text];
    expect(said(await write("live", { op: "create", record: record(["engineer"], 4) }))).toEqual(refusal);

    const branch = (await ask("mara", "POST", `${API}/branches`, { body: { name: "Lock" } })).body["id"] as string;
    // on a branch it decides nothing
    expect((await write(branch, { op: "create", record: record(["engineer"], 4) })).status).toBe(200);
    const planned = { owner: "Mara", effectiveFrom: "2026-12-12", action: "none" };
    const opened = await ask("mara", "POST", `${API}/merge-requests`, { body: { branch, title: "Lock", text: "", runs: [], planned } });
    const request = `${API}/merge-requests/${encodeURIComponent(opened.body["id"] as string)}`;
    expect((await ask("ida", "POST", `${request}/approve`, { body: {} })).body).toMatchObject({ status: "approved" });
    expect(said(await ask("mara", "POST", `${request}/merge`, { body: {} }))).toEqual(refusal);
    expect((await ask("mara", "GET", request)).body).toMatchObject({ status: "approved" });

    // who has a role at a place could approve, until he has it no more
    const id = "placeRoles:lock";
    const ida = await accountOf("ida");
    const set = {
      id,
      kind: "placeRoles",
      name: "Leads",
      roles: [{ name: "lead", actions: ["approve"] }],
      assignments: [{ who: ida, role: "lead", place: "*" }],
      otherwise: "roles",
      enabled: true,
    };
    expect((await write("live", { op: "create", record: set })).text).toContain("revision");
    expect((await write("live", { op: "create", record: record(["lead"], 1) })).status).toBe(200);
    expect(said(await write("live", { op: "update", id, fields: { enabled: { from: true, to: false } } }))).toEqual(refusal);
    expect(said(await write("live", { op: "delete", record: set }))).toEqual(refusal);
    // what it covers is changed by approval, of which nobody is deprived
    const out = (await ask("mara", "POST", `${API}/branches`, { body: { name: "Unlock" } })).body["id"] as string;
    expect((await write(out, { op: "delete", record: record(["lead"], 1) })).status).toBe(200);
    const second = await ask("mara", "POST", `${API}/merge-requests`, {
      body: { branch: out, title: "Unlock", text: "", runs: [], planned },
    });
    const unlock = `${API}/merge-requests/${encodeURIComponent(second.body["id"] as string)}`;
    expect((await ask("ida", "POST", `${unlock}/approve`, { body: {} })).body).toMatchObject({ status: "approved" });
    expect((await ask("mara", "POST", `${unlock}/merge`, { body: {} })).body).toMatchObject({ status: "merged" });
    expect((await write("live", { op: "delete", record: set })).status).toBe(200);
  },
  AMPLE_MS,
);

const PLANT = { site: ["hall1", "hall2"], hall1: ["press1"], hall2: ["oven2"] } as const;
const recordIds: Record<string, string> = {};
const pressure = (machine: string): string =>
  `/api/v3/submodels/${Buffer.from(`urn:sm:${machine}`).toString("base64url")}/submodel-elements/Power/$value`;

/** Shells of a site with two halls, a machine in each, and the hierarchy (IDTA 02011). */
async function placePlant(): Promise<void> {
  const entity = (name: keyof typeof PLANT | "press1" | "oven2", idShort: string): object => ({
    modelType: "Entity",
    idShort,
    entityType: "SelfManagedEntity",
    globalAssetId: `urn:asset:${name}`,
    ...(name in PLANT && { statements: PLANT[name as keyof typeof PLANT].map((inner) => entity(inner, inner)) }),
  });
  const submodels: Readonly<Record<string, object>> = {
    site: { modelType: "Submodel", id: "urn:sm:site", idShort: "HierarchicalStructures", submodelElements: [entity("site", "EntryNode")] },
    ...Object.fromEntries(
      ["press1", "oven2"].map((name) => [
        name,
        {
          modelType: "Submodel",
          id: `urn:sm:${name}`,
          idShort: "Data",
          submodelElements: [{ modelType: "Property", idShort: "Power", valueType: "xs:double", value: "1" }],
        },
      ]),
    ),
  };
  for (const submodel of Object.values(submodels))
    expect((await ask("mara", "POST", "/api/v3/submodels", { body: submodel })).status).toBe(201);
  for (const name of ["site", "hall1", "hall2", "press1", "oven2"]) {
    const shell = {
      modelType: "AssetAdministrationShell",
      id: `urn:aas:${name}`,
      idShort: name,
      assetInformation: { assetKind: "Instance", globalAssetId: `urn:asset:${name}` },
      ...(name in submodels && { submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: `urn:sm:${name}` }] }] }),
    };
    expect((await ask("mara", "POST", "/api/v3/shells", { body: shell })).status).toBe(201);
  }
  const places = (await ask("mara", "GET", `${API}/places`)).body["places"] as readonly { id: string; name: string }[];
  for (const { id, name } of places) recordIds[name] = id;
}

test(
  "[E102] with roles at places people act where they have one; a refusal and GET /access name the role and the place that are missing",
  async () => {
    await placePlant();
    expect(Object.keys(recordIds).toSorted()).toEqual(["hall1", "hall2", "oven2", "press1", "site"]);
    const accounts = (await ask("mara", "GET", `${API}/accounts`)).body["accounts"] as readonly { login: string; id: string }[];
    const idOf = (login: string): string => accounts.find((one) => one.login === login)!.id;
    expect((await ask("ida", "PATCH", pressure("oven2"), { body: "2" })).status).toBe(204);
    const set = {
      name: "Halls",
      roles: [{ name: "hall planner", actions: ["edit", "propose"] }],
      assignments: [
        { who: idOf("ida"), role: "hall planner", place: recordIds["hall1"]! },
        { who: idOf("bob"), role: "engineer", place: "*" },
        { who: idOf("eve"), role: "engineer", place: recordIds["hall2"]!, until: "2026-01-01T00:00:00Z" },
      ],
      enabled: true,
    };
    const preview = await ask("mara", "POST", `${API}/place-roles/preview`, { body: { sets: [set] } });
    const people = preview.body["people"] as readonly { name: string; lost: number; gained: number; examples: readonly object[] }[];
    expect(people.map(({ name, lost, gained }) => [name, lost, gained])).toEqual([
      ["eve", 35, 0],
      ["ida", 31, 0],
      ["otto", 25, 0],
    ]);
    expect(people[1]!.examples).toContainEqual({ id: expect.stringMatching(/^edit · /), kind: "place", change: "lost" });
    expect((await ask("ida", "POST", `${API}/place-roles`, { body: set })).status).toBe(403);
    const made = await ask("mara", "POST", `${API}/place-roles`, { body: set });
    expect([made.status, made.body.error]).toEqual([200, undefined]);
    expect((await ask("ida", "PATCH", pressure("press1"), { body: "3" })).status).toBe(204);
    const refused = await ask("ida", "PATCH", pressure("oven2"), { body: "3" });
    expect([refused.status, refused.text]).toEqual([
      403,
      expect.stringContaining("edit needs a role at one of these places (oven2, hall2, site)"),
    ]);
    for (const [who, machine, status] of [
      ["eve", "oven2", 403],
      ["bob", "oven2", 204],
      ["mara", "oven2", 204],
    ] as const)
      expect((await ask(who, "PATCH", pressure(machine), { body: "4" })).status, `${who} ${machine}`).toBe(status);
    const atPlace = async (who: string, shell: string): Promise<unknown> =>
      (await ask(who, "GET", `${API}/access?record=urn:aas:${shell}&action=edit`)).body["atPlace"];
    expect(await atPlace("ida", "press1")).toEqual({
      permitted: true,
      by: "place",
      role: "hall planner",
      place: recordIds["hall1"],
    });
    expect(await atPlace("ida", "oven2")).toEqual({
      permitted: false,
      by: "none",
      roles: ["engineer", "hall planner"],
      places: ["oven2", "hall2", "site"],
    });
    expect(await atPlace("mara", "oven2")).toBeUndefined();
  },
  AMPLE_MS,
);

test(
  "[E167] what is exported needs the action export at its place: who names it is told, of everything he has what he may",
  async () => {
    const at = (machine: string): string => `/api/v3/serialization?submodelIds=${Buffer.from(`urn:sm:${machine}`).toString("base64url")}`;
    const exported = async (who: string, path: string): Promise<readonly [number, readonly string[]]> => {
      const { status, body } = await ask(who, "GET", path);
      return [status, ((body["submodels"] ?? []) as readonly { readonly id: string }[]).map(({ id }) => id)];
    };
    const samples = `${API}/export/samples?signals=all&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z`;
    for (const [who, status] of [
      ["bob", 200],
      ["mara", 200],
      ["ida", 403],
      ["eve", 403],
    ] as const) {
      expect((await exported(who, at("press1")))[0], who).toBe(status);
      expect((await exported(who, "/api/v3/serialization"))[0], who).toBe(status);
      expect((await ask(who, "GET", samples)).status === 403, who).toBe(status === 403);
    }
    // it is still read
    expect((await ask("ida", "GET", pressure("press1"))).status).toBe(200);
    const [found] = (await ask("mara", "GET", `${API}/place-roles`)).body["sets"] as readonly {
      readonly id: string;
      readonly roles: readonly object[];
      readonly assignments: readonly object[];
    }[];
    const { id, ...set } = found!;
    const write = (body: object): Promise<Answer> => ask("mara", "PUT", `${API}/place-roles/${encodeURIComponent(id)}`, { body });
    const exporter = {
      ...set,
      roles: [...set.roles, { name: "exporter", actions: ["export"] }],
      assignments: [...set.assignments, { who: await accountOf("ida"), role: "exporter", place: recordIds["hall1"]! }],
    };
    expect((await write(exporter)).status).toBe(200);
    expect(await exported("ida", at("press1"))).toEqual([200, ["urn:sm:press1"]]);
    const refused = await ask("ida", "GET", at("oven2"));
    expect([refused.status, refused.text]).toEqual([
      403,
      expect.stringContaining("export needs a role at one of these places (oven2, hall2, site)"),
    ]);
    expect(await exported("ida", "/api/v3/serialization")).toEqual([200, ["urn:sm:press1"]]);
    expect((await write(set)).status).toBe(200);
    expect((await exported("ida", at("press1")))[0]).toBe(403);
  },
  AMPLE_MS,
);

test(
  "[E103] a change is proposed and approved by who has the role where it is; what the tree is read from, and what stands in no place, needs the whole world",
  async () => {
    const branch = (await ask("ida", "POST", `${API}/branches`, { body: { name: "Oven" } })).body["id"] as string;
    const on = (path: string): string => path.replace("/api/v3", `/worlds/default/branches/${encodeURIComponent(branch)}/api/v3`);
    expect((await ask("ida", "PATCH", on(pressure("press1")), { body: "9" })).status).toBe(204);
    const planned = { owner: "Ida", effectiveFrom: "2026-12-12", action: "set it" };
    const body = { branch, title: "More", text: "", runs: [], planned };
    const { id } = (await ask("ida", "POST", `${API}/merge-requests`, { body })).body as { readonly id?: string };
    const request = `${API}/merge-requests/${encodeURIComponent(id!)}`;
    // eve is an engineer of the server, and of no place any more
    expect((await ask("eve", "POST", `${request}/approve`, { body: {} })).status).toBe(403);
    // what is added later is not ida's to propose, and nobody who approves it is of hall 1 alone
    expect((await ask("ida", "PATCH", on(pressure("oven2")), { body: "9" })).status).toBe(204);
    const second = await ask("ida", "POST", `${API}/merge-requests`, { body: { ...body, title: "Both" } });
    expect([second.status, second.text]).toEqual([403, expect.stringContaining("oven2, hall2, site")]);
    expect((await ask("ida", "POST", `${request}/merge`, { body: {} })).status).toBe(403);
    const site = `/api/v3/submodels/${Buffer.from("urn:sm:site").toString("base64url")}/submodel-elements/EntryNode.hall1`;
    for (const [method, path] of [
      ["DELETE", site],
      ["POST", "/api/v3/submodels"],
    ] as const) {
      const made = { modelType: "Submodel", id: "urn:sm:new", idShort: "New" };
      const refused = await ask("ida", method, path, { ...(method === "POST" && { body: made }) });
      expect([refused.status, refused.text], path).toEqual([403, expect.stringContaining("a role of the whole world")]);
    }
    const sets = (await ask("mara", "GET", `${API}/place-roles`)).body["sets"] as readonly { id: string }[];
    expect((await ask("mara", "DELETE", `${API}/place-roles/${encodeURIComponent(sets[0]!.id)}`)).status).toBe(204);
    expect((await ask("eve", "PATCH", pressure("oven2"), { body: "5" })).status).toBe(204);
  },
  AMPLE_MS,
);

test(
  "[E156] roles at places give what the server does not, there and of their classes alone; actions are those of the features, and a branch is counted before it is merged",
  async () => {
    const { acts } = (await ask("mara", "GET", `${API}/place-roles/actions`)).body as {
      readonly acts: readonly {
        readonly id: string;
        readonly action: string;
        readonly operations: readonly string[];
        readonly title?: object;
      }[];
    };
    expect(acts).toContainEqual({
      id: "alarms.shelve",
      feature: "alarms",
      action: "acknowledge",
      title: { en: "Shelve and unshelve", zh: "搁置与解除搁置" },
      operations: ["alarms.shelve", "alarms.unshelve"],
    });
    for (const id of ["commands.command", "entries.enter", "changes.approve", "alarms.acknowledge"])
      expect(acts.map((act) => act.id)).toContain(id);
    const accounts = (await ask("mara", "GET", `${API}/accounts`)).body["accounts"] as readonly { login: string; id: string }[];
    const otto = accounts.find(({ login }) => login === "otto")!.id;
    const set = {
      name: "Given",
      roles: [
        { name: "pressman", actions: ["edit"] },
        { name: "quality", actions: ["edit"], classes: ["Quality at ovens"] },
      ],
      assignments: [
        { who: otto, role: "pressman", place: recordIds["hall1"]! },
        { who: otto, role: "quality", place: recordIds["hall2"]! },
      ],
      enabled: true,
      otherwise: "roles",
    };
    const wrong = { ...set, roles: [{ name: "pressman", actions: ["alarms.nothing"] }] };
    expect((await ask("mara", "POST", `${API}/place-roles`, { body: wrong })).text).toContain(
      "no feature declares the action alarms.nothing",
    );
    // simulated on a branch
    const branch = (await ask("mara", "POST", `${API}/branches`, { body: { name: "Roles" } })).body["id"] as string;
    const record = { ...set, id: "placeRoles:simulated", kind: "placeRoles" };
    const changes = `${API}/branches/${encodeURIComponent(branch)}`;
    expect((await ask("mara", "POST", `${changes}/changes`, { body: { reason: "try", changes: [{ op: "create", record }] } })).status).toBe(
      200,
    );
    const counted = (await ask("mara", "GET", `${changes}/access-changes`)).body as {
      readonly people: readonly object[];
      readonly atPlaces: readonly { readonly name: string; readonly gained: number; readonly lost: number }[];
    };
    expect([counted.people, counted.atPlaces.map(({ name, gained, lost }) => [name, gained, lost])]).toEqual([[], [["otto", 2, 0]]]);
    expect((await ask("otto", "PATCH", pressure("press1"), { body: "7" })).status).toBe(403);
    const made = await ask("mara", "POST", `${API}/place-roles`, { body: set });
    expect([made.status, made.body.error]).toEqual([200, undefined]);
    let power = 100;
    const tries = async (who: string, machine: string): Promise<number> =>
      (await ask(who, "PATCH", pressure(machine), { body: String(power++) })).status;
    expect([await tries("otto", "press1"), await tries("otto", "oven2")]).toEqual([204, 403]);
    // the others as before
    expect(await tries("eve", "oven2")).toBe(204);
    const covering = { ...quality, name: "Quality at ovens", covers: [{ path: "Data.Power" }], directWrites: true };
    const classed = await ask("mara", "POST", `${API}/property-classes`, { body: covering });
    expect(classed.status).toBe(200);
    expect([await tries("otto", "oven2"), await tries("otto", "press1")]).toEqual([204, 204]);
    const explained = (await ask("otto", "GET", `${API}/access?record=urn:aas:oven2&action=edit`)).body["atPlace"];
    expect(explained).toMatchObject({ permitted: false, by: "none", places: ["oven2", "hall2", "site"] });
    // what gives at one place gives nowhere else: neither a new document nor the rules themselves, nor what comes from a plant
    for (const [method, path, body] of [
      ["POST", "/api/v3/submodels", { modelType: "Submodel", id: "urn:sm:mine", idShort: "Mine" }],
      ["POST", `${API}/place-roles`, set],
      ["DELETE", `/api/v3/submodels/${Buffer.from("urn:sm:oven2").toString("base64url")}`, undefined],
      [
        "POST",
        `${API}/branches/live/changes`,
        { reason: "mine", changes: [{ op: "create", record: { ...record, id: "placeRoles:mine" } }] },
      ],
    ] as const)
      expect((await ask("otto", method, path, { ...(body !== undefined && { body }) })).status, path).toBe(403);
    // taken away, it is gone with the next request
    const at = `${API}/place-roles/${encodeURIComponent(made.body["id"] as string)}`;
    expect((await ask("mara", "PUT", at, { body: { ...set, assignments: [] } })).status).toBe(200);
    expect(await tries("otto", "press1")).toBe(403);
    expect((await ask("mara", "PUT", at, { body: { ...set, otherwise: "deny", assignments: [] } })).status).toBe(200);
    expect(await tries("eve", "oven2")).toBe(403);
  },
  AMPLE_MS,
);

test(
  "[SV324] a class that covers property classes is refused where nobody could change it again, and what was done all the same is undone on the machine",
  async () => {
    const locking = { ...quality, name: "Access", covers: [{ kind: "propertyClass" }], approve: ["administrator"], approvers: 1 };
    const refused = await ask("mara", "POST", `${API}/property-classes`, { body: locking });
    expect([refused.status, refused.body.error?.code, refused.text]).toEqual([
      409,
      "DW_CONFLICT",
      expect.stringContaining("nobody could change the property class Access again"),
    ]);
    // somebody who left leads there all the same
    const record = { ...locking, approve: ["engineer"], approvers: 3, id: "propertyClass:access", kind: "propertyClass" };
    const written = await ask("mara", "POST", `${API}/branches/live/changes`, {
      body: { reason: "lock", changes: [{ op: "create", record }] },
    });
    expect(written.status).toBe(200);
    expect((await ask("mara", "PATCH", `${API}/accounts/${await accountOf("eve")}`, { body: { disabled: true } })).status).toBe(200);
    const at = `${API}/property-classes/propertyClass%3Aaccess`;
    expect((await ask("mara", "DELETE", at)).status).toBe(403);
    expect(command(["classes", "disable", "Access", "--data", data]).status).toBe(1);
    await server.stop();
    const listed = JSON.parse(command(["classes", "list", "--data", data, "--json"]).stdout) as { readonly classes: readonly object[] };
    expect(listed.classes).toContainEqual({ id: "propertyClass:access", name: "Access", enabled: true });
    const disabled = command(["classes", "disable", "Access", "--data", data]);
    expect([disabled.status, disabled.stdout, disabled.stderr]).toEqual([0, "Access is disabled; the log says so\n", ""]);
    server = await serveReached(data);
    cookies["mara"] = cookieOf(await askServer(server, "POST", `${API}/session`, { body: { login: "mara", password: PASSWORD } }));
    expect((await ask("mara", "GET", `${API}/log?limit=1`)).text).toContain(
      "disable the property class Access by the command line on the machine",
    );
    expect((await ask("mara", "DELETE", at)).status).toBe(204);
  },
  AMPLE_MS,
);
