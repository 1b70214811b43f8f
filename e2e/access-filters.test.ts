import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask as askServer, cookieOf, invitationOf, serveReached, type Answer, type Asked, type ReachedServer } from "./reached-server.ts";
import { setOfRules } from "./set-of-rules.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-access-filters-"));
const data = join(root, "data");
const API = "/api/doppelwerk/v1";
const AMPLE_MS = 120_000;
const PASSWORD = "seven green pumps";
const base64url = (text: string): string => Buffer.from(text).toString("base64url");
const SUBMODEL = `/submodels/${base64url("urn:sm:part")}`;
const ELEMENTS = `${SUBMODEL}/submodel-elements`;

let server: ReachedServer;
const cookies: Record<string, string> = {};

const ask = (who: string, method: string, path: string, asked?: Asked): Promise<Answer> =>
  askServer(server, method, path, { cookie: cookies[who], ...asked });

const property = (idShort: string | undefined, value: string): object => ({
  modelType: "Property",
  valueType: "xs:string",
  value,
  ...(idShort !== undefined && { idShort }),
});

const rules = setOfRules("Part", (...asked) => ask("mara", ...asked));

const OF_ALL = (rights: string, ...filters: readonly (readonly [fragment: string, condition: string])[]): string => `
ACCESSRULE: ATTRIBUTES: CLAIM("role") RIGHTS: ${rights} ACCESS: ALLOW
OBJECTS: IDENTIFIABLE "(AssetAdministrationShell)*" IDENTIFIABLE "(Submodel)*" FORMULA: true
${filters.map(([fragment, condition]) => `FILTER: FRAGMENT "${fragment}" CONDITION: ${condition}\n`).join("")}`;

/** What the filters of the tests hide. */
const HIDING = [
  ["$sme.Cost#value", "false"],
  ["$sme.Secret", "false"],
  ["$sme.Docs[]", `$starts-with($sme.Docs[]#value, "public")`],
  ["$sme.Marks[1]#value", "false"],
] as const;
const HIDDEN = ["HIDDEN-COST", "HIDDEN-SECRET", "HIDDEN-DOC", "HIDDEN-MARK", "HIDDEN-FILE"];
const SHOWN = ["SHOWN-POWER", "public-doc", "SHOWN-MARK"];

beforeAll(async () => {
  const links = [
    ["mara", "administrator"],
    ["ida", "engineer"],
  ].map(([login, role]) => [login!, invitationOf(data, login!, role!)] as const);
  server = await serveReached(data);
  for (const [login, token] of links)
    cookies[login] = cookieOf(await askServer(server, "POST", `${API}/session/join`, { body: { token, password: PASSWORD } }));
  const list = (idShort: string, ...values: readonly string[]): object => ({
    modelType: "SubmodelElementList",
    idShort,
    typeValueListElement: "Property",
    valueTypeListElement: "xs:string",
    value: values.map((value) => property(undefined, value)),
  });
  const submodel = {
    modelType: "Submodel",
    id: "urn:sm:part",
    idShort: "Part",
    submodelElements: [
      property("Power", "SHOWN-POWER"),
      property("Cost", "HIDDEN-COST"),
      {
        modelType: "SubmodelElementCollection",
        idShort: "Secret",
        value: [property("Recipe", "HIDDEN-SECRET"), { modelType: "File", idShort: "Sheet", contentType: "text/plain" }],
      },
      list("Docs", "public-doc", "HIDDEN-DOC"),
      list("Marks", "SHOWN-MARK", "HIDDEN-MARK"),
    ],
  };
  expect((await ask("mara", "POST", "/api/v3/submodels", { body: submodel })).status).toBe(201);
  const shell = {
    modelType: "AssetAdministrationShell",
    id: "urn:aas:part",
    idShort: "part",
    assetInformation: { assetKind: "Instance", globalAssetId: "urn:asset:part" },
    submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: "urn:sm:part" }] }],
  };
  expect((await ask("mara", "POST", "/api/v3/shells", { body: shell })).status).toBe(201);
}, AMPLE_MS);

afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

