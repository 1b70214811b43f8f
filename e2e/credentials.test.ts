import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  ask as askServer,
  command,
  cookieOf,
  enterRoom,
  invitationOf,
  serveReached,
  type Answer,
  type Asked,
  type ReachedServer,
} from "./reached-server.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-credentials-"));
const API = "/api/doppelwerk/v1";
const AMPLE_MS = 180_000;
const SECOND_MS = 1_000;

interface Plant {
  readonly data: string;
  server: ReachedServer;
  /** Of its administrator. */
  readonly cookie: string;
  ask(method: string, path: string, asked?: Asked): Promise<Answer>;
}

/** Whose credentials the other one takes. */
let maker: Plant;
let buyer: Plant;
const file = (name: string): string => join(root, name);
const trusting = (plant: Plant): NodeJS.ProcessEnv => ({ NODE_EXTRA_CA_CERTS: join(plant.data, "tls", "authority.pem") });

async function plantOf(login: string): Promise<Plant> {
  const data = join(root, login);
  const token = invitationOf(data, login, "administrator");
  const server = await serveReached(data);
  const cookie = cookieOf(await askServer(server, "POST", `${API}/session/join`, { body: { token, password: "seven green pumps" } }));
  const plant: Plant = {
    data,
    server,
    cookie,
    ask: (method, path, asked) => askServer(plant.server, method, API + path, { cookie, ...asked }),
  };
  return plant;
}

beforeAll(async () => {
  maker = await plantOf("mara");
  const trusted = process.env["NODE_EXTRA_CA_CERTS"];
  process.env["NODE_EXTRA_CA_CERTS"] = join(maker.data, "tls", "authority.pem");
  try {
    buyer = await plantOf("otto");
  } finally {
    if (trusted === undefined) delete process.env["NODE_EXTRA_CA_CERTS"];
    else process.env["NODE_EXTRA_CA_CERTS"] = trusted;
  }
}, AMPLE_MS);

