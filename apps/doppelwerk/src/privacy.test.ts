import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDataFolder } from "@doppelwerk/storage/files";
import { createWorldsApp, openWorlds, type OpenWorlds } from "@doppelwerk/server/site";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { afterAll, expect, test, vi } from "vitest";
import { AccountStore, accountsPath, type Account } from "../../../packages/server/src/accounts/account-store.ts";
import { hashOfPassword } from "../../../packages/server/src/accounts/password.ts";
import { openIdentities, type KnownIdentities } from "../../../packages/server/src/compose/open-identities.ts";
import { verifyEvidence } from "../../../packages/server/src/transparency/evidence.ts";
import { PeopleData } from "../../../packages/server/src/privacy/people-data.ts";
import { RetentionTimers, type RetentionRun } from "../../../packages/server/src/privacy/retention-timers.ts";
import { verifyDataFolder } from "../../../packages/server/src/compose/verify-folder.ts";
import { filesWith } from "./folder-texts.fixture.ts";
import { productFeatures } from "./features.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-privacy-"));
const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stops) await stop();
  rmSync(root, { recursive: true, force: true });
});

const API = "/api/doppelwerk/v1";
const PASSWORD = "vier rote Pumpen laufen";
const T = 1_790_000_000_000_000;
/** Found nowhere by chance. */
const MARKED = {
  login: "zqmarker",
  name: "Zqname Markerson",
  agent: "Zqbrowser 7.1",
  address: "192.0.2.77",
  note: "Zqnote about a pump",
} as const;

/** The whole product on a folder with two accounts, and its transparency log. */
class Server {
  readonly worlds: OpenWorlds;
  readonly app: FastifyInstance;
  readonly identities: KnownIdentities;

  private constructor(worlds: OpenWorlds, app: FastifyInstance, identities: KnownIdentities) {
    this.worlds = worlds;
    this.app = app;
    this.identities = identities;
  }

  static async start(data: string): Promise<Server> {
    const identities = (await openIdentities({
      data,
      isSecure: false,
      requestsPerSecond: 10_000,
      // a sweep of sessions may come after the folder is gone
      onFault: (error) => existsSync(data) && expect(error).toBeUndefined(),
    }))!;
    const logger = pino({ level: "silent" });
    const worlds = await openWorlds({
      dataDirectory: data,
      logger,
      workers: 1,
      features: productFeatures,
      transparency: true,
      people: (names) => identities.people.nameTo(names),
    });
    return new Server(worlds, await createWorldsApp(worlds, undefined, identities), identities);
  }

  logIn(account: Account, agent = "a browser", address = "127.0.0.1"): string {
    return this.identities.sessions.begin(account.id, { agent, address }).token;
  }

