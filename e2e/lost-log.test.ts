import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeId } from "@doppelwerk/aas";
import { runCommand, startServer, type Ended } from "./running-site.ts";

// A change log that was shortened, deleted or killed at any moment, with the real process.
const root = mkdtempSync(join(tmpdir(), "doppelwerk-lost-log-"));
const whole = join(root, "whole");
const acknowledged: string[] = [];
const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

// Killed again and again while it writes; each start but the first is after a kill, and none of them is refused.
beforeAll(async () => {
  const random = mulberry(seed);
  const rounds = process.env["SOAK"] ? 100 : 4;
  for (let round = 0; round < rounds; round++) {
    const server = await startServer(whole);
    const gone = new Promise<void>((resolve) => server.child.once("exit", () => resolve()));
    setTimeout(() => server.child.kill("SIGKILL"), 200 + random() * 2_000);
    await Promise.all([gone, ...[1, 2].map((writer) => writeUntilGone(String(server.ready["url"]), `${round}-${writer}`))]);
  }
  const server = await startServer(whole);
  await expectKept(String(server.ready["url"]));
  await write(String(server.ready["url"]), "last");
  await server.stop("SIGTERM");
}, 600_000);

test(`[E41] a server that is killed at any moment starts again, and verify calls the folder good (SEED=${seed})`, async () => {
  expect(acknowledged.length).toBeGreaterThan(4);
  expect(await runCommand(["verify", whole])).toMatchObject({ code: 0, stderr: "" });
});

const damages: readonly (readonly [string, RegExp, (data: string) => void])[] = [
  ["half of it is cut off", /ends at revision \d+, but .*checkpoint.json knows revision \d+: \d+ revisions are missing/, cutInHalf],
  ["it is deleted", /ends at revision 0, but .*: \d+ revisions are missing/, (data) => rmSync(join(data, "changes"), { recursive: true })],
  [
    "it is deleted with its checkpoint",
    /ends at revision 0, but the record cache .*: \d+ revisions are missing/,
    (data) => {
      rmSync(join(data, "changes"), { recursive: true });
      rmSync(join(data, "changes.checkpoint.json"));
    },
  ],
  [
    "half of it is cut off and the cache is deleted",
    /ends at revision \d+, but .*checkpoint.json knows revision \d+/,
    (data) => {
      cutInHalf(data);
      rmSync(join(data, "records.sqlite"));
    },
  ],
];

test.each(damages)("[E41] a change log of which %s is refused in one line, and nothing is touched", async (name, refusal, damage) => {
  const data = join(root, name.replaceAll(" ", "-"));
  cpSync(whole, data, { recursive: true });
  damage(data);
  const before = bytesOf(data);
  expectRefusal(await serve(data), refusal);
  expect(bytesOf(data)).toEqual(before);
  const verified = await runCommand(["verify", data]);
  expect(verified.code).toBe(1);
  expect(verified.stdout).toMatch(/^missing in changes .*revisions are missing/m);
  expect(bytesOf(data)).toEqual(before);
});

test("[E41] the loss is accepted by who names where the log ends; it is written down, and the folder is good again", async () => {
  const data = join(root, "accepted");
  cpSync(whole, data, { recursive: true });
  expectRefusal(await runCommand(["accept-loss", data]), /nothing is missing/);
  cutInHalf(data);
  const asked = await runCommand(["accept-loss", data]);
  expectRefusal(asked, /revisions are missing.*To continue without it: doppelwerk accept-loss .* --ends-at \d+/);
  const endsAt = /--ends-at (\d+)/.exec(asked.stderr)![1]!;
  expectRefusal(await runCommand(["accept-loss", data, "--ends-at", String(Number(endsAt) + 1)]), /--ends-at/);
  expect(await runCommand(["accept-loss", data, "--ends-at", endsAt])).toMatchObject({ code: 0 });
  const [loss] = readFileSync(join(data, "accepted-losses.jsonl"), "utf8").trim().split("\n");
  expect(JSON.parse(loss!)).toMatchObject({ endsAt: Number(endsAt), known: [{ from: "the checkpoint" }, { from: "the record cache" }] });
  const server = await startServer(data);
  await write(String(server.ready["url"]), "after");
  await server.stop("SIGTERM");
  expect(await runCommand(["verify", data])).toMatchObject({ code: 0 });
});

function cutInHalf(data: string): void {
  const changes = join(data, "changes");
  const log = readdirSync(changes).find((name) => name.endsWith(".log"))!;
  truncateSync(join(changes, log), Math.floor(readFileSync(join(changes, log)).length / 2));
}

async function writeUntilGone(url: string, writer: string): Promise<void> {
  try {
    for (let i = 0; ; i++) await write(url, `${writer}-${i}`);
  } catch {
    // The server is gone: this is how the writer ends.
  }
}

async function write(url: string, name: string): Promise<void> {
  const id = `https://example.com/lost/${name}`;
  const response = await fetch(`${url}/api/v3/submodels`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ modelType: "Submodel", id, idShort: `S${name.replaceAll("-", "_")}` }),
  });
  if (response.status !== 201) throw new Error(`answered ${response.status}`);
  acknowledged.push(id);
}

async function expectKept(url: string): Promise<void> {
  for (const id of acknowledged) expect((await fetch(`${url}/api/v3/submodels/${encodeId(id)}`)).status, id).toBe(200);
}

const serve = (data: string): Promise<Ended> => runCommand(["serve", "--data", data, "--no-open", "--json", "--port", "0"]);

function expectRefusal(ended: Ended, about: RegExp): void {
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  const lines = ended.stderr.trimEnd().split("\n");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(about);
}

/** Hash of every file of a folder, the lease (which is taken and given back) left out. */
function bytesOf(directory: string): Readonly<Record<string, string>> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.startsWith("lease.sqlite"),
  );
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(directory, path), createHash("sha256").update(readFileSync(path)).digest("hex")]),
  );
}

function mulberry(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
