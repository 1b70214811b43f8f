import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { regionOf } from "../scripts/guide.ts";
import { writePackages } from "../scripts/package.ts";
import { need } from "../scripts/services.ts";
import { dpkg, installed, ownerOf, reasonNotToInstall, startService, type Service } from "./installed-service.ts";
import { ask, cookieOf } from "./reached-server.ts";
import { freePort, startBrowser } from "./running-site.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const API = "/api/doppelwerk/v1";
const PASSWORD = "seven green pumps";
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-package-"));
const reason = process.platform === "linux" && process.arch === "x64" ? undefined : "packages are made on Linux, x64";
const reasonOfInstall = reason ?? reasonNotToInstall();
/** Nobody is to wonder why a machine says nothing of its package. */
const onLinux = (title: string, body: () => unknown): void =>
  reason === undefined ? test(title, body) : test.skip(`${title} (skipped: ${reason})`);
const onDebian = (title: string, body: () => unknown): void =>
  reasonOfInstall === undefined ? test(title, body) : test.skip(`${title} (skipped: ${reasonOfInstall})`);

let archive: string;
let debian: string;
let service: Service | undefined;
let port: number;
let token: string;
/** When the first command of the guide was begun. */
let begun: number;

beforeAll(() => {
  if (reason === undefined) [archive, debian] = writePackages({ out: join(folder, "built") }) as [string, string];
});

afterAll(async () => {
  await service?.stop();
  if (reasonOfInstall === undefined) {
    spawnSync("dpkg", ["--purge", "doppelwerk"], { env: { ...process.env, DOPPELWERK_PURGE: "data" } });
    expect(installed.places.filter((path) => existsSync(path))).toEqual([]);
  }
  rmSync(folder, { recursive: true, force: true });
});

onLinux("[E113] the archive runs where there is neither Node nor a network, and lists all that is in it", async () => {
  execFileSync("tar", ["-xzf", archive, "-C", folder]);
  const program = join(folder, basename(archive, ".tar.gz"));
  const alone = process.getuid?.() === 0 ? ["unshare", "--net", "sh", "-c", 'ip link set lo up 2>/dev/null; exec "$@"', "sh"] : ["env"];
  const words = [...alone, join(program, "doppelwerk"), "serve", "--data", join(folder, "data"), "--port", "0", "--no-open", "--json"];
  const child = spawn(words[0]!, words.slice(1), { env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" }, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  for await (const line of createInterface({ input: child.stdout })) {
    expect(JSON.parse(line)).toMatchObject({ ready: true });
    break;
  }
  // the runtime is the one of the archive
  expect(execFileSync("readlink", [`/proc/${child.pid}/exe`], { encoding: "utf8" }).trim()).toBe(join(program, "runtime/bin/node"));
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  const bill = JSON.parse(readFileSync(join(program, "bom.cdx.json"), "utf8")) as {
    readonly components: readonly { readonly name: string; readonly properties?: readonly { readonly value: string }[] }[];
  };
  const named = bill.components
    .filter(({ properties = [] }) => properties.some(({ value }) => value === "program"))
    .map(({ name }) => name);
  const there = globSync(["node_modules/**/package.json"], { cwd: program })
    .flatMap((path) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path)?.[1] ?? [])
    .filter((name) => !name.startsWith("@doppelwerk/"));
  expect([...named].sort()).toEqual([...there].sort());
});

onDebian(
  "[E114] the Debian package installs by the commands of the guide: files of root, folders of a user of its own, a key that root reads",
  async () => {
    port = await freePort();
    mkdirSync(join(folder, "bin"));
    // what a container has not: sudo as root, and systemd as process 1, whose part the test takes
    const shims = {
      sudo: '#!/bin/sh\n[ "$1" = -u ] && { user=$2; shift 2; exec runuser -u "$user" -- "$@"; }\nexec "$@"\n',
      systemctl: '#!/bin/sh\necho "$@"\n',
    };
    for (const [name, text] of Object.entries(shims)) {
      writeFileSync(join(folder, "bin", name), text);
      chmodSync(join(folder, "bin", name), 0o755);
    }
    // other tests install what they need at the same time
    writeFileSync(join(folder, "apt.conf"), 'DPkg::Lock::Timeout "600";\n');
    begun = performance.now();
    const ran = spawnSync("sh", ["-euc", guideCommands().join("\n")], {
      cwd: join(folder, "built"),
      encoding: "utf8",
      env: { PATH: `${join(folder, "bin")}:/usr/sbin:/usr/bin:/sbin:/bin`, LC_ALL: "C.UTF-8", APT_CONFIG: join(folder, "apt.conf") },
    });
    expect(ran.status, ran.stderr).toBe(0);
    expect(ran.stdout).toMatch(/\nenable --now doppelwerk\n$/);
    token = /\/join#(\S+)/.exec(ran.stdout)![1]!;
    expect(execFileSync("dpkg", ["--verify", "doppelwerk"], { encoding: "utf8" })).toBe("");
    const places = [
      "/usr/lib/doppelwerk/doppelwerk",
      installed.options,
      "/etc/doppelwerk/seal.key",
      installed.data,
      "/var/cache/doppelwerk",
      "/var/log/doppelwerk",
    ];
    expect(places.map(ownerOf)).toEqual([
      "root:root 755",
      "root:root 644",
      "root:doppelwerk 640",
      "doppelwerk:doppelwerk 750",
      "doppelwerk:doppelwerk 700",
      "doppelwerk:doppelwerk 750",
    ]);
    // nobody but root changes the program
    expect(
      execFileSync("find", ["/usr/lib/doppelwerk", "(", "!", "-user", "root", "-o", "-perm", "/022", ")", "!", "-type", "l"], {
        encoding: "utf8",
      }),
    ).toBe("");
    expect(ownerOf(join(installed.data, "accounts.json"))).toBe("doppelwerk:doppelwerk 600");
    // sealed from its birth
    expect(readFileSync(join(installed.data, "accounts.json"), "utf8")).not.toContain("mara");
    const asRoot = spawnSync("/usr/bin/doppelwerk", ["accounts", "list", "--data", installed.data], { encoding: "utf8" });
    expect([asRoot.status, asRoot.stderr]).toEqual([1, expect.stringContaining("sudo -u doppelwerk doppelwerk")]);
  },
);

