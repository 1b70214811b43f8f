import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { encodeId } from "@doppelwerk/aas";
import { startPostgres } from "../scripts/postgres-server.ts";
import { serverEnvironment, serverFlags } from "../scripts/server-process.mjs";
import { reportMedian, type Report } from "./report.ts";

/** Of one submodel: few and large ones, so that what is measured is the size of the world and not HTTP. */
const ELEMENTS = 500;
const CONNECTIONS = 16;
const TELL_MS = 30_000;
const root = fileURLToPath(new URL("..", import.meta.url));
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

/**
 * Two servers on one PostgreSQL, the second standing by from the beginning. The world is written over HTTP, `--elements=N` (default 50,000; the bar
 * names 5,000,000), and while writing goes on the owner is killed: from there to the first write the other one acknowledges (bar ≤ 10 s). Then every
 * submodel that was acknowledged is looked for. The killed one comes back and stands by; the new owner is stopped in its sleep, loses the world, and
 * must have written nothing when it wakes. Baseline, in the same run: how long the lease alone keeps anybody from taking over.
 * With `--hold` the owner lives until there is a line on the standard input: writing takes long, and only what follows needs a quiet machine.
 */
export async function bench(report: Report): Promise<void> {
  const elements = Number(process.argv.find((argument) => argument.startsWith("--elements="))?.slice("--elements=".length) ?? 50_000);
  const submodels = Math.ceil(elements / ELEMENTS);
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-bench-takeover-"));
  const postgres = await startPostgres();
  const running = new Set<ChildProcess>();
  const serve = (name: string) => startServer(join(folder, name), postgres.url, running);
  const tell = (metric: string, unit: string, value: number) =>
    reportMedian(report, "takeover", `${metric}, ${submodels * ELEMENTS} elements`, unit, [value]);
  // Ended by a signal too, it leaves no server behind.
  const ended = new Promise<never>((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => reject(new Error(`stopped by ${signal}`)));
  });
  const measure = async (): Promise<void> => {
    const first = serve("one");
    const url = await first.ready;
    const second = serve("two");
    const written = new Set<number>();
    const began = performance.now();
    await post(url, 0, submodels, written);
    if (written.size < submodels)
      throw new Error(`the owner was gone ${submodels - written.size} submodels before the end; it said: ${first.said()}`);
    tell("writing the world over HTTP", "s", (performance.now() - began) / 1_000);
    const asked = performance.now();
    await standbyHas(join(folder, "two", "records.sqlite"), submodels);
    tell("the standby's cache has all of it afterwards", "s", (performance.now() - asked) / 1_000);

    if (process.argv.includes("--hold")) await aLineOnInput("written; a line on the standard input kills the owner");
    const writing = post(url, submodels, Infinity, written);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const killed = performance.now();
    first.child.kill("SIGKILL");
    await writing;
    const next = await second.ready;
    tell("killed owner to the other ready", "s", (performance.now() - killed) / 1_000);
    await untilWritten(next, 1_000_000_000);
    tell("killed owner to the first write acknowledged by the other", "s", (performance.now() - killed) / 1_000);
    const lost = await missing(next, written);
    tell("acknowledged and lost", "submodels", lost);
    if (lost > 0) throw new Error(`${lost} acknowledged submodels are lost`);

    const third = serve("one");
    await standbyHas(join(folder, "one", "records.sqlite"), submodels);
    const slept = performance.now();
    second.child.kill("SIGSTOP");
    const last = await third.ready;
    await untilWritten(last, 1_000_000_001);
    tell("owner asleep to the first write acknowledged by the other", "s", (performance.now() - slept) / 1_000);
    const late = answer(next, "POST", "/api/v3/submodels", submodel(1_000_000_002)).catch(() => 0);
    second.child.kill("SIGCONT");
    const status = await late;
    if (status === 201) throw new Error("an owner that had lost the world acknowledged a write");
    if ((await answer(last, "GET", `/api/v3/submodels/${idOf(1_000_000_002)}`)) !== 404)
      throw new Error("an owner that had lost the world wrote");
    tell("writes of the old owner after it woke", "writes", 0);
  };
  try {
    await Promise.race([measure(), ended]);
  } finally {
    for (const child of running) child.kill("SIGKILL");
    agent.destroy();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function aLineOnInput(said: string): Promise<void> {
  process.stderr.write(`takeover: ${said}\n`);
  await once(process.stdin, "data");
  process.stdin.destroy();
}

function startServer(
  data: string,
  url: string,
  running: Set<ChildProcess>,
): {
  readonly child: ChildProcess;
  readonly ready: Promise<string>;
  /** The end of its log. */
  readonly said: () => string;
} {
  const args = ["serve", "--data", data, "--port", "0", "--json", "--no-open", "--postgres", url];
  const child = spawn(process.execPath, [...serverFlags, join(root, "apps/doppelwerk/src/main.ts"), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: serverEnvironment(process.env),
  });
  running.add(child);
  let errors = "";
  child.stderr!.on("data", (text: Buffer) => (errors = (errors + text.toString()).slice(-2_000)));
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on(
      "line",
      (line) => line.startsWith("{") && resolve((JSON.parse(line) as { readonly url: string }).url),
    );
    child.once("exit", (code, signal) => {
      running.delete(child);
      reject(new Error(`a server ended before it was ready: ${code ?? signal}: ${errors}`));
    });
  });
  ready.catch(() => {
    // whoever awaits `ready` handles it; without this an exit after that counts as unhandled
  });
  return { child, ready, said: () => errors };
}

