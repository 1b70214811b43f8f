import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask as askServer, cookieOf, invitationOf, serveReached, type Answer, type Asked, type ReachedServer } from "./reached-server.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-access-rules-"));
const data = join(root, "data");
const API = "/api/doppelwerk/v1";
const AMPLE_MS = 120_000;
const PASSWORD = "seven green pumps";
const RULES = "accessRules:plant";

let server: ReachedServer;
const cookies: Record<string, string> = {};

const ask = (who: string, method: string, path: string, asked?: Asked): Promise<Answer> =>
  askServer(server, method, path, { cookie: cookies[who], ...asked });
const base64url = (text: string): string => Buffer.from(text).toString("base64url");

/** Ids of shells or submodels that somebody is shown. */
async function listed(who: string, path = "/shells"): Promise<readonly string[]> {
  const { body } = await ask(who, "GET", `/api/v3${path}`);
  return ((body["result"] ?? []) as readonly { readonly id: string }[]).map(({ id }) => id).toSorted();
}

async function commit(who: string, changes: readonly object[], branch = "live"): Promise<Answer> {
  return ask(who, "POST", `${API}/branches/${branch}/changes`, { body: { reason: "test", changes } });
}

let written: string | undefined;
let isEnabled = true;

/** Puts the text of the one set of rules. */
async function rule(text: string, enabled = true): Promise<Answer> {
  const answer =
    written === undefined
      ? await commit("mara", [{ op: "create", record: { id: RULES, kind: "accessRules", name: "Plant", text, enabled } }])
      : await commit("mara", [
          { op: "update", id: RULES, fields: { text: { from: written, to: text }, enabled: { from: isEnabled, to: enabled } } },
        ]);
  if (answer.status === 200) [written, isEnabled] = [text, enabled];
  return answer;
}

beforeAll(async () => {
  const links = [
    ["mara", "administrator"],
    ["ida", "engineer"],
    ["otto", "viewer"],
  ].map(([login, role]) => [login!, invitationOf(data, login!, role!)] as const);
  server = await serveReached(data);
  for (const [login, token] of links) {
    const joined = await askServer(server, "POST", `${API}/session/join`, { body: { token, password: PASSWORD } });
    cookies[login] = cookieOf(joined);
  }
  for (const name of ["press", "oven"]) {
    const submodel = {
      modelType: "Submodel",
      id: `urn:sm:${name}`,
      idShort: "TechnicalData",
      semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: `urn:semantic:${name}` }] },
      submodelElements: [
        { modelType: "Property", idShort: "Power", valueType: "xs:double", value: "12" },
        { modelType: "Property", idShort: "Recipe", valueType: "xs:string", value: `recipeOf${name}` },
      ],
    };
    expect((await ask("mara", "POST", "/api/v3/submodels", { body: submodel })).status).toBe(201);
    const shell = {
      modelType: "AssetAdministrationShell",
      id: `urn:aas:${name}`,
      idShort: `shellOf${name}`,
      assetInformation: { assetKind: "Instance", globalAssetId: `urn:asset:of${name}` },
      submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: `urn:sm:${name}` }] }],
    };
    expect((await ask("mara", "POST", "/api/v3/shells", { body: shell })).status).toBe(201);
  }
}, AMPLE_MS);

afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

/** Of what is hidden, and not of how it is asked for. */
const HIDDEN = ["shellOfoven", "recipeOfoven", "urn:asset:ofoven"];
const VALUES: Readonly<Record<string, string>> = { branch: "live", world: "default" };
const AAS_ROUTES = [
  "/shells",
  "/submodels",
  "/submodels?level=deep&extent=withBlobValue",
  "/submodels/$metadata",
  "/submodels/$value",
  "/submodels/$reference",
  "/submodels/$path",
  "/shells/$reference",
  "/concept-descriptions",
  "/shell-descriptors",
  "/submodel-descriptors",
  "/lookup/shells",
  "/serialization?includeConceptDescriptions=true",
  `/shells/${base64url("urn:aas:oven")}`,
  `/shells/${base64url("urn:aas:oven")}/asset-information`,
  `/shells/${base64url("urn:aas:oven")}/submodel-refs`,
  `/shells/${base64url("urn:aas:oven")}/submodels/${base64url("urn:sm:oven")}`,
  `/shells/${base64url("urn:aas:press")}/submodels/${base64url("urn:sm:oven")}`,
  `/submodels/${base64url("urn:sm:oven")}`,
  `/submodels/${base64url("urn:sm:oven")}/$value`,
  `/submodels/${base64url("urn:sm:oven")}/submodel-elements`,
  `/submodels/${base64url("urn:sm:oven")}/submodel-elements/$value`,
  `/submodels/${base64url("urn:sm:oven")}/submodel-elements/Recipe`,
  `/submodels/${base64url("urn:sm:oven")}/submodel-elements/Recipe/$value`,
  `/shell-descriptors/${base64url("urn:aas:oven")}`,
].flatMap((path) => [`/api/v3${path}`, `/worlds/default/branches/live/api/v3${path}`]);