onDebian(
  "[SV260] unit and drop-ins are free of faults, the sandbox leaves little exposed, and log files are rotated while they are written",
  () => {
    const dropIns = globSync("/usr/share/doc/doppelwerk/examples/*.conf");
    expect(dropIns).toHaveLength(4);
    for (const dropIn of [undefined, ...dropIns]) {
      const units = mkdtempSync(join(folder, "units-"));
      copyFileSync(installed.unit, join(units, "doppelwerk.service"));
      mkdirSync(join(units, "doppelwerk.service.d"));
      if (dropIn !== undefined) copyFileSync(dropIn, join(units, "doppelwerk.service.d/example.conf"));
      const verified = spawnSync("systemd-analyze", ["verify", join(units, "doppelwerk.service")], { encoding: "utf8" });
      expect([verified.status, verified.stderr], dropIn).toEqual([0, ""]);
    }
    const { stdout } = spawnSync("systemd-analyze", ["security", "--offline=true", installed.unit], { encoding: "utf8" });
    expect(Number(/Overall exposure level for doppelwerk\.service: (\d+\.\d+)/.exec(stdout)![1])).toBeLessThanOrEqual(1.5);
    const log = "/var/log/doppelwerk/doppelwerk.log";
    execFileSync("runuser", ["-u", "doppelwerk", "--", "sh", "-c", `yes | head -c 100000 >${log}`]);
    execFileSync(need("logrotate"), ["--force", "--state", join(folder, "rotated"), "/etc/logrotate.d/doppelwerk"], { stdio: "ignore" });
    expect([statSync(log).size, statSync(`${log}.1`).size]).toEqual([0, 100_000]);
  },
);

onDebian(
  "[E115] the service runs as its user with no capability and writes nowhere but into its folders; who has an account logs in, also after a restart",
  async () => {
    writeFileSync(installed.options, `DOPPELWERK_OPTIONS="--host 0.0.0.0 --port ${port}"\nDOPPELWERK_LOG=warn\n`);
    service = await startService();
    const status = readFileSync(`/proc/${service.pid}/status`, "utf8");
    expect(/^Uid:\s+(\d+)/m.exec(status)![1]).toBe(execFileSync("id", ["-u", "doppelwerk"], { encoding: "utf8" }).trim());
    for (const set of ["CapPrm", "CapEff", "CapBnd", "CapAmb"]) expect(new RegExp(`^${set}:\\s+0+$`, "m").test(status), set).toBe(true);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    const server = { data: installed.data, port };
    const joined = await ask(server, "POST", `${API}/session/join`, { body: { token, password: PASSWORD } });
    expect(joined.body).toMatchObject({ person: { name: "Mara Lindqvist" } });
    const forked = await ask(server, "POST", `${API}/branches`, { cookie: cookieOf(joined), body: { name: "kept" } });
    expect(forked.status, forked.text).toBe(201);
    expect(await service.stop()).toBe(0);
    service = await startService();
    expect(await branchesOf(await logIn())).toContain("kept");
    expect(spawnSync("find", [installed.data, "!", "-user", "doppelwerk"], { encoding: "utf8" }).stdout).toBe("");
    expect(spawnSync("find", [installed.data, "-type", "f", "-perm", "/077"], { encoding: "utf8" }).stdout).toBe("");
  },
);

onDebian("[E117] by the guide a second person is logged in on a phone within ten minutes and six commands", async () => {
  const commands = guideCommands();
  expect(commands.length).toBeLessThanOrEqual(6);
  const browser = await startBrowser();
  try {
    const link = await inviteOnDesk(browser, `https://127.0.0.1:${port}`);
    await joinOnPhone(browser, link);
  } finally {
    await browser.close();
  }
  const minutes = (performance.now() - begun) / 60_000;
  console.log(`from package to a second person on a phone: ${minutes.toFixed(1)} min, ${commands.length} commands`);
  expect(minutes).toBeLessThan(10);
});

