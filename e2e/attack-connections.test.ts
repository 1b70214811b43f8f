import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { connect as connectPlain, type Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKeyPairSync, createHmac, randomBytes, randomUUID } from "node:crypto";
import { WebSocket } from "ws";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask as askServer, cookieOf, invitationOf, serveReached, type Answer, type Asked, type ReachedServer } from "./reached-server.ts";
import { eventually } from "./running-site.ts";

// Connections that mean harm, against a server as others reach it: over TLS, with accounts.

const root = mkdtempSync(join(tmpdir(), "doppelwerk-connections-"));
const data = join(root, "data");
const API = "/api/doppelwerk/v1";
const AMPLE_MS = 300_000;
const PASSWORD = "seven green pumps";

let server: ReachedServer;
let mara: string;
let authority: Buffer;
const ask = (method: string, path: string, asked?: Asked): Promise<Answer> => askServer(server, method, path, asked);

beforeAll(async () => {
  const token = invitationOf(data, "mara", "administrator");
  server = await serveReached(data);
  authority = readFileSync(join(data, "tls", "authority.pem"));
  mara = cookieOf(await ask("POST", `${API}/session/join`, { body: { token, password: PASSWORD } }));
}, AMPLE_MS);

afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

async function residentBytes(): Promise<number> {
  const { text } = await ask("GET", "/metrics", { cookie: mara });
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)![1]);
}

/** A login over a connection of its own, from one of many addresses. */
function logIn(n: number, login = `nobody${n}`): Promise<number> {
  const options = {
    method: "POST",
    path: `${API}/session`,
    host: "127.0.0.1",
    port: server.port,
    localAddress: `127.0.${1 + Math.floor(n / 250)}.${1 + (n % 250)}`,
    ca: authority,
    servername: "localhost",
    agent: false as const,
    headers: { "content-type": "application/json" },
  };
  return new Promise((resolve, reject) => {
    request(options, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode!));
    })
      .on("error", reject)
      .end(JSON.stringify({ login, password: "a guess at a password" }));
  });
}

test(
  "[E145] a thousand logins at once over connections of their own are judged a few at a time, the rest refused; who is logged in is served, memory is bounded",
  async () => {
    const before = await residentBytes();
    const begun = performance.now();
    const flood = Promise.all(Array.from({ length: 1_000 }, (_, n) => logIn(n)));
    let ended = false;
    void flood.then(() => (ended = true));
    const served: number[] = [];
    let peak = 0;
    while (!ended) {
      const asked = performance.now();
      expect((await ask("GET", `${API}/world`, { cookie: mara })).status).toBe(200);
      served.push(performance.now() - asked);
      peak = Math.max(peak, await residentBytes());
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const statuses = await flood;
    const count = (status: number): number => statuses.filter((one) => one === status).length;
    const slowest = Math.max(...served);
    console.log(
      `1,000 logins in ${((performance.now() - begun) / 1_000).toFixed(1)} s: ${count(401)} judged, ${count(429)} refused; ${served.length} requests of another meanwhile, slowest ${slowest.toFixed(0)} ms; memory +${((peak - before) / 1e6).toFixed(0)} MB`,
    );
    expect(count(401) + count(429)).toBe(1_000);
    // one at a time and thirty that wait: the others are told to come again
    expect(count(401)).toBeGreaterThan(0);
    expect(count(429)).toBeGreaterThan(0);
    expect(served.length).toBeGreaterThan(3);
    // one password at a time, 32 MiB, and a thousand connections with their buffers
    expect(peak - before).toBeLessThan(300e6);
    const again = await eventually(async () => {
      const answer = await ask("POST", `${API}/session`, { body: { login: "mara", password: PASSWORD } });
      return answer.status === 200 ? answer : undefined;
    }, "a right login is let in");
    expect(again.body["person"]).toMatchObject({ login: "mara" });
  },
  AMPLE_MS,
);

function opened(): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: server.port, ca: authority, servername: "localhost" }, () => resolve(socket));
    socket.on("error", reject);
  });
}

