// A whole product with things of every kind, each of which only some may read, and the people who come for them.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeId } from "@doppelwerk/aas";
import type { AlarmRule } from "@doppelwerk/operations";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { createAccessGate, roleTable, type Role } from "@doppelwerk/trust";
import { importChanges, LIVE, type AccessGate, type Action, type Principal, type SignalRecord, type WorldRecord } from "@doppelwerk/world";
import { expect, vi } from "vitest";
import { everyEnvironment } from "../../../packages/aas-server/src/api/every-request.fixture.ts";
import { shellOf, smallPlant } from "../../../packs/discrete-line/src/small-plant.fixture.ts";
import { openProduct } from "./site-of-product.fixture.ts";

export const API = "/api/doppelwerk/v1";

/** What exists, what exists and is for administrators alone, and what does not exist. */
export interface Three {
  readonly own: string;
  readonly foreign: string;
  readonly missing: string;
}

export const SIGNAL: Three = { own: "signal:pressure", foreign: "signal:recipe", missing: "signal:nothing" };
export const SHELL: Three = { own: "urn:own:shell", foreign: "urn:foreign:shell", missing: "urn:missing:shell" };
export const SUBMODEL: Three = { own: "urn:own:submodel", foreign: "urn:foreign:submodel", missing: "urn:missing:submodel" };
export const CONCEPT: Three = { own: "urn:own:concept", foreign: "urn:foreign:concept", missing: "urn:missing:concept" };
export const RULE: Three = { own: "alarmRule:pressure", foreign: "alarmRule:recipe", missing: "alarmRule:nothing" };
/** A rule that is itself for administrators. */
export const RULE_RECORD: Three = { own: "alarmRule:pressure", foreign: "alarmRule:secret", missing: "alarmRule:nothing" };
export const NOTE: Three = { own: "spanNote:own", foreign: "spanNote:foreign", missing: "spanNote:nothing" };
export const COMMAND: Three = { own: "command:own", foreign: "command:foreign", missing: "command:nothing" };
export const CONNECTION: Three = { own: "connection:bench", foreign: "connection:recipes", missing: "connection:nothing" };

/** Texts and values that only administrators may see anywhere. The value has few digits, so that it is shown whole. */
export const SECRETS = {
  signal: "Vantablack",
  // no id or time holds it by chance
  value: 7_731.625,
  shell: "ForeignShell7732",
  submodel: "ForeignSubmodel7733",
  element: "ForeignElement7734",
  elementValue: "foreign-value-7735",
  concept: "ForeignConcept7736",
  command: "foreign-reason-7737",
  connection: "foreign-plant-7738",
  rule: "foreign-rule-7740",
  attachment: "foreign-file-7739",
  note: "foreign-note-7742",
} as const;
/** Secret and token of the machine that pushes. */
export const PUSHER = { secret: "machine", token: "a-token-of-a-machine-7741" } as const;
/** The name of the branch that the person with one branch may not see. */
export const FOREIGN_BRANCH_NAME = "foreign-branch-8801";

export interface Person extends Principal {
  /** What must not be in any octet that this person gets. */
  readonly secrets: readonly (string | number)[];
}

const allSecrets = Object.values(SECRETS);
const documents = new Set(["shell", "submodel", "element"]);
const person = (id: string, roles: readonly string[], secrets: readonly (string | number)[]): Person => ({
  id: `person:${id}`,
  name: id,
  verified: true,
  roles,
  secrets,
});

function isGranted(record: WorldRecord): boolean {
  return record.id === SIGNAL.own || (documents.has(record.kind) && JSON.stringify(record).includes("own:"));
}

/** Weakest first: what a stronger one changes comes last. */
export const people: readonly Person[] = [
  person("nobody", [], [...allSecrets, FOREIGN_BRANCH_NAME]),
  person("oneSignal", ["viewer"], allSecrets),
  person("oneAsset", ["viewer"], allSecrets),
  // by the key of a grant
  { ...person("guest", ["viewer"], allSecrets), scope: { covers: isGranted, version: () => 1 } },
  person("oneBranch", ["engineer"], [...allSecrets, FOREIGN_BRANCH_NAME]),
  ...(Object.keys(roleTable) as readonly Role[]).map((role) => person(role, [role], role === "administrator" ? [] : allSecrets)),
];