const OF_ROLE = (rights: string, objects: string, formula: string): string => `
ACCESSRULE:
  ATTRIBUTES:
    CLAIM("role")
  RIGHTS: ${rights}
  ACCESS: ALLOW
  OBJECTS:
    ${objects}
  FORMULA:
    ${formula}
`;

test(
  "[E80] with a set of access rules what none permits does not exist, in lists, by id, queries, the log and the own API; administrators see all",
  async () => {
    expect(await listed("otto")).toEqual(["urn:aas:oven", "urn:aas:press"]);
    const set = await rule(
      OF_ROLE(
        "READ",
        'IDENTIFIABLE "(AssetAdministrationShell)urn:aas:press" IDENTIFIABLE "(Submodel)urn:sm:press"',
        'CLAIM("role") $eq "viewer"',
      ),
    );
    expect([set.status, set.body.error]).toEqual([200, undefined]);
    expect(await listed("otto")).toEqual(["urn:aas:press"]);
    expect(await listed("otto", "/submodels")).toEqual(["urn:sm:press"]);
    expect(await listed("ida")).toEqual([]);
    expect(await listed("mara")).toEqual(["urn:aas:oven", "urn:aas:press"]);
    for (const [path, none] of [
      [`/shells/${base64url("urn:aas:oven")}`, `/shells/${base64url("urn:aas:none")}`],
      [
        `/submodels/${base64url("urn:sm:oven")}/submodel-elements/Recipe`,
        `/submodels/${base64url("urn:sm:none")}/submodel-elements/Recipe`,
      ],
      [`/lookup/shells/${base64url("urn:aas:oven")}`, `/lookup/shells/${base64url("urn:aas:none")}`],
    ] as const) {
      const [hidden, missing] = [await ask("otto", "GET", `/api/v3${path}`), await ask("otto", "GET", `/api/v3${none}`)];
      expect(
        [hidden.status, hidden.text.replaceAll(/"(?:correlationId|timestamp)":"[^"]*"/g, "").replaceAll("oven", "none")],
        path,
      ).toEqual([missing.status, missing.text.replaceAll(/"(?:correlationId|timestamp)":"[^"]*"/g, "")]);
    }
    expect((await ask("otto", "GET", `/api/v3/submodels/${base64url("urn:sm:press")}/submodel-elements/Recipe`)).status).toBe(200);
    const found = await ask("otto", "POST", "/api/v3/query/submodels", {
      body: { $condition: { $eq: [{ $field: "$sm#idShort" }, { $strVal: "TechnicalData" }] } },
    });
    expect((found.body["result"] as readonly { id: string }[]).map(({ id }) => id)).toEqual(["urn:sm:press"]);
    const whole = await ask("otto", "GET", "/api/v3/serialization", { headers: { accept: "application/json" } });
    expect(whole.text).toContain("urn:sm:press");
    for (const path of [
      "/log",
      "/branches/live/log",
      "/branches/live/records?kind=accessRules",
      "/search?text=oven",
      "/branches/live/versions/x",
    ])
      expect((await ask("otto", "GET", API + path)).text, path).not.toMatch(/urn:(?:aas|sm):oven|FORMULA/);
    expect(whole.text).not.toContain("oven");
  },
  AMPLE_MS,
);

test(
  "[E81] an element is readable apart from its submodel, content and semantic id decide, and to change needs a right of its own",
  async () => {
    const set = await rule(
      OF_ROLE("READ", 'IDENTIFIABLE "(AssetAdministrationShell)*"', "true") +
        OF_ROLE("UPDATE", 'IDENTIFIABLE "(AssetAdministrationShell)urn:aas:press"', 'CLAIM("role") $eq "engineer"') +
        OF_ROLE("READ", 'IDENTIFIABLE "(Submodel)urn:sm:oven"', 'CLAIM("role") $eq "engineer"') +
        OF_ROLE("UPDATE", 'IDENTIFIABLE "(Submodel)*"', '$sm#semanticId $eq "urn:semantic:press"') +
        OF_ROLE("READ", 'IDENTIFIABLE "(Submodel)*"', '$and($sm#semanticId $eq "urn:semantic:press", CLAIM("role") $eq "engineer")'),
    );
    expect([set.status, set.body.error]).toEqual([200, undefined]);
    expect(await listed("otto")).toEqual(["urn:aas:oven", "urn:aas:press"]);
    expect(await listed("otto", "/submodels")).toEqual([]);
    expect(await listed("ida", "/submodels")).toEqual(["urn:sm:oven", "urn:sm:press"]);
    const value = (name: string) => `/api/v3/submodels/${base64url(`urn:sm:${name}`)}/submodel-elements/Power/$value`;
    expect((await ask("ida", "PATCH", value("press"), { body: "13" })).status).toBe(204);
    const refused = await ask("ida", "PATCH", value("oven"), { body: "13" });
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining("no access rule permits it")]);
    for (const [method, path] of [
      ["DELETE", `/api/v3/submodels/${base64url("urn:sm:oven")}`],
      ["DELETE", `/api/v3/shells/${base64url("urn:aas:press")}`],
    ] as const)
      expect((await ask("ida", method, path)).status, path).toBe(403);
    expect((await ask("mara", "GET", value("oven"))).text).toBe("12");
    // what belongs to a shell is changed by who may update the shell, and moved to no other one
    const signal = (shell: string) => ({
      id: `signal:${shell}`,
      kind: "signal",
      name: shell,
      valueType: "xs:double",
      shell: `urn:aas:${shell}`,
    });
    const alarmRule = (shell: string) => ({ id: `alarmRule:${shell}`, kind: "alarmRule", shell: `urn:aas:${shell}` });
    for (const recordOf of [signal, alarmRule]) {
      const record = recordOf("oven");
      expect((await commit("ida", [{ op: "create", record }])).body.error?.code, record.kind).toBe("DW_FORBIDDEN");
    }
    expect((await commit("ida", [{ op: "create", record: signal("press") }])).status).toBe(200);
    const moved = { op: "update", id: "signal:press", fields: { shell: { from: "urn:aas:press", to: "urn:aas:oven" } } };
    expect((await commit("ida", [moved])).text).toContain("no access rule permits it");
    expect((await commit("mara", [{ op: "delete", record: signal("press") }])).status).toBe(200);
  },
  AMPLE_MS,
);

test(
  "[E82] sets are checked when they are written, written by administrators alone, take effect on live at once, and never on a branch",
  async () => {
    const before = written;
    for (const [text, why] of [
      ["ACCESSRULE: nonsense", /line 1, column 13/],
      ["{", /no JSON/],
      ['{"AllAccessPermissionRules":{"rules":[{}]}}', /AllAccessPermissionRules\/rules\/0/],
    ] as const) {
      const refused = await rule(text);
      expect([refused.status, refused.text], text).toEqual([400, expect.stringMatching(why)]);
    }
    expect(written).toBe(before);
    const own = { op: "create", record: { id: "accessRules:own", kind: "accessRules", name: "Own", text: before, enabled: true } };
    expect((await commit("ida", [own])).body.error?.code).toBe("DW_FORBIDDEN");
    const branch = (await ask("mara", "POST", `${API}/branches`, { body: { name: "Stricter" } })).body["id"] as string;
    const none = OF_ROLE("READ", 'IDENTIFIABLE "(ConceptDescription)*"', "true");
    const changed = await commit(
      "mara",
      [{ op: "update", id: RULES, fields: { text: { from: before!, to: none } } }],
      encodeURIComponent(branch),
    );
    expect([changed.status, changed.body.error]).toEqual([200, undefined]);
    expect(await listed("otto")).toEqual(["urn:aas:oven", "urn:aas:press"]);
    expect(await ask("otto", "GET", `${API}/branches/${encodeURIComponent(branch)}/access-changes`)).toMatchObject({ status: 403 });
    const lost = await ask("mara", "GET", `${API}/branches/${encodeURIComponent(branch)}/access-changes`);
    expect(lost.body).toMatchObject({
      people: [
        { name: "ida", gained: 0, lost: 4, examples: expect.arrayContaining([{ id: "urn:aas:oven", kind: "shell", change: "lost" }]) },
        { name: "otto", gained: 0, lost: 2 },
      ],
    });
    expect((await rule(before!, false)).status).toBe(200);
    expect(await listed("otto", "/submodels")).toEqual(["urn:sm:oven", "urn:sm:press"]);
  },
  AMPLE_MS,
);

test(
  "[E83] no route of the API, whatever it is asked of, has an answer in which somebody finds what the rules hide from him",
  async () => {
    const set = await rule(
      OF_ROLE("READ", 'IDENTIFIABLE "(AssetAdministrationShell)urn:aas:press" IDENTIFIABLE "(Submodel)urn:sm:press"', "true"),
      true,
    );
    expect([set.status, set.body.error]).toEqual([200, undefined]);
    const document = JSON.parse((await ask("mara", "GET", "/openapi.json")).text) as { paths: Record<string, Record<string, unknown>> };
    const routes = [...Object.entries(document.paths).flatMap(([path, methods]) => ("get" in methods ? [path] : [])), ...AAS_ROUTES];
    expect(routes.length).toBeGreaterThan(80);
    // a stream has no end to wait for
    const ending = routes.filter((route) => !route.endsWith("/events"));
    const found: string[] = [];
    let seen = 0;
    for (const route of ending) {
      for (const subject of ["urn:aas:oven", "urn:sm:oven"]) {
        const path = route.replaceAll(/\{([^}]+)\}/g, (_, name: string) => VALUES[name] ?? encodeURIComponent(subject));
        const [own, admins] = [await ask("otto", "GET", path), await ask("mara", "GET", path)];
        const of = (text: string): string[] => HIDDEN.filter((hidden) => text.includes(hidden));
        if (of(admins.text).length > 0) seen++;
        if (of(own.text).length > 0) found.push(`${path}: ${of(own.text).join(", ")}`);
      }
    }
    expect(found).toEqual([]);
    // an administrator sees it by many of them, so there was something to be found
    expect(seen).toBeGreaterThan(10);
  },
  AMPLE_MS,
);

