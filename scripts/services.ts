import { execFileSync, spawnSync } from "node:child_process";
import type { SpawnSyncOptions } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync } from "node:fs";

/**
 * Brings what a test needs and the machine lacks: found, else installed (apt as root on Debian), else one clear error.
 * Servers that need a data folder are started by their own helpers on a free port and stopped by pid.
 */
export type Service =
  | "chromium"
  | "cjk-fonts"
  | "postgres"
  | "slapd"
  | "snap7"
  | "open62541"
  | "logrotate"
  | "openssl"
  | "minisign"
  | "mosquitto"
  | "pebble"
  | "rsyslog"
  | "clamd";

const services: Record<Service, { readonly found: () => string | undefined; readonly packages: readonly string[] }> = {
  chromium: { found: findChromium, packages: ["chromium"] },
  "cjk-fonts": { found: findCjkFont, packages: ["fonts-noto-cjk"] },
  // The package starts a cluster of its own where it can; tests never touch that one.
  postgres: { found: findPostgres, packages: ["postgresql"] },
  // its package starts none here; tests run one of their own
  slapd: {
    found: () => ["/usr/sbin/slapd", "/usr/libexec/slapd", "/opt/homebrew/opt/openldap/libexec/slapd"].find(executable),
    packages: ["slapd"],
  },
  // the server of a PLC by another hand (LGPL), loaded by tests only
  snap7: { found: findSnap7, packages: ["libsnap7-1"] },
  // a time-stamping authority by another hand
  openssl: {
    found: () => ["/usr/bin/openssl", "/opt/homebrew/bin/openssl", "/usr/local/bin/openssl"].find(executable),
    packages: ["openssl"],
  },
  logrotate: { found: () => ["/usr/sbin/logrotate"].find(executable), packages: ["logrotate"] },
  minisign: { found: () => ["/usr/bin/minisign", "/opt/homebrew/bin/minisign"].find(executable), packages: ["minisign"] },
  // a broker by other hands (EPL-2.0), of which tests run one of their own
  mosquitto: { found: () => ["/usr/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto"].find(executable), packages: ["mosquitto"] },
  // the ACME server that the people of Let's Encrypt test clients with (MPL-2.0)
  pebble: { found: () => ["/usr/bin/pebble", "/usr/local/bin/pebble"].find(executable), packages: ["pebble"] },
  // a receiver of syslog by other hands (GPL-3.0, LGPL-3.0), run by tests alone
  rsyslog: {
    found: () => ["/usr/sbin/rsyslogd"].find((path) => executable(path) && findRsyslogTls() !== undefined),
    packages: ["rsyslog", "rsyslog-gnutls"],
  },
  // a scanner by other hands (GPL-2.0); tests give it a signature of their own, and none is fetched
  clamd: { found: () => ["/usr/sbin/clamd"].find(executable), packages: ["clamav-daemon"] },
  // an OPC UA stack by other hands (MPL-2.0), of which tests build a server
  open62541: { found: findOpen62541, packages: ["gcc", "libc6-dev", "libopen62541-1.4-dev"] },
};

/** Path of the service's program or file. Throws when it is neither there nor installable, naming the package. */
export function need(service: Service): string {
  const { found, packages } = services[service];
  const path = found();
  if (path) return path;
  install(packages);
  const installed = found();
  if (!installed) throw new Error(`${service} is still missing after installing ${packages.join(" ")}`);
  return installed;
}

function install(packages: readonly string[]): void {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Error(`tests need ${packages.join(" ")}: install it (on Debian as root: apt-get install ${packages.join(" ")})`);
  }
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options: SpawnSyncOptions = { stdio: ["ignore", "ignore", "inherit"], env: environment };
  spawnSync("apt-get", ["update", "-qq"], options);
  const result = spawnSync(
    "apt-get",
    ["install", "-y", "-qq", "-o", "DPkg::Lock::Timeout=600", "--no-install-recommends", ...packages],
    options,
  );
  if (result.status !== 0) throw new Error(`apt-get install ${packages.join(" ")} failed with exit code ${result.status}`);
}

function findChromium(): string | undefined {
  const candidates = [
    process.env["CHROMIUM"],
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  return candidates.find((path) => path !== undefined && executable(path));
}

/** The newest server there is; its neighbours `initdb` and `pg_ctl` are what is asked for. */
function findPostgres(): string | undefined {
  const versions = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql").sort((a, b) => Number(b) - Number(a)) : [];
  const candidates = [
    ...versions.map((version) => `/usr/lib/postgresql/${version}/bin/postgres`),
    "/opt/homebrew/bin/postgres",
    "/usr/local/bin/postgres",
  ];
  return candidates.find(executable);
}

function findRsyslogTls(): string | undefined {
  return ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"].map((folder) => `${folder}/rsyslog/lmnsd_gtls.so`).find(existsSync);
}

function findSnap7(): string | undefined {
  const candidates = [
    "/usr/lib/x86_64-linux-gnu/libsnap7.so.1",
    "/usr/lib/aarch64-linux-gnu/libsnap7.so.1",
    "/usr/lib/libsnap7.so",
    "/opt/homebrew/lib/libsnap7.dylib",
  ];
  return candidates.find((path) => existsSync(path));
}

/** The C compiler, where the library's header is there too. */
function findOpen62541(): string | undefined {
  const header = ["/usr/include", "/usr/local/include", "/opt/homebrew/include"].some((folder) =>
    existsSync(`${folder}/open62541/server.h`),
  );
  return header ? ["/usr/bin/cc", "/usr/bin/gcc"].find(executable) : undefined;
}

function findCjkFont(): string | undefined {
  try {
    const listed = execFileSync("fc-list", [":lang=zh", "file"], { encoding: "utf8" }).trim();
    return listed === "" ? undefined : listed.split("\n")[0];
  } catch {
    return existsSync("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
      ? "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
      : undefined;
  }
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