/** The branch of the person with one branch; known once it is forked. */
const onlyBranch = { id: "" };
const rolesOf = ({ name, roles }: Principal): readonly string[] => people.find((one) => one.name === name)?.roles ?? roles;
const access = {
  rolesOf,
  mayRead: ({ name }: Principal, record: WorldRecord): boolean => {
    if (name === "oneSignal") return record.kind !== "signal" || record.id === SIGNAL.own;
    if (name === "oneAsset") return !documents.has(record.kind) || JSON.stringify(record).includes("own:");
    return true;
  },
  mayDo: ({ name }: Principal, _action: Action, branch: string): boolean => name !== "oneBranch" || branch === onlyBranch.id,
};
/** Judges as the server does: what an operation declares is held against it. */
export const gate: AccessGate = createAccessGate(access);

export interface AttackedPlant {
  readonly site: HostedWorld;
  readonly branch: Three;
  readonly request: Three;
  readonly run: Three;
  /** Record ids of elements. */
  readonly element: Three;
  /** Record ids of shells, which are places. */
  readonly place: Three;
}

const WAIT = { timeout: 240_000, interval: 50 };
const text = (en: string) => ({ en, zh: en });
const signalOf = (name: string, more: Partial<SignalRecord> & Record<string, unknown> = {}): WorldRecord => ({
  id: `signal:${name}`,
  kind: "signal",
  name: `the ${name}`,
  valueType: "double",
  shell: shellOf("S10"),
  connection: CONNECTION.own,
  address: name,
  ...more,
});
const ruleOf = (name: string): WorldRecord & AlarmRule =>
  ({
    id: `alarmRule:${name}`,
    kind: "alarmRule",
    title: text(`${name} is high`),
    station: "S10",
    condition: { kind: "high", signal: `signal:${name}`, limit: 50, deadband: 0 },
    priority: 2,
    onDelayS: 0,
    offDelayS: 0,
    cause: text("cause"),
    consequence: text("consequence"),
    response: text("response"),
    timeToRespondS: 600,
    latching: false,
    suppressedIn: [],
    enabled: true,
  }) as WorldRecord & AlarmRule;
const connectionOf = (id: string, name: string, more: object = {}): WorldRecord => ({
  id,
  kind: "connection",
  name,
  protocol: "entered",
  url: `entered:${name}`,
  enabled: true,
  settings: {},
  ...more,
});
const onlyAdministrators = { readers: ["administrator"] };

/** Of a shell, a submodel and a concept: those that all may read and those for administrators. */
function twins(which: "own" | "foreign", names: { shell: string; submodel: string; element: string; value: string; concept: string }) {
  return {
    assetAdministrationShells: [
      {
        modelType: "AssetAdministrationShell",
        id: SHELL[which],
        idShort: names.shell,
        assetInformation: { assetKind: "Instance", globalAssetId: `${which}:asset` },
        submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: SUBMODEL[which] }] }],
      },
    ],
    submodels: [
      {
        modelType: "Submodel",
        id: SUBMODEL[which],
        idShort: names.submodel,
        submodelElements: [
          { modelType: "Property", idShort: names.element, valueType: "xs:string", value: names.value },
          { modelType: "File", idShort: "file", contentType: "text/plain" },
        ],
      },
    ],
    conceptDescriptions: [{ modelType: "ConceptDescription", id: CONCEPT[which], idShort: names.concept }],
  } as const;
}

const commandOf = (id: string, signal: string, reason: string) => ({
  id,
  signal,
  name: reason,
  connection: CONNECTION.own,
  address: signal,
  value: 1,
  reason,
  state: "withdrawn",
  requestedBy: "person:someone",
  requestedAt: 1_790_000_000_000_000,
  expiresAt: 1_790_000_060_000_000,
  endedAt: 1_790_000_000_000_000,
});