test(
  "[E84] a rule that refers to the value of an element, or to the hour, holds while that is so",
  async () => {
    const power = `/api/v3/submodels/${base64url("urn:sm:press")}/submodel-elements/Power/$value`;
    const set = await rule(
      OF_ROLE(
        "READ",
        'IDENTIFIABLE "(AssetAdministrationShell)urn:aas:oven"',
        'REFERENCE("(Submodel)urn:sm:press,(Property)Power") $eq "20"',
      ) + OF_ROLE("READ", 'IDENTIFIABLE "(AssetAdministrationShell)urn:aas:press"', 'GLOBAL(UTCNOW) $lt "1999-01-01T00:00:00Z"'),
    );
    expect([set.status, set.body.error]).toEqual([200, undefined]);
    expect(await listed("otto")).toEqual([]);
    expect((await ask("mara", "PATCH", power, { body: "20" })).status).toBe(204);
    expect(await listed("otto")).toEqual(["urn:aas:oven"]);
    expect((await ask("mara", "PATCH", power, { body: "21" })).status).toBe(204);
    expect(await listed("otto")).toEqual([]);
  },
  AMPLE_MS,
);

test(
  "[E85] somebody learns whether a rule permits something to him, an administrator by which rule to anybody; what is hidden is as what is not there",
  async () => {
    const set = await rule(OF_ROLE("READ", 'IDENTIFIABLE "(AssetAdministrationShell)urn:aas:press"', 'CLAIM("role") $eq "viewer"'));
    expect(set.status).toBe(200);
    const explain = async (who: string, query: string): Promise<unknown> => (await ask(who, "GET", `${API}/access?${query}`)).body;
    expect(await explain("otto", "record=urn:aas:press")).toEqual({ permitted: true, by: "rules", set: RULES, rule: 0 });
    expect(await explain("otto", "record=urn:aas:press&right=UPDATE")).toEqual({ permitted: false, by: "none" });
    expect(await explain("otto", "record=urn:aas:oven")).toEqual(await explain("otto", "record=urn:aas:none"));
    const accounts = (await ask("mara", "GET", `${API}/accounts`)).body["accounts"] as readonly { login: string; id: string }[];
    const ida = accounts.find(({ login }) => login === "ida")!.id;
    expect(await explain("mara", `record=urn:aas:press&person=${ida}`)).toEqual({ permitted: false, by: "none" });
    expect(await explain("otto", `record=urn:aas:press&person=${ida}`)).toMatchObject({ error: { code: "DW_FORBIDDEN" } });
    expect(await explain("mara", "record=urn:aas:oven")).toEqual({ permitted: true, by: "roles" });
  },
  AMPLE_MS,
);

