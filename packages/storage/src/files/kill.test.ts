import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSeal } from "@doppelwerk/trust";
import { coreKinds } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { createMemoryRecordStore } from "../memory/index.ts";
import { openSqliteRecordStore } from "../sqlite/index.ts";
import { verifyWorld } from "../verify/index.ts";
import { openDataFolder, openFileChangeLog } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-kill-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const kills = process.env["SOAK"] === "1" ? 500 : 50;

test(
  `[ST13] a process killed ${kills} times while writing loses nothing it acknowledged, and its cache is that of the log`,
  async () => {
    // Two folders at a time, because most of a round is a process starting.
    await Promise.all([killAgainAndAgain(join(root, "one")), killAgainAndAgain(join(root, "two"))]);
  },
  Math.max(1_800_000, kills * 15_000),
);

async function killAgainAndAgain(directory: string): Promise<void> {
  const rounds = kills / 2;
  const acknowledged = new Set<string>();
  for (let round = 0; round < rounds; round++)
    for (const name of await writeUntilKilled(directory, round, (round * 37) % 60)) acknowledged.add(name);

  const folder = await openDataFolder(directory, { owner: "test" });
  const log = await openFileChangeLog({ directory: folder.paths.changes });
  const found = new Set<string>();
  for await (const { changes } of log.read(0))
    for (const change of changes) if (change.op === "create") found.add(change.record.id.slice("note:".length));
  expect(acknowledged.size).toBeGreaterThan(rounds);
  expect([...acknowledged].filter((name) => !found.has(name))).toEqual([]);
  const cache = openSqliteRecordStore({ path: folder.paths.records, kinds: coreKinds });
  const verified = await verifyWorld({ log, cache, seal: createSeal(), openStore: () => createMemoryRecordStore(coreKinds) });
  expect(verified.findings).toEqual([]);
  expect(verified.revisions).toBe(found.size);
  expect(folder.epoch).toBe(rounds + 1);
  cache.close();
  await log.close();
  await folder.close();
}

/** Kills the writer some acknowledgements after it began; answers the names it had said by then. */
function writeUntilKilled(directory: string, round: number, after: number): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL("./kill-child.fixture.ts", import.meta.url)), directory, String(round)], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_COMPILE_CACHE: join(root, "compiled") },
    });
    let output = "";
    let errors = "";
    child.stderr.on("data", (bytes: Buffer) => void (errors += bytes.toString()));
    child.stdout.on("data", (bytes: Buffer) => {
      output += bytes.toString();
      if (output.split("\n").length > after + 3) child.kill("SIGKILL");
    });
    child.on("exit", (_code, signal) => {
      if (signal !== "SIGKILL") reject(new Error(`the writer ended by itself: ${errors}`));
      else
        resolve(
          output
            .slice(0, output.lastIndexOf("\n"))
            .split("\n")
            .filter((line) => !["opening", "ready", ""].includes(line)),
        );
    });
  });
}
