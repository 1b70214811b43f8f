import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ownCertificate } from "../packages/server/src/tls/own-certificate.ts";
import { startOpenIdServer, type OpenIdServer } from "../scripts/openid-server.ts";
import { startSlapd } from "../scripts/slapd-server.ts";
import { ask as askServer, command, cookieOf, serveReached, type Answer, type Asked, type ReachedServer } from "./reached-server.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-company-"));
const data = join(root, "data");
const API = "/api/doppelwerk/v1";
const PASSWORD = "seven green pumps";
const AMPLE_MS = 120_000;

let server: ReachedServer;
let provider: OpenIdServer;
let mara: string;

const ask = (method: string, path: string, asked?: Asked): Promise<Answer> => askServer(server, method, path, asked);
const made = (login: string, role: string): string =>
  (JSON.parse(command(["accounts", "create", login, "--role", role, "--data", data, "--json"]).stdout) as { path: string }).path.split(
    "#",
  )[1]!;

/** A browser: what it keeps for the server, and for the provider. */
class Browser {
  cookies = new Map<string, string>();
  readonly #atProvider = new Map<string, string>();

  async ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await ask(method, path, { ...(cookie !== "" && { cookie }), ...(body !== undefined && { body }) });
    for (const set of (answer.headers["set-cookie"] as string[] | undefined) ?? []) {
      const [name = "", value = ""] = set.split(";")[0]!.split("=");
      this.cookies.set(name, value);
    }
    return answer;
  }

  begin(body: object = {}): Promise<Answer> {
    return this.ask("POST", `${API}/session/providers/company`, body);
  }

  /** Through the pages of the provider; returns what stands behind the `?` of the address it comes back to. */
  async walk(url: string): Promise<string> {
    let at = url;
    for (let step = 0; step < 12; step++) {
      const cookie = [...this.#atProvider].map(([name, value]) => `${name}=${value}`).join("; ");
      const answer = await fetch(at, { redirect: "manual", headers: { cookie } });
      for (const set of answer.headers.getSetCookie()) {
        const [name = "", value = ""] = set.split(";")[0]!.split("=");
        if (value === "") this.#atProvider.delete(name);
        else this.#atProvider.set(name, value);
      }
      const next = new URL(answer.headers.get("location") ?? expect.fail(`${at} answers ${answer.status}: ${await answer.text()}`), at);
      if (next.origin !== provider.issuer) return next.search.slice(1);
      at = next.href;
    }
    throw new Error("the provider sends the browser in circles");
  }

  /** As after logging out there. */
  leaveProvider(): void {
    this.#atProvider.clear();
  }

  finish(query: string, id = "company"): Promise<Answer> {
    return this.ask("POST", `${API}/session/providers/${id}/answer`, { query });
  }

  async enter(body: object = {}): Promise<Answer> {
    return this.finish(await this.walk((await this.begin(body)).body["url"] as string));
  }
}

const configuration = (more: object = {}) => ({
  kind: "openid",
  id: "company",
  name: "Example AG",
  issuer: provider.issuer,
  clientId: provider.clientId,
  clientSecret: provider.clientSecret,
  roles: { operator: ["line-crew"], engineer: ["planning"], administrator: ["plant-it"] },
  admits: "groups",
  ...more,
});

beforeAll(async () => {
  const token = made("mara", "administrator");
  // the redirect address has the port of the server, which is not known before it runs
  const first = await serveReached(data);
  const { port } = first;
  await first.stop();
  provider = await startOpenIdServer({
    redirectUris: [`https://127.0.0.1:${port}/sign-in/company`],
    backTo: [`https://127.0.0.1:${port}/`],
  });
  const file = join(root, "company.json");
  writeFileSync(file, JSON.stringify(configuration()));
  const set = command(["accounts", "provider", "set", file, "--data", data]);
  expect(set.stderr + set.stdout).toBe("people log in through Example AG (company)\n");
  server = await serveReached(data, "--port", String(port));
  mara = cookieOf(await ask("POST", `${API}/session/join`, { body: { token, password: PASSWORD } }));
}, AMPLE_MS);