test(
  "[E86] administrators add, change and remove sets, and see before who would gain and lose what",
  async () => {
    expect((await rule(written!, false)).status).toBe(200);
    const text = OF_ROLE("READ", 'IDENTIFIABLE "(AssetAdministrationShell)urn:aas:press"', 'CLAIM("role") $eq "viewer"');
    const given = { name: "Partners", text, enabled: true };
    const preview = await ask("mara", "POST", `${API}/access/preview`, { body: { sets: [given] } });
    expect(preview.body["people"]).toMatchObject([
      { name: "ida", gained: 0, lost: 4 },
      { name: "otto", gained: 0, lost: 3 },
    ]);
    expect((await ask("mara", "POST", `${API}/access/preview`, { body: { sets: [{ ...given, text: "nonsense" }] } })).text).toMatch(
      /line 1, column 1/,
    );
    expect(await listed("otto")).toEqual(["urn:aas:oven", "urn:aas:press"]);
    const made = await ask("mara", "POST", `${API}/access/sets`, { body: given });
    expect(made.body).toMatchObject({ name: "Partners", rules: 1, enabled: true });
    expect(await listed("otto")).toEqual(["urn:aas:press"]);
    const path = `${API}/access/sets/${encodeURIComponent(made.body["id"] as string)}`;
    expect((await ask("mara", "PUT", path, { body: { ...given, enabled: false } })).body).toMatchObject({ enabled: false });
    expect(await listed("otto")).toEqual(["urn:aas:oven", "urn:aas:press"]);
    const sets = (await ask("mara", "GET", `${API}/access/sets`)).body["sets"] as readonly { name: string }[];
    expect(sets.map(({ name }) => name)).toEqual(["Partners", "Plant"]);
    for (const who of ["ida", "otto"]) {
      expect((await ask(who, "GET", `${API}/access/sets`)).status, who).toBe(403);
      expect((await ask(who, "DELETE", path)).status, who).toBe(403);
    }
    expect((await ask("mara", "DELETE", path)).status).toBe(204);
    expect((await ask("mara", "DELETE", path)).status).toBe(404);
    expect((await ask("mara", "POST", `${API}/access/sets`, { body: { ...given, name: "" } })).status).toBe(400);
  },
  AMPLE_MS,
);