test(
  "[E146] slow headers, slow bodies and readers that read nothing hold up nobody else, and a reader of a stream costs the server no more than a bounded queue",
  async () => {
    const head = `Host: 127.0.0.1:${server.port}\r\ncookie: ${mara}\r\n`;
    const sockets: TLSSocket[] = [];
    for (let n = 0; n < 150; n++) {
      const socket = await opened();
      socket.on("error", () => {});
      sockets.push(socket);
      if (n % 3 === 0) socket.write(`GET ${API}/world HTTP/1.1\r\nHost: 127`);
      if (n % 3 === 1)
        socket.write(`POST ${API}/accounts HTTP/1.1\r\n${head}content-type: application/json\r\ncontent-length: 1000\r\n\r\n{"login":`);
      if (n % 3 === 2) socket.pause();
      // answers that nobody reads: pipelined until the network takes no more
      if (n % 3 === 2) socket.write(`GET /openapi.json HTTP/1.1\r\n${head}\r\n`.repeat(20));
    }
    const before = await residentBytes();
    for (let n = 0; n < 20; n++) expect((await ask("GET", `${API}/world`, { cookie: mara })).status).toBe(200);
    expect((await residentBytes()) - before).toBeLessThan(300e6);
    for (const socket of sockets) socket.destroy();
    // a window that asks for everything again and again and reads nothing
    const submodelElements = Array.from({ length: 400 }, (_, n) => ({
      modelType: "Property",
      idShort: `Text${n}`,
      valueType: "xs:string",
      value: "x".repeat(5_000),
    }));
    const submodel = { modelType: "Submodel", id: "urn:large", submodelElements };
    expect((await ask("POST", "/api/v3/submodels", { cookie: mara, body: submodel })).status).toBe(201);
    const greedy = new WebSocket(`wss://127.0.0.1:${server.port}/ws`, { ca: authority, headers: { cookie: mara } });
    await new Promise((resolve) => greedy.once("open", resolve));
    greedy.send(JSON.stringify({ kind: "hello", protocol: 2, client: "person-secret-0001", name: "x", branch: "live" }));
    await new Promise((resolve) => greedy.once("message", resolve));
    greedy.pause();
    const quiet = await residentBytes();
    for (let n = 0; n < 1_000; n++) greedy.send(JSON.stringify({ kind: "documents", branch: "live", kinds: ["element"] }));
    let most = 0;
    for (let n = 0; n < 20; n++) {
      most = Math.max(most, (await residentBytes()) - quiet);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    console.log(`a window that asks for 2 GB and reads nothing costs ${(most / 1e6).toFixed(0)} MB`);
    expect(most).toBeLessThan(300e6);
    greedy.terminate();
  },
  AMPLE_MS,
);

/** The beginning of a ClientHello, which promises more than ever comes. */
const HALF_HELLO = Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]);

test(
  "[E171] hundreds of handshakes that are begun and not finished, of one address and of many, keep nobody from being served, and are counted",
  async () => {
    const counted = async (name: string): Promise<number> => {
      const { text } = await ask("GET", "/metrics", { cookie: mara });
      return Number(new RegExp(`^doppelwerk_${name} (\\S+)`, "m").exec(text)![1]);
    };
    const before = await residentBytes();
    const half = (localAddress: string): Socket => {
      const socket = connectPlain({ host: "127.0.0.1", port: server.port, localAddress }, () => socket.write(HALF_HELLO));
      return socket.on("error", () => {});
    };
    const sockets = Array.from({ length: 300 }, () => half("127.0.3.1"));
    await eventually(async () => ((await counted("handshakes_half_open")) >= 64 ? true : undefined), "half-open handshakes are counted");
    // of one address 64 are at work, its others wait, and asking from another one goes on
    expect(await counted("handshakes_half_open")).toBeLessThanOrEqual(65);
    await eventually(async () => ((await counted("handshakes_waiting")) === 300 - 64 ? true : undefined), "the others wait");
    for (let n = 0; n < 700; n++) sockets.push(half(`127.0.4.${1 + (n % 250)}`));
    await eventually(async () => ((await counted("connections_refused_total")) > 0 ? true : undefined), "the oldest gave way");
    expect(await counted("handshakes_half_open")).toBeLessThanOrEqual(512);
    for (let n = 0; n < 10; n++) expect((await ask("GET", `${API}/world`, { cookie: mara })).status).toBe(200);
    console.log(`1,000 half-open handshakes cost ${(((await residentBytes()) - before) / 1e6).toFixed(0)} MB`);
    for (const socket of sockets) socket.destroy();
    await eventually(async () => ((await counted("connections")) <= 2 ? true : undefined), "they are counted down");
  },
  AMPLE_MS,
);

