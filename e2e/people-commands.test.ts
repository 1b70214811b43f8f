import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, command, cookieOf, invitationOf, serveReached, type ReachedServer } from "./reached-server.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-people-"));
const data = join(root, "data");
const API = "/api/doppelwerk/v1";
const AMPLE_MS = 120_000;
const PASSWORD = "seven green pumps";

let server: ReachedServer;
const ids: Record<string, string> = {};

interface Exported {
  readonly person: { readonly id: string };
  readonly account: { readonly login: string };
  readonly worlds: readonly { readonly documents: readonly unknown[] }[];
  readonly transparency: readonly { readonly operation?: string }[];
}

const read = (path: string): Exported => JSON.parse(readFileSync(path, "utf8")) as Exported;

beforeAll(async () => {
  const links = [
    ["mara", "administrator"],
    ["ida", "engineer"],
    ["bob", "engineer"],
  ].map(([login, role]) => [login!, invitationOf(data, login!, role!)] as const);
  server = await serveReached(data);
  for (const [login, token] of links) {
    const joined = await ask(server, "POST", `${API}/session/join`, { body: { token, password: PASSWORD } });
    ids[login] = (joined.body["person"] as { readonly id: string }).id;
    const note = { text: `a note of ${login}`, subject: "shell:none" };
    await ask(server, "POST", `${API}/notes`, { cookie: cookieOf(joined), body: note });
  }
}, AMPLE_MS);

afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

/** As an administrator at a terminal: the password is in the environment. */
function people(words: readonly string[], login = "mara", password = PASSWORD) {
  const reached = ["--server", `https://localhost:${server.port}`, "--login", login];
  const environment = { DOPPELWERK_PASSWORD: password, NODE_EXTRA_CA_CERTS: join(data, "tls", "authority.pem") };
  return command(["people", ...words, ...reached], environment);
}

test(
  "[SV326] the command exports and erases a person through the running server, as the administrator who logs in for it, and nobody else",
  async () => {
    const out = join(root, "ida.json");
    const exported = people(["export", "ida", "--out", out]);
    expect([exported.status, exported.stderr]).toEqual([0, ""]);
    expect(read(out)).toMatchObject({ person: { id: ids["ida"] }, account: { login: "ida" } });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    // what is there is not written over
    expect(people(["export", "ida", "--out", out]).status).toBe(1);
    for (const [words, login, password, said] of [
      [["export", "bob", "--out", join(root, "x.json")], "ida", PASSWORD, /administ/],
      [["export", "bob", "--out", join(root, "x.json")], "mara", "wrong password", /password/i],
      [["export", "nobody", "--out", join(root, "x.json")], "mara", PASSWORD, /nobody/],
      [["erase", "ida"], "mara", PASSWORD, /--yes/],
      [["erase", "mara", "--yes"], "mara", PASSWORD, /administ/],
    ] as const) {
      const refused = people(words, login, password);
      expect([refused.status, refused.stderr], words.join(" ")).toEqual([1, expect.stringMatching(said)]);
    }
    expect(existsSync(join(root, "x.json"))).toBe(false);
    const erased = people(["erase", "ida", "--yes"]);
    expect([erased.status, erased.stderr, erased.stdout]).toEqual([0, "", expect.stringMatching(/^ida is erased, with \d+ documents/)]);
    expect((await ask(server, "POST", `${API}/session`, { body: { login: "ida", password: PASSWORD } })).status).toBe(401);
    // the session of the command is over
    const again = await ask(server, "POST", `${API}/session`, { body: { login: "mara", password: PASSWORD } });
    const accounts = (await ask(server, "GET", `${API}/accounts`, { cookie: cookieOf(again) })).body["accounts"] as readonly {
      readonly login: string;
      readonly sessions?: readonly unknown[];
    }[];
    expect(accounts.map(({ login }) => login).toSorted()).toEqual(["bob", "mara"]);
  },
  AMPLE_MS,
);

test(
  "[SV326] it does both on a folder that no server runs on, and refuses one that a server runs on; both are entries of the log",
  async () => {
    const offline = (words: readonly string[]) => command(["people", ...words, "--data", data]);
    const out = join(root, "bob.json");
    expect(offline(["export", "bob", "--out", out]).stderr).toMatch(/a server runs on/);
    await server.stop();
    const exported = offline(["export", "bob", "--out", out]);
    expect([exported.status, exported.stderr]).toEqual([0, ""]);
    expect(read(out)).toMatchObject({ person: { id: ids["bob"] }, account: { login: "bob" } });
    expect(offline(["erase", ids["mara"]!, "--yes"]).stderr).toMatch(/administ/);
    expect([offline(["erase", "bob", "--yes"]).status, offline(["erase", "bob", "--yes"]).status]).toEqual([0, 1]);
    expect(command(["accounts", "list", "--data", data]).stdout).not.toContain("bob");
    expect(command(["verify", data]).status).toBe(0);
    const evidence = join(root, "evidence.json");
    expect(command(["evidence", "--data", data, "--from", "2020-01-01T00:00:00Z", "--out", evidence]).status).toBe(0);
    const entries = [...readFileSync(evidence, "utf8").matchAll(/[\w+/-]{40,}={0,2}/g)].map(([text]) =>
      Buffer.from(text, "base64").toString("utf8"),
    );
    for (const operation of ["privacy.exportPerson", "privacy.erasePerson"])
      expect(
        entries.some((entry) => entry.includes(operation)),
        operation,
      ).toBe(true);
    server = await serveReached(data);
    expect((await ask(server, "POST", `${API}/session`, { body: { login: "bob", password: PASSWORD } })).status).toBe(401);
  },
  AMPLE_MS,
);