/** Opens it, and waits until its values and alarms are there. */
export async function openAttackedPlant(data: string): Promise<AttackedPlant> {
  // the folder is made by the product; commands as of an earlier day
  await (await openProduct(data)).close();
  const commands = [commandOf(COMMAND.own, SIGNAL.own, "own-reason"), commandOf(COMMAND.foreign, SIGNAL.foreign, SECRETS.command)];
  writeFileSync(join(data, "commands.jsonl"), commands.map((one) => `${JSON.stringify(one)}\n`).join(""));
  const site = await openProduct(data, { access });
  await writeDocuments(site);
  const branch = await site.view(SYSTEM).fork({ parent: LIVE, name: "own-branch", instant: site.now(), reason: "a fork" });
  const other = await site.view(SYSTEM).fork({ parent: LIVE, name: FOREIGN_BRANCH_NAME, instant: site.now(), reason: "a fork" });
  onlyBranch.id = branch.id;
  const element = elementsOf(site);
  const [mine, theirs] = [await aRequest(site, branch.id, element.own), await aRequest(site, other.id, element.own)];
  const call = callAs(await createSiteApp(asSeenBy(site, SYSTEM)));
  const connected = async () =>
    ((await call("GET", `${API}/connections`)).json as readonly { readonly state: string }[]).filter(({ state }) => state === "connected");
  await vi.waitUntil(async () => (await connected()).length === 2, WAIT);
  for (const [connection, address, value] of [
    [CONNECTION.own, "pressure", 471_100.375],
    [CONNECTION.foreign, "recipe", SECRETS.value],
  ] as const)
    expect(await call("POST", `${API}/connections/${connection}/samples`, { values: [{ address, value }] })).toMatchObject({ status: 202 });
  await vi.waitUntil(async () => ((await call("GET", `${API}/alarms`)).json as readonly unknown[]).length === 2, WAIT);
  await aPusher(call);
  const [run, foreignRun] = [await aRun(call, branch.id), await aRun(call, other.id)];
  return {
    site,
    element,
    place: placesOfShells(site),
    branch: { own: branch.id, foreign: other.id, missing: "branch:nothing" },
    request: { own: mine, foreign: theirs, missing: "mergeRequest:nothing" },
    run: { own: run, foreign: foreignRun, missing: "run:nothing" },
  };
}

async function writeDocuments(site: HostedWorld): Promise<void> {
  const view = site.view(SYSTEM);
  const own = twins("own", {
    shell: "OwnShell",
    submodel: "OwnSubmodel",
    element: "OwnElement",
    value: "own:value",
    concept: "OwnConcept",
  });
  const { shell, submodel, element, elementValue: value, concept } = SECRETS;
  const foreign = importChanges(
    view.reader(LIVE),
    twins("foreign", { shell, submodel, element, value, concept }) as never,
    "foreign",
  ).changes.map((change) => (change.op === "create" ? { ...change, record: { ...change.record, ...onlyAdministrators } } : change));
  const create = (record: WorldRecord) => ({ op: "create" as const, record });
  await view.apply({
    branch: LIVE,
    reason: "a plant to attack",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "plant").changes,
      ...importChanges(view.reader(LIVE), everyEnvironment, "every").changes,
      ...importChanges(view.reader(LIVE), own as never, "own").changes,
      ...foreign,
      create(connectionOf(CONNECTION.own, "bench")),
      create(connectionOf(CONNECTION.foreign, SECRETS.connection, onlyAdministrators)),
      create(signalOf("pressure")),
      create(signalOf("recipe", { ...onlyAdministrators, name: SECRETS.signal, connection: CONNECTION.foreign })),
      create(ruleOf("pressure")),
      create(ruleOf("recipe")),
      create({ ...ruleOf("secret"), ...onlyAdministrators, enabled: false, title: text(SECRETS.rule) }),
      create(noteOf("own", SIGNAL.own, "a note")),
      create({ ...noteOf("foreign", SIGNAL.foreign, SECRETS.note), ...onlyAdministrators }),
    ],
  });
}

const noteOf = (name: string, signal: string, words: string): WorldRecord => ({
  id: `spanNote:${name}`,
  kind: "spanNote",
  version: 1,
  from: 1,
  to: 4_000_000_000_000_000,
  text: words,
  subjects: [signal],
  author: "person:somebody",
  written: 1,
});

function elementsOf(site: HostedWorld): Three {
  const elements = site.view(SYSTEM).reader(LIVE).query({ kind: "element" });
  const named = (idShort: string) => elements.find((record) => record["idShort"] === idShort)!.id;
  return { own: named("OwnElement"), foreign: named(SECRETS.element), missing: "element:nothing" };
}