/**
 * Submodels from a number on, on many connections, until the last or until the server is gone; notes those that were acknowledged. A 503 is no refusal but
 * "ask again": whether that one was written shows then, since what is there already is answered 409.
 */
async function post(url: string, from: number, to: number, written: Set<number>): Promise<void> {
  let next = from;
  let isGone = false;
  let again = 0;
  const [began, telling] = [performance.now(), setInterval(() => tellWritten(), TELL_MS)];
  const tellWritten = (): void =>
    void process.stderr.write(
      `takeover: ${(next - from) * ELEMENTS} elements written in ${Math.round((performance.now() - began) / 1_000)} s, ${again} asked again\n`,
    );
  const writeOne = async (number: number): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      const status = await answer(url, "POST", "/api/v3/submodels", submodel(number));
      if (status === 201 || (status === 409 && attempt > 1)) return void written.add(number);
      if (status !== 503) throw new Error(`submodel ${number} was refused: ${status}`);
      again++;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  const writer = async (): Promise<void> => {
    while (next < to && !isGone) {
      try {
        await writeOne(next++);
      } catch (error) {
        // A connection that breaks is a server that is gone; anything else is a fault.
        if ((error as NodeJS.ErrnoException).code === undefined) throw error;
        isGone = true;
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, writer));
  } finally {
    clearInterval(telling);
  }
}

async function untilWritten(url: string, number: number): Promise<void> {
  while ((await answer(url, "POST", "/api/v3/submodels", submodel(number)).catch(() => 0)) !== 201)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

async function missing(url: string, written: Set<number>): Promise<number> {
  let lost = 0;
  // All of the last ones, and one in a hundred of the rest.
  const asked = [...written].filter((number, i) => i % 100 === 0 || i > written.size - 1_000);
  const asking = async (): Promise<void> => {
    for (let number = asked.pop(); number !== undefined; number = asked.pop())
      if ((await answer(url, "GET", `/api/v3/submodels/${idOf(number)}/$metadata`)) !== 200) lost++;
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, asking));
  return lost;
}

/** Waits until a standby has folded so many revisions and written them to its file. */
async function standbyHas(path: string, revisions: number): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    try {
      const cache = new DatabaseSync(path, { readOnly: true });
      const last = cache.prepare("SELECT max(revision) AS last FROM revisions").get()!["last"] as number | null;
      cache.close();
      if ((last ?? 0) >= revisions) return;
    } catch {
      // It is not made yet.
    }
  }
}

function answer(url: string, method: string, path: string, body?: object): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}${path}`,
      { method, agent, ...(body && { headers: { "content-type": "application/json" } }) },
      (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode!));
        response.once("error", reject);
      },
    );
    sent.once("error", reject);
    sent.end(body && JSON.stringify(body));
  });
}

function idOf(number: number): string {
  return encodeId(`urn:bench:takeover:${number}`);
}

function submodel(number: number): object {
  const submodelElements = Array.from({ length: ELEMENTS }, (_, i) => ({
    modelType: "Property",
    idShort: `P${i}`,
    valueType: "xs:double",
    value: String(number + i / 4),
  }));
  return { modelType: "Submodel", id: `urn:bench:takeover:${number}`, idShort: `Part${number}`, submodelElements };
}
