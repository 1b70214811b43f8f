import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPCUACertificateManager } from "node-opcua";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { FOREIGN_NAMESPACE, buildForeignServer, startForeignServer } from "../packages/connectors/src/opcua/test-foreign-server.ts";
import { createTestCertificate } from "../packages/connectors/src/opcua/test-certificate.ts";
import { startServerProcess } from "../packages/connectors/src/opcua/test-plant.ts";
import { connectAs } from "../packages/connectors/src/mqtt/test-client.ts";
import { freePort } from "../packages/connectors/src/test-free-port.ts";
import { Certificates } from "../packages/server/src/certificates/certificates.ts";
import { signCertificate } from "../packages/server/src/certificates/sign-certificate.ts";
import { openAuthority } from "../packages/server/src/tls/authority.ts";
import { ownCertificate } from "../packages/server/src/tls/own-certificate.ts";
import { need } from "../scripts/services.ts";
import { serveAt, type ReachedServer } from "./reached-server.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-connection-certificates-"));
const data = join(root, "data");
const AMPLE_MS = 180_000;
let server: ReachedServer;
let stops: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  need("mosquitto");
  server = await serveAt("127.0.0.1", data);
}, AMPLE_MS);
afterEach(async () => {
  for (const stop of stops.toReversed()) await stop();
  stops = [];
});
afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
}, AMPLE_MS);

async function ask<Body>(method: string, path: string, body?: unknown): Promise<Body> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await fetch(`${server.url}/api/doppelwerk/v1${path}`, { method, ...sent });
  const text = await response.text();
  return (text === "" ? { status: response.status } : JSON.parse(text)) as Body;
}

const file = async (path: string): Promise<Buffer> => Buffer.from(await (await fetch(server.url + path)).arrayBuffer());

interface Identity {
  readonly did: string;
  readonly certificate: string;
  readonly opcuaCertificate: string;
  readonly renew: string;
}

/** Values of a connection as they stand now, by address. */
async function values(connection: string): Promise<Record<string, unknown>> {
  const { signals = [] } = await ask<{ signals?: { address: string; now?: { value?: unknown } }[] }>(
    "GET",
    `/connections/${connection}/signals`,
  );
  return Object.fromEntries(signals.map(({ address, now }) => [address, now?.value]));
}

/** A broker that takes nobody without a certificate of the authority of this server, and whose user is the name in it. */
async function startBroker(port: number, folder: string): Promise<{ readonly child: ChildProcess; log(): string }> {
  const lines = [
    `listener ${port} 127.0.0.1`,
    ...["cafile authority.pem", "crlfile revoked.pem", "certfile broker.pem", "keyfile broker.key"].map((line) =>
      line.replace(" ", ` ${folder}/`),
    ),
    "require_certificate true",
    "use_identity_as_username true",
    `acl_file ${folder}/acl`,
    "log_dest stdout",
    "log_type all",
    // mosquitto as root becomes a user that may not read this folder
    "user root",
  ];
  writeFileSync(join(folder, "mosquitto.conf"), `${lines.join("\n")}\n`);
  const child = spawn(need("mosquitto"), ["-c", join(folder, "mosquitto.conf")], { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += String(chunk)));
  await expect.poll(() => text, { timeout: 10_000 }).toMatch(/running/);
  return { child, log: () => text };
}

test(
  "[E132] [CN17] a connection shows its certificate to mosquitto, which knows it by its DID; a stranger, one of another authority and one that was revoked stay out",
  async () => {
    const folder = join(root, "broker");
    mkdirSync(folder);
    const identity = await ask<Identity>("POST", "/secrets/press/identity");
    expect(identity.did).toMatch(/^did:key:zDn/);
    expect(await ask("GET", "/secrets/press/identity")).toEqual(identity);
    expect(JSON.stringify(identity)).not.toContain("PRIVATE");
    // a certificate of another machine of the same authority: who brings the values
    const feeder = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const own = await openAuthority(join(data, "tls"), "tls", new Date());
    const applicant = { owner: "machine:feeder", name: "Feeder", did: "did:key:zFeeder" };
    const spki = feeder.publicKey.export({ format: "der", type: "spki" });
    const signed = await signCertificate({ authority: own, applicant, key: spki, serial: "4b", now: new Date(), days: 90 });
    const cert = { cert: signed.pem, key: String(feeder.privateKey.export({ format: "pem", type: "pkcs8" })) };

    const broker = await ownCertificate(join(root, "broker-tls"), ["localhost", "127.0.0.1"]);
    for (const [name, text] of [
      ["authority.pem", (await file("/pki/tls.crt.pem")).toString()],
      ["revoked.pem", (await file("/pki/tls.crl.pem")).toString()],
      ["broker.pem", broker.certificate],
      ["broker.key", broker.key],
      ["acl", `user ${identity.did}\ntopic read plant/#\nuser ${applicant.did}\ntopic readwrite plant/#\n`],
    ] as const)
      writeFileSync(join(folder, name), text);
    const port = await freePort();
    const url = `mqtts://localhost:${port}`;
    const { child, log } = await startBroker(port, folder);
    stops.push(() => void child.kill("SIGKILL"));
    const connect = (shown: object) => connectAs(url, { ca: broker.authority, ...shown });
    const client = await connect(cert);
    stops.push(() => client.endAsync());
    await client.publishAsync("plant/press/force", "3.5", { retain: true });

    const elsewhere = new Certificates({ data: mkdtempSync(join(root, "elsewhere-")), now: () => Date.now() });
    const strange = await elsewhere.issue(applicant, "tls", spki);
    for (const shown of [{}, { cert: strange.certificate, key: cert.key }]) await expect(connect(shown)).rejects.toThrow();

    const settings = { template: "plant/{machine}/{signal}", discoverS: 1, ca: broker.authority };
    const without = await ask<{ error?: { message: string } }>("POST", "/connections", { url, name: "Press", settings });
    expect(without.error?.message).toBeDefined();
    const made = await ask<{ id: string }>("POST", "/connections", { url, name: "Press", settings, secret: "press" });
    await expect.poll(() => values(made.id), { timeout: 30_000, interval: 500 }).toEqual({ "plant/press/force": 3.5 });
    expect(log()).toContain(`u'${identity.did}'`);

    const { identity: kept } = JSON.parse(readFileSync(join(data, "connectors", "secrets", "press.json"), "utf8")) as {
      identity: { certificate: string; privateKey: string };
    };
    const shown = { cert: kept.certificate, key: kept.privateKey };
    await (await connect(shown)).endAsync();
    await ask("DELETE", "/secrets/press");
    writeFileSync(join(folder, "revoked.pem"), await file("/pki/tls.crl.pem"));
    child.kill("SIGKILL");
    const again = await startBroker(port, folder);
    stops.push(() => void again.child.kill("SIGKILL"));
    await expect(connect(shown)).rejects.toThrow();
    await expect.poll(() => again.log(), { timeout: 10_000 }).toMatch(/certificate verify failed/);
    await (await connect(cert)).endAsync();
  },
  AMPLE_MS,
);

