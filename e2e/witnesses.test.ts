import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGanache, type GanacheNode } from "../scripts/ganache-node.ts";
import { serverEnvironment, serverFlags } from "../scripts/server-process.mjs";
import { startTsa, type TsaServer } from "../scripts/tsa-server.ts";
import { startBrowser } from "./running-site.ts";

const main = join(fileURLToPath(new URL("..", import.meta.url)), "apps/doppelwerk/src/main.ts");
const root = mkdtempSync(join(tmpdir(), "doppelwerk-witnesses-"));
const API = "/api/doppelwerk/v1";
const AMPLE_MS = 400_000;
const environment = serverEnvironment(process.env) as NodeJS.ProcessEnv;
const pathOf = (name: string): string => join(root, name);

function command(...words: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync(process.execPath, [...serverFlags, main, ...words], { env: environment, encoding: "utf8" });
}

function json<Answer>(...words: readonly string[]): Answer {
  const { status, stdout, stderr } = command(...words, "--json");
  expect([status, stderr.replace(/^.*ExperimentalWarning.*\n.*\n/gm, "")], words.join(" ")).toEqual([0, ""]);
  return JSON.parse(stdout) as Answer;
}

class Server {
  port = 0;
  readonly #data: string;
  readonly #words: readonly string[];
  #child: ChildProcess | undefined;

  constructor(name: string, ...words: readonly string[]) {
    this.#data = pathOf(name);
    this.#words = words;
    servers.push(this);
  }

