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

const root = mkdtempSync(join(tmpdir(), "doppelwerk-full-disk-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const NEVER = 2 ** 30;

/** The system refuses to let any file grow beyond the limit of the process, in the middle of a write: what a full disk does, without a disk. */
test.skipIf(process.platform === "win32").each([
  { refuses: "the change log", rotateBytes: NEVER, batchChanges: NEVER },
  { refuses: "the record cache", rotateBytes: 200_000, batchChanges: 1_000 },
])(
  "[ST29] a bulk load is refused where $refuses finds no room, and goes on once there is some",
  async ({ refuses, ...sizes }) => {
    const directory = join(root, refuses.replaceAll(" ", "-"));
    const refused = await load(directory, sizes, { parts: 200, limitKiB: 2_048 });
    expect(refused.slice(-2)).toEqual(["refused DW_UNAVAILABLE", "reads 1"]);
    const acknowledged = refused.filter((line) => line.startsWith("acknowledged"));
    expect(acknowledged.length).toBeGreaterThan(3);

    // A group may be on the disk although the cache refused it afterwards: it was promised to nobody.
    const more = await load(directory, sizes, { parts: 2 });
    expect(more.at(-1)).toBe("reads 1");
    expect([acknowledged.length, acknowledged.length + 1]).toContain(Number(more[0]!.split(" ")[1]));

    const folder = await openDataFolder(directory, { owner: "test" });
    const log = await openFileChangeLog({ directory: folder.paths.changes });
    const cache = openSqliteRecordStore({ path: folder.paths.records, kinds: coreKinds });
    const verified = await verifyWorld({ log, cache, seal: createSeal(), openStore: () => createMemoryRecordStore(coreKinds) });
    expect(verified.findings).toEqual([]);
    expect(verified.revisions).toBe(Number(more[1]!.split(" ")[1]) + 1);
    cache.close();
    await log.close();
    await folder.close();
  },
  300_000,
);

/** What a process says that loads so many parts, with files of at most so many KiB. */
async function load(
  directory: string,
  { rotateBytes, batchChanges }: { readonly rotateBytes: number; readonly batchChanges: number },
  { parts, limitKiB }: { readonly parts: number; readonly limitKiB?: number },
): Promise<readonly string[]> {
  const fixture = fileURLToPath(new URL("./bulk-child.fixture.ts", import.meta.url));
  // In blocks of 512 bytes, as POSIX has it.
  const limit = limitKiB === undefined ? "" : `ulimit -f ${limitKiB * 2}; `;
  const words = [process.execPath, fixture, directory, ...[rotateBytes, batchChanges, parts].map(String)];
  const child = spawn("sh", ["-c", `${limit}exec "$0" "$@"`, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (bytes: Buffer) => void (output += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => void (errors += bytes.toString()));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`the loading process ended with ${String(code)}: ${errors}`);
  return output.trim().split("\n");
}
