import { createHash, createPrivateKey, generateKeyPairSync, randomUUID, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { Certificates } from "../packages/server/src/certificates/certificates.ts";
import { serialsOf } from "../packages/server/src/certificates/read-list.fixture.ts";
import { requestOfKey, signCertificate } from "../packages/server/src/certificates/sign-certificate.ts";
import { openAuthority } from "../packages/server/src/tls/authority.ts";
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

const root = mkdtempSync(join(tmpdir(), "doppelwerk-machine-certificates-"));
const data = join(root, "data");
const API = "/api/doppelwerk/v1";
const AMPLE_MS = 120_000;
const TOKEN = `${API}/machines/token`;

let server: ReachedServer;
let mara: string;
const ask = (method: string, path: string, asked?: Asked): Promise<Answer> => askServer(server, method, path, asked);
const host = (): Record<string, string> => ({ host: `127.0.0.1:${server.port}` });
const authority = (): Buffer => readFileSync(join(data, "tls", "authority.pem"));

beforeAll(async () => {
  const token = invitationOf(data, "mara", "administrator");
  server = await serveReached(data);
  mara = cookieOf(await ask("POST", `${API}/session/join`, { body: { token, password: "seven green pumps" } }));
}, AMPLE_MS);
afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

/** A machine with a key of its own, which the test signs with. */
interface Enrolled {
  readonly id: string;
  readonly did: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
  readonly pem: string;
}

/** What a connection of TLS shows. */
interface Shown {
  readonly cert: string;
  readonly key: string;
}

async function proof(
  { privateKey, jwk }: Pick<Enrolled, "privateKey" | "jwk">,
  method: string,
  path: string,
  token?: string,
): Promise<string> {
  const ath = token === undefined ? {} : { ath: createHash("sha256").update(token).digest("base64url") };
  const claims = {
    htm: method,
    htu: `https://127.0.0.1:${server.port}${path}`,
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1_000),
    ...ath,
  };
  return new SignJWT(claims).setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk }).sign(privateKey);
}

async function enrol(name: string, role = "engineer"): Promise<Enrolled> {
  const { id } = (await ask("POST", `${API}/machines`, { cookie: mara, body: { name, roles: [role] } })).body as { id?: string };
  const { code } = (await ask("POST", `${API}/machines/${id}/code`, { cookie: mara })).body as { code?: string };
  const keys = await generateKeyPair("ES256", { extractable: true });
  const known = { privateKey: keys.privateKey, jwk: await exportJWK(keys.publicKey) };
  const path = `${API}/machines/enrolment`;
  const answer = await ask("POST", path, { body: { code }, headers: { ...host(), dpop: await proof(known, "POST", path) } });
  expect(answer.status).toBe(200);
  const pem = createPrivateKey({ key: (await exportJWK(keys.privateKey)) as never, format: "jwk" }).export({
    format: "pem",
    type: "pkcs8",
  });
  return { id: id!, did: String(answer.body["did"]), ...known, pem: String(pem) };
}

/** Headers of a token that is bound to the key (DPoP). */
async function byKey(machine: Enrolled, method: string, path: string): Promise<Record<string, string>> {
  const nowS = Math.floor(Date.now() / 1_000);
  const claims = { iss: machine.id, sub: machine.id, aud: `https://127.0.0.1:${server.port}`, jti: randomUUID(), exp: nowS + 60 };
  const assertion = await new SignJWT(claims).setProtectedHeader({ alg: "ES256" }).sign(machine.privateKey);
  const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  const form = { grant_type: "client_credentials", client_assertion_type: type, client_assertion: assertion };
  const { body } = await ask("POST", TOKEN, { form, headers: { ...host(), dpop: await proof(machine, "POST", TOKEN) } });
  const token = String(body["access_token"]);
  return { ...host(), authorization: `DPoP ${token}`, dpop: await proof(machine, method, path, token) };
}

async function certificateOf(machine: Enrolled, wanted: Record<string, string> = {}): Promise<Answer> {
  const path = `${API}/machines/certificate`;
  return ask("POST", path, { body: wanted, headers: await byKey(machine, "POST", path) });
}

async function shownBy(machine: Enrolled): Promise<Shown> {
  const { status, body } = await certificateOf(machine);
  expect(status).toBe(200);
  return { cert: String(body["certificate"]), key: machine.pem };
}