const AAS_ROUTES = [
  "/submodels",
  "/submodels?level=deep&extent=withBlobValue",
  ...["$metadata", "$value", "$reference", "$path"].map((view) => `/submodels/${view}`),
  "/serialization?includeConceptDescriptions=true",
  SUBMODEL,
  ...["$metadata", "$value", "$reference", "$path", "$history", "$recent-changes"].map((view) => `${SUBMODEL}/${view}`),
  `/shells/${base64url("urn:aas:part")}${SUBMODEL}`,
  `/shells/${base64url("urn:aas:part")}${SUBMODEL}/$value`,
  ELEMENTS,
  ...["$metadata", "$value", "$reference", "$path"].map((view) => `${ELEMENTS}/${view}`),
  ...["Power", "Cost", "Secret", "Secret.Recipe", "Docs", "Docs%5B0%5D", "Docs%5B1%5D", "Marks", "Marks%5B1%5D"].flatMap((path) =>
    ["", "/$value", "/$metadata", "/$path", "/$reference"].map((view) => `${ELEMENTS}/${path}${view}`),
  ),
].flatMap((path) => [`/api/v3${path}`, `/worlds/default/branches/live/api/v3${path}`]);

test(
  "[E154] of elements a FILTER shows what its condition lets through, and no route, serialization, query, file, history or log shows or finds the rest",
  async () => {
    const sheet = `/api/v3${ELEMENTS}/Secret.Sheet/attachment?fileName=sheet.txt`;
    const form = new FormData();
    form.set("fileName", "sheet.txt");
    form.set("file", new Blob(["HIDDEN-FILE"], { type: "text/plain" }), "sheet.txt");
    const upload = new Response(form);
    const put = await ask("mara", "PUT", sheet, {
      octets: new Uint8Array(await upload.arrayBuffer()),
      headers: { "content-type": upload.headers.get("content-type")! },
    });
    expect([put.status, put.text]).toEqual([204, ""]);
    await rules(OF_ALL("READ", ...HIDING));
    const document = JSON.parse((await ask("mara", "GET", "/openapi.json")).text) as { paths: Record<string, Record<string, unknown>> };
    const own = Object.entries(document.paths).flatMap(([path, methods]) => ("get" in methods && !path.endsWith("/events") ? [path] : []));
    const leaks: string[] = [];
    const seen = new Set<string>();
    const shown = new Set<string>();
    for (const route of [...own, ...AAS_ROUTES, sheet])
      for (const subject of ["urn:sm:part", "urn:aas:part"]) {
        const path = route.replaceAll(
          /\{([^}]+)\}/g,
          (_, name: string) => ({ branch: "live", world: "default" })[name] ?? encodeURIComponent(subject),
        );
        const [ida, mara] = [await ask("ida", "GET", path), await ask("mara", "GET", path)];
        for (const text of HIDDEN) {
          if (ida.text.includes(text)) leaks.push(`${path}: ${text}`);
          if (mara.text.includes(text)) seen.add(text);
        }
        for (const text of SHOWN) if (ida.text.includes(text)) shown.add(text);
      }
    expect(leaks).toEqual([]);
    expect([...seen].toSorted()).toEqual(HIDDEN.toSorted());
    expect([...shown].toSorted()).toEqual(SHOWN.toSorted());
    // the value is hidden, the element is not; what is hidden as a whole is as what is not there
    const one = (path: string): Promise<Answer> => ask("ida", "GET", `/api/v3${ELEMENTS}/${path}`);
    expect((await one("Cost")).body).toMatchObject({ modelType: "Property", idShort: "Cost" });
    expect((await one("Secret")).status).toBe(404);
    const saidOf = async (path: string): Promise<unknown> =>
      ((await one(path)).body["messages"] as readonly { readonly text: string }[])[0]!.text.replaceAll(path, "PATH");
    expect(await saidOf("Secret")).toBe(await saidOf("Nowhere"));
    expect((await one("Docs/$value")).text).toBe('["public-doc"]');
    const query = async (condition: object): Promise<boolean> =>
      (await ask("ida", "POST", "/api/v3/query/submodels", { body: { $condition: condition } })).text.includes("urn:sm:part");
    const equals = (field: string, value: string): object => ({ $eq: [{ $field: field }, { $strVal: value }] });
    expect(await query(equals("$sme.Power#value", "SHOWN-POWER"))).toBe(true);
    for (const [field, value] of [
      ["$sme.Cost#value", "HIDDEN-COST"],
      ["$sme.Recipe#value", "HIDDEN-SECRET"],
      ["$sme#idShort", "Recipe"],
      ["$sme#value", "HIDDEN-DOC"],
    ] as const)
      expect(await query(equals(field, value)), field).toBe(false);
  },
  AMPLE_MS,
);