afterAll(async () => {
  await Promise.all([maker?.server.stop(), buyer?.server.stop()]);
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

interface Listed {
  readonly id: string;
  readonly kind: string;
  readonly name?: string;
  readonly state: string;
  readonly proof: string;
  readonly enrolledBy?: string;
  readonly seen?: { readonly address?: string };
  readonly ended?: { readonly why: string; readonly by?: string };
}

async function identities({ ask }: Plant, query = ""): Promise<readonly Listed[]> {
  return (await ask("GET", `/identities${query}`)).body["identities"] as readonly Listed[];
}

/** A request of the machine whose key is in a file, by the hand of the test (RFC 7523, RFC 9449). */
async function machineOf(plant: Plant, path: string) {
  const { key, id } = JSON.parse(readFileSync(path, "utf8")) as { key: JWK; id: string };
  const { importJWK } = await import("jose");
  const signer = (await importJWK(key, "EdDSA")) as CryptoKey;
  const { d: _d, ...jwk } = key;
  const origin = `https://127.0.0.1:${plant.server.port}`;
  const nowS = (): number => Math.floor(Date.now() / 1_000);
  const proof = (method: string, url: string, token?: string): Promise<string> =>
    new SignJWT({
      htm: method,
      htu: url,
      jti: randomUUID(),
      iat: nowS(),
      ...(token && { ath: createHash("sha256").update(token).digest("base64url") }),
    })
      .setProtectedHeader({ alg: "EdDSA", typ: "dpop+jwt", jwk })
      .sign(signer);
  const tokenUrl = `${origin}${API}/machines/token`;
  const assertion = await new SignJWT({ iss: id, sub: id, aud: origin, jti: randomUUID(), exp: nowS() + 60 })
    .setProtectedHeader({ alg: "EdDSA" })
    .sign(signer);
  const host = `127.0.0.1:${plant.server.port}`;
  const { body } = await askServer(plant.server, "POST", `${API}/machines/token`, {
    form: {
      grant_type: "client_credentials",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
    },
    headers: { host, dpop: await proof("POST", tokenUrl) },
  });
  const token = String(body["access_token"]);
  return {
    id,
    headers: async (method: string, at: string) => ({
      host,
      authorization: `DPoP ${token}`,
      dpop: await proof(method, origin + at, token),
    }),
  };
}

test(
  "[E126] a device shows a credential of its company to another one, is a machine there with no more rights than is trusted, and ends there once it is revoked",
  async () => {
    const host = `localhost:${maker.server.port}`;
    expect((await askServer(maker.server, "GET", "/.well-known/did.json")).status).toBe(404);
    expect(
      (
        await maker.ask("POST", "/credentials", {
          body: { kind: "machine", subject: "did:web:x.example", name: "x", role: "viewer", validUntil: "2029-01-01T00:00:00Z" },
        })
      ).body.error?.code,
    ).toBe("DW_CONFLICT");
    const { body: published } = await maker.ask("PUT", "/credentials/publication", { body: { host } });
    const did = `did:web:localhost%3A${maker.server.port}`;
    expect(published).toEqual({ did });
    // anybody reads the document and the lists
    const document = await askServer(maker.server, "GET", "/.well-known/did.json");
    expect(document.body).toMatchObject({ id: did, assertionMethod: [expect.stringContaining(did)] });
    const list = await askServer(maker.server, "GET", "/credentials/status/revocation");
    expect([list.status, list.headers["content-type"]]).toEqual([200, "application/vc+jwt"]);
    expect(decodeJwt(list.text)["type"]).toContain("BitstringStatusListCredential");

    const key = file("robot.jwk");
    const subject = command(["credentials", "did", "--key", key]).stdout.trim();
    expect(subject).toMatch(/^did:key:z6Mk/);
    const validUntil = new Date(Date.now() + 7 * 86_400_000).toISOString();
    const asked = { kind: "machine", subject, name: "Robot 4", role: "engineer", company: "Mara AG", place: "Hall 2", validUntil };
    const issued = await maker.ask("POST", "/credentials", { body: asked });
    const { credential, text } = issued.body as unknown as { credential: { id: string; state: string; createdBy: string }; text: string };
    expect(credential).toMatchObject({ state: "valid", createdBy: "mara" });
    writeFileSync(file("robot.vc"), text);

    const presenting = () =>
      command(
        ["credentials", "present", file("robot.vc"), "--server", `https://127.0.0.1:${buyer.server.port}`, "--key", key],
        trusting(buyer),
      );
    expect(presenting()).toMatchObject({ status: 1, stderr: expect.stringContaining("is not one that is trusted here") });
    const trusted = await buyer.ask("POST", "/trusted-issuers", {
      body: { did, name: "Mara AG", types: ["MachineCredential"], role: "operator" },
    });
    expect(trusted.body).toMatchObject({ did, role: "operator", pinned: false, machines: 0 });
    const enrolling = presenting();
    expect(enrolling.stderr).toBe("");
    expect(enrolling.stdout).toBe(`Robot 4 (Mara AG) is enrolled with the roles operator as\n  ${subject}\n`);
    const verdict = await buyer.ask("POST", "/credentials/verification", { body: { credential: text } });
    expect(verdict.body).toMatchObject({ holds: true, issuerName: "Mara AG", subject: { name: "Robot 4", place: "Hall 2" } });
    expect(
      (await buyer.ask("POST", "/credentials/verification", { body: { credential: `${text.slice(0, -8)}AAAAAAAA` } })).body,
    ).toMatchObject({
      holds: false,
      refused: { code: "DW_UNAUTHENTICATED", where: "signature" },
    });

    const robot = await machineOf(buyer, key);
    const room = enterRoom(buyer.server, await robot.headers("GET", "/ws"));
    expect(await room.first).toMatchObject({ kind: "welcome", self: { name: "Robot 4 (Mara AG)", verified: true } });
    for (const [method, path] of [
      ["GET", "/credentials"],
      ["GET", "/identities"],
      ["POST", "/trusted-issuers"],
      ["POST", "/credentials"],
    ] as const)
      expect(
        (
          await askServer(buyer.server, method, API + path, {
            headers: await robot.headers(method, API + path),
            ...(method === "POST" && { body: {} }),
          })
        ).status,
        path,
      ).toBe(403);
    expect((await identities(buyer, "?kind=machine")).map(({ name, state, proof }) => [name, state, proof])).toEqual([
      ["Robot 4 (Mara AG)", "open", "credential"],
    ]);

    const begun = performance.now();
    expect((await maker.ask("POST", `/credentials/${credential.id}/revocation`)).body).toMatchObject({
      state: "revoked",
      ended: { by: "mara" },
    });
    const lasted = (await room.closed) - begun;
    console.info(`a room on the server of another company ended ${Math.round(lasted / 100) / 10} s after a credential was revoked`);
    expect(lasted).toBeLessThan(30_000);
    const path = `${API}/world`;
    expect((await askServer(buyer.server, "GET", path, { headers: await robot.headers("GET", path) })).status).toBe(401);
    expect(presenting().stderr).toContain("the credential was revoked");
    const listed = (await buyer.ask("GET", "/machines")).body as unknown as { machines: readonly object[] };
    expect(listed.machines).toMatchObject([
      { name: "Robot 4 (Mara AG)", state: "withheld", withheld: { reason: "the credential was revoked" } },
    ]);
  },
  AMPLE_MS,
);

test(
  "[E127] every identity is listed, now and ever, and what an administrator ends is cut within a second, also after a restart",
  async () => {
    const created = await buyer.ask("POST", "/accounts", { body: { login: "ben", name: "Ben", roles: ["operator"] } });
    const { token, account } = created.body as unknown as { token: string; account: { id: string } };
    const ben = cookieOf(
      await askServer(buyer.server, "POST", `${API}/session/join`, {
        body: { token, password: "eight blue valves" },
        headers: { "user-agent": "Firefox of Ben" },
      }),
    );
    expect((await askServer(buyer.server, "GET", `${API}/identities`, { cookie: ben })).status).toBe(403);
    expect((await askServer(buyer.server, "GET", `${API}/identities`)).status).toBe(401);
    const { body: edge } = await buyer.ask("POST", "/machines", { body: { name: "Edge box", kind: "edge", roles: ["viewer"] } });
    const { token: bearer } = (await buyer.ask("POST", `/machines/${String(edge["id"])}/token`)).body as unknown as { token: string };
    const { terminal } = (
      await buyer.ask("POST", "/terminals", { body: { name: "Line 1", place: "Hall 2", idleS: 60, badgeNeedsPin: false, signOffAt: [] } })
    ).body as unknown as { terminal: { id: string } };
    const now = await identities(buyer, "?state=now");
    expect(now).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: "session",
          name: "otto",
          proof: "invitation",
          own: true,
          seen: expect.objectContaining({ address: "127.0.0.1" }),
        }),
        expect.objectContaining({ kind: "session", name: "Ben", proof: "invitation", agent: "Firefox of Ben", roles: ["operator"] }),
        expect.objectContaining({ kind: "edge", name: "Edge box", proof: "token", enrolledBy: "otto", state: "open" }),
        expect.objectContaining({ kind: "terminal", name: "Line 1", place: "Hall 2", state: "waiting" }),
      ]),
    );
    expect((await identities(buyer, "?text=firefox")).map(({ name }) => name)).toEqual(["Ben"]);

    const rooms = [enterRoom(buyer.server, { cookie: ben }), enterRoom(buyer.server, { authorization: `Bearer ${bearer}` })];
    for (const { first } of rooms) expect(await first).toMatchObject({ kind: "welcome" });
    const session = now.find(({ name, kind }) => name === "Ben" && kind === "session")!;
    const begun = performance.now();
    expect((await buyer.ask("DELETE", `/accounts/${account.id}/sessions/${session.id.replace("session:", "")}`)).status).toBe(204);
    expect((await buyer.ask("DELETE", `/machines/${String(edge["id"])}`)).status).toBe(204);
    const lasted = Math.max(...(await Promise.all(rooms.map(({ closed }) => closed)))) - begun;
    console.info(`the rooms of a session and of a machine ended ${Math.round(lasted)} ms after they were`);
    expect(lasted).toBeLessThan(SECOND_MS);
    expect((await buyer.ask("DELETE", `/terminals/${terminal.id}`)).status).toBe(204);

    await buyer.server.stop();
    buyer.server = await serveReached(buyer.data);
    const ended = await identities(buyer, "?state=ended");
    expect(ended).toMatchObject([
      { kind: "terminal", name: "Line 1", ended: { why: "administrator", by: "otto" } },
      { kind: "edge", name: "Edge box", proof: "token", enrolledBy: "otto", ended: { why: "administrator", by: "otto" } },
      {
        kind: "session",
        name: "Ben",
        agent: "Firefox of Ben",
        seen: { address: "127.0.0.1" },
        ended: { why: "administrator", by: "otto" },
      },
    ]);
    // nobody who is erased is in the list
    expect((await buyer.ask("DELETE", `/accounts/${account.id}`)).status).toBe(204);
    expect((await identities(buyer, "?state=ended")).map(({ kind }) => kind)).toEqual(["terminal", "edge"]);
    expect(readFileSync(join(buyer.data, "identities.jsonl"), "utf8")).not.toContain("Firefox of Ben");
    const { entries } = (await buyer.ask("GET", "/transparency/entries?limit=500")).body as unknown as {
      entries: readonly { operation?: string; machine?: string }[];
    };
    const logged = entries.map(({ operation }) => operation);
    expect(logged).toEqual(
      expect.arrayContaining([
        "kernel.trustIssuer",
        "kernel.presentMachine",
        "kernel.endSession",
        "kernel.removeMachine",
        "kernel.machine.withheld",
      ]),
    );
    expect(entries.find(({ operation }) => operation === "kernel.removeMachine")?.machine).toBe(edge["id"]);
  },
  AMPLE_MS,
);