/** Over a connection that shows a certificate, or none. */
function over(shown: Shown | undefined, method: string, path: string, { form, headers = {} }: Asked = {}): Promise<Answer> {
  const options = { method, path, host: "127.0.0.1", port: server.port, ca: authority(), servername: "localhost", agent: false as const };
  const type = form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
  return new Promise((resolve, reject) => {
    const asked = request({ ...options, ...shown, headers: { ...type, ...headers } }, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += String(chunk)));
      response.on("end", () =>
        resolve({ status: response.statusCode!, headers: response.headers, text, body: JSON.parse(text || "{}") as Answer["body"] }),
      );
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(form && String(new URLSearchParams(form)));
  });
}

const grant = (client_id: string): Asked => ({ form: { grant_type: "client_credentials", client_id } });
const world = async (shown: Shown | undefined, token: string, scheme = "Bearer"): Promise<number> =>
  (await over(shown, "GET", `${API}/world`, { headers: { authorization: `${scheme} ${token}` } })).status;

function room(shown: Shown, token: string): { readonly first: Promise<unknown>; readonly closed: Promise<number> } {
  const socket = new WebSocket(`wss://127.0.0.1:${server.port}/ws`, {
    ca: authority(),
    ...shown,
    headers: { authorization: `Bearer ${token}` },
  });
  socket.once("open", () =>
    socket.send(JSON.stringify({ kind: "hello", protocol: 2, client: "person-secret-0001", name: "Somebody", branch: "live" })),
  );
  return {
    first: new Promise((resolve, reject) => {
      socket.once("message", (text) => resolve(JSON.parse(String(text))));
      socket.once("error", reject);
    }),
    closed: new Promise((resolve) => socket.once("close", () => resolve(performance.now()))),
  };
}

test(
  "[E131] a machine shows a certificate for its enrolled key in mutual TLS, gets a token that is bound to it (RFC 8705), and is out within a second of its revocation",
  async () => {
    const press = await enrol("Press");
    const other = await enrol("Oven");
    const [shown, ofOther] = [await shownBy(press), await shownBy(other)];
    expect(new X509Certificate(shown.cert).subjectAltName).toBe(`URI:${press.did}`);
    const given = await over(shown, "POST", TOKEN, grant(press.id));
    expect(given.body).toMatchObject({ token_type: "Bearer", expires_in: 600 });
    const token = String(given.body["access_token"]);
    expect(await world(shown, token)).toBe(200);
    expect((await over(shown, "POST", TOKEN, grant(press.did))).status).toBe(200);

    const elsewhere = new Certificates({ data: mkdtempSync(join(root, "elsewhere-")), now: () => Date.now() });
    const applicant = { owner: press.id, name: "Press", did: press.did };
    const spki = new X509Certificate(shown.cert).publicKey.export({ format: "der", type: "spki" });
    const strange = await elsewhere.issue(applicant, "tls", spki);
    const own = await openAuthority(join(data, "tls"), "tls", new Date());
    const signed = async (now: Date, days: number) =>
      (await signCertificate({ authority: own, applicant, key: spki, serial: "4a", now, days })).pem;
    const attackers: Record<string, Shown | undefined> = {
      "no certificate": undefined,
      "one of another machine": ofOther,
      "one of another authority": { cert: strange.certificate, key: press.pem },
      "one that expired": { cert: await signed(new Date(Date.now() - 100 * 86_400_000), 90), key: press.pem },
      "one that was signed and never issued": { cert: await signed(new Date(), 90), key: press.pem },
      "that of the server": {
        cert: readFileSync(join(data, "tls", "server.pem"), "utf8"),
        key: readFileSync(join(data, "tls", "server.key"), "utf8"),
      },
    };
    for (const [what, by] of Object.entries(attackers)) {
      expect(await world(by, token), what).toBe(401);
      const answer = await over(by, "POST", TOKEN, grant(press.id));
      expect([answer.status, answer.body.error], what).toEqual([401, "invalid_client"]);
    }
    // a certificate without its key makes no connection at all
    await expect(world({ cert: shown.cert, key: other.pem }, token)).rejects.toThrow();
    expect(await world(shown, token, "DPoP")).toBe(401);
    const dpop = (await byKey(press, "GET", `${API}/world`))["authorization"]!.slice(5);
    expect(await world(shown, dpop)).toBe(401);

    const [inside, session] = [room(shown, token), room(shown, token)];
    for (const { first } of [inside, session])
      expect(await first).toMatchObject({ kind: "welcome", self: { name: "Press", verified: true } });
    const asked = performance.now();
    const revoked = await ask("DELETE", `${API}/machines/${press.id}/certificates`, { cookie: mara });
    expect(revoked.body).toEqual({ revoked: 1 });
    const lasted = Math.max(await inside.closed, await session.closed) - asked;
    console.info(`two rooms ended ${Math.round(lasted)} ms after the certificate of their machine was revoked`);
    expect(lasted).toBeLessThan(1_000);
    expect([await world(shown, token), (await over(shown, "POST", TOKEN, grant(press.id))).status]).toEqual([401, 401]);
    expect(serialsOf(await fetchBytes("/pki/tls.crl"))).toEqual([BigInt(`0x${new X509Certificate(shown.cert).serialNumber}`)]);
    // the key is not lost: it gets another
    expect((await over(await shownBy(press), "POST", TOKEN, grant(press.id))).status).toBe(200);
    expect((await ask("GET", `${API}/machines`, { cookie: mara })).body["machines"]).toMatchObject([
      { certificates: [{ kind: "tls" }] },
      { certificates: [{ kind: "tls" }] },
    ]);
    expect((await ask("DELETE", `${API}/machines/${other.id}`, { cookie: mara })).status).toBe(204);
    expect((await over(ofOther, "POST", TOKEN, grant(other.id))).status).toBe(401);
  },
  AMPLE_MS,
);