/** A body that the operation may well take. */
const BODIES: readonly ((subject: string) => unknown)[] = [
  (subject) => ({ modelType: "Submodel", id: subject, idShort: "Taken", submodelElements: [] }),
  (subject) => ({ modelType: "AssetAdministrationShell", id: subject, idShort: "Taken", assetInformation: { assetKind: "Instance" } }),
  () => ({ modelType: "Property", idShort: "Recipe", valueType: "xs:string", value: "taken" }),
  () => "taken",
  () => [{ name: "serialNumber", value: "taken" }],
];

const ELEMENT = "Recipe";
/** Operations of the AAS API that write, with the object in each place where one is named. */
const AAS_WRITES: readonly (readonly [method: string, path: string])[] = (["oven"] as const).flatMap((name) => {
  const [shell, submodel] = [`/shells/${base64url(`urn:aas:${name}`)}`, `/submodels/${base64url(`urn:sm:${name}`)}`];
  const elements = [submodel, `${shell}${submodel}`, `/shells/${base64url("urn:aas:press")}${submodel}`].flatMap((at) => [
    ...["PUT", "PATCH", "DELETE"].map((method) => [method, at] as const),
    ...["$value", "$metadata"].map((view) => ["PATCH", `${at}/${view}`] as const),
    ["POST", `${at}/submodel-elements`] as const,
    ...["PUT", "PATCH", "DELETE", "POST"].map((method) => [method, `${at}/submodel-elements/${ELEMENT}`] as const),
    ...["$value", "$metadata"].map((view) => ["PATCH", `${at}/submodel-elements/${ELEMENT}/${view}`] as const),
    ...["PUT", "DELETE"].map((method) => [method, `${at}/submodel-elements/${ELEMENT}/attachment`] as const),
    ...["invoke", "invoke-async", "invoke/$value"].map((way) => ["POST", `${at}/submodel-elements/${ELEMENT}/${way}`] as const),
  ]);
  const descriptors = [`/shell-descriptors/${base64url(`urn:aas:${name}`)}`, `/submodel-descriptors/${base64url(`urn:sm:${name}`)}`];
  return [
    ...elements,
    ...["PUT", "DELETE"].map((method) => [method, shell] as const),
    ...["PUT", "PATCH"].map((method) => [method, `${shell}/asset-information`] as const),
    ...["PUT", "DELETE"].map((method) => [method, `${shell}/asset-information/thumbnail`] as const),
    ["POST", `${shell}/submodel-refs`],
    ["DELETE", `${shell}/submodel-refs/${base64url(`urn:sm:${name}`)}`],
    ...descriptors.flatMap((at) => ["PUT", "DELETE"].map((method) => [method, at] as const)),
    ...["POST", "DELETE"].map((method) => [method, `/lookup/shells/${base64url(`urn:aas:${name}`)}`] as const),
  ];
});

