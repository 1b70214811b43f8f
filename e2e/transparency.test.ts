import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { serverEnvironment, serverFlags } from "../scripts/server-process.mjs";

const main = join(fileURLToPath(new URL("..", import.meta.url)), "apps/doppelwerk/src/main.ts");
const root = mkdtempSync(join(tmpdir(), "doppelwerk-transparency-"));
const data = join(root, "data");
const API = "/api/doppelwerk/v1";
const PASSWORD = "seven green pumps";
const AMPLE_MS = 240_000;

let child: ChildProcess | undefined;
let port = 0;

const command = (...words: readonly string[]) =>
  spawnSync(process.execPath, [...serverFlags, main, ...words], {
    env: serverEnvironment(process.env) as NodeJS.ProcessEnv,
    encoding: "utf8",
  });

async function serve(): Promise<void> {
  const words = [...serverFlags, main, "serve", "--data", data, "--port", "0", "--host", "0.0.0.0", "--json", "--no-open"];
  child = spawn(process.execPath, words, {
    env: serverEnvironment(process.env) as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    if (!line.startsWith("{")) continue;
    port = Number(new URL((JSON.parse(line) as { url: string }).url).port);
    return;
  }
  throw new Error("the server did not start");
}

function end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  const ended = new Promise<void>((resolve) => child!.once("exit", () => resolve()));
  child!.kill(signal);
  return ended;
}

