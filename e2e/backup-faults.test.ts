import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keysFrom } from "../packages/server/src/backup/encryption.ts";
import { listFolder } from "../packages/server/src/backup/list-folder.ts";
import { runCommand } from "./running-site.ts";

// Backups and restores whose processes are killed, whose disk is full, and whose files are damaged. No server runs: e2e/backup.test.ts has those.
const root = mkdtempSync(join(tmpdir(), "doppelwerk-backup-faults-"));
const identity = join(root, "key.txt");
const data = join(root, "data");
const main = join(dirname(dirname(fileURLToPath(import.meta.url))), "apps/doppelwerk/src/main.ts");
const AMPLE_MS = 300_000;
const KILLS = 10;
const seed = Number(process.env["SEED"] ?? 151);
let recipient = "";

beforeAll(async () => {
  recipient = (await runCommand(["backup-key", "--out", identity])).stdout.trim();
  // an account is enough of a data folder
  expect((await runCommand(["accounts", "create", "mara", "--role", "administrator", "--data", data])).code).toBe(0);
  for (let n = 0; n < 6; n++) grow(n);
}, AMPLE_MS);
afterAll(() => rmSync(root, { recursive: true, force: true }));

function grow(n: number): void {
  mkdirSync(join(data, "features"), { recursive: true });
  writeFileSync(join(data, "features", `part-${n}.bin`), randomBytes(1 << 20));
}

interface Process {
  kill(): void;
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
}

function started(words: readonly string[]): Process {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...words], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
  return { kill: () => child.kill("SIGKILL"), ended: new Promise((resolve) => child.once("close", (code) => resolve({ code, stderr }))) };
}

const backupWords = (to: string, ...more: readonly string[]): readonly string[] => [
  "backup",
  "--data",
  data,
  "--to",
  to,
  "--recipient",
  recipient,
  ...more,
];
const restoring = (from: string, ...more: readonly string[]) => runCommand(["restore", from, "--identity", identity, ...more]);

/** Ends it after each of so many parts of the time that it takes; what it does first is to load itself, so most of them are towards the end. */
async function killedAt(words: readonly string[], tookMs: number, part: number): Promise<void> {
  const process = started(words);
  await setTimeout(tookMs * (0.5 + (0.55 * part) / KILLS));
  process.kill();
  await process.ended;
}

async function tookMs(words: readonly string[]): Promise<number> {
  const began = performance.now();
  const { code, stderr } = await started(words).ended;
  expect(code, stderr).toBe(0);
  return performance.now() - began;
}

test(
  "[E150] a backup that is killed at ten moments leaves every listed backup whole, and the next one too; a restore that is killed leaves a folder that no server opens, and is whole when it is done again",
  async () => {
    const to = join(root, "killed");
    const words = backupWords(to, "--keep", "last=2", "--full");
    const took = await tookMs(words);
    const keys = keysFrom({ identity: [identity] });
    for (let part = 0; part < KILLS; part++) {
      await killedAt(words, took, part);
      expect((await listFolder({ folder: to, keys })).filter(({ problem }) => problem !== undefined)).toEqual([]);
    }
    expect(await tookMs(words)).toBeGreaterThan(0);
    const listed = JSON.parse((await runCommand(["backup", "list", to, "--identity", identity, "--json"])).stdout) as readonly object[];
    expect(listed).toHaveLength(2);
    // what was killed is cleared away
    expect(readdirSync(to).filter((name) => name.endsWith(".age") || name.endsWith(".part"))).toHaveLength(4);

    const restored = join(root, "killed-restored");
    const restoreWords = ["restore", to, "--identity", identity, "--data", restored];
    const restoreMs = await tookMs([...restoreWords.slice(0, -1), join(root, "killed-first")]);
    let isWhole = false;
    for (let part = 0; part < KILLS && !isWhole; part++) {
      await killedAt(restoreWords, restoreMs, part);
      isWhole = existsSync(join(restored, "format.json"));
      if (!isWhole && existsSync(restored)) expect(readdirSync(restored).filter((name) => name !== ".restoring")).toEqual([]);
    }
    if (!isWhole) expect((await runCommand(restoreWords)).code).toBe(0);
    const verified = await runCommand(["verify", restored]);
    expect(verified.code, verified.stdout).toBe(0);
  },
  AMPLE_MS * 2,
);

/** A disk of its own that is soon full. */
const mounts = spawnSync("unshare", ["-Urm", "mount", "-t", "tmpfs", "tmpfs", root]).status === 0;

test.skipIf(!mounts)("[E151] a restore that finds no room is refused in one line and leaves nothing", async () => {
  const to = join(root, "whole.tar.age");
  expect((await runCommand([...backupWords(to)])).code).toBe(0);
  const disk = join(root, "disk");
  mkdirSync(disk);
  for (const size of ["1m", "5m"]) {
    const script = `mount -t tmpfs -o size=${size} tmpfs "$0" && { "$@"; code=$?; ls -A "$0"; exit $code; }`;
    const words = [
      process.execPath,
      "--disable-warning=ExperimentalWarning",
      main,
      "restore",
      to,
      "--identity",
      identity,
      "--data",
      join(disk, "restored"),
    ];
    const { status, stdout, stderr } = spawnSync("unshare", ["-Urm", "sh", "-c", script, disk, ...words], { encoding: "utf8" });
    expect(stderr, size).toMatch(/no space left/i);
    expect(stderr.trim().split("\n"), stderr).toHaveLength(1);
    expect([status, stdout.trim()]).toEqual([1, ""]);
  }
});

test(
  `[E151] a flipped byte anywhere in a folder of backups is found, or is in what no backup relies on; of two backups at once the second is refused (SEED=${seed})`,
  async () => {
    const to = join(root, "damaged");
    expect((await runCommand([...backupWords(to)])).code).toBe(0);
    grow(7);
    expect((await runCommand([...backupWords(to)])).code).toBe(0);
    let state = seed;
    const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
    const copy = join(root, "damaged-copy");
    for (const name of readdirSync(to)) {
      mkdirSync(copy, { recursive: true });
      for (const each of readdirSync(to)) copyFileSync(join(to, each), join(copy, each));
      const bytes = readFileSync(join(copy, name));
      const at = Math.floor(random() * bytes.length);
      bytes[at]! ^= 1 << Math.floor(random() * 8);
      writeFileSync(join(copy, name), bytes);
      const into = join(root, "damaged-restored");
      const { code, stderr } = await restoring(copy, "--data", into);
      const isRelied =
        name.endsWith(".age") &&
        !(
          name.endsWith(".manifest.age") &&
          name <
            readdirSync(to)
              .filter((each) => each.endsWith(".manifest.age"))
              .at(-1)!
        );
      expect([name, at, code]).toEqual([name, at, isRelied ? 1 : 0]);
      if (isRelied) {
        expect(stderr).toMatch(/damaged|no key that was given/);
        expect(existsSync(into)).toBe(false);
      }
      for (const each of [into, copy]) rmSync(each, { recursive: true, force: true });
    }
    const both = await Promise.all([1, 2].map(() => started(backupWords(to, "--full")).ended));
    const codes = both.map(({ code }) => code).toSorted();
    expect(codes[0]).toBe(0);
    // one may begin after the other has ended
    if (codes[1] !== 0) expect(both.find(({ code }) => code !== 0)!.stderr).toMatch(/DW_UNAVAILABLE/);
    const drilled = await restoring(to, "--drill");
    expect(drilled.code, drilled.stderr).toBe(0);
  },
  AMPLE_MS * 2,
);
