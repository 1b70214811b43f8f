import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../e2e/running-site.ts";
import { ask, cookieOf, invitationOf, serveAt, type ReachedServer } from "../e2e/reached-server.ts";
import { reportMedian, type Report } from "./report.ts";

const SHELLS = 50;
const SIGNALS_EACH = 40;
const VALUES_A_POST = 500;
const POSTS_A_SECOND = 20;
const VIEWERS = 10;
const WINDOW_S = Number(process.env["BENCH_SECONDS"] ?? 8);
const RUNS = Number(process.env["BENCH_RUNS"] ?? 7);
const RULES = 1_000;
const API = "/api/doppelwerk/v1";
const PASSWORD = "seven green pumps";

/**
 * 10,000 values a second pushed into a server with ten viewers of all 2,000 signals: one at this machine's own address, one with accounts over TLS 1.3, one
 * with 1,000 access rules beside them, in turn in each run. Processor time of the whole server a second. Bars: TLS with accounts at most 15 % more than
 * without, rules at most 10 % more than without rules.
 */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-guarded-"));
  const fed = await Promise.all(["plain", "tls", "rules"].map((name) => Fed.start(join(root, name), name)));
  const [plain, tls, ruled] = fed as [Fed, Fed, Fed];
  const cores: Readonly<Record<string, number[]>> = { plain: [], tls: [], rules: [] };
  try {
    for (let run = 0; run <= RUNS; run++)
      for (const one of run % 2 === 0 ? fed : fed.toReversed()) {
        const used = await one.window();
        // the first warms up
        if (run > 0) cores[one.name]!.push(used);
      }
    const ratios = (of: Fed, to: Fed): readonly number[] => cores[of.name]!.map((used, run) => used / cores[to.name]![run]!);
    reportMedian(report, "guarded-live", "10,000 values/s, ten viewers: own address", "cores", cores["plain"]!);
    reportMedian(report, "guarded-live", "with accounts over TLS 1.3", "cores", cores["tls"]!);
    reportMedian(report, "guarded-live", "with 1,000 access rules beside", "cores", cores["rules"]!);
    reportMedian(report, "guarded-live", "TLS and accounts ÷ neither", "×", ratios(tls, plain));
    reportMedian(report, "guarded-live", "with rules ÷ without", "×", ratios(ruled, tls));
  } finally {
    for (const one of fed) await one.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

/** A server with a push connection and viewers. */
export class Fed {
  readonly name: string;
  readonly #server: ReachedServer;
  readonly #cookie: string;
  readonly #agent: Agent | PlainAgent;
  readonly #viewers: ChildProcess;
  #token = "token-of-the-bench";

  constructor(name: string, server: ReachedServer, cookie: string, agent: Agent | PlainAgent, viewers: ChildProcess) {
    [this.name, this.#server, this.#cookie, this.#agent, this.#viewers] = [name, server, cookie, agent, viewers];
  }

  /** At this machine's own address; `words` are more of the command of the server. */
  static async plain(data: string, words: readonly string[] = []): Promise<Fed> {
    const server = await serveAt("127.0.0.1", data, ...words);
    const fed = new Fed("plain", server, "", new PlainAgent({ keepAlive: true }), await viewersOf(server, "", ""));
    await fed.#furnish(false);
    return fed;
  }

  static async start(data: string, name: string): Promise<Fed> {
    if (name === "plain") return Fed.plain(data);
    const invited = ["administrator", "viewer"].map((role) => invitationOf(data, role, role));
    const server = await serveAt("0.0.0.0", data);
    const join_ = async (token: string): Promise<string> =>
      cookieOf(await ask(server, "POST", `${API}/session/join`, { body: { token, password: PASSWORD } }));
    const [administrator, viewer] = [await join_(invited[0]!), await join_(invited[1]!)];
    const authority = join(data, "tls", "authority.pem");
    const agent = new Agent({ keepAlive: true, ca: readFileSync(authority), servername: "localhost" });
    const fed = new Fed(name, server, administrator, agent, await viewersOf(server, authority, viewer));
    await fed.#furnish(name === "rules");
    return fed;
  }

  /** Cores that the server used in a window, and that every viewer got every value of it. */
  async window(): Promise<number> {
    await this.#received();
    const before = await this.#cpuS();
    const begun = performance.now();
    for (let post = 0; post < WINDOW_S * POSTS_A_SECOND; post++) {
      const due = begun + (post * 1_000) / POSTS_A_SECOND;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      await this.#push(post);
    }
    const used = (await this.#cpuS()) - before;
    const seconds = (performance.now() - begun) / 1_000;
    await new Promise((resolve) => setTimeout(resolve, 500));
    const [got, sent] = [await this.#received(), WINDOW_S * POSTS_A_SECOND * VALUES_A_POST * VIEWERS];
    if (got < sent) throw new Error(`${this.name}: ${got} of ${sent} values came`);
    return used / seconds;
  }

  async stop(): Promise<void> {
    this.#viewers.kill();
    this.#agent.destroy();
    await this.#server.stop();
  }

  async #push(post: number): Promise<void> {
    const first = (post * VALUES_A_POST) % (SHELLS * SIGNALS_EACH);
    const values = Array.from({ length: VALUES_A_POST }, (_, n) => ({ address: `v${first + n}`, value: post + n / 1_000 }));
    await this.#send("POST", `${API}/connections/connection:bench/samples`, JSON.stringify({ values }));
  }

  async #cpuS(): Promise<number> {
    const text = await this.#send("GET", "/metrics");
    return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)![1]);
  }

  async #received(): Promise<number> {
    this.#viewers.send("count");
    const [count] = (await once(this.#viewers, "message")) as [number];
    return count;
  }

  async #furnish(withRules: boolean): Promise<void> {
    const shells = Array.from({ length: SHELLS }, (_, n) => ({
      modelType: "AssetAdministrationShell",
      id: `urn:shell:${n}`,
      idShort: `Shell${n}`,
      assetInformation: { assetKind: "Instance", globalAssetId: `urn:asset:${n}` },
    }));
    await this.#send("POST", `${API}/import?name=shells.json`, JSON.stringify({ assetAdministrationShells: shells }), "octet-stream");
    const records: object[] = [
      { id: "connection:bench", kind: "connection", name: "Bench", protocol: "push", url: "push:bench", secret: "bench" },
    ];
    for (let n = 0; n < SHELLS * SIGNALS_EACH; n++)
      records.push({
        id: `signal:v${n}`,
        kind: "signal",
        name: `v${n}`,
        valueType: "double",
        connection: "connection:bench",
        address: `v${n}`,
        shell: `urn:shell:${Math.floor(n / SIGNALS_EACH)}`,
      });
    if (withRules) records.push({ id: "accessRules:bench", kind: "accessRules", name: "bench", text: rules(), enabled: true });
    const changes = records.map((record) => ({ op: "create", record }));
    await this.#send("POST", `${API}/branches/live/changes`, JSON.stringify({ reason: "bench", changes }));
    // where nobody is known the sender has the token of the connection, else he is a machine
    if (this.name === "plain") await this.#send("PUT", `${API}/secrets/bench`, JSON.stringify({ token: this.#token }));
    else {
      const { id } = JSON.parse(await this.#send("POST", `${API}/machines`, JSON.stringify({ name: "Bench", roles: ["operator"] })));
      const given = await this.#send("POST", `${API}/machines/${id}/token`, JSON.stringify({ days: 1 }));
      this.#token = (JSON.parse(given) as { readonly token: string }).token;
    }
    // what a document describes is connected by a person
    await this.#send("PATCH", `${API}/connections/connection:bench`, JSON.stringify({ enabled: true }));
    await eventually(async () => {
      const list = JSON.parse(await this.#send("GET", `${API}/connections`)) as readonly { readonly id: string; readonly state: string }[];
      return list.some(({ id, state }) => id === "connection:bench" && state === "connected");
    }, "the connection");
  }

  #send(method: string, path: string, body?: string, type = "json"): Promise<string> {
    const send = this.name === "plain" ? plainRequest : request;
    const credentials = path.endsWith("/samples")
      ? { authorization: `Bearer ${this.#token}` }
      : this.#cookie === ""
        ? {}
        : { cookie: this.#cookie };
    const headers = { ...credentials, ...(body !== undefined && { "content-type": `application/${type}` }) };
    const options = { method, path, headers, host: "127.0.0.1", port: this.#server.port, agent: this.#agent };
    return new Promise((resolve, reject) => {
      send(options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          if (response.statusCode! < 300) resolve(text);
          else reject(new Error(`${this.name}: ${method} ${path}: ${response.statusCode} ${text.slice(0, 500)}`));
        });
        response.on("error", reject);
      })
        .on("error", reject)
        .end(body);
    });
  }
}