interface Answer {
  readonly status: number;
  readonly cookie: string;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

function ask(method: string, path: string, { cookie, body }: { readonly cookie?: string; readonly body?: unknown } = {}): Promise<Answer> {
  const options = {
    method,
    path,
    host: "127.0.0.1",
    port,
    ca: readFileSync(join(data, "tls", "authority.pem")),
    servername: "localhost",
    agent: false as const,
    headers: { ...(cookie !== undefined && { cookie }), ...(body !== undefined && { "content-type": "application/json" }) },
  };
  return new Promise((resolve, reject) => {
    const asked = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const set = String((response.headers["set-cookie"] ?? [""])[0]).split(";")[0]!;
        resolve({ status: response.statusCode!, cookie: set, text, body: text.startsWith("{") ? JSON.parse(text) : {} });
      });
    });
    asked.on("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

interface Shown {
  readonly index: number;
  readonly what: string;
  readonly operation?: string;
  readonly status?: number;
  readonly revision?: number;
  readonly count?: number;
  readonly who?: { readonly name: string };
  readonly whom?: { readonly name: string };
  readonly erased: boolean;
}

async function entries(cookie: string): Promise<readonly Shown[]> {
  const all: Shown[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; before > 0; before = all[0]!.index) {
    const { body } = await ask("GET", `${API}/transparency/entries?limit=500&before=${before}`, { cookie });
    all.unshift(...(body as unknown as { entries: readonly Shown[] }).entries.toReversed());
  }
  return all;
}

const submodel = (id: string) => ({ id, idShort: "Trial", modelType: "Submodel" });

afterAll(async () => {
  if (child?.exitCode === null && child.signalCode === null) await end("SIGKILL");
  rmSync(root, { recursive: true, force: true });
});

test(
  "[E67] log-ins and log-outs, refused ones, accounts, commits and what an administrator does are in the log, with who; an account that is removed is in none any more",
  async () => {
    const made = command("accounts", "create", "Mara", "--name", "Mara Lindqvist", "--role", "administrator", "--data", data, "--json");
    const token = (JSON.parse(made.stdout) as { path: string }).path.replace("/join#", "");
    await serve();
    const { cookie: mara } = await ask("POST", `${API}/session/join`, { body: { token, password: PASSWORD } });
    const invited = await ask("POST", `${API}/accounts`, { cookie: mara, body: { login: "otto", name: "Otto Berg", roles: ["engineer"] } });
    const { account, token: second } = invited.body as unknown as { account: { id: string }; token: string };
    await ask("POST", `${API}/session/join`, { body: { token: second, password: PASSWORD } });
    for (let n = 0; n < 3; n++)
      expect((await ask("POST", `${API}/session`, { body: { login: "otto", password: "another password" } })).status).toBe(401);
    const { cookie: otto } = await ask("POST", `${API}/session`, { body: { login: "otto", password: PASSWORD } });
    expect((await ask("POST", "/api/v3/submodels", { cookie: otto, body: submodel("urn:one") })).status).toBe(201);
    expect((await ask("PUT", `${API}/features/notes`, { cookie: otto, body: { on: false } })).status).toBe(403);
    expect((await ask("PUT", `${API}/features/notes`, { cookie: mara, body: { on: true } })).status).toBe(200);
    expect((await ask("DELETE", `${API}/session`, { cookie: otto })).status).toBe(204);
    expect((await ask("PATCH", `${API}/accounts/${account.id}`, { cookie: mara, body: { disabled: true } })).status).toBe(200);
    await expect.poll(async () => (await entries(mara)).some(({ what }) => what === "commit"), { timeout: 60_000 }).toBe(true);
    const before = await entries(mara);
    const done = before.map(({ what, operation, who, whom }) => [what, operation, who?.name, whom?.name]);
    for (const expected of [
      ["request", "kernel.join", "Mara Lindqvist", undefined],
      ["request", "kernel.createAccount", "Mara Lindqvist", undefined],
      ["request", "kernel.join", "Otto Berg", undefined],
      ["refused", "kernel.logIn", "Otto Berg", undefined],
      ["request", "kernel.logIn", "Otto Berg", undefined],
      ["commit", undefined, "Otto Berg", undefined],
      ["refused", "kernel.switchFeature", "Otto Berg", undefined],
      ["request", "kernel.switchFeature", "Mara Lindqvist", undefined],
      ["request", "kernel.logOut", "Otto Berg", undefined],
      ["request", "kernel.changeAccount", "Mara Lindqvist", "Otto Berg"],
    ])
      expect(done).toContainEqual(expected);
    // three attempts in a row are one entry, and one more for the others within a minute
    expect(before.filter(({ what, operation }) => what === "refused" && operation === "kernel.logIn")).toHaveLength(1);
    expect((await ask("DELETE", `${API}/accounts/${account.id}`, { cookie: mara })).status).toBe(204);
    const after = await entries(mara);
    expect(after.filter(({ who, whom }) => who?.name === "Otto Berg" || whom?.name === "Otto Berg")).toEqual([]);
    expect(after.slice(0, before.length).filter(({ erased }) => erased).length).toBe(
      before.filter(({ who, whom }) => who?.name === "Otto Berg" || whom?.name === "Otto Berg").length,
    );
    expect(after.at(-1)).toMatchObject({ operation: "kernel.removeAccount", who: { name: "Mara Lindqvist" } });
    for (const name of readdirSync(join(data, "transparency"), { recursive: true, encoding: "utf8" })) {
      const path = join(data, "transparency", name);
      if (statSync(path).isFile()) expect(readFileSync(path, "latin1"), name).not.toMatch(/otto|mara|berg|lindqvist/i);
    }
    for (const path of ["", "/entries", "/checkpoint", "/tile/0/000.p/1"])
      expect((await ask("GET", `${API}/transparency${path}`)).status).toBe(401);
    expect(statSync(join(data, "transparency", "key.json")).mode & 0o777).toBe(0o600);
    await end("SIGTERM");
    const verified = JSON.parse(command("verify", data, "--json").stdout) as {
      findings: unknown[];
      transparency: { entries: number; signed: number };
    };
    expect([verified.findings, verified.transparency.entries]).toEqual([[], verified.transparency.signed]);
  },
  AMPLE_MS,
);

test(
  "[E67] whatever was answered is in the log after kill -9, each commit has its entry after the next start, and evidence is verified elsewhere",
  async () => {
    const answered: string[] = [];
    const revisions: number[] = [];
    for (let life = 0; life < 3; life++) {
      await serve();
      const { cookie, status } = await ask("POST", `${API}/session`, { body: { login: "mara", password: PASSWORD } });
      expect(status).toBe(200);
      let isOver = false;
      const work = async (worker: number): Promise<void> => {
        for (let n = 0; !isOver; n++) {
          const name = `w${life}-${worker}-${n}`;
          try {
            if (n % 4 === 3) {
              if ((await ask("POST", `${API}/worlds`, { cookie, body: { name } })).status === 201) answered.push(name);
            } else if ((await ask("POST", "/api/v3/submodels", { cookie, body: submodel(`urn:${name}`) })).status === 201)
              revisions.push(n);
          } catch {
            // killed while it was asked
            return;
          }
        }
      };
      const working = [0, 1, 2].map(work);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      const killed = end("SIGKILL");
      isOver = true;
      await Promise.all([...working, killed]);
    }
    expect(answered.length).toBeGreaterThan(10);
    const torn = JSON.parse(command("verify", data, "--json").stdout) as { findings: unknown[] };
    expect(torn.findings).toEqual([]);
    await serve();
    const { cookie } = await ask("POST", `${API}/session`, { body: { login: "mara", password: PASSWORD } });
    const { revision } = (await ask("GET", `${API}/world`, { cookie })).body as { revision: number };
    await expect
      .poll(async () => (await entries(cookie)).filter(({ what }) => what === "commit").length, { timeout: 60_000 })
      .toBe(revision);
    const all = await entries(cookie);
    expect(all.filter(({ what }) => what === "commit").map(({ revision: of }) => of)).toEqual(
      Array.from({ length: revision }, (_, n) => n + 1),
    );
    expect(revision).toBeGreaterThanOrEqual(revisions.length);
    expect(all.filter(({ operation }) => operation === "kernel.createWorld").length).toBeGreaterThanOrEqual(answered.length);
    await end("SIGTERM");
    const verified = command("verify", data);
    expect([verified.status, verified.stdout]).toEqual([0, expect.stringMatching(/transparency log: \d+ entries, .*\n(?:.*\n)*good: /)]);
    const key = /key (\S+)\n/.exec(verified.stdout)![1]!;
    const pack = join(root, "evidence.json");
    expect(command("evidence", "--data", data, "--entry", "3", "--out", pack).stdout).toMatch(/^1 entries with their proofs/);
    expect(command("evidence", "--data", data, "--entry", "3", "--out", pack).status).toBe(1);
    const elsewhere = command("verify", pack, "--key", key);
    expect([elsewhere.status, elsewhere.stdout]).toEqual([0, expect.stringContaining("the key that was given")]);
    expect(command("evidence", "--data", data, "--out", join(root, "none.json")).status).toBe(1);
  },
  AMPLE_MS,
);

test(
  "[E68] a flipped bit in any file of the log or of evidence is found by the command and named",
  async () => {
    const folder = join(data, "transparency", "log");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(folder, name)).isFile());
    expect(files.length).toBeGreaterThan(1);
    for (const name of files.filter((each) => !each.endsWith(".torn")).slice(0, 4)) {
      const copy = join(root, "flipped");
      cpSync(data, copy, { recursive: true });
      const path = join(copy, "transparency", "log", name);
      const bytes = readFileSync(path);
      bytes[Math.floor(bytes.length / 2)]! ^= 4;
      writeFileSync(path, bytes);
      const { status, stdout } = command("verify", copy);
      expect([name, status], stdout).toEqual([name, 1]);
      expect(stdout).toMatch(/transparency in transparency\/log/);
      rmSync(copy, { recursive: true });
    }
    const pack = join(root, "evidence.json");
    const bytes = readFileSync(pack);
    const at = bytes.indexOf('"entry":"') + 20;
    bytes[at]! ^= 1;
    writeFileSync(pack, bytes);
    const { status, stdout } = command("verify", pack);
    expect([status, stdout]).toEqual([1, expect.stringContaining("entry 3: ")]);
  },
  AMPLE_MS,
);