function placesOfShells(site: HostedWorld): Three {
  const shells = site.view(SYSTEM).reader(LIVE).query({ kind: "shell" });
  const of = (aasId: string) => shells.find((record) => record["aasId"] === aasId)!.id;
  return { own: of(SHELL.own), foreign: of(SHELL.foreign), missing: "shell:nothing" };
}

async function aRequest(site: HostedWorld, branch: string, element: string): Promise<string> {
  const view = site.view(SYSTEM);
  const record = view.reader(branch).get(element)!;
  await view.apply({
    branch,
    reason: "what the request is about",
    changes: [{ op: "update", id: element, fields: { value: { from: record["value"] as string, to: `own:${branch}` } } }],
  });
  const planned = { owner: "Maintenance", effectiveFrom: "2027-01-01", action: "move" };
  const { id } = await view.requests.open({ branch, title: "a request", text: "", planned } as never);
  return id;
}

/** A connection whose machine proves itself by a token. */
async function aPusher(call: Call): Promise<void> {
  expect((await call("PUT", `${API}/secrets/${PUSHER.secret}`, { token: PUSHER.token })).status).toBe(204);
  const settings = { signals: [{ address: "good", valueType: "integer" }] };
  const made = await call("POST", `${API}/connections`, {
    url: "push:machine",
    protocol: "push",
    name: "machine",
    settings,
    secret: PUSHER.secret,
  });
  expect(made.status, made.text).toBe(201);
}

async function aRun(call: Call, branch: string): Promise<string> {
  const started = await call("POST", `${API}/branches/${branch}/runs`, { kind: "study", seed: 1, replications: 3, shifts: 1 });
  expect(started.status, started.text).toBe(202);
  return (started.json as { readonly id: string }).id;
}

/** The site as one person meets it, whatever the headers say. */
export const asSeenBy = (site: HostedWorld, principal: Principal): HostedWorld =>
  Object.assign(Object.create(site) as HostedWorld, { person: () => principal, viewOf: () => site.view(principal) });

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly octets: Buffer;
  readonly text: string;
  readonly json: unknown;
}

export interface Call {
  (method: string, url: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  close(): Promise<void>;
}

/** Requests without a socket. A body is sent as it is when it is text or bytes, else as JSON. */
export function callAs(app: Awaited<ReturnType<typeof createSiteApp>>): Call {
  const call = async (method: string, url: string, body?: unknown, more: Readonly<Record<string, string>> = {}): Promise<Answer> => {
    const form = body instanceof FormData ? new Response(body) : undefined;
    const isRaw = typeof body === "string" || body instanceof Uint8Array;
    const payload = form ? Buffer.from(await form.arrayBuffer()) : isRaw ? Buffer.from(body) : JSON.stringify(body);
    const type = form?.headers.get("content-type") ?? (body instanceof Uint8Array ? "application/octet-stream" : "application/json");
    const headers = { host: "127.0.0.1", ...(body !== undefined && { "content-type": type }), ...more };
    const {
      statusCode,
      headers: given,
      rawPayload,
    } = await app.inject({ method: method as "GET", url, headers, ...(body !== undefined && { payload }) });
    const text = rawPayload.toString();
    const isJson = /json/.test(String(given["content-type"]));
    return { status: statusCode, headers: given, octets: rawPayload, text, json: isJson && text !== "" ? JSON.parse(text) : undefined };
  };
  return Object.assign(call, { close: async () => void (await app.close()) });
}

/** As the AAS API writes ids in paths. */
export const encoded = ({ own, foreign, missing }: Three): Three => ({
  own: encodeId(own),
  foreign: encodeId(foreign),
  missing: encodeId(missing),
});

/** Secrets of a person in an answer, as text and, of a number, as the eight bytes of a binary frame. */
export function leaks({ secrets }: Person, octets: Buffer, headers: object = {}): readonly string[] {
  const head = JSON.stringify(headers);
  const found = (secret: string | number): boolean => {
    if (typeof secret === "string") return octets.includes(secret) || head.includes(secret);
    // as a number of its own: digits of instants are none
    if (new RegExp(`(?<![\\d.])${secret}(?!\\d)`).test(octets.toString("latin1"))) return true;
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(secret);
    return octets.includes(bytes);
  };
  return secrets.filter(found).map(String);
}
