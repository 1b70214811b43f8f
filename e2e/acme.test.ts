import { spawn, type ChildProcess } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../packages/connectors/src/test-free-port.ts";
import { ownCertificate } from "../packages/server/src/tls/own-certificate.ts";
import { need } from "../scripts/services.ts";
import { command, cookieOf, invitationOf, serveReached, type ReachedServer } from "./reached-server.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-acme-"));
const data = join(root, "data");
const AMPLE_MS = 180_000;
const NAME = "plant.example";
/** Seconds: two thirds of it pass while the test looks. */
const LIFE_S = 24;
const running: ChildProcess[] = [];
let server: ReachedServer | undefined;
let directory: string;
let management: number;
let authority: string;
let port: number;

function run(program: string, words: readonly string[]): ChildProcess {
  const child = spawn(program, words, {
    // it checks what an ACME server checks: PEBBLE_VA_ALWAYS_VALID stays unset
    env: { PATH: process.env["PATH"], PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "20" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  running.push(child);
  return child;
}

async function stopped(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

const ask = (
  at: number,
  path: string,
  ca: string,
  { method = "GET", body, headers = {} }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
) =>
  new Promise<{ readonly status: number; readonly text: string; readonly headers: Record<string, string | string[] | undefined> }>(
    (resolve, reject) => {
      const options = {
        method,
        path,
        host: "127.0.0.1",
        port: at,
        ca,
        servername: "localhost",
        agent: false as const,
        headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      };
      request({ ...options, ...(ca === "" && { rejectUnauthorized: false }) }, (response) => {
        let text = "";
        response.on("data", (chunk) => (text += String(chunk)));
        response.on("end", () => resolve({ status: response.statusCode!, text, headers: response.headers }));
      })
        .on("error", reject)
        .end(body === undefined ? undefined : JSON.stringify(body));
    },
  );

/** The certificate that somebody is shown who trusts `ca` alone; undefined where it is not of that. */
function shownTo(ca: string): Promise<X509Certificate | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", servername: NAME, ca }, () => {
      resolve(socket.getPeerX509Certificate());
      socket.destroy();
    });
    socket.on("error", () => resolve(undefined));
  });
}

let pebble: ChildProcess;
async function startPebble(
  dns: number,
  files: { readonly certificate: string; readonly key: string },
  ports: readonly [number, number],
): Promise<void> {
  const config = join(root, "pebble.json");
  writeFileSync(
    config,
    JSON.stringify({
      pebble: {
        listenAddress: `127.0.0.1:${ports[0]}`,
        managementListenAddress: `127.0.0.1:${ports[1]}`,
        certificate: files.certificate,
        privateKey: files.key,
        httpPort: port,
        tlsPort: port,
        ocspResponderURL: "",
        externalAccountBindingRequired: false,
        retryAfter: { authz: 1, order: 1 },
        certificateValidityPeriod: LIFE_S,
        profiles: { default: { description: "short", validityPeriod: LIFE_S } },
      },
    }),
  );
  pebble = run(need("pebble"), ["-config", config, "-dnsserver", `127.0.0.1:${dns}`]);
  const answers = (): Promise<boolean> =>
    ask(ports[0], "/dir", authority).then(
      ({ status }) => status === 200,
      () => false,
    );
  for (let turn = 0; !(await answers()); turn++) {
    if (turn > 100) throw new Error("pebble does not answer");
    await sleep(100);
  }
}