/** All that rules may hide of the oven, as an administrator reads it. */
async function ovenNow(): Promise<string> {
  const texts = [];
  for (const of of ["shells", "lookup/shells", "submodels"])
    texts.push((await ask("mara", "GET", `/api/v3/${of}/${base64url(of === "submodels" ? "urn:sm:oven" : "urn:aas:oven")}`)).text);
  return texts.join("\n");
}

test(
  "[E104] no operation that writes changes what the rules hide from somebody, or let him only read, nor does a merge, an import or an undo",
  async () => {
    const whole = 'IDENTIFIABLE "(AssetAdministrationShell)*" IDENTIFIABLE "(Submodel)*"';
    const press = 'IDENTIFIABLE "(AssetAdministrationShell)urn:aas:press" IDENTIFIABLE "(Submodel)urn:sm:press"';
    const document = JSON.parse((await ask("mara", "GET", "/openapi.json")).text) as { paths: Record<string, Record<string, unknown>> };
    const own = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== "get" && !/\/(?:session|accounts|machines)/.test(path))
        .map((method) => [method.toUpperCase(), path] as const),
    );
    expect(own.length).toBeGreaterThan(60);
    const branch = (await ask("ida", "POST", `${API}/branches`, { body: { name: "Before" } })).body["id"] as string;
    const links = [{ name: "serialNumber", value: "links-of-the-oven" }];
    expect((await ask("mara", "POST", `/api/v3/lookup/shells/${base64url("urn:aas:oven")}`, { body: links })).status).toBe(201);
    const before = await ovenNow();
    expect(before).toContain("links-of-the-oven");
    expect(before).toContain("recipeOfoven");
    for (const [what, rules] of [
      ["hidden", OF_ROLE("ALL", press, "true")],
      ["read only", OF_ROLE("READ", whole, "true") + OF_ROLE("ALL", press, "true")],
    ] as const) {
      const set = await rule(rules, true);
      expect([set.status, set.body.error]).toEqual([200, undefined]);
      for (const [method, path] of AAS_WRITES)
        for (const at of [`/api/v3${path}`, `/worlds/default/branches/${encodeURIComponent(branch)}/api/v3${path}`]) {
          const subject = path.includes("submodel") ? "urn:sm:oven" : "urn:aas:oven";
          for (const body of method === "DELETE" ? [undefined] : BODIES.map((of) => of(subject))) {
            const answer = await ask("ida", method, at, { ...(body !== undefined && { body }) });
            // to take away what is not there is no fault
            const isNothing = method === "DELETE" && path.startsWith("/lookup/");
            expect(
              isNothing ? 400 : answer.status,
              `${what}: ${method} ${at} ${JSON.stringify(body)} ${answer.text}`,
            ).toBeGreaterThanOrEqual(400);
          }
        }
      for (const [method, route] of own) {
        const path = route.replaceAll(/\{([^}]+)\}/g, (_, name: string) => VALUES[name] ?? encodeURIComponent("urn:sm:oven"));
        await ask("ida", method, path, {
          body: { record: "urn:sm:oven", id: "urn:sm:oven", subject: "urn:sm:oven", shell: "urn:aas:oven" },
        });
      }
      const oven = { modelType: "Submodel", id: "urn:sm:oven", idShort: "Mine", submodelElements: [] };
      const shell = { modelType: "AssetAdministrationShell", id: "urn:aas:oven", idShort: "Mine", assetInformation: { assetKind: "Type" } };
      for (const environment of [{ submodels: [oven] }, { assetAdministrationShells: [shell] }])
        for (const repair of ["", "&repair=true"]) {
          const imported = await ask("ida", "POST", `${API}/import?name=oven.json${repair}`, {
            body: environment,
            headers: { "content-type": "application/octet-stream" },
          });
          expect(imported.status, `${what}: ${imported.text.slice(0, 300)}`).toBeGreaterThanOrEqual(400);
        }
      expect(await ovenNow(), what).toBe(before);
    }
    // written on the branch while it was allowed, and merged when it is not
    const element = `/submodels/${base64url("urn:sm:oven")}/submodel-elements/${ELEMENT}/$value`;
    expect((await rule(written!, false)).status).toBe(200);
    expect(
      (await ask("ida", "PATCH", `/worlds/default/branches/${encodeURIComponent(branch)}/api/v3${element}`, { body: "mine" })).status,
    ).toBe(204);
    const planned = { owner: "Ida", effectiveFrom: "2026-12-12", action: "set it" };
    const proposal = { branch, title: "Mine", text: "", runs: [], planned };
    const request = (await ask("ida", "POST", `${API}/merge-requests`, { body: proposal })).body["id"] as string;
    const of = `${API}/merge-requests/${encodeURIComponent(request)}`;
    expect((await ask("mara", "POST", `${of}/approve`, { body: {} })).status).toBe(200);
    expect((await ask("ida", "PATCH", `/api/v3${element}`, { body: "undone?" })).status).toBe(204);
    const after = await ovenNow();
    expect((await rule(OF_ROLE("ALL", press, "true"), true)).status).toBe(200);
    expect((await ask("ida", "POST", `${of}/merge`, { body: {} })).status).toBe(403);
    expect((await ask("ida", "POST", `${API}/branches/live/undo`, { body: {} })).status).toBeGreaterThanOrEqual(400);
    expect(await ovenNow()).toBe(after);
  },
  AMPLE_MS,
);