  async ask(token: string, method: string, path: string, body?: unknown) {
    const answer = await this.app.inject({
      method: method as "GET",
      url: path.startsWith("/worlds/") ? path : `${API}${path}`,
      headers: { host: "127.0.0.1", cookie: `doppelwerk=${token}`, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, text: answer.payload, headers: answer.headers, json: () => JSON.parse(answer.payload) };
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.worlds.close();
  }
}

async function folderWithAccounts(name: string): Promise<{ readonly data: string; readonly marked: Account; readonly ada: Account }> {
  const data = mkdtempSync(join(root, `${name}-`));
  await (await openDataFolder(data, { owner: "test" })).close();
  const store = new AccountStore(accountsPath(data));
  const password = await hashOfPassword(PASSWORD);
  const add = (login: string, full: string, role: "administrator" | "engineer") => {
    const { id } = store.create({ login, name: full, roles: [role] });
    return store.update(id, (known) => ({ ...known, password }));
  };
  return { data, ada: add("ada", "Ada", "administrator"), marked: add(MARKED.login, MARKED.name, "engineer") };
}

/** Writes what people write: a document, a branch, a note, a reason, a merge request with a remark. */
async function work(server: Server, token: string, branch: string): Promise<void> {
  const done = async (method: string, path: string, body: unknown) => {
    const answer = await server.ask(token, method, path, body);
    expect(answer.status, `${method} ${path} ${answer.text}`).toBeLessThan(300);
    return answer.json() as { readonly id: string };
  };
  const { id } = await done("POST", "/branches", { name: branch });
  const submodels = `/worlds/default/branches/${id}/api/v3/submodels`;
  const submodel = await server.ask(token, "POST", submodels, { modelType: "Submodel", id: `urn:${branch}`, idShort: "Own" });
  expect(submodel.status, submodel.text).toBe(201);
  await done("POST", "/notes", { from: T, to: T + 1_000_000, text: MARKED.note, subjects: [] });
  await done("POST", `/notes?branch=${id}`, { from: T, to: T + 1_000_000, text: MARKED.note, subjects: [] });
}

test("[SV270] [SV271] a person takes everything that is kept of him, and is erased by his own hand: nothing of him is in any octet of the folder, nor in an answer", async () => {
  const { data, marked, ada } = await folderWithAccounts("self");
  const server = await Server.start(data);
  stops.push(() => server.stop());
  const token = server.logIn(marked, MARKED.agent, MARKED.address);
  const admin = server.logIn(ada);
  await work(server, token, "a branch");

  const exported = await server.ask(token, "GET", "/privacy/person");
  expect(exported.status).toBe(200);
  expect(exported.headers["content-disposition"]).toMatch(/^attachment/);
  const file = exported.json();
  expect(file).toMatchObject({
    format: "doppelwerk-person",
    person: { id: marked.id, name: MARKED.name },
    account: { login: MARKED.login, roles: ["engineer"] },
    sessions: [{ agent: MARKED.agent, address: MARKED.address }],
  });
  expect(exported.text).not.toContain("scrypt");
  expect(file.worlds[0].documents.map(({ document }: { document: { text: string } }) => document.text)).toContain(MARKED.note);
  expect(file.worlds[0].log.length).toBeGreaterThan(1);
  expect(filesWith(data, MARKED.note)).toEqual([]);
  expect(filesWith(data, MARKED.name, MARKED.login, MARKED.agent, MARKED.address)).toEqual([
    "accounts.json",
    "people.json",
    "sessions.json",
  ]);

  const body = { texts: "erase" };
  // a page that was left open for ten minutes erases nobody
  const later = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 600_000);
  const refused = await server.ask(token, "POST", "/privacy/person/erasure", body);
  later.mockRestore();
  expect([refused.status, refused.json().error.code]).toEqual([403, "DW_PRESENCE"]);
  expect((await server.ask(token, "POST", "/session/presence", { password: PASSWORD })).status).toBe(204);
  const erased = await server.ask(token, "POST", "/privacy/person/erasure", body);
  expect(erased.json()).toEqual({ documents: 1, notReached: [] });
  expect((await server.ask(token, "GET", "/world")).status).toBe(401);
  await expect.poll(() => server.identities.sessions.of(marked.id)).toEqual([]);

  const marks = Object.values(MARKED);
  const tellsNothing = async (path: string): Promise<void> => {
    const { status, text } = await server.ask(admin, "GET", path);
    expect(status, path).toBe(200);
    for (const mark of marks) expect(text, `${path} tells ${mark}`).not.toContain(mark);
  };
  for (const path of ["/accounts", "/transparency/entries?limit=500", "/log?limit=500", `/notes?from=${T - 1}&to=${T + 2}`, "/branches"])
    await tellsNothing(path);
  expect((await server.ask(admin, "GET", `/privacy/people/${marked.id}`)).status).toBe(404);
  const { entries } = (await server.ask(admin, "GET", "/transparency/entries?limit=500")).json() as {
    readonly entries: readonly { readonly what: string; readonly operation?: string; readonly erased: boolean }[];
  };
  expect(
    entries
      .filter(({ what, operation }) => what === "request" && operation === "privacy.eraseSelf")
      .map(({ erased: isErased }) => isErased),
  ).toEqual([true]);
  const log = (await server.ask(admin, "GET", "/log?limit=500")).json() as readonly { readonly actor: string }[];
  expect(log.some(({ actor }) => actor === marked.id)).toBe(true);
  await server.stop();
  stops.pop();
  expect(filesWith(data, ...marks)).toEqual([]);
  expect(readFileSync(join(data, "transparency", "salts.json"), "utf8")).not.toContain(marked.id);
  expect((await verifyDataFolder(data)).findings).toEqual([]);
});

test("[SV271] an administrator takes and erases what is kept of somebody else, whose notes may stay without a name; the last one who administers stays", async () => {
  const { data, marked, ada } = await folderWithAccounts("other");
  const server = await Server.start(data);
  stops.push(() => server.stop());
  const [token, admin] = [server.logIn(marked, MARKED.agent, MARKED.address), server.logIn(ada)];
  await work(server, token, "a branch");
  const people = `/privacy/people/${marked.id}`;
  for (const [method, path] of [
    ["GET", people],
    ["POST", `${people}/erasure`],
  ] as const)
    expect((await server.ask(token, method, path, method === "POST" ? { texts: "keep" } : undefined)).status).toBe(403);
  expect((await server.ask(admin, "GET", people)).json().account.login).toBe(MARKED.login);
  expect((await server.ask(admin, "GET", "/privacy/people/person:nobody")).status).toBe(404);
  expect((await server.ask(admin, "POST", "/session/presence", { password: PASSWORD })).status).toBe(204);
  expect((await server.ask(admin, "POST", "/privacy/person/erasure", { texts: "erase" })).status).toBe(409);
  expect((await server.ask(admin, "GET", "/world")).status).toBe(200);

  expect((await server.ask(admin, "POST", `${people}/erasure`, { texts: "keep" })).json()).toEqual({ documents: 0, notReached: [] });
  const notes = (await server.ask(admin, "GET", `/notes?from=${T - 1}&to=${T + 2}`)).json() as readonly {
    readonly text: string;
    readonly author: string;
  }[];
  expect(notes).toMatchObject([{ text: MARKED.note, author: "someone" }]);
  // what ends later makes no salt of the erased again
  server.worlds.home.transparency!.salts.commit(marked.id, "n", "who", marked.id);
  await expect.poll(() => server.identities.sessions.of(marked.id)).toEqual([]);
  await server.stop();
  stops.pop();
  const { note: _, ...marks } = MARKED;
  expect(filesWith(data, ...Object.values(marks))).toEqual([]);
  for (const file of ["transparency/salts.json", "privacy/text-keys.json", "sessions.json", "accounts.json", "people.json"])
    expect(readFileSync(join(data, file), "utf8"), file).not.toContain(marked.id);
});

const DAY_MS = 86_400_000;

test("[SV273] after their days notes, whose entries are, and accounts that expired go by themselves; the run is an entry, and seen", async () => {
  const { data, marked, ada } = await folderWithAccounts("timers");
  const server = await Server.start(data);
  stops.push(() => server.stop());
  const [token, admin] = [server.logIn(marked, MARKED.agent, MARKED.address), server.logIn(ada)];
  await work(server, token, "a branch");
  expect((await server.ask(admin, "GET", "/privacy/timers")).json()).toEqual({ timers: {} });
  expect((await server.ask(token, "PUT", "/privacy/timers", { texts: 30 })).status).toBe(403);
  expect((await server.ask(admin, "PUT", "/privacy/timers", { texts: 0 })).status).toBe(400);
  const timers = { texts: 30, entries: 60, accounts: 10 };
  expect((await server.ask(admin, "PUT", "/privacy/timers", timers)).json()).toEqual({ timers });
  // nothing is that old yet
  const first = (await server.ask(admin, "POST", "/privacy/timers/run")).json();
  expect(first).toMatchObject({ timers, ran: { documents: 0, keys: 0, salts: 0, accounts: 0, notReached: [] } });
  expect((await server.ask(admin, "GET", `/notes?from=${T - 1}&to=${T + 2}`)).json()).toHaveLength(1);

  const { worlds, identities } = server;
  const expires = new Date(Date.now() + DAY_MS).toISOString();
  identities.accounts.update(marked.id, (known) => ({ ...known, expires }));
  const runs: RetentionRun[] = [];
  const later = (days: number) =>
    new RetentionTimers({
      path: join(data, "privacy", "timers.json"),
      worlds,
      people: new PeopleData({ worlds, identities }),
      expiredAccounts: () => [{ id: marked.id, expiredMs: Date.parse(expires) }],
      now: () => Date.now() + days * DAY_MS,
      info: (run) => runs.push(run),
      onFault: (error) => expect(error).toBeUndefined(),
    });
  // the document goes after 30 days, its key 30 days after the last text that was sealed with it
  expect(await later(31).run()).toMatchObject({ documents: 1, keys: 0, salts: 0, accounts: 1 });
  expect((await server.ask(admin, "GET", `/notes?from=${T - 1}&to=${T + 2}`)).json()).toEqual([]);
  expect(identities.accounts.byId(marked.id)).toBeUndefined();
  expect(await later(91).run()).toMatchObject({ documents: 0, keys: 1 });
  expect(runs.map(({ accounts }) => accounts)).toEqual([1, 1]);
  expect([...worlds.home.transparency!.salts.owners].filter((owner) => owner.startsWith("person:"))).toEqual([]);
  const { entries } = (await server.ask(admin, "GET", "/transparency/entries?limit=100")).json() as {
    readonly entries: readonly { readonly operation?: string; readonly count?: number }[];
  };
  const counts = entries.filter(({ operation }) => operation === "privacy.retention").map(({ count = 0 }) => count);
  expect(counts.map((count) => count > 0)).toEqual([true, true, false]);
  await server.stop();
  stops.pop();
  expect((await verifyDataFolder(data)).findings).toEqual([]);
});

test("[SV275] a breach has a case: a time limit from when it became known, evidence that can be verified, a report, and an end with its reason", async () => {
  const { data, marked, ada } = await folderWithAccounts("breach");
  let server = await Server.start(data);
  stops.push(() => server.stop());
  const [token, admin] = [server.logIn(marked), server.logIn(ada)];
  const known = new Date(Date.now() - 3_600_000).toISOString();
  const fields = { what: "A laptop was stolen.", categories: ["kernel.accounts", "notes.texts"], people: 12, measures: "Sessions ended." };
  const open = (body: object, by = admin) => server.ask(by, "POST", "/privacy/breaches", body);
  expect((await open({ known, ...fields }, token)).status).toBe(403);
  for (const wrong of [
    { known: "yesterday" },
    { known: new Date(Date.now() + 600_000).toISOString() },
    { categories: ["kernel.nothing"] },
    { people: -1 },
    { what: " " },
  ])
    expect((await open({ known, ...fields, ...wrong })).status, JSON.stringify(wrong)).toBe(400);
  const made = (await open({ known, ...fields })).json() as { readonly id: string; readonly leftHours: number; readonly deadline: string };
  expect(Date.parse(made.deadline) - Date.parse(known)).toBe(72 * 3_600_000);
  expect(made.leftHours).toBeGreaterThan(70.9);
  expect(made.leftHours).toBeLessThanOrEqual(71);
  expect(made).toMatchObject({ ...fields, openedBy: "Ada", evidence: [] });
  expect((await server.ask(admin, "PUT", "/privacy/breach-limit", { hours: 24 })).json()).toEqual({ limitHours: 24 });

  const path = `/privacy/breaches/${made.id}`;
  expect((await server.ask(admin, "POST", `${path}/evidence`, { from: 1_000_000, to: 1_000_001 })).status).toBe(404);
  const attached = (await server.ask(admin, "POST", `${path}/evidence`, { from: 0, to: 1 })).json() as {
    readonly evidence: readonly { readonly file: string; readonly sha256: string }[];
  };
  const evidence = await server.ask(admin, "GET", `${path}/evidence/${attached.evidence[0]!.file}`);
  expect(verifyEvidence(Buffer.from(evidence.text))).toMatchObject({ entries: 2, findings: [] });
  expect((await server.ask(admin, "GET", `${path}/evidence/..%2Ftext-keys.json`)).status).toBe(404);
  expect((await server.ask(admin, "PATCH", path, { people: 14, reported: true })).json()).toMatchObject({
    people: 14,
    reported: expect.any(String),
  });

  await server.stop();
  server = await Server.start(data);
  const again = server.logIn(ada);
  const report = (language: string) => server.ask(again, "GET", `${path}/report?language=${language}`);
  const [en, zh] = [(await report("en")).text, (await report("zh")).text];
  for (const text of [
    fields.what,
    fields.measures,
    made.deadline,
    "Account: login",
    "Notes on periods",
    attached.evidence[0]!.sha256,
    "14",
    "Ada",
  ])
    expect(en).toContain(text);
  expect(zh).toContain("# 个人数据泄露");
  expect((await server.ask(again, "POST", `${path}/closing`, { reason: "" })).status).toBe(400);
  const closed = (await server.ask(again, "POST", `${path}/closing`, { reason: "The disk was encrypted." })).json();
  expect(closed).toMatchObject({ closed: { by: "Ada", reason: "The disk was encrypted." } });
  expect(closed.leftHours).toBeUndefined();
  expect((await server.ask(again, "PATCH", path, { people: 1 })).status).toBe(409);
  const { entries } = (await server.ask(again, "GET", "/transparency/entries?limit=100")).json() as {
    readonly entries: readonly { readonly operation?: string }[];
  };
  const logged = new Set(entries.map(({ operation }) => operation));
  for (const operation of ["privacy.openBreach", "privacy.attachEvidence", "privacy.changeBreach", "privacy.closeBreach"])
    expect(logged).toContain(operation);
});