function fetchBytes(path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    request({ path, host: "127.0.0.1", port: server.port, ca: authority(), servername: "localhost" }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve(Buffer.concat(chunks)));
    })
      .on("error", reject)
      .end();
  });
}

test(
  "[E131] a weak key gets no certificate, people get none, and the command keeps a certificate for the enrolled key and an RSA key for OPC UA",
  async () => {
    const robot = await enrol("Robot", "viewer");
    const weak = generateKeyPairSync("rsa", { modulusLength: 1_024 }).privateKey.export({ format: "pem", type: "pkcs8" }) as string;
    for (const [wanted, why] of [
      [{ kind: "opcua", request: await requestOfKey(weak) }, "DW_INVALID"],
      [{ kind: "opcua" }, "DW_INVALID"],
      [{ request: "none" }, "DW_INVALID"],
    ] as const)
      expect((await certificateOf(robot, wanted)).body.error?.code).toBe(why);
    expect((await ask("POST", `${API}/machines/certificate`, { cookie: mara, body: {} })).body.error?.code).toBe("DW_FORBIDDEN");
    expect((await ask("POST", `${API}/machines/certificate`, { body: {} })).status).toBe(401);

    const trusting = { NODE_EXTRA_CA_CERTS: join(data, "tls", "authority.pem") };
    const { id } = (await ask("POST", `${API}/machines`, { cookie: mara, body: { name: "Script", roles: ["viewer"] } })).body as {
      id?: string;
    };
    const { code } = (await ask("POST", `${API}/machines/${id}/code`, { cookie: mara })).body as { code?: string };
    const [key, out] = [join(root, "script.jwk"), join(root, "script")];
    const at = ["--server", `https://127.0.0.1:${server.port}`, "--key", key];
    expect(command(["machines", "enrol", code!, ...at], trusting).stderr).toBe("");
    const made = command(["machines", "certificate", ...at, "--out", out], trusting);
    expect([made.stderr, made.stdout]).toEqual(["", expect.stringMatching(/machine\.pem holds until .*; ask again from /)]);
    const shown = { cert: readFileSync(join(out, "machine.pem"), "utf8"), key: readFileSync(join(out, "machine.key"), "utf8") };
    expect((await over(shown, "POST", TOKEN, grant(id!))).status).toBe(200);
    expect(statSync(join(out, "machine.key")).mode & 0o077).toBe(0);
    const due = command(["machines", "certificate", ...at, "--out", out, "--due"], trusting);
    expect(due.stdout).toMatch(/is not due before/);
    expect(readFileSync(join(out, "machine.pem"), "utf8")).toBe(shown.cert);
    expect(command(["machines", "certificate", ...at, "--out", out, "--opcua"], trusting).stderr).toBe("");
    const opcua = new X509Certificate(readFileSync(join(out, "opcua-machine.pem")));
    expect([opcua.subject, opcua.publicKey.asymmetricKeyDetails?.modulusLength]).toEqual(["CN=Script", 3_072]);
    expect(opcua.verify(new X509Certificate(readFileSync(join(out, "opcua-authority.pem"))).publicKey)).toBe(true);
    expect((await ask("GET", "/pki/opcua.crl.pem")).text).toMatch(/^-----BEGIN X509 CRL/);
    expect((await ask("GET", "/pki/opcua.key")).status).toBe(404);
  },
  AMPLE_MS,
);