async function viewersOf(server: ReachedServer, authority: string, cookie: string): Promise<ChildProcess> {
  const url = `${authority === "" ? "ws" : "wss"}://127.0.0.1:${server.port}/ws`;
  const child = fork(new URL("plants/guarded-viewers.ts", import.meta.url), [url, String(VIEWERS), authority, cookie]);
  const [message] = (await once(child, "message")) as [unknown];
  if (message !== "ready") throw new Error(`the viewers say ${String(message)}`);
  return child;
}

/** Of many partners, each for a role and a shell of its own; at last what a viewer may see. */
function rules(): string {
  const rule = (claim: string, rights: string, id: string): string =>
    `ACCESSRULE:\n  ATTRIBUTES:\n    CLAIM("role")\n  RIGHTS: ${rights}\n  ACCESS: ALLOW\n  OBJECTS:\n    IDENTIFIABLE "(AssetAdministrationShell)${id}"\n  FORMULA:\n    CLAIM("role") $eq "${claim}"\n`;
  const others = Array.from({ length: RULES - 1 }, (_, n) => rule(n % 10 === 0 ? "viewer" : `role-${n % 20}`, "READ", `urn:partner:${n}`));
  const administers = rule("administrator", "ALL", "*");
  return [...others, rule("viewer", "READ", "*"), administers].join("\n");
}
