import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, expect, test } from "vitest";
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
async function npmStart(name: string): Promise<{ readonly npm: ChildProcess; readonly own: readonly number[]; readonly url: string }> {
  const script = `node ${JSON.stringify(join(root, "scripts/run.mjs"))} start`;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "as-npm-does", version: "1.0.0", scripts: { start: script } }));
  const flags = ["--data", join(folder, name), "--json", "--no-open", "--port", "0"];
  const npm = spawn("npm", ["start", "--", ...flags], { cwd: folder, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  started.push(npm);
  let said = "";
  npm.stderr!.on("data", (text: Buffer) => (said = (said + text.toString()).slice(-2_000)));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: npm.stdout! }).on("line", (line) => {
      if (line.startsWith("{")) resolve((JSON.parse(line) as { readonly url: string }).url);
    });
    npm.once("exit", (code) => reject(new Error(`npm start ended with exit code ${code} before it was ready\n${said}`)));
  });
  return { npm, own: descendantsOf(npm.pid!), url };
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
  expect(isRunning(first.npm.pid!) || isRunning(second.npm.pid!)).toBe(false);
});
