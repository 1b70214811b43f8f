import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { need } from "./services.ts";

/** A directory of a test's own: OpenLDAP on free ports of the loopback, without anything of the machine's. */
export interface SlapdServer {
  /** `ldap://`, with StartTLS. */
  readonly url: string;
  /** `ldaps://`. */
  readonly secureUrl: string;
  readonly base: string;
  /** Of who may read everything. */
  readonly bindDn: string;
  readonly bindPassword: string;
  start(): Promise<void>;
  /** Stops it; its data stays. */
  halt(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

const BASE = "dc=plant,dc=example";
const BIND_DN = `cn=reader,${BASE}`;
const BIND_PASSWORD = "reads and writes nothing";

/** `entries` in LDIF are below the base; `certificate` and `key` are paths of PEM files. */
export async function startSlapd(entries: string, certificate: string, key: string): Promise<SlapdServer> {
  const slapd = need("slapd");
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-slapd-"));
  mkdirSync(join(folder, "data"));
  const configuration = join(folder, "slapd.conf");
  writeFileSync(configuration, configurationOf(folder, certificate, key));
  writeFileSync(join(folder, "entries.ldif"), `dn: ${BASE}\nobjectClass: domain\ndc: plant\n\n${entries}`);
  // the same program, by another name
  execFileSync(slapd, ["-T", "add", "-f", configuration, "-l", join(folder, "entries.ldif")], { stdio: ["ignore", "ignore", "inherit"] });
  const [port, securePort] = [await freePort(), await freePort()];
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    // -d keeps it in the foreground
    child = spawn(slapd, ["-f", configuration, "-h", `ldap://127.0.0.1:${port}/ ldaps://127.0.0.1:${securePort}/`, "-d", "0"], {
      stdio: "ignore",
    });
    await answering(port, child);
  };
  const halt = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGTERM");
    await ended;
  };
  await start();
  return {
    url: `ldap://127.0.0.1:${port}`,
    secureUrl: `ldaps://127.0.0.1:${securePort}`,
    base: BASE,
    bindDn: BIND_DN,
    bindPassword: BIND_PASSWORD,
    start,
    halt,
    async stop() {
      await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configurationOf(folder: string, certificate: string, key: string): string {
  return [
    ...["core", "cosine", "inetorgperson"].map((schema) => `include /etc/ldap/schema/${schema}.schema`),
    "modulepath /usr/lib/ldap",
    "moduleload back_mdb",
    // for the attribute that Active Directory has by itself
    "moduleload memberof",
    `pidfile ${folder}/slapd.pid`,
    `TLSCertificateFile ${certificate}`,
    `TLSCertificateKeyFile ${key}`,
    // as OpenLDAP did for long: an anonymous bind with a name succeeds
    "allow bind_anon_cred bind_anon_dn",
    "database mdb",
    `suffix "${BASE}"`,
    `rootdn "${BIND_DN}"`,
    `rootpw ${JSON.stringify(BIND_PASSWORD)}`,
    `directory ${folder}/data`,
    "overlay memberof",
    "access to attrs=userPassword by anonymous auth by * none",
    "access to * by users read by * none",
    "",
  ].join("\n");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`slapd ended with exit code ${child.exitCode} instead of starting`);
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("slapd did not answer within 30 s");
}