/** Trusts the certificate of whatever server was met. */
async function trustServers(): Promise<void> {
  for (const { thumbprint, decision } of await ask<readonly { thumbprint: string; decision: string }[]>("GET", "/certificates"))
    if (decision === "open") await ask("PUT", `/certificates/${thumbprint}`, { decision: "trusted" });
}

/** What the server says of a plant that is asked with a secret. */
async function refusalOf(url: string, secret?: string): Promise<string | undefined> {
  const settings = { securityMode: "SignAndEncrypt" };
  const { error } = await ask<{ error?: { message: string } }>("POST", "/connections/browse", {
    url,
    settings,
    ...(secret !== undefined && { secret }),
  });
  return error?.message;
}

test(
  "[E133] [CN17] OPC UA servers of two stacks that trust the authority alone take a connection with its certificate, and none that is unknown or revoked",
  async () => {
    const { did, opcuaCertificate } = await ask<Identity>("POST", "/secrets/robot/identity");
    const [leaf] = opcuaCertificate.split(/(?<=-----END CERTIFICATE-----)/);
    expect(new X509Certificate(leaf!).subjectAltName).toBe(`URI:${did}`);
    const program = buildForeignServer(need("open62541"), root);
    const made = await createTestCertificate(root, "foreign-server", { applicationUri: "urn:test:foreign-server" });
    const at = (name: string): string => join(root, name);
    writeFileSync(at("foreign.der"), new X509Certificate(made.certificate).raw);
    writeFileSync(at("foreign.key.der"), createPrivateKey(made.privateKey).export({ format: "der", type: "pkcs1" }));
    const files = async (): Promise<void> => {
      writeFileSync(at("authority.der"), await file("/pki/opcua.crt"));
      writeFileSync(at("revoked.der"), await file("/pki/opcua.crl"));
    };
    await files();
    const authority = { certificate: at("authority.der"), revoked: at("revoked.der") };
    const security = { certificate: at("foreign.der"), privateKey: at("foreign.key.der"), authority };
    let foreign = await startForeignServer(program, { security });
    stops.push(() => foreign.stop());
    const pki = async (name: string): Promise<string> => {
      const manager = new OPCUACertificateManager({ rootFolder: at(name), automaticallyAcceptUnknownCertificate: false });
      await manager.initialize();
      await manager.addIssuer(readFileSync(at("authority.der")), false, true);
      await manager.addRevocationList(readFileSync(at("revoked.der")));
      await manager.dispose();
      return at(name);
    };
    const strict = async (name: string) =>
      startServerProcess({ pkiFolder: await pki(name), variables: [{ name: "a", value: 7 }], security: { trustsNobody: true } });
    let plain = await strict("pki");
    stops.push(() => plain.stop());
    for (const { url } of [foreign, plain]) expect(await refusalOf(url, "robot")).toMatch(/not trusted yet/);
    await trustServers();
    for (const { url } of [foreign, plain]) {
      expect(await refusalOf(url), url).toMatch(/our certificate|closed the secure channel/i);
      expect(await refusalOf(url, "robot"), url).toBeUndefined();
    }
    const connection = await ask<{ id: string }>("POST", "/connections", {
      url: foreign.url,
      name: "Robot",
      secret: "robot",
      settings: { securityMode: "SignAndEncrypt" },
      addresses: [`nsu=${FOREIGN_NAMESPACE};s=double`],
    });
    await expect
      .poll(() => values(connection.id), { timeout: 30_000, interval: 500 })
      .toEqual({ [`nsu=${FOREIGN_NAMESPACE};s=double`]: 1.5 });

    // made anew: those of before are revoked, and the servers learn it with the list
    await ask("PUT", "/secrets/old", { username: "x" });
    const kept = readFileSync(join(data, "connectors", "secrets", "robot.json"), "utf8");
    await ask("POST", "/secrets/robot/identity");
    await files();
    await foreign.stop();
    await plain.stop();
    foreign = await startForeignServer(program, { security });
    plain = await strict("pki-2");
    writeFileSync(join(data, "connectors", "secrets", "old.json"), kept);
    await trustServers();
    for (const { url } of [foreign, plain]) {
      await refusalOf(url, "robot");
      await trustServers();
      expect(await refusalOf(url, "old"), url).toMatch(/our certificate|closed the secure channel/i);
      expect(await refusalOf(url, "robot"), url).toBeUndefined();
    }
  },
  AMPLE_MS,
);