test(
  "[E105] an operation is invoked with EXECUTE alone, by element or by route; the right to read or change it is not enough",
  async () => {
    expect((await rule(written!, false)).status).toBe(200);
    const operation = { modelType: "Operation", idShort: "Start" };
    const at = `/api/v3/submodels/${base64url("urn:sm:press")}/submodel-elements`;
    expect((await ask("mara", "POST", at, { body: operation })).status).toBe(201);
    const invoked = async (): Promise<Answer> =>
      ask("ida", "POST", `${at}/Start/invoke`, { body: { inputArguments: [], inoutputArguments: [], clientTimeoutDuration: "PT5S" } });
    // nothing carries it out: that is said to who may have it carried out
    const without = await invoked();
    expect(without.status).not.toBe(403);
    const press = 'IDENTIFIABLE "(Submodel)urn:sm:press"';
    for (const [rights, objects, isPermitted] of [
      ["READ", press, false],
      ["READ UPDATE CREATE DELETE", press, false],
      ["READ EXECUTE", press, true],
      ["EXECUTE", press, false],
      ["ALL", press, true],
      ["READ EXECUTE", `${press} ROUTE "/submodels/*/invoke"`, true],
    ] as const) {
      const set = await rule(OF_ROLE(rights, objects, "true"), true);
      expect([set.status, set.body.error]).toEqual([200, undefined]);
      const answer = await invoked();
      expect([answer.status, answer.text.includes("no access rule permits it")], `${rights} ${objects}`).toEqual(
        isPermitted ? [without.status, false] : [rights === "EXECUTE" ? 404 : 403, rights !== "EXECUTE"],
      );
    }
  },
  AMPLE_MS,
);

