import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { connectAsync } from "mqtt";
import { afterAll, expect, test } from "vitest";
import { readAasx } from "@doppelwerk/aas";
import { readOptions } from "./options.ts";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "demo-plant-"));
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

interface Ready {
  readonly ready: boolean;
  readonly opcua: string;
  readonly mqtt: string;
  readonly engineeringFile: string;
  readonly samples: number;
}

test("[DP17] one command starts everything, its first line says where, a fault is switched by a line, SIGTERM leaves nothing behind", async () => {
  const data = join(folder, "one");
  const { child, ready } = await start(["--data", data, "--minimal", "--json"]);
  expect(ready.ready).toBe(true);
  expect(ready.opcua).toMatch(/^opc\.tcp:\/\/127\.0\.0\.1:\d+$/);
  expect(ready.samples).toBeGreaterThan(50_000);
  expect(ready.engineeringFile).toBe(join(data, "plant.aasx"));
  const content = readAasx(readFileSync(ready.engineeringFile));
  expect(content.findings).toEqual([]);
  expect(existsSync(join(data, "pki"))).toBe(true);

  const said: string[] = [];
  createInterface({ input: child.stderr! }).on("line", (line) => said.push(line));
  child.stdin!.write("fault breakdown on\nfault breakdown off\nfault flood on\n");
  while (said.length < 3) await sleep(20);
  expect(said.slice(0, 2)).toEqual(["fault breakdown on", "fault breakdown off"]);
  expect(said[2]).toContain("not understood");

  const client = await connectAsync(ready.mqtt, { reconnectPeriod: 0 });
  const gone = new Promise<void>((done) => client.once("close", () => done()));
  child.kill("SIGTERM");
  expect(await exit(child)).toBe(0);
  await gone;
  await expect(connectAsync(ready.mqtt, { reconnectPeriod: 0, connectTimeout: 1000 }, false)).rejects.toThrow();

  const again = await start(["--data", data, "--minimal", "--json"]);
  expect([again.ready.opcua, again.ready.mqtt]).toEqual([ready.opcua, ready.mqtt]);
  again.child.kill("SIGTERM");
  expect(await exit(again.child)).toBe(0);
});

test("[DP17] wrong words are refused with the usage and exit code 2", async () => {
  for (const wrong of [
    ["--seed", "x"],
    ["--fault", "flood"],
    ["--speed", "-1"],
    ["--opcua-port", "1.5"],
    ["--nonsense"],
    ["--fault", "compressor"],
    ["--push", "http://127.0.0.1:8420"],
    ["--factory"],
    ["--site", "--push", "somewhere"],
  ])
    expect(() => readOptions(wrong)).toThrow();
  const child = spawn(process.execPath, [main, "--fault", "flood"], { stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  let said = "";
  child.stderr!.on("data", (chunk) => (said += String(chunk)));
  expect(await exit(child)).toBe(2);
  expect(said).toMatch(/^no such fault: flood\n/);
  expect(said).toContain("--opcua-port");
});

async function start(options: readonly string[]): Promise<{ readonly child: ChildProcess; readonly ready: Ready }> {
  const child = spawn(process.execPath, [main, ...options], { stdio: ["pipe", "pipe", "pipe"] });
  started.push(child);
  const line = await new Promise<string>((done, failed) => {
    createInterface({ input: child.stdout! }).once("line", done);
    child.once("exit", (code) => failed(new Error(`the plant ended with ${code}`)));
  });
  return { child, ready: JSON.parse(line) as Ready };
}

function exit(child: ChildProcess): Promise<number | null> {
  return child.exitCode !== null ? Promise.resolve(child.exitCode) : new Promise((done) => child.once("exit", (code) => done(code)));
}