test(
  "[E128] credentials are managed on the folder of a server that does not run",
  async () => {
    const run = (...words: readonly string[]) => command(["credentials", ...words, "--data", maker.data]);
    expect(run("revoke", "urn:uuid:x").stderr).toContain("a server runs on this folder");
    await maker.server.stop();
    expect(run("publish", "plant.example").stdout).toContain("did:web:plant.example");
    const { privateKey } = await generateKeyPair("EdDSA", { extractable: true });
    writeFileSync(file("own.jwk"), JSON.stringify({ key: await exportJWK(privateKey) }));
    const subject = command(["credentials", "did", "--key", file("own.jwk")]).stdout.trim();
    const issued = run("issue", "Box 7", "--kind", "edge", "--subject", subject, "--role", "viewer", "--days", "30");
    expect(issued.stderr).toBe("");
    writeFileSync(file("own.vc"), issued.stdout);
    expect(run("verify", file("own.vc"))).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^holds\nissuer this server did:web:plant\.example/),
    });
    const { id } = decodeJwt(issued.stdout.trim()) as { id: string };
    expect(run("revoke", id).stdout).toContain("is revoked since");
    expect(run("verify", file("own.vc"))).toMatchObject({ status: 1, stdout: expect.stringContaining("the credential was revoked") });
    for (const [words, why] of [
      [["trust", "did:web:10.0.0.1", "--name", "x", "--type", "MachineCredential"], "is no DID of a host"],
      [["trust", "did:web:a.example", "--name", "x", "--type", "MachineCredential", "--role", "administrator"], "is no role of a machine"],
      [["publish", "https://plant.example"], "is no DID of a host"],
      [["issue", "Nobody"], "a name is needed|no DID|no machine"],
      [["distrust", "did:web:nobody.example"], "no trusted issuer"],
    ] as const)
      expect(run(...words), words.join(" ")).toMatchObject({ status: 1, stderr: expect.stringMatching(new RegExp(why)) });
    expect(
      run("trust", "did:web:partner.example", "--name", "Partner", "--type", "MachineCredential", "--role", "operator").stdout,
    ).toContain("are operator at most");
    expect(run("list").stdout).toMatch(/Partner +operator +MachineCredential did:web:partner\.example/);
    expect(run("distrust", "did:web:partner.example").stdout).toContain("is trusted no more");
  },
  AMPLE_MS,
);