afterAll(async () => {
  await server?.stop();
  await provider?.stop();
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

const session = async (browser: Browser) => (await browser.ask("GET", `${API}/session`)).body["person"];

test(
  "[E87] somebody of the company logs in through its provider, with the roles of his groups at each login",
  async () => {
    expect(await ask("GET", `${API}/session/providers`)).toMatchObject({
      body: { providers: [{ id: "company", kind: "openid", name: "Example AG" }] },
    });
    provider.people.set("00u1", { name: "Otto Müller", login: "otto", email: "mara", groups: ["line-crew", "canteen"] });
    provider.person = "00u1";
    const browser = new Browser();
    const begun = await browser.begin({ returnTo: "/board?line=Line3" });
    expect(String(begun.headers["set-cookie"])).toMatch(
      /^__Host-doppelwerk-sign-in=[\w-]{43}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Strict; Secure$/,
    );
    const entered = await browser.finish(await browser.walk(begun.body["url"] as string));
    expect(entered).toMatchObject({
      status: 200,
      body: { returnTo: "/board?line=Line3", person: { login: "otto", name: "Otto Müller", roles: ["operator"] } },
    });
    const { id } = (await session(browser)) as { id: string };
    provider.people.set("00u1", { name: "Otto Müller", login: "otto", groups: ["planning"] });
    expect((await new Browser().enter()).body["person"]).toMatchObject({ id, roles: ["engineer"] });
    // he may do less in one regard: what was open with the former roles is over
    expect(await session(browser)).toBeUndefined();
    provider.people.set("00u1", { name: "Otto Müller", login: "otto", groups: ["canteen"] });
    const refused = await new Browser().enter();
    expect([refused.status, refused.body.error]).toMatchObject([403, { code: "DW_FORBIDDEN" }]);
    expect(refused.headers["set-cookie"]).toBeUndefined();
    provider.people.set("00u2", { login: "nobody", groups: [] });
    provider.person = "00u2";
    expect((await new Browser().enter()).status).toBe(403);
    const { accounts } = (await ask("GET", `${API}/accounts`, { cookie: mara })).body as unknown as { accounts: { login: string }[] };
    expect(accounts.map(({ login }) => login)).toEqual(["mara", "otto"]);
    expect(accounts[1]).toMatchObject({ provider: "company", state: "withoutRole", sessions: [] });
  },
  AMPLE_MS,
);

test(
  "[E88] what a provider sends back counts once, in the browser that began and for that provider, and leads to a page of this server",
  async () => {
    provider.people.set("00u3", { name: "Ida", login: "ida", groups: ["line-crew"] });
    provider.person = "00u3";
    const ida = new Browser();
    const query = await ida.walk((await ida.begin({ returnTo: "//evil.example/x" })).body["url"] as string);
    // login CSRF: a link with an answer of the attacker's own login
    const victim = new Browser();
    await victim.begin();
    for (const browser of [new Browser(), victim]) {
      const refused = await browser.finish(query);
      expect([refused.status, refused.body.error?.code]).toEqual([401, "DW_UNAUTHENTICATED"]);
      expect(refused.headers["set-cookie"]).toBeUndefined();
    }
    expect((await ida.finish(query, "another")).status).toBe(404);
    const fixed = "A".repeat(43);
    ida.cookies.set("__Host-doppelwerk", fixed);
    const entered = await ida.finish(query);
    expect(entered.body).toMatchObject({ returnTo: "/", person: { login: "ida" } });
    expect(ida.cookies.get("__Host-doppelwerk")).not.toBe(fixed);
    expect((await ida.finish(query)).status).toBe(401);
    // another answer for what began, and one that says no
    for (const change of [
      (answer: URLSearchParams) => answer.set("code", "x".repeat(43)),
      (answer: URLSearchParams) => answer.set("iss", "https://evil.example"),
      (answer: URLSearchParams) => answer.set("state", "x".repeat(43)),
      (answer: URLSearchParams) => answer.append("code", "y"),
    ]) {
      const browser = new Browser();
      const answer = new URLSearchParams(await browser.walk((await browser.begin()).body["url"] as string));
      change(answer);
      expect((await browser.finish(String(answer))).status, String(change)).toBe(401);
      expect(await session(browser)).toBeUndefined();
    }
    provider.person = "";
    const refused = await new Browser().enter();
    expect([refused.status, refused.text]).toEqual([401, expect.stringContaining("not today")]);
  },
  AMPLE_MS,
);

const settings = (more: object = {}) => {
  const { id: _, ...rest } = configuration(more) as Record<string, unknown>;
  return rest;
};

test(
  "[E89] a person of the company takes the account that an invitation is of, or binds his own; its login there gives nobody an account",
  async () => {
    expect((await ask("PUT", `${API}/providers/company`, { cookie: mara, body: settings({ admits: "invited" }) })).status).toBe(200);
    provider.people.set("00u4", { name: "Mara L.", login: "mara", email: "mara", groups: ["plant-it"] });
    provider.person = "00u4";
    expect((await new Browser().enter()).status).toBe(403);
    const invited = await ask("POST", `${API}/accounts`, { cookie: mara, body: { login: "jo", name: "Jo", roles: ["viewer"] } });
    const { token } = invited.body as unknown as { token: string };
    const jo = new Browser();
    provider.people.set("00u5", { name: "Jo", login: "other", groups: ["planning"] });
    provider.person = "00u5";
    expect((await jo.begin({ token: "of nobody" })).status).toBe(404);
    expect((await jo.enter({ token })).body["person"]).toMatchObject({ login: "jo", roles: ["engineer"] });
    expect((await ask("POST", `${API}/session/join`, { body: { token, password: PASSWORD } })).status).toBe(404);
    expect((await new Browser().enter()).body["person"]).toMatchObject({ login: "jo" });
    // binding one's own account needs its session
    expect((await new Browser().begin({ binds: true })).status).toBe(401);
    const kim = await ask("POST", `${API}/accounts`, { cookie: mara, body: { login: "kim", name: "Kim", roles: ["viewer"] } });
    const joined = await ask("POST", `${API}/session/join`, {
      body: { token: (kim.body as unknown as { token: string }).token, password: PASSWORD },
    });
    const browser = new Browser();
    browser.cookies.set("__Host-doppelwerk", cookieOf(joined).split("=")[1]!);
    const taken = await browser.enter({ binds: true });
    expect([taken.status, taken.body.error?.code]).toEqual([409, "DW_CONFLICT"]);
    provider.people.set("00u6", { login: "kim@example", groups: ["line-crew"] });
    provider.person = "00u6";
    browser.leaveProvider();
    expect((await browser.enter({ binds: true })).body["person"]).toMatchObject({ login: "kim", name: "Kim", roles: ["operator"] });
    // the session of before is over, and the password no way in any more
    expect((await ask("GET", `${API}/session`, { cookie: cookieOf(joined) })).body["person"]).toBeUndefined();
    expect((await ask("POST", `${API}/session`, { body: { login: "kim", password: PASSWORD } })).status).toBe(401);
  },
  AMPLE_MS,
);

test(
  "[E90] while the provider is away sessions go on, and a password that was kept for this case is accepted with a right proof of presence only",
  async () => {
    const kim = new Browser();
    expect((await kim.enter()).body["person"]).toMatchObject({ login: "kim" });
    expect((await kim.ask("GET", `${API}/session/provider`)).body).toMatchObject({
      provider: { id: "company", name: "Example AG" },
      offlineDays: 7,
      offlinePassword: true,
      logoutUrl: expect.stringMatching(/\/session\/end\?.*post_logout_redirect_uri=https%3A%2F%2F127/) as string,
    });
    const keep = () => kim.ask("PUT", `${API}/session/provider/password`, { password: "nine blue valves" });
    // who was let through by the provider without a word has not proved to be there
    expect((await keep()).body.error?.code).toBe("DW_PRESENCE");
    expect((await kim.enter({ proves: true })).body["person"]).toMatchObject({ login: "kim" });
    expect((await keep()).status).toBe(204);
    expect((await kim.ask("PUT", `${API}/session/provider/password`, { password: "short" })).status).toBe(400);
    const offline = () => ask("POST", `${API}/session`, { body: { login: "kim", password: "nine blue valves" } });
    expect((await offline()).status).toBe(401);
    await provider.stop();
    // asked at most every ten seconds
    await expect.poll(async () => (await ask("GET", `${API}/session/providers/company`)).body["answers"], { interval: 1_000 }).toBe(false);
    expect((await offline()).body["person"]).toMatchObject({ login: "kim", roles: ["operator"] });
    expect(await session(kim)).toMatchObject({ login: "kim" });
    expect((await ask("POST", `${API}/session`, { body: { login: "mara", password: PASSWORD } })).status).toBe(200);
    expect((await kim.ask("GET", `${API}/session/provider`)).status).toBe(200);
    const browser = new Browser();
    // what the provider said of itself is known for an hour, so that the browser finds out itself
    expect([200, 503]).toContain((await browser.begin()).status);
    await provider.start();
    await expect.poll(async () => (await ask("GET", `${API}/session/providers/company`)).body["answers"], { interval: 1_000 }).toBe(true);
    expect((await offline()).status).toBe(401);
  },
  AMPLE_MS,
);

interface Entry {
  readonly operation?: string;
  readonly status?: number;
  readonly who?: { readonly name?: string };
}

test(
  "[E91] people of a directory log in with login and password of there, within the same bounds; one that is away is told of",
  async () => {
    const { authority } = await ownCertificate(join(root, "tls"), ["127.0.0.1"]);
    const people = ["anna", "mara", "otto"].map(
      (uid) =>
        `dn: uid=${uid},dc=plant,dc=example\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: ${uid} of the directory\nsn: x\nuserPassword: ${uid} of the mountain\n\n`,
    );
    const crew = `dn: cn=crew,dc=plant,dc=example\nobjectClass: groupOfNames\ncn: crew\n${["anna", "mara"].map((uid) => `member: uid=${uid},dc=plant,dc=example\n`).join("")}\n`;
    const directory = await startSlapd(people.join("") + crew, join(root, "tls/server.pem"), join(root, "tls/server.key"));
    try {
      const { secureUrl: url, base, bindDn, bindPassword } = directory;
      const body = {
        kind: "ldap",
        name: "Plant directory",
        url,
        authority,
        base,
        bindDn,
        bindPassword,
        groupBase: base,
        roles: { operator: ["crew"] },
        admits: "groups",
      };
      const set = await ask("PUT", `${API}/providers/plant`, { cookie: mara, body });
      expect(set.text).not.toContain(bindPassword);
      expect(set.body).toMatchObject({ hasSecret: true, people: 0 });
      const enter = (login: string, password: string, code?: string) =>
        ask("POST", `${API}/session`, { body: { login, password, ...(code !== undefined && { code }) } });
      const anna = await enter("Anna", "anna of the mountain");
      expect(anna.body["person"]).toMatchObject({ login: "anna", name: "anna of the directory", roles: ["operator"] });
      expect((await enter("otto@plant", "otto of the mountain")).status).toBe(403);
      // a login of this server is nobody's of the directory
      expect((await enter("mara", "mara of the mountain")).status).toBe(401);
      expect((await enter("mara@plant", "mara of the mountain")).body["person"]).toMatchObject({ login: "mara@plant" });
      expect((await enter("mara@plant", "mara of the mountain")).body["person"]).toMatchObject({ login: "mara@plant" });
      // presence and what else asks for the password
      const prove = (password: string) => ask("POST", `${API}/session/presence`, { cookie: cookieOf(anna), body: { password } });
      expect((await prove("anna")).status).toBe(400);
      expect((await prove("anna of the mountain")).status).toBe(204);
      // five are free; on a slow machine some of the waits are over before the next attempt
      const statuses: number[] = [];
      while (statuses.length < 15 && !statuses.includes(429))
        statuses.push((await enter("anna", statuses.length % 2 === 0 ? "*" : "")).status);
      expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
      expect(statuses.at(-1)).toBe(429);
      await directory.halt();
      const away = await enter("mara@plant", "mara of the mountain");
      expect([away.status, away.text]).toEqual([503, expect.stringContaining("Plant directory does not answer")]);
      expect((await enter("mara", PASSWORD)).status).toBe(200);
      expect(
        await session(Object.assign(new Browser(), { cookies: new Map([["__Host-doppelwerk", cookieOf(anna).split("=")[1]!]]) })),
      ).toMatchObject({ login: "anna" });
      expect((await ask("POST", `${API}/providers/plant/test`, { cookie: mara })).body).toMatchObject({
        answers: false,
        reason: { code: "server.providerAway" },
      });
      const { entries } = (await ask("GET", `${API}/transparency/entries?limit=200`, { cookie: mara })).body as unknown as {
        entries: readonly Entry[];
      };
      const ofLogins = entries.filter(({ operation }) => /kernel\.(logIn|finishSignIn)$/.test(operation ?? ""));
      expect(
        ofLogins.some(
          ({ operation, status, who }) => operation === "kernel.logIn" && status === 200 && who?.name === "anna of the directory",
        ),
      ).toBe(true);
      expect(
        ofLogins.some(({ operation, status, who }) => operation === "kernel.finishSignIn" && status === 200 && who?.name === "Kim"),
      ).toBe(true);
      expect(ofLogins.some(({ operation, status }) => operation === "kernel.finishSignIn" && (status ?? 0) >= 400)).toBe(true);
      expect((await ask("DELETE", `${API}/providers/plant`, { cookie: mara })).status).toBe(204);
      expect((await ask("GET", `${API}/session`, { cookie: cookieOf(anna) })).body["person"]).toBeUndefined();
    } finally {
      await directory.stop();
    }
  },
  AMPLE_MS,
);

test(
  "[E92] administrators manage providers with a fresh proof and read no secret; accounts of a provider show it, and are unbound",
  async () => {
    const kim = new Browser();
    expect((await kim.enter()).body["person"]).toMatchObject({ login: "kim" });
    for (const [method, path] of [
      ["GET", "/providers"],
      ["PUT", "/providers/company"],
      ["DELETE", "/providers/company"],
      ["POST", "/providers/company/test"],
      ["DELETE", "/accounts/x/binding"],
    ] as const) {
      const body = method === "PUT" ? { body: settings() } : {};
      expect((await ask(method, API + path, body)).status, path).toBe(401);
      expect((await kim.ask(method, API + path, body.body)).status, path).toBe(403);
    }
    const listed = await ask("GET", `${API}/providers`, { cookie: mara });
    const { providers } = listed.body as unknown as { providers: readonly { config: { id: string } }[] };
    expect(providers.find(({ config }) => config.id === "company")).toMatchObject({
      config: { admits: "invited" },
      hasSecret: true,
      redirectUri: expect.stringContaining("/sign-in/company") as string,
    });
    expect(listed.text).not.toContain(provider.clientSecret);
    expect((await ask("POST", `${API}/providers/company/test`, { cookie: mara })).body).toEqual({ answers: true });
    const { accounts } = (await ask("GET", `${API}/accounts`, { cookie: mara })).body as unknown as {
      accounts: { login: string; id: string; provider?: string }[];
    };
    const own = accounts.find(({ login }) => login === "kim")!;
    expect(own.provider).toBe("company");
    const change = (method: string, path: string, body?: object) =>
      ask(method, `${API}/accounts/${own.id}${path}`, { cookie: mara, ...(method !== "DELETE" && { body: body ?? {} }) });
    expect((await change("PATCH", "", { roles: ["administrator"] })).status).toBe(409);
    expect((await change("POST", "/invitation")).status).toBe(409);
    expect((await change("PATCH", "", { disabled: true })).status).toBe(200);
    expect((await new Browser().enter()).status).toBe(403);
    expect((await change("PATCH", "", { disabled: false })).status).toBe(200);
    // presence is proven at the provider
    const again = new Browser();
    await again.enter();
    expect((await again.ask("POST", `${API}/session/presence/options`)).body).toEqual({ ways: ["provider", "password"] });
    expect((await again.enter({ proves: true })).body["person"]).toMatchObject({ login: "kim" });
    provider.person = "00u5";
    again.leaveProvider();
    expect((await again.enter({ proves: true })).status).toBe(401);
    expect((await change("DELETE", "/binding")).status).toBe(204);
    expect(await session(again)).toBeUndefined();
    provider.person = "00u6";
    expect((await new Browser().enter()).status).toBe(403);
    expect((await ask("DELETE", `${API}/providers/company`, { cookie: mara })).status).toBe(204);
    expect((await ask("GET", `${API}/session/providers`)).body).toEqual({ providers: [] });
  },
  AMPLE_MS,
);