test(
  "[E154] who sees a part of an element neither changes what is hidden nor takes it away, alone or with what holds it",
  async () => {
    await rules(OF_ALL("ALL", ...HIDING));
    const before = (await ask("mara", "GET", `/api/v3${SUBMODEL}`)).text;
    const whole = JSON.parse(before) as { readonly submodelElements: readonly object[] };
    const taken = { ...whole, submodelElements: [property("Power", "taken"), property("Cost", "taken"), property("Secret", "taken")] };
    for (const [method, path, body] of [
      ["PATCH", `${ELEMENTS}/Cost/$value`, "taken"],
      ["PUT", `${ELEMENTS}/Cost`, property("Cost", "taken")],
      ["DELETE", `${ELEMENTS}/Cost`, undefined],
      ["PATCH", `${ELEMENTS}/Secret.Recipe/$value`, "taken"],
      ["DELETE", `${ELEMENTS}/Secret`, undefined],
      ["PUT", `${ELEMENTS}/Secret`, property("Secret", "taken")],
      ["DELETE", `${ELEMENTS}/Docs`, undefined],
      ["PUT", SUBMODEL, taken],
      ["DELETE", SUBMODEL, undefined],
      ["PATCH", `${SUBMODEL}/$value`, { Cost: "taken" }],
    ] as const) {
      const answer = await ask("ida", method, `/api/v3${path}`, { ...(body !== undefined && { body }) });
      expect(answer.status, `${method} ${path} ${answer.text}`).toBeGreaterThanOrEqual(400);
      expect(answer.text).not.toContain("HIDDEN");
      expect((await ask("mara", "GET", `/api/v3${SUBMODEL}`)).text, `${method} ${path}`).toBe(before);
    }
    expect((await ask("ida", "PATCH", `/api/v3${ELEMENTS}/Power/$value`, { body: "SHOWN-POWER 2" })).status).toBe(204);
  },
  AMPLE_MS,
);

test(
  "[E155] an object whose id a FILTER hides is not there; of a list the item at a place is hidden, and the others stay",
  async () => {
    const ids = ["a", "b", "c"].map((name) => ({ name, value: `VALUE-${name}` }));
    const links = `/api/v3/shells/${base64url("urn:aas:part")}/asset-information`;
    const whole = { assetKind: "Instance", globalAssetId: "urn:asset:part", specificAssetIds: ids };
    expect((await ask("mara", "PUT", links, { body: whole })).status).toBe(204);
    await rules(OF_ALL("READ", ["$aas#assetInformation.specificAssetIds[1]", "false"], ["$sm#id", `$starts-with($sm#id, "urn:other:")`]));
    expect((await ask("ida", "GET", links)).body["specificAssetIds"]).toEqual([ids[0], ids[2]]);
    const saidOf = async (id: string): Promise<unknown> => {
      const { status, body } = await ask("ida", "GET", `/api/v3/submodels/${base64url(id)}`);
      const [{ code, text }] = body["messages"] as readonly [{ readonly code: string; readonly text: string }];
      return [status, code, text.replaceAll(id, "ID")];
    };
    expect(await saidOf("urn:sm:part")).toEqual(await saidOf("urn:sm:none"));
    expect((await ask("ida", "GET", "/api/v3/submodels")).body["result"]).toEqual([]);
    expect((await ask("ida", "GET", `/api/v3${ELEMENTS}/Power`)).status).toBe(404);
    expect((await ask("mara", "GET", `/api/v3${SUBMODEL}`)).status).toBe(200);
  },
  AMPLE_MS,
);