beforeAll(async () => {
  const made = await ownCertificate(join(root, "pebble-tls"), ["localhost", "127.0.0.1"]);
  authority = made.authority;
  const files = { certificate: join(root, "pebble.pem"), key: join(root, "pebble.key") };
  writeFileSync(files.certificate, made.certificate);
  writeFileSync(files.key, made.key);
  writeFileSync(join(root, "pebble-authority.pem"), authority);
  const [dns, api, manage] = [await freePort(), await freePort(), await freePort()];
  management = manage;
  port = await freePort();
  directory = `https://localhost:${api}/dir`;
  // all names lead to this machine
  const names = join(dirname(need("pebble")), "pebble-challtestsrv");
  run(names, [
    "-dns01",
    `127.0.0.1:${dns}`,
    "-http01",
    "",
    "-https01",
    "",
    "-tlsalpn01",
    "",
    "-doh",
    "",
    "-management",
    `127.0.0.1:${await freePort()}`,
    "-defaultIPv6",
    "",
    "-defaultIPv4",
    "127.0.0.1",
  ]);
  await startPebble(dns, files, [api, manage]);
}, AMPLE_MS);
afterAll(async () => {
  await server?.stop();
  for (const child of running) if (child.exitCode === null && child.signalCode === null) await stopped(child);
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

test(
  "[E134] [SV297] an ACME server gives a certificate after it asked over HTTP, another one is had while the server runs, and where that fails the state says why and the one before stays",
  async () => {
    const token = invitationOf(data, "mara", "administrator");
    const words = ["--acme", directory, "--acme-contact", "plant@example.com", "--acme-authority", join(root, "pebble-authority.pem")];
    const refusals = [
      [["--name", NAME, ...words], /--acme-agree/],
      [["--acme-agree", ...words], /with --name/],
      [["--name", NAME, "--acme-agree", ...words, "--acme", "http://acme.example/dir"], /no https address/],
    ] as const;
    for (const [more, why] of refusals)
      expect(command(["serve", "--data", data, "--host", "0.0.0.0", "--port", "0", ...more]).stderr).toMatch(why);

    server = await serveReached(data, "--port", String(port), "--name", NAME, "--acme-agree", ...words);
    const issuer = (await ask(management, "/roots/0", "")).text + (await ask(management, "/intermediates/0", "")).text;
    await expect.poll(() => shownTo(issuer), { timeout: 30_000, interval: 250 }).toBeDefined();
    const first = (await shownTo(issuer))!;
    expect(first.checkHost(NAME)).toBe(NAME);
    for (const name of ["acme.key", "acme-account.key"]) expect(statSync(join(data, "tls", name)).mode & 0o077).toBe(0);

    await expect.poll(async () => (await shownTo(issuer))?.serialNumber, { timeout: 40_000, interval: 500 }).not.toBe(first.serialNumber);
    const second = (await shownTo(issuer))!;
    console.info(
      `a certificate of ${LIFE_S} s was renewed ${(Date.parse(second.validFrom) - Date.parse(first.validFrom)) / 1_000} s after it began`,
    );
    expect(Date.parse(second.validFrom) - Date.parse(first.validFrom)).toBeGreaterThanOrEqual(((LIFE_S * 2) / 3 - 2) * 1_000);

    await stopped(pebble);
    const last = (await shownTo(issuer))!;
    const joined = await ask(port, "/api/doppelwerk/v1/session/join", "", {
      method: "POST",
      body: { token, password: "seven green pumps" },
    });
    const cookie = cookieOf({ headers: joined.headers } as never);
    const state = async () =>
      JSON.parse((await ask(port, "/api/doppelwerk/v1/server", "", { headers: { cookie } })).text) as {
        attention: { level: string; message: { en?: string } }[];
        certificates: { name: string; failure?: object }[];
      };
    await expect.poll(async () => (await state()).certificates[0]?.failure, { timeout: 60_000, interval: 500 }).toBeDefined();
    expect(JSON.stringify((await state()).attention)).toMatch(/server\.attentionNotRenewed.*server\.acmeAway.*ECONNREFUSED/);
    const now = await new Promise<string>((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", servername: NAME, rejectUnauthorized: false }, () => {
        resolve(socket.getPeerX509Certificate()!.serialNumber);
        socket.destroy();
      });
      socket.on("error", reject);
    });
    expect(now).toBe(last.serialNumber);
    expect(existsSync(join(data, "tls", "acme.pem"))).toBe(true);
    expect(readFileSync(join(data, "tls", "acme.pem"), "utf8")).toContain("BEGIN CERTIFICATE");
  },
  AMPLE_MS,
);
