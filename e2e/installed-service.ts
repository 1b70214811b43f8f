import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { eventually } from "./running-site.ts";

/** Where the Debian package puts things. */
export const installed = {
  unit: "/usr/lib/systemd/system/doppelwerk.service",
  options: "/etc/doppelwerk/doppelwerk.conf",
  data: "/var/lib/doppelwerk",
  places: ["/etc/doppelwerk", "/var/lib/doppelwerk", "/var/cache/doppelwerk", "/var/log/doppelwerk", "/usr/lib/doppelwerk"],
} as const;

/** Why the package is not installed here; undefined where it may be: as root, on Debian, where it is not in use. */
export function reasonNotToInstall(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/dpkg")) return "needs root on Debian";
  if (process.arch !== "x64") return "the package is for x64";
  return installed.places.some((path) => existsSync(path)) ? "this machine has doppelwerk installed" : undefined;
}

const LOCKED_MS = 600_000;

/** Runs dpkg once nobody else does: other tests install what they need at the same time. Throws with what it said. */
export function dpkg(...args: readonly string[]): void {
  const until = Date.now() + LOCKED_MS;
  for (;;) {
    const { status, stderr } = spawnSync("dpkg", args, { encoding: "utf8" });
    if (status === 0) return;
    if (!stderr.includes("lock") || Date.now() > until) throw new Error(`dpkg ${args.join(" ")}: ${stderr}`);
    spawnSync("sleep", ["1"]);
  }
}

/** Values of a setting of a unit, in their order. */
export function settingsOf(unit: string, name: string): readonly string[] {
  return unit.split("\n").flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []));
}

export interface Service {
  readonly pid: number;
  /** What it logged. */
  log(): string;
  /** Stops it as systemd does; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/**
 * Runs the service as its unit says, as far as that goes without systemd as process 1: its command, user, options, environment and credential, no
 * capability, no new privileges, and a file system that is read only but for its folders. Resolves when the port of its options is open.
 */
export async function startService(): Promise<Service> {
  const unit = readFileSync(installed.unit, "utf8");
  const options = environmentIn(readFileSync(installed.options, "utf8"));
  const user = settingsOf(unit, "User")[0]!;
  const [command, ...words] = settingsOf(unit, "ExecStart")[0]!
    .split(" ")
    .flatMap((word) => (word.startsWith("$") ? (options[word.slice(1)] ?? "").split(" ") : [word])) as [string, ...string[]];
  const credentials = handOver(settingsOf(unit, "LoadCredential"), user);
  const environment = {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
    LANG: "C.UTF-8",
    HOME: installed.data,
    USER: user,
    CREDENTIALS_DIRECTORY: credentials,
    ...options,
    ...environmentIn(settingsOf(unit, "Environment").join("\n")),
  };
  // what StateDirectory, CacheDirectory and LogsDirectory leave writable under ProtectSystem=strict
  const writable = ["/var/lib/doppelwerk", "/var/cache/doppelwerk", "/var/log/doppelwerk"];
  const sandbox = [
    ...writable.map((path) => `mount --bind ${path} ${path}`),
    "mount -t tmpfs tmpfs /tmp",
    "mount -o remount,bind,ro /",
    `cd ${settingsOf(unit, "WorkingDirectory")[0]}`,
    `umask ${settingsOf(unit, "UMask")[0]}`,
    `exec setpriv --reuid=${user} --regid=${user} --init-groups --inh-caps=-all --bounding-set=-all --no-new-privs "$@"`,
  ].join(" && ");
  const child = spawn("unshare", ["--mount", "sh", "-c", sandbox, "sh", ...underFilter(unit), command, ...words], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (log = (log + text.toString()).slice(-20_000)));
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const port = Number(words[words.indexOf("--port") + 1]);
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`the service ended with exit code ${child.exitCode}\n${log}`);
    return isOpen(port);
  }, "the service listens");
  return {
    pid: child.pid!,
    log: () => log,
    async stop() {
      child.kill("SIGTERM");
      const code = await ended;
      rmSync(credentials, { recursive: true, force: true });
      return code;
    },
  };
}

/** Calls of the system that `SystemCallFilter` leaves out fail, as far as util-linux has a program for that. */
function underFilter(unit: string): readonly string[] {
  const enosys = "/usr/bin/enosys";
  if (!existsSync(enosys)) {
    console.log("the service runs without its SystemCallFilter: util-linux here has no enosys");
    return [];
  }
  const allowed = new Set<string>();
  for (const line of settingsOf(unit, "SystemCallFilter"))
    for (const name of line.replace("~", "").split(" "))
      for (const call of callsOf(name))
        if (line.startsWith("~")) allowed.delete(call);
        else allowed.add(call);
  const known = execFileSync(enosys, ["--list"], { encoding: "utf8" })
    .split(/\s+/)
    .filter((name) => /^[a-z]\w*$/.test(name));
  const denied = known.filter((name) => !allowed.has(name));
  if (denied.length < 50) throw new Error(`the filter leaves out no more than ${denied.join(", ")}`);
  return [enosys, ...denied.flatMap((name) => ["--syscall", name]), "--"];
}

/** Of a group with its groups, or the call itself. */
function callsOf(name: string): readonly string[] {
  if (!name.startsWith("@")) return [name];
  const lines = execFileSync("systemd-analyze", ["syscall-filter", name], { encoding: "utf8" }).split("\n").slice(1);
  return lines.map((line) => line.trim()).flatMap((line) => (line === "" || line.startsWith("#") ? [] : callsOf(line)));
}

/** As systemd reads an EnvironmentFile. */
function environmentIn(text: string): Readonly<Record<string, string>> {
  const lines = text.split("\n").filter((line) => /^\w+=/.test(line));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1).replace(/^"(.*)"$/, "$1")]),
  );
}

/** Credentials as files that only the user of the service reads. */
function handOver(credentials: readonly string[], user: string): string {
  const folder = "/run/doppelwerk-credentials-of-test";
  const id = (flag: string): number => Number(execFileSync("id", [flag, user], { encoding: "utf8" }));
  mkdirSync(folder, { mode: 0o700 });
  for (const each of credentials) {
    const [name, path] = each.split(":") as [string, string];
    writeFileSync(join(folder, name), readFileSync(path), { mode: 0o400 });
    chownSync(join(folder, name), id("-u"), id("-g"));
  }
  chownSync(folder, id("-u"), id("-g"));
  chmodSync(folder, 0o500);
  return folder;
}

function isOpen(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(undefined));
  });
}

/** `USER:GROUP MODE` of a file. */
export function ownerOf(path: string): string {
  const { uid, gid, mode } = statSync(path);
  const name = (database: string, id: number): string =>
    execFileSync("getent", [database, String(id)], { encoding: "utf8" }).split(":")[0]!;
  return `${name("passwd", uid)}:${name("group", gid)} ${(mode & 0o7777).toString(8)}`;
}
