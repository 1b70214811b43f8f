import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JobQueue } from "@doppelwerk/world";
import { jobQueueContract } from "@doppelwerk/world/contract/job-queue";
import { afterAll, describe, expect, test } from "vitest";
import { openFileJobQueue } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-jobs-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const folder = (): string => join(root, String(++folders));
const clock = { now: () => 1_790_000_000_000_000 };
const open = (directory: string, damages: string[] = []): JobQueue =>
  openFileJobQueue({ directory, clock, onDamage: (file, error) => damages.push(`${file}: ${(error as Error).message}`) });
const kills = process.env["SOAK"] === "1" ? 100 : 8;

describe("[ST33] jobs in a folder keep the contract", () => {
  for (const { title, run } of jobQueueContract(() => {
    const directory = folder();
    return {
      open: async (given) => openFileJobQueue({ directory, clock: given, onDamage: () => {} }),
      async reopen(queue, given) {
        await queue.close();
        return openFileJobQueue({ directory, clock: given, onDamage: () => {} });
      },
    };
  }))
    test(title, run);
});

test(`[ST34] a process killed ${kills} times has lost no job and no end of one that it acknowledged`, async () => {
  const directory = folder();
  const acknowledged = new Map<string, string>();
  for (let round = 0; round < kills; round++)
    for (const line of await linesUntil(directory, String(round), 5 + ((round * 7) % 40))) {
      const [state, id] = line.split(" ") as [string, string];
      acknowledged.set(id, state);
    }
  const damages: string[] = [];
  const queue = open(directory, damages);
  expect(acknowledged.size).toBeGreaterThan(kills * 2);
  for (const [id, state] of acknowledged) {
    const job = await queue.get(id);
    expect(job, id).toBeDefined();
    if (state === "done") expect(job).toMatchObject({ state: "done" });
    expect(new TextDecoder().decode(await queue.files.get(id, "plan"))).toBe(id);
  }
  // what was claimed when its process was killed waits again
  expect(await queue.list({ states: ["running"] })).toEqual([]);
  expect(damages).toEqual([]);
  await queue.close();
}, 600_000);

// A limit of the size of files stands for a disk that is full: the last write is short, as on one.
test.skipIf(process.platform === "win32")("[ST35] a full disk refuses a job whole, and there is room again for the next one", async () => {
  const directory = folder();
  const lines = await linesUntil(directory, "0", Number.POSITIVE_INFINITY, { limitKiB: 64, size: 3_000 });
  expect(lines.at(-1)).toBe("refused DW_UNAVAILABLE");
  const queue = open(directory);
  const ids = lines.flatMap((line) => (line.startsWith("queued ") ? [line.slice("queued ".length)] : []));
  expect(ids.length).toBeGreaterThan(3);
  const jobs = await queue.list();
  expect(jobs.map(({ id }) => id)).toEqual(ids);
  await queue.enqueue({ id: "job:after", kind: "a.work", branch: "live", by: "p", priority: -1, detail: {} }, { maxQueued: 100 });
  expect((await queue.claim(["a.work"], "me", 1))?.id).toBe("job:after");
  await queue.close();
});

test("[ST36] a folder of a newer format is refused and left as it is; a damaged line is reported, and the other jobs are there", async () => {
  const directory = folder();
  const add = (queue: JobQueue, id: string) =>
    queue.enqueue({ id, kind: "a.work", branch: "live", by: "p", priority: 0, detail: {} }, { maxQueued: 100 });
  const first = open(directory);
  for (const id of ["job:1", "job:2", "job:3"]) await add(first, id);
  await first.close();
  const path = join(directory, "jobs.jsonl");
  const lines = readFileSync(path, "utf8").split("\n");
  writeFileSync(path, [lines[0], lines[1]!.slice(0, 20), lines[2], '{"id":"job:no-version"}', '{"v":1,"id":"job:torn'].join("\n"));
  const damages: string[] = [];
  const second = open(directory, damages);
  expect((await second.list()).map(({ id }) => id)).toEqual(["job:1", "job:3"]);
  expect(damages).toHaveLength(2);
  await add(second, "job:4");
  await second.close();
  const third = open(directory);
  expect((await third.list()).map(({ id }) => id)).toEqual(["job:1", "job:3", "job:4"]);
  await third.close();

  for (const spoil of [
    () => writeFileSync(join(directory, "format.json"), '{"format":99}'),
    () => {
      writeFileSync(join(directory, "format.json"), '{"format":1}\n');
      appendFileSync(path, '{"v":99,"id":"job:5"}\n');
    },
  ]) {
    spoil();
    const before = contentsOf(directory);
    expect(() => open(directory)).toThrow(expect.objectContaining({ code: "DW_FORMAT_NEWER" }));
    expect(contentsOf(directory)).toEqual(before);
  }
});

function contentsOf(directory: string): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), "latin1")]));
}

/** What the child wrote until it was killed after so many lines, or ended by itself. */
function linesUntil(
  directory: string,
  round: string,
  count: number,
  { limitKiB, size = 50 }: { readonly limitKiB?: number; readonly size?: number } = {},
): Promise<readonly string[]> {
  const limit = limitKiB === undefined ? "" : `trap "" XFSZ; ulimit -f ${limitKiB}; `;
  const fixture = fileURLToPath(new URL("./job-child.fixture.ts", import.meta.url));
  return new Promise((resolve) => {
    const child = spawn("bash", ["-c", `${limit}exec "$0" "$@"`, process.execPath, fixture, directory, round, String(size)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (data: Buffer) => {
      output += data.toString();
      if (output.split("\n").length > count) child.kill("SIGKILL");
    });
    child.on("close", () => resolve(output.slice(0, output.lastIndexOf("\n")).split("\n")));
  });
}
