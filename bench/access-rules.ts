import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, cookieOf, invitationOf, serveReached, type ReachedServer } from "../e2e/reached-server.ts";
import { quantile, reportMedian, type Report } from "./report.ts";

const SHELLS = 100_000;
const FILE = 20_000;
const RULES = 1_000;
/** Of nine tenths hidden there are 100. */
const PAGES = 98;
const RUNS = 5;
const RULED = ["all", "half", "tenth"] as const;
const WHAT = { all: "show all", half: "hide every second", tenth: "hide nine of ten" } as const;
const API = "/api/doppelwerk/v1";
const PASSWORD = "seven green pumps";

/**
 * Pages of 100 of 100,000 shells over HTTPS, for a viewer by roles alone and under 1,000 access rules of AAS Part 4 that show him all, one after the
 * other in each run; bar: at most 1.3 times as long. Beside it under rules that hide every second shell, and nine of ten.
 */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-access-rules-"));
  const data = join(root, "data");
  const invited = ["administrator", "viewer"].map((role) => invitationOf(data, role, role));
  const server = await serveReached(data);
  try {
    const [administrator, viewer] = await Promise.all(
      invited.map(async (token) => cookieOf(await ask(server, "POST", `${API}/session/join`, { body: { token, password: PASSWORD } }))),
    );
    const wire = new Wire(server);
    for (let first = 0; first < SHELLS; first += FILE) {
      const environment = { assetAdministrationShells: Array.from({ length: FILE }, (_, n) => shell(first + n)) };
      const imported = await wire.send(
        "POST",
        `${API}/import?name=shells-${first}.json`,
        administrator!,
        JSON.stringify(environment),
        "octet-stream",
      );
      if (imported.status !== 200) throw new Error(imported.text.slice(0, 500));
    }
    const write = async (changes: readonly object[]): Promise<void> => {
      const { status, text } = await wire.send(
        "POST",
        `${API}/branches/live/changes`,
        administrator!,
        JSON.stringify({ reason: "bench", changes }),
        "json",
      );
      if (status !== 200) throw new Error(text.slice(0, 500));
    };
    await write(
      RULED.map((name) => ({
        op: "create",
        record: { id: `accessRules:${name}`, kind: "accessRules", name, text: rules(name), enabled: false },
      })),
    );
    const times = { roles: [] as number[], all: [] as number[], half: [] as number[], tenth: [] as number[] };
    for (let run = 0; run <= RUNS; run++)
      for (const which of ["roles", ...RULED] as const) {
        const id = `accessRules:${which}`;
        const turned = (to: boolean) => [{ op: "update", id, fields: { enabled: { from: !to, to } } }];
        if (which !== "roles") await write(turned(true));
        const p50 = await pages(wire, viewer!);
        if (which !== "roles") await write(turned(false));
        // the first warms up
        if (run > 0) times[which].push(p50);
      }
    reportMedian(report, "access-rules", "page of 100 of 100,000 shells, by roles alone", "ms", times.roles);
    for (const which of RULED) {
      reportMedian(report, "access-rules", `the same under 1,000 rules that ${WHAT[which]}`, "ms", times[which]);
      const ratios = times[which].map((time, run) => time / times.roles[run]!);
      reportMedian(report, "access-rules", `with rules that ${WHAT[which]}, times as long`, "×", ratios);
    }
    wire.close();
  } finally {
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

/** Median of a page after another. */
async function pages(wire: Wire, cookie: string): Promise<number> {
  const times: number[] = [];
  let cursor = "";
  for (let page = 0; page < PAGES; page++) {
    const begun = performance.now();
    const { text } = await wire.send("GET", `/api/v3/shells?limit=100${cursor}`, cookie);
    times.push(performance.now() - begun);
    const { result, paging_metadata: paging } = JSON.parse(text) as { result: readonly unknown[]; paging_metadata: { cursor?: string } };
    if (result.length !== 100 || paging.cursor === undefined) throw new Error("a page is not full");
    cursor = `&cursor=${encodeURIComponent(paging.cursor)}`;
  }
  return quantile(
    times.toSorted((a, b) => a - b),
    0.5,
  );
}

/** One connection that stays open, as a client has it. */
class Wire {
  readonly #server: ReachedServer;
  readonly #agent: Agent;

  constructor(server: ReachedServer) {
    this.#server = server;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1, ca: readFileSync(join(server.data, "tls", "authority.pem")) });
  }

  send(
    method: string,
    path: string,
    cookie: string,
    body?: string,
    type = "json",
  ): Promise<{ readonly status: number; readonly text: string }> {
    const headers = { cookie, ...(body !== undefined && { "content-type": `application/${type}` }) };
    return new Promise((resolve, reject) => {
      const options = { method, path, headers, host: "127.0.0.1", port: this.#server.port, servername: "localhost", agent: this.#agent };
      request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve({ status: response.statusCode!, text: Buffer.concat(chunks).toString("utf8") }));
        response.on("error", reject);
      })
        .on("error", reject)
        .end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function shell(n: number): object {
  return {
    modelType: "AssetAdministrationShell",
    id: `urn:${n % 2 === 0 ? "own" : "other"}:shell:${n}`,
    idShort: `Shell${n}`,
    assetInformation: { assetKind: "Instance", globalAssetId: `urn:asset:${n}` },
    submodels: [1, 2].map((m) => ({ type: "ModelReference", keys: [{ type: "Submodel", value: `urn:sm:${n}:${m}` }] })),
  };
}

/** As a plant with many partners has them: by id, by name, by meaning, by route, each for a role of its own; and at last what the viewer may see. */
function rules(which: (typeof RULED)[number]): string {
  const others = Array.from({ length: RULES - 1 }, (_, n) => {
    const claim = `CLAIM("role") $eq "${n % 10 === 0 ? "viewer" : `role-${n % 20}`}"`;
    return [
      `IDENTIFIABLE "(AssetAdministrationShell)urn:own:shell:${n}" FORMULA: ${claim}`,
      `IDENTIFIABLE "(AssetAdministrationShell)*" FORMULA: $and(${claim}, $aas#idShort $eq "Other${n}")`,
      `IDENTIFIABLE "(Submodel)*" FORMULA: $and(${claim}, $sm#semanticId $eq "sem:${n}")`,
      `ROUTE "/shells/${n}/*" FORMULA: ${claim}`,
    ][n % 4]!;
  });
  const viewer = 'CLAIM("role") $eq "viewer"';
  const condition = { all: "true", half: '$starts-with($aas#id, "urn:own:")', tenth: '$ends-with($aas#id, "7")' }[which];
  const shown = `IDENTIFIABLE "(AssetAdministrationShell)*" FORMULA: $and(${viewer}, ${condition})`;
  return [...others, shown].map((rest) => `ACCESSRULE: ATTRIBUTES: CLAIM("role") RIGHTS: READ ACCESS: ALLOW OBJECTS: ${rest}`).join("\n");
}