test(
  "[E147] a login takes up no session that was there before, and a token of another kind, form, place or key is nobody's",
  async () => {
    const fixed = `__Host-doppelwerk=${"a".repeat(43)}`;
    const logged = await ask("POST", `${API}/session`, { cookie: fixed, body: { login: "mara", password: PASSWORD } });
    expect(logged.status).toBe(200);
    const own = cookieOf(logged);
    expect(own).not.toBe(fixed);
    expect(own).not.toBe(mara);
    const token = own.split("=")[1]!;
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = part({
      sub: "mara",
      iss: `https://127.0.0.1:${server.port}`,
      aud: `https://127.0.0.1:${server.port}`,
      exp: 9_999_999_999,
      jti: randomUUID(),
      roles: ["administrator"],
    });
    const hmac = (secret: string | Buffer, header: object): string => {
      const content = `${part(header)}.${claims}`;
      return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
    };
    const pem = publicKey.export({ type: "spki", format: "pem" }) as string;
    void privateKey;
    const wrong: Readonly<Record<string, Record<string, string>>> = {
      "a session that an attacker chose": { cookie: fixed },
      "another name, without its prefix": { cookie: own.replace("__Host-", "") },
      "another case": { cookie: own.replace("__Host-", "__host-") },
      "a token as a bearer token": { authorization: `Bearer ${token}` },
      "a token as a proof of possession": { authorization: `DPoP ${token}` },
      "a token in Basic": { authorization: `Basic ${Buffer.from(`mara:${PASSWORD}`).toString("base64")}` },
      "a token with more behind it": { cookie: `${own}x` },
      "a token that is cut": { cookie: own.slice(0, -1) },
      "the hash of a token": { cookie: `__Host-doppelwerk=${randomBytes(32).toString("hex")}` },
      "names of people in headers": { "doppelwerk-person": "mara-secret-0001", "doppelwerk-name": "mara" },
      "a terminal": { cookie: `__Host-doppelwerk-terminal=${token}` },
      "a sign-in": { cookie: `__Host-doppelwerk-sign-in=${token}` },
      "no algorithm": { authorization: `Bearer ${part({ alg: "none", typ: "at+jwt" })}.${claims}.` },
      "no algorithm, DPoP": { authorization: `DPoP ${part({ alg: "nOnE", typ: "at+jwt" })}.${claims}.` },
      "a public key as a secret": { authorization: `Bearer ${hmac(pem, { alg: "HS256", typ: "at+jwt" })}` },
      "an empty secret": { authorization: `DPoP ${hmac("", { alg: "HS256", typ: "at+jwt" })}` },
      "a key that comes along": { authorization: `DPoP ${hmac("k", { alg: "HS256", typ: "at+jwt", jwk: { kty: "oct", k: "aw" } })}` },
      "a key from an address": {
        authorization: `Bearer ${hmac("k", { alg: "HS256", jku: "https://evil.example/keys", kid: "../../etc/passwd" })}`,
      },
      "a key of a grant that is none": { authorization: `Bearer dwk_${"a".repeat(43)}` },
      "a machine that is none": { authorization: `Bearer dwm_${"a".repeat(43)}` },
    };
    const answered: Record<string, number> = {};
    for (const [what, headers] of Object.entries(wrong)) answered[what] = (await ask("GET", `${API}/accounts`, { headers })).status;
    expect(Object.entries(answered).filter(([, status]) => status !== 401 && status !== 403)).toEqual([]);
    for (const where of [`?token=${token}`, `?session=${token}`, `?access_token=${token}`, `?__Host-doppelwerk=${token}`])
      expect((await ask("GET", `${API}/accounts${where}`)).status, where).toBe(401);
    expect((await ask("GET", `${API}/accounts`, { cookie: own })).status).toBe(200);
    // of two cookies of one name nobody can choose a second one into the first
    for (const both of [`${fixed}; ${own}`, `${own}; ${fixed}`])
      expect([200, 401]).toContain((await ask("GET", `${API}/accounts`, { cookie: both })).status);
    // logged out it is replayed in vain
    await ask("DELETE", `${API}/session`, { cookie: own });
    expect((await ask("GET", `${API}/accounts`, { cookie: own })).status).toBe(401);
  },
  AMPLE_MS,
);

