import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { productFeatures } from "../apps/doppelwerk/src/features.ts";
import { ask as askServer, cookieOf, invitationOf, serveReached, type Answer, type Asked, type ReachedServer } from "./reached-server.ts";
import { setOfRules } from "./set-of-rules.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-execute-"));
const data = join(root, "data");
const API = "/api/doppelwerk/v1";
const AMPLE_MS = 120_000;
const PASSWORD = "seven green pumps";
const base64url = (text: string): string => Buffer.from(text).toString("base64url");
const OPERATION = `/submodels/${base64url("urn:sm:press")}/submodel-elements/Start`;
const NO_RULE = "no access rule permits it";

let server: ReachedServer;
const cookies: Record<string, string> = {};

const ask = (who: string, method: string, path: string, asked?: Asked): Promise<Answer> =>
  askServer(server, method, path, { cookie: cookies[who], ...asked });

const rules = (rights: string, objects = 'IDENTIFIABLE "(Submodel)urn:sm:press"'): string =>
  `ACCESSRULE: ATTRIBUTES: CLAIM("role") RIGHTS: ${rights} ACCESS: ALLOW OBJECTS: IDENTIFIABLE "(AssetAdministrationShell)urn:aas:press" ${objects} FORMULA: true`;

const rule = setOfRules("Press", (...asked) => ask("mara", ...asked));

beforeAll(async () => {
  const links = [
    ["mara", "administrator"],
    ["ida", "engineer"],
  ].map(([login, role]) => [login!, invitationOf(data, login!, role!)] as const);
  server = await serveReached(data);
  for (const [login, token] of links)
    cookies[login] = cookieOf(await askServer(server, "POST", `${API}/session/join`, { body: { token, password: PASSWORD } }));
  const submodel = {
    modelType: "Submodel",
    id: "urn:sm:press",
    idShort: "Press",
    submodelElements: [{ modelType: "Operation", idShort: "Start" }],
  };
  const shell = {
    modelType: "AssetAdministrationShell",
    id: "urn:aas:press",
    idShort: "press",
    assetInformation: { assetKind: "Instance", globalAssetId: "urn:asset:press" },
    submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: "urn:sm:press" }] }],
  };
  expect((await ask("mara", "POST", "/api/v3/submodels", { body: submodel })).status).toBe(201);
  expect((await ask("mara", "POST", "/api/v3/shells", { body: shell })).status).toBe(201);
  const record = { id: "signal:press", kind: "signal", name: "Press", valueType: "double", shell: "urn:aas:press" };
  const made = await ask("mara", "POST", `${API}/branches/live/changes`, {
    body: { reason: "a signal", changes: [{ op: "create", record }] },
  });
  expect([made.status, made.body.error]).toEqual([200, undefined]);
}, AMPLE_MS);

afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

const INVOKED = { inputArguments: [], inoutputArguments: [], clientTimeoutDuration: "PT5S" };
/** Every way over HTTP to have something done by a machine. */
const WAYS: readonly (readonly [path: string, body: object])[] = [
  ...["", "/worlds/default", "/worlds/default/branches/live"].flatMap((at) =>
    [OPERATION, `/shells/${base64url("urn:aas:press")}${OPERATION}`].flatMap((path) =>
      ["invoke", "invoke-async", "invoke/$value"].map(
        (way) =>
          [`${at}/api/v3${path}/${way}`, way.endsWith("$value") ? { inputArguments: {}, clientTimeoutDuration: "PT5S" } : INVOKED] as const,
      ),
    ),
  ),
  [`${API}/commands`, { signal: "signal:press", value: 1, reason: "try" }],
];

test(
  "[E157] by every way over HTTP, also as a job, a machine is commanded with EXECUTE alone; the answer to who lacks it does not depend on whether it could be done",
  async () => {
    await rule(rules("READ UPDATE CREATE DELETE"));
    for (const [path, body] of WAYS) {
      const refused = await ask("ida", "POST", path, { body });
      expect([refused.status, refused.text.includes(NO_RULE)], `${path} ${refused.text}`).toEqual([403, true]);
    }
    expect((await ask("ida", "GET", `${API}/commands`)).text).toBe("[]");
    await rule(rules("READ EXECUTE"));
    // nothing carries it out: that is said to who may have it carried out
    for (const [path, body] of WAYS) expect((await ask("ida", "POST", path, { body })).text, path).not.toContain(NO_RULE);
    // what is hidden cannot be told from what is not there
    await rule(rules("EXECUTE"));
    const of = async (signal: string): Promise<string> =>
      (await ask("ida", "POST", `${API}/commands`, { body: { signal, value: 1, reason: "try" } })).text.replaceAll(signal, "ID");
    expect(await of("signal:press")).toBe(await of("signal:none"));
  },
  AMPLE_MS,
);

test(
  "[E157] a connection of a browser commands nothing, and no tool of an assistant does what commands, enters, approves or administers",
  async () => {
    await rule(rules("READ EXECUTE"));
    const socket = new WebSocket(`wss://127.0.0.1:${server.port}/ws`, {
      ca: readFileSync(join(data, "tls", "authority.pem")),
      headers: { cookie: cookies["ida"]! },
    });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    socket.send(JSON.stringify({ kind: "hello", protocol: 2, client: "person-secret-0001", name: "Ida", branch: "live" }));
    for (const kind of ["command", "commands.request", "invoke", "call"])
      socket.send(JSON.stringify({ kind, signal: "signal:press", value: 1, reason: "try", body: { signal: "signal:press", value: 1 } }));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 1_000);
      socket.once("close", () => (clearTimeout(timer), resolve()));
    });
    socket.close();
    expect((await ask("mara", "GET", `${API}/commands`)).text).toBe("[]");
    const doing = productFeatures.flatMap(({ feature }) => feature.contract).filter(({ tool }) => tool !== undefined);
    expect(doing.length).toBeGreaterThan(5);
    expect(
      doing.filter(({ action }) => ["command", "enter", "approve", "administer", "import"].includes(action)).map(({ id }) => id),
    ).toEqual([]);
  },
  AMPLE_MS,
);