test(
  "[E106] of a shell and its descriptor a FILTER shows the items that its condition lets through, and no route shows or finds the others",
  async () => {
    expect((await rule(written!, false)).status).toBe(200);
    const ids = [
      { name: "customerPartId", value: "SHOWN-77" },
      { name: "supplierPrice", value: "HIDDEN-99" },
    ];
    const shell = {
      modelType: "AssetAdministrationShell",
      id: "urn:aas:part",
      idShort: "part",
      assetInformation: { assetKind: "Instance", globalAssetId: "urn:asset:part", specificAssetIds: ids },
      submodels: ["press", "oven"].map((name) => ({ type: "ModelReference", keys: [{ type: "Submodel", value: `urn:sm:${name}` }] })),
    };
    expect((await ask("mara", "POST", "/api/v3/shells", { body: shell })).status).toBe(201);
    const links = `/api/v3/lookup/shells/${base64url("urn:aas:part")}`;
    expect((await ask("mara", "POST", links, { body: ids })).status).toBe(201);
    const filtered = (fragment: string, condition: string): string => `FILTER: FRAGMENT "${fragment}" CONDITION: ${condition}\n`;
    const refused = await rule(OF_ROLE("READ", 'IDENTIFIABLE "(Submodel)*"', "true") + filtered("$sme.Power#language", "true"), true);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("names no part of an object that can be hidden")]);
    const set = await rule(
      OF_ROLE("READ", 'IDENTIFIABLE "(AssetAdministrationShell)*" DESCRIPTOR "(aasDesc)*"', "true") +
        filtered("$aas#assetInformation.specificAssetIds[]", '$aas#assetInformation.specificAssetIds[].name $eq "customerPartId"') +
        OF_ROLE("ALL", 'IDENTIFIABLE "(Submodel)urn:sm:press"', "true"),
      true,
    );
    expect([set.status, set.body.error]).toEqual([200, undefined]);
    const at = `/api/v3/shells/${base64url("urn:aas:part")}`;
    const read = await ask("ida", "GET", at);
    expect(read.body["assetInformation"]).toMatchObject({ specificAssetIds: [{ name: "customerPartId", value: "SHOWN-77" }] });
    expect((await ask("mara", "GET", at)).text).toContain("HIDDEN-99");
    expect((await ask("ida", "GET", links)).text).toContain("SHOWN-77");
    // nothing is found by what is hidden
    const found = async (name: string, value: string): Promise<unknown> => {
      const asset = base64url(JSON.stringify({ name, value }));
      return [
        (await ask("ida", "GET", `/api/v3/lookup/shells?assetIds=${asset}`)).body["result"],
        (await ask("ida", "GET", `/api/v3/shells?assetIds=${asset}`)).text.includes("urn:aas:part"),
      ];
    };
    expect(await found("customerPartId", "SHOWN-77")).toEqual([["urn:aas:part"], true]);
    expect(await found("supplierPrice", "HIDDEN-99")).toEqual([[], false]);
    const condition = { $eq: [{ $field: "$aas#assetInformation.specificAssetIds[].value" }, { $strVal: "HIDDEN-99" }] };
    expect((await ask("ida", "POST", "/api/v3/query/shells", { body: { $condition: condition } })).text).not.toContain("urn:aas:part");
    const document = JSON.parse((await ask("mara", "GET", "/openapi.json")).text) as { paths: Record<string, Record<string, unknown>> };
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      "get" in methods && !path.endsWith("/events") ? [path] : [],
    );
    const aas = [
      "/shells",
      "/shell-descriptors",
      "/serialization",
      "/lookup/shells",
      `/shells/${base64url("urn:aas:part")}/asset-information`,
    ];
    const leaks: string[] = [];
    let seen = 0;
    for (const route of [...routes, ...aas.map((path) => `/api/v3${path}`), at, links]) {
      const path = route.replaceAll(/\{([^}]+)\}/g, (_, name: string) => VALUES[name] ?? encodeURIComponent("urn:aas:part"));
      if ((await ask("ida", "GET", path)).text.includes("HIDDEN-99")) leaks.push(path);
      if ((await ask("mara", "GET", path)).text.includes("HIDDEN-99")) seen++;
    }
    expect(leaks).toEqual([]);
    expect(seen).toBeGreaterThan(4);
    // who sees a part neither changes it nor takes it away
    const whole = await rule(set.status === 200 ? written!.replace("RIGHTS: READ", "RIGHTS: ALL") : "", true);
    expect(whole.status).toBe(200);
    for (const [method, path, body] of [
      ["PUT", at, { ...shell, idShort: "other" }],
      ["PUT", `${at}/asset-information`, { ...shell.assetInformation, specificAssetIds: [{ name: "customerPartId", value: "OTHER-1" }] }],
      ["DELETE", at, undefined],
    ] as const) {
      const answer = await ask("ida", method, path, { ...(body !== undefined && { body }) });
      expect([answer.status, answer.text], `${method} ${path}`).toEqual([403, expect.stringContaining("a part of it is hidden")]);
    }
    expect((await ask("mara", "GET", at)).text).toContain("HIDDEN-99");
  },
  AMPLE_MS,
);