/** The status with which a WebSocket is refused; 101 where it is opened. */
function upgraded(path: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`wss://127.0.0.1:${server.port}${path}`, { ca: authority, headers });
    socket.once("open", () => (socket.terminate(), resolve(101)));
    socket.once("unexpected-response", (_, response) => resolve(response.statusCode!));
    socket.once("error", () => resolve(0));
  });
}

/** What comes back to octets that are sent as they are, until the other side closes or is silent for a second. */
async function rawly(octets: string): Promise<string> {
  const socket = await opened();
  let text = "";
  socket.on("data", (bytes) => (text += String(bytes)));
  socket.write(octets);
  await new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
    socket.setTimeout(1_500, () => resolve());
  });
  socket.destroy();
  return text;
}

test(
  "[E172] nothing that a proxy might add says who or where somebody is, and a request that two programs could cut differently is none",
  async () => {
    const host = `127.0.0.1:${server.port}`;
    const claims = [
      "x-forwarded-for: 127.0.0.1",
      "forwarded: for=127.0.0.1;proto=https;host=localhost",
      "x-real-ip: 127.0.0.1",
      "x-forwarded-user: mara",
      "remote-user: mara",
      "x-remote-user: mara",
      "x-ssl-client-verify: SUCCESS",
      "x-client-cert: MIIB",
      'x-forwarded-client-cert: Subject="CN=mara"',
      "ssl-client-s-dn: CN=mara",
      "x-original-url: /healthz",
      "x-rewrite-url: /healthz",
    ];
    for (const claim of claims) {
      const answer = await rawly(`GET ${API}/accounts HTTP/1.1\r\nHost: ${host}\r\n${claim}\r\nConnection: close\r\n\r\n`);
      expect(answer.split("\r\n")[0], claim).toBe("HTTP/1.1 401 Unauthorized");
    }
    const overridden = `POST ${API}/world HTTP/1.1\r\nHost: ${host}\r\ncookie: ${mara}\r\nx-http-method-override: GET\r\ncontent-length: 0\r\nConnection: close\r\n\r\n`;
    expect(await rawly(overridden)).toMatch(/^HTTP\/1\.1 404 /);
    // the second request must never be answered as one of its own
    const second = `GET ${API}/world HTTP/1.1\r\nHost: ${host}\r\ncookie: ${mara}\r\n\r\n`;
    const head = `POST ${API}/accounts HTTP/1.1\r\nHost: ${host}\r\n`;
    const confused: Readonly<Record<string, string>> = {
      "two lengths": `${head}content-length: 0\r\ncontent-length: ${second.length}\r\n\r\n${second}`,
      "a length and chunks": `${head}content-length: ${second.length + 5}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${second}`,
      "chunks of another name": `${head}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${second}`,
      "chunks twice": `${head}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n${second}`,
      "a space before the colon": `${head}transfer-encoding : chunked\r\n\r\n0\r\n\r\n${second}`,
      "a folded line": `${head}x: a\r\n b: c\r\ncontent-length: 0\r\n\r\n${second}`,
      "a length with a sign": `${head}content-length: +0\r\n\r\n${second}`,
      "a length that is none": `${head}content-length: 0x10\r\n\r\n${second}`,
      "a size of a chunk that is none": `${head}transfer-encoding: chunked\r\n\r\n-1\r\n\r\n${second}`,
      "a line that ends early": `${head}x: a\nHost: evil.example\r\n\r\n${second}`,
      "a zero in a header": `${head}x: a\0b\r\n\r\n${second}`,
    };
    for (const [what, octets] of Object.entries(confused)) {
      const answer = await rawly(octets);
      expect(answer, what).toMatch(/^HTTP\/1\.1 (?:400|401|403|501) |^$/);
      expect(answer, what).not.toContain("HTTP/1.1 200");
    }
    const others: Readonly<Record<string, string>> = {
      "a whole address of another host": `GET https://evil.example${API}/session HTTP/1.1\r\nHost: evil.example\r\n\r\n`,
      "a whole address beside the own host": `GET https://evil.example/authority.crt HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      "a tunnel": `CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n`,
      "an echo": `TRACE / HTTP/1.1\r\nHost: ${host}\r\ncookie: ${mara}\r\n\r\n`,
      "no host": `GET ${API}/world HTTP/1.0\r\ncookie: ${mara}\r\n\r\n`,
      "an upgrade to another protocol": `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n\r\n`,
      "no request": "\x16\x03\x01\x00\xff".repeat(50),
    };
    for (const [what, octets] of Object.entries(others)) {
      const answer = await rawly(octets);
      expect(answer, what).not.toMatch(/HTTP\/1\.1 (?:200|101|5\d\d)/);
      expect(answer, what).not.toContain(mara);
      expect(answer, what).not.toMatch(/^location:.*evil/im);
    }
    expect((await ask("GET", `${API}/world`, { cookie: mara })).status).toBe(200);
  },
  AMPLE_MS,
);

test(
  "[E148] a name that was made to point here, and a page of another site, reach no route and no WebSocket, with a good cookie neither",
  async () => {
    const paths = [
      "/",
      "/board",
      "/assets/none.js",
      "/metrics",
      "/healthz",
      "/openapi.json",
      "/authority.crt",
      "/api/v3/shells",
      `${API}/world`,
      `${API}/session`,
      "/guide",
    ];
    for (const path of paths) {
      for (const host of ["evil.example", `evil.example:${server.port}`, `127.0.0.1.evil.example:${server.port}`, "localhost@evil.example"])
        expect([400, 403], `${path} of ${host}`).toContain((await ask("GET", path, { cookie: mara, headers: { host } })).status);
      const origin = { origin: "https://evil.example" };
      expect((await ask("GET", path, { cookie: mara, headers: origin })).status, path).toBe(403);
    }
    const before = (await ask("GET", `${API}/accounts`, { cookie: mara })).text.length;
    for (const origin of [
      "https://evil.example",
      "null",
      `http://127.0.0.1:${server.port}`,
      `https://127.0.0.1:${server.port}.evil.example`,
    ])
      expect(
        (
          await ask("POST", `${API}/accounts`, {
            cookie: mara,
            headers: { origin },
            body: { login: "eve", name: "Eve", roles: ["viewer"] },
          })
        ).status,
        origin,
      ).toBe(403);
    expect((await ask("GET", `${API}/accounts`, { cookie: mara })).text.length).toBe(before);
    const own = `https://127.0.0.1:${server.port}`;
    for (const path of ["/ws", "/worlds/default/ws", `${API}/branches/live/events`]) {
      expect(await upgraded(path, { cookie: mara, origin: own }), path).toBe(101);
      for (const origin of ["https://evil.example", "null", `${own}.evil.example`, `http://127.0.0.1:${server.port}`])
        expect(await upgraded(path, { cookie: mara, origin }), `${path} of ${origin}`).toBe(403);
      expect(await upgraded(path, { cookie: mara, host: "evil.example" }), path).toBe(403);
    }
  },
  AMPLE_MS,
);