  /** On the port of before. */
  async start(): Promise<void> {
    const words = [...serverFlags, main, "serve", "--data", this.#data, "--port", String(this.port), "--json", "--no-open", ...this.#words];
    this.#child = spawn(process.execPath, words, { env: environment, stdio: ["ignore", "pipe", "ignore"] });
    for await (const line of createInterface({ input: this.#child.stdout! })) {
      if (!line.startsWith("{")) continue;
      this.port = Number(new URL((JSON.parse(line) as { url: string }).url).port);
      return;
    }
    throw new Error(`the server of ${this.#data} did not start`);
  }

  async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    await ended;
  }

  async ask(method: "GET" | "POST", path: string, body?: object): Promise<unknown> {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    expect(answer.status, path).toBeLessThan(300);
    return answer.json();
  }

  /** One more entry, and everybody is asked. */
  async proven(): Promise<Outside> {
    return (await this.ask("POST", `${API}/transparency/outside`)) as Outside;
  }
}

interface Outside {
  readonly witnesses: {
    readonly size?: number;
    readonly of: readonly { readonly failure?: { readonly code: string } }[];
  };
  readonly timeStamps?: { readonly size?: number };
  readonly anchoring?: { readonly size?: number };
}

const servers: Server[] = [];
let tsa: TsaServer;
let chain: GanacheNode;
const witness = new Server("witness", "--host", "0.0.0.0");
const plant = new Server("plant");
let policy = "";

beforeAll(async () => {
  [tsa, chain] = await Promise.all([startTsa(), startGanache()]);
  json("accounts", "create", "mara", "--role", "administrator", "--data", pathOf("witness"));
  const { key } = json<{ key: string }>("witness", "key", "--data", pathOf("witness"));
  const log = /^log (\S+)/.exec(json<{ policy: string }>("witness", "policy", "--data", pathOf("plant")).policy)![1]!;
  json("witness", "cosign", log, "--data", pathOf("witness"));
  await witness.start();
  const authority = readFileSync(join(pathOf("witness"), "tls", "authority.pem"), "utf8");
  const config = {
    witnesses: { needed: 1, of: [{ key, url: `https://localhost:${witness.port}${API}/witness`, authority }] },
    timeStamps: { url: tsa.url, roots: tsa.root },
    anchoring: { url: chain.url, chain: chain.chain, key: chain.keys[0], confirmations: 1, everyMinutes: 1 },
  };
  writeFileSync(pathOf("asked.json"), JSON.stringify(config));
  json("witness", "ask", pathOf("asked.json"), "--data", pathOf("plant"));
  json("witness", "deploy", "--data", pathOf("plant"));
  ({ policy } = json<{ policy: string }>("witness", "policy", "--data", pathOf("plant")));
  writeFileSync(pathOf("policy"), policy);
  writeFileSync(pathOf("root.pem"), tsa.root);
}, AMPLE_MS);

afterAll(async () => {
  await Promise.all(servers.map((server) => server.end("SIGKILL")));
  await tsa?.close();
  await chain?.stop();
  rmSync(root, { recursive: true, force: true });
});

test(
  "[E137] a witness that is killed at any moment goes on from what it answered, and a copy of the log that went another way is cosigned neither before nor after",
  async () => {
    await plant.start();
    let size = (await plant.proven()).witnesses.size!;
    expect(size).toBeGreaterThan(0);
    for (let n = 0; n < 3; n++) {
      // in the middle of what it is asked
      const asked = plant.proven();
      await setTimeout(n * 4);
      await witness.end("SIGKILL");
      await asked;
      await witness.start();
      const { witnesses } = await plant.proven();
      expect([witnesses.size! > size, witnesses.of[0]!.failure]).toEqual([true, undefined]);
      size = witnesses.size!;
    }
    await plant.end("SIGTERM");
    cpSync(pathOf("plant"), pathOf("copy"), { recursive: true });
    await plant.start();
    size = (await plant.proven()).witnesses.size!;
    await plant.end("SIGTERM");
    const copy = new Server("copy");
    await copy.start();
    const refused = new Set(["proof.witnessSeesFork", "proof.witnessKnowsMore"]);
    for (let n = 0; n < 6; n++) {
      if (n === 3) {
        await witness.end("SIGKILL");
        await witness.start();
      }
      const { witnesses } = await copy.proven();
      expect(refused, `${n}`).toContain(witnesses.of[0]!.failure?.code);
      expect(witnesses.size!, `${n}`).toBeLessThan(size);
    }
    await copy.end("SIGTERM");
    // the log itself goes on
    await plant.start();
    expect((await plant.proven()).witnesses.size!).toBeGreaterThan(size);
    await plant.end("SIGTERM");
  },
  AMPLE_MS,
);

test(
  "[E139] in a browser the cosignature, the time stamp and the way from there to the log of now are proven on the card, and others are asked with a press",
  async () => {
    await plant.start();
    const browser = await startBrowser();
    try {
      const page = await browser.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => void faults.push(String(error)));
      await page.addInitScript(() =>
        localStorage.setItem("doppelwerk.preferences", '{"personId":"a-person-of-e2e","name":"Mara","language":"en"}'),
      );
      await page.goto(`http://127.0.0.1:${plant.port}/settings/records`);
      const lines = page.getByRole("table", { name: "Proof by others" }).getByRole("row");
      const cosigned = lines.filter({ hasText: "Cosigned by 1 of 1 (needed: 1)" });
      const stamped = lines.filter({ hasText: "Time stamp" });
      for (const line of [cosigned, stamped]) await line.getByText("proven").waitFor({ timeout: 60_000 });
      await stamped.getByText("Trial TSA").waitFor();
      await lines
        .filter({ hasText: `Chain ${chain.chain}` })
        .getByText("proven to be in its block")
        .waitFor();
      const before = await cosigned.textContent();
      await page.getByRole("button", { name: "Ask them now" }).click();
      await expect.poll(async () => cosigned.textContent(), { timeout: 60_000 }).not.toBe(before);
      await cosigned.getByText("proven").waitFor({ timeout: 60_000 });
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
      await plant.end("SIGTERM");
    }
  },
  AMPLE_MS,
);

interface Report {
  readonly findings: readonly { readonly message: string }[];
  readonly outside: readonly { readonly what: string; readonly proven?: string; readonly notChecked?: string; readonly finding?: string }[];
}

test(
  "[E138] a folder and a file of evidence are verified by commands, with what a witness, an authority and a chain stated; with others than those trusted, or without a node, the verdict says so",
  async () => {
    const folder = json<{ findings: readonly unknown[]; transparency: Report }>("verify", pathOf("plant"), "--chain", chain.url);
    expect(folder.findings).toEqual([]);
    const kinds = new Set(folder.transparency.outside.map(({ what, proven }) => `${what} ${proven !== undefined}`));
    expect([...kinds].toSorted()).toEqual(["anchored true", "cosigned true", "stamped true"]);
    const file = pathOf("evidence.json");
    json("evidence", "--data", pathOf("plant"), "--entry", "1", "--out", file);
    const trusted = ["--policy", pathOf("policy"), "--tsa-root", pathOf("root.pem"), "--chain", chain.url];
    const { findings, outside } = json<Report>("verify", file, ...trusted);
    expect([findings, outside.map(({ what, proven }) => `${what} ${proven !== undefined}`).toSorted()]).toEqual([
      [],
      [...kinds].toSorted(),
    ]);
    const text = command("verify", file, ...trusted).stdout;
    expect(text).toMatch(/cosigned by doppelwerk\.witness\/\w+ at 20/);
    expect(text).toMatch(/stamped at 20\S+ by Trial TSA/);
    expect(text).toMatch(/anchored at 20\S+ by 0x\w+ in the contract 0x\w+ on chain 1337/);
    // nobody is trusted
    expect(command("verify", file).stdout).toMatch(
      /not checked: no policy is given.*\n.*not checked: no root.*\n.*not checked: its event is in block \d+, 0x/,
    );
    writeFileSync(pathOf("two"), policy.replace(/group witnesses 1 w1/, `witness w2 ${otherWitness()}\ngroup witnesses 2 w1 w2`));
    const wrong = command("verify", file, "--policy", pathOf("two"), "--tsa-root", tlsAuthority());
    expect([wrong.status, wrong.stdout]).toEqual([1, expect.stringMatching(/fewer witnesses cosigned[^]*does not lead to a trusted root/)]);
    writeFileSync(pathOf("none"), "quorom all\n");
    const noPolicy = command("verify", file, "--policy", pathOf("none"));
    expect([noPolicy.status, noPolicy.stderr]).toEqual([1, expect.stringMatching(/line 1 of the policy is not understood/)]);
    // the key that pays is in no file that can be read without the server's user, and in no answer
    expect(command("witness", "show", "--data", pathOf("plant")).stdout).not.toContain(chain.keys[0]!.slice(2));
  },
  AMPLE_MS,
);

function otherWitness(): string {
  return json<{ key: string }>("witness", "key", "--data", pathOf("another")).key;
}

function tlsAuthority(): string {
  return join(pathOf("witness"), "tls", "authority.pem");
}
