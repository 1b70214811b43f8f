import { execFileSync, spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { MergeRequest, MergeRequestDetail } from "@doppelwerk/client";
import { afterAll, afterEach, expect, test } from "vitest";
import { addDemoRecords } from "../scripts/demo-records.ts";
import { descendantsOf, isRunning } from "./processes.ts";
import { eventually } from "./running-site.ts";

// `npm start` as people and service managers start and end it: by npm, in a folder of its own whose script is the repository's.
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-start-"));
const started: ChildProcess[] = [];
afterEach(() => {
  for (const npm of started.splice(0))
    if (npm.exitCode === null && npm.signalCode === null)
      for (const pid of [...descendantsOf(npm.pid!), npm.pid!]) process.kill(pid, "SIGKILL");
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** npm in a process group of its own, once its server is ready; and every process it has started. */
async function npmStart(
  name: string,
  more: readonly string[] = ["--line-only"],
): Promise<{ readonly npm: ChildProcess; readonly own: readonly number[]; readonly url: string; readonly said: () => string }> {
  const script = `node ${JSON.stringify(join(root, "scripts/run.mjs"))} start`;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "as-npm-does", version: "1.0.0", scripts: { start: script } }));
  const flags = ["--data", join(folder, name), "--json", "--no-open", "--port", "0", ...more];
  const npm = spawn("npm", ["start", "--", ...flags], { cwd: folder, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  started.push(npm);
  let said = "";
  npm.stderr!.on("data", (text: Buffer) => (said = (said + text.toString()).slice(-8_000)));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: npm.stdout! }).on("line", (line) => {
      if (line.startsWith("{")) resolve((JSON.parse(line) as { readonly url: string }).url);
    });
    npm.once("exit", (code) => reject(new Error(`npm start ended with exit code ${code} before it was ready\n${said}`)));
  });
  return { npm, own: descendantsOf(npm.pid!), url, said: () => said };
}

test("[E23] two starts at once find ports of their own; ended by npm's pid alone, or by Ctrl+C on its group, nothing of them is left", async () => {
  const [first, second] = await Promise.all([npmStart("first"), npmStart("second")]);
  for (const { url, own } of [first, second]) {
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ ok: true });
    // start, plant and its broker, server and its connectors at the least
    expect(own.length).toBeGreaterThanOrEqual(5);
  }
  process.kill(first.npm.pid!, "SIGTERM");
  process.kill(-second.npm.pid!, "SIGINT");
  await eventually(() => (first.own.some(isRunning) ? undefined : true), "what npm started ends with it");
  await eventually(() => (second.own.some(isRunning) ? undefined : true), "Ctrl+C ends everything");
  await eventually(() => (isRunning(first.npm.pid!) || isRunning(second.npm.pid!) ? undefined : true), "npm itself ends");
  // An ordered stop is no error of anyone.
  for (const { said } of [first, second]) expect(said()).not.toMatch(/"level":50|process died|ended by itself/);
});

test("[E24] a server that dies is named with its signal, its last words and what to do, and the start fails; what cannot be written is refused in one line before anything starts", async () => {
  // Whoever holds the plant's first port, the two after it are two.
  const other = createServer();
  const held = once(other, "listening").catch(() => {});
  other.listen(48_410, "127.0.0.1");
  await held;
  const { npm, own, said } = await npmStart("third");
  other.close();
  expect(said()).not.toMatch(/cannot start/);
  const server = own.find((pid) => commandOf(pid).includes("main.ts\0serve"))!;
  const ended = new Promise((resolve) => npm.once("close", resolve));
  process.kill(server, "SIGKILL");
  expect(await ended).not.toBe(0);
  expect(said()).toMatch(/the server ended by itself \(killed by SIGKILL\); everything else was stopped/);
  // its own last words, not those of what it had started
  expect(said()).not.toMatch(/EPIPE|Unhandled|Node\.js v/);
  expect(said()).toMatch(/What to do: npm start again/);
  // the killed server's own processes end by themselves
  await eventually(() => (own.some(isRunning) ? undefined : true), "nothing of it is left");

  writeFileSync(join(folder, "file"), "not a folder");
  const refused = spawnSync(
    process.execPath,
    [join(root, "scripts/start.ts"), "--json", "--no-open", "--data", join(folder, "file", "below")],
    {
      encoding: "utf8",
    },
  );
  expect(refused.status).toBe(1);
  expect(refused.stderr.trim().split("\n").at(-1)).toMatch(
    /^doppelwerk: the data folder cannot be written \(ENOTDIR\): .*choose another with --data \(DW_[A-Z]+\)$/,
  );
});

test("[E24] [DP30] [DP32] the plant of a start is the site unless it asks for the line alone; killed with -9, a start leaves neither plant nor server behind", async () => {
  const { own, url } = await npmStart("fourth", []);
  const { lines } = (await (await fetch(`${url}/api/doppelwerk/v1/lines`)).json()) as {
    readonly lines: readonly { readonly title: { readonly en: string } }[];
  };
  expect(lines.map(({ title }) => title.en).toSorted()).toEqual(["Line 3 final assembly", "Line 4 dryers"]);
  // made beside the start by people of the demonstration: values typed in, and a change that another person approved
  const ask = async <Result>(path: string): Promise<Result> => (await (await fetch(`${url}/api/doppelwerk/v1${path}`)).json()) as Result;
  const merged = await eventually(async () => {
    const [request] = await ask<readonly MergeRequest[]>("/merge-requests");
    return request?.status === "merged" ? request : undefined;
  }, "a merged request");
  expect(merged.approvals.map(({ name, valid }) => [name, valid])).toEqual([["Maria Keller (demonstration)", true]]);
  expect(merged.author.name).toBe("Zhang Wei (demonstration)");
  const typed = await ask<readonly { readonly enteredByName: string; readonly time: number }[]>("/entries");
  expect(new Set(typed.map(({ enteredByName }) => enteredByName))).toEqual(new Set(["Li Na (demonstration)"]));
  // shifts have eight hours: one of these is in the last
  const ago = typed.map(({ time }) => (Date.now() * 1_000 - time) / 3_600e6);
  expect(ago.some((hours) => hours < 8) && ago.some((hours) => hours > 8 && hours < 16)).toBe(true);
  const detail = await ask<MergeRequestDetail>(`/merge-requests/${encodeURIComponent(merged.id)}`);
  expect(detail.diff).toMatchObject([{ shell: expect.stringMatching(/^L4-/u) }]);
  // made once, whatever starts again
  await addDemoRecords(url);
  expect([(await ask<readonly object[]>("/merge-requests")).length, (await ask<readonly object[]>("/entries")).length]).toEqual([1, 4]);
  process.kill(
    own.find((pid) => commandOf(pid).includes("scripts/start.ts"))!,
    "SIGKILL",
  );
  await eventually(() => (own.some(isRunning) ? undefined : true), "what the killed process started ends");
});

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).replaceAll(" ", "\0");
  }
}