onDebian(
  "[E116] an upgrade keeps data, key and what was changed of the options; removing and purging keep the data too, unless that is asked for",
  async () => {
    expect(await service!.stop()).toBe(0);
    service = undefined;
    const key = readFileSync("/etc/doppelwerk/seal.key", "utf8");
    const options = readFileSync(installed.options, "utf8");
    dpkg("--force-unsafe-io", "--install", newer(debian));
    expect(execFileSync("dpkg-query", ["-W", "-f=${Version}", "doppelwerk"], { encoding: "utf8" })).toBe("99.0.0");
    expect([readFileSync("/etc/doppelwerk/seal.key", "utf8"), readFileSync(installed.options, "utf8")]).toEqual([key, options]);
    service = await startService();
    expect(await branchesOf(await logIn())).toContain("kept");
    await service.stop();
    service = undefined;
    for (const step of ["--remove", "--purge"]) {
      dpkg(step, "doppelwerk");
      const left = [
        "/usr/lib/doppelwerk",
        "/usr/bin/doppelwerk",
        "/var/cache/doppelwerk",
        installed.options,
        "/etc/doppelwerk/seal.key",
        join(installed.data, "accounts.json"),
      ];
      expect(
        left.filter((path) => existsSync(path)),
        step,
      ).toEqual(step === "--remove" ? left.slice(3) : left.slice(4));
    }
    // what dpkg runs then; the package need not be installed a third time for it
    execFileSync(join(folder, "newer/DEBIAN/postrm"), ["purge"], { env: { ...process.env, DOPPELWERK_PURGE: "data" } });
    expect(installed.places.filter((path) => existsSync(path))).toEqual([]);
    expect(spawnSync("getent", ["passwd", "doppelwerk"]).status).toBe(2);
  },
);

/** The administrator, at a desk: logs in, opens the settings, invites; returns the link. */
async function inviteOnDesk(browser: Browser, address: string): Promise<string> {
  const desk = await (await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1440, height: 900 } })).newPage();
  await desk.goto(`${address}/settings/people`);
  await desk.getByLabel("Login").fill("mara");
  await desk.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await desk.getByRole("button", { name: "Log in" }).click();
  const form = desk.locator("form").filter({ has: desk.getByRole("button", { name: "Invite" }) });
  await form.getByLabel("Login").fill("otto");
  await form.getByLabel("Name").fill("Otto Berg");
  await form.getByRole("button", { name: "Invite" }).click();
  const link = await desk.getByLabel(/^Link for Otto Berg/).inputValue();
  await desk.getByRole("img", { name: "For the phone of Otto Berg: scan it with the camera" }).scrollIntoViewIfNeeded();
  await keepPicture(desk, "desk");
  return link;
}

/** Somebody else, on a phone: opens the link, chooses a password, and sees the plant. */
async function joinOnPhone(browser: Browser, link: string): Promise<void> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const phone = await context.newPage();
  await phone.goto(link);
  await phone.getByLabel("New password").fill("eight blue valves");
  await phone.getByLabel("The same password again").fill("eight blue valves");
  await keepPicture(phone, "join");
  await phone.getByRole("button", { name: "Set the password and log in" }).tap();
  await phone.locator("nav").first().waitFor();
  const seen = await phone.evaluate(async () => (await fetch("/api/doppelwerk/v1/session")).json() as Promise<unknown>);
  expect(seen).toMatchObject({ person: { name: "Otto Berg", roles: ["viewer"] } });
  expect(await phone.evaluate("document.documentElement.scrollWidth")).toBe(390);
  await keepPicture(phone, "phone");
}

async function keepPicture(page: Page, name: string): Promise<void> {
  const folderOfPictures = process.env["DOPPELWERK_PICTURES"];
  if (folderOfPictures !== undefined) await page.screenshot({ path: join(folderOfPictures, `package-${name}.png`) });
}

/** What the guide says, line by line. */
function guideCommands(): readonly string[] {
  return regionOf(readFileSync(join(root, "packaging/install-commands.sh"), "utf8"), "install", "install-commands.sh").split("\n");
}

async function logIn(): Promise<string> {
  const answer = await ask({ data: installed.data, port }, "POST", `${API}/session`, { body: { login: "mara", password: PASSWORD } });
  expect(answer.status, answer.text).toBe(200);
  return cookieOf(answer);
}

async function branchesOf(cookie: string): Promise<readonly unknown[]> {
  const { text } = await ask({ data: installed.data, port }, "GET", `${API}/branches`, { cookie });
  return (JSON.parse(text) as readonly { readonly name: string }[]).map(({ name }) => name);
}

/** The same package with a higher version. */
function newer(file: string): string {
  const tree = join(folder, "newer");
  execFileSync("dpkg-deb", ["--raw-extract", file, tree]);
  const control = join(tree, "DEBIAN/control");
  writeFileSync(control, readFileSync(control, "utf8").replace(/^Version: .*$/m, "Version: 99.0.0"));
  execFileSync("dpkg-deb", ["--root-owner-group", "-Zgzip", "-z1", "--build", tree, `${tree}.deb`], { stdio: "ignore" });
  return `${tree}.deb`;
}
