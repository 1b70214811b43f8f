import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { everyEnvironment, goodRequest, putBack } from "../packages/aas-server/src/api/every-request.fixture.ts";
import type { Answer } from "../packages/aas-server/src/api/test-server.fixture.ts";
import { startOwnServer } from "./own-server.ts";
import { operationsOf, type Operation } from "./aas-conformance/openapi.ts";
import { placeOf, probesOf, type Call, type Probe } from "./aas-conformance/probes.ts";
import { tableOf, type Asked } from "./aas-conformance/table.ts";

// `node scripts/aas-conformance.ts DIR [--write] [--url BASE] [--verbose]`: every operation of the OpenAPI of IDTA-01002 is asked well, with every
// modifier, and wrongly in every part; each answer is held to the statuses, headers and JSON schemas of the text. DIR is a copy of
// admin-shell-io/aas-specs-api at v3.1.2; without it, it says why it is skipped. --write makes docs/guide/aas-operations.md of what was
// answered. --url asks another server instead of one of ours. Exit 1 when nothing in the decision table (docs/guide/aas-api.md) explains a deviation.

/** What is not as the text says, and why. `row` is the matter of a row of the decision table. */
const DECIDED: readonly { readonly operation: RegExp; readonly deviation: RegExp; readonly row: string }[] = [
  {
    operation: /\/(attachment|thumbnail)$/,
    deviation: /200 is \S+, not application\/octet-stream/,
    row: "type of an attachment or thumbnail",
  },
  {
    operation: /^PUT .*\/submodels\/\{submodelIdentifier\}$/,
    deviation: /the text has no status 201/,
    row: "PUT of a submodel through a shell that does not refer to it",
  },
  { operation: /GET \/bulk\/status/, deviation: /the text has no status 400/, row: "malformed handle of a bulk request" },
  {
    operation: /(submodel-elements|\/submodels)\/\$value$/,
    deviation: /data\/result must be object/,
    row: "paged `$value` of elements and submodels",
  },
];

const [directory, ...flags] = process.argv.slice(2);
if (directory === undefined || !existsSync(join(directory, "Part2-API-Schemas", "openapi.yaml"))) {
  console.log("skipped: no folder given (first argument) that holds admin-shell-io/aas-specs-api at v3.1.2");
  process.exit(0);
}
const isVerbose = flags.includes("--verbose");
const url = flags.includes("--url") ? flags[flags.indexOf("--url") + 1] : undefined;
const data = mkdtempSync(join(tmpdir(), "doppelwerk-aas-conformance-"));
const server = url === undefined ? await startOwnServer(data) : { api: url, stop: () => {} };
let undecided = 0;
try {
  const rows = readFileSync(new URL("../docs/guide/aas-api.md", import.meta.url), "utf8");
  for (const { row } of DECIDED) if (!rows.includes(`| ${row} |`)) throw new Error(`the decision table has no row: ${row}`);
  const asked = await askAll(server.api, operationsOf(directory, "Entire-API-Collection/V3.1.yaml"));
  const requests = asked.reduce((sum, each) => sum + each.requests, 0);
  console.log(
    `${asked.length} operations, ${requests} requests, ${undecided} answers deviate from the text without a row in the decision table`,
  );
  if (flags.includes("--write")) {
    const file = fileURLToPath(new URL("../docs/guide/aas-operations.md", import.meta.url));
    writeFileSync(file, tableOf(asked));
  }
} finally {
  server.stop();
  rmSync(data, { recursive: true, force: true });
}
process.exit(undecided === 0 ? 0 : 1);

async function askAll(api: string, operations: readonly Operation[]): Promise<readonly Asked[]> {
  const call = callerOf(api);
  for (const [path, documents] of [
    ["/submodels", everyEnvironment.submodels],
    ["/shells", everyEnvironment.assetAdministrationShells],
    ["/concept-descriptions", everyEnvironment.conceptDescriptions],
  ] as const)
    for (const document of documents!) await call("POST", path, document);
  await putBack(call);
  const asked: Asked[] = [];
  for (const operation of operations) {
    const [statuses, whats, told] = [new Set<number>(), new Set<string>(), new Map<string, number>()];
    let requests = 0;
    const answerTo = async (probe: Probe) => {
      requests++;
      const method = probe.method ?? operation.method;
      const ask = () => call(method, probe.url, probe.body, probe.headers as Record<string, string>);
      const first = await ask();
      const answer = probe.twice ? await ask() : first;
      if (operation.method === "GET") return answer;
      // What was made goes, what was changed is put back.
      const place = first.headers.get("location")?.replace(/^.*\/api\/v3(?=\/)/, "") ?? probe.url;
      if (first.status === 201) await call("DELETE", place);
      await putBack(call);
      return answer;
    };
    const judge = (probe: Probe, answer: Answer) => {
      statuses.add(answer.status);
      if (probe.what !== "") whats.add(probe.what);
      for (const deviation of deviationsOf(operation, probe, answer)) {
        const decided = DECIDED.find(
          (each) => each.operation.test(`${operation.method} ${operation.path}`) && each.deviation.test(`${probe.what}: ${deviation}`),
        );
        const line = decided === undefined ? `NOT DECIDED ${probe.what || "asked well"}: ${deviation}` : `decided: ${decided.row}`;
        if (decided === undefined) undecided++;
        told.set(line, (told.get(line) ?? 0) + 1);
      }
    };
    for (const probe of await probesOf(operation, call)) judge(probe, await answerTo(await fresh(operation, probe, call)));
    if (operation.query.includes("cursor")) await pages(operation, call, judge);
    for (const [line, count] of told)
      if (isVerbose || line.startsWith("NOT"))
        console.log(`${operation.method} ${operation.path}: ${line}${count > 1 ? ` (${count})` : ""}`);
    asked.push({
      operation,
      statuses: [...statuses].sort(),
      whats: [...whats],
      requests,
      decided: [...told.keys()].filter((line) => line.startsWith("decided: ")).map((line) => line.slice(9)),
    });
  }
  return asked;
}

/** Results of asynchronous work may be asked for once: each request about one gets a handle of its own. */
async function fresh(operation: Operation, probe: Probe, call: Call): Promise<Probe> {
  if (!/operation-results|bulk\/result/.test(operation.path) || !probe.right.includes(200)) return probe;
  const { url: place } = await goodRequest(call, operation.method, placeOf(operation.path));
  const suffix = /(\/|\?.*)$/.exec(probe.url)?.[0] ?? "";
  return { ...probe, url: place + suffix };
}

/** A list in pages of one is the list in one page: nothing twice, nothing missing, and an end without a cursor. */
async function pages(operation: Operation, call: Call, judge: (probe: Probe, answer: Answer) => void): Promise<void> {
  const { url: place, body } = await goodRequest(call, operation.method, placeOf(operation.path));
  const whole = await call(operation.method, `${place}?limit=1000`, body);
  const found: unknown[] = [];
  let cursor: string | undefined;
  do {
    const next = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await call(operation.method, `${place}?limit=1${next}`, body);
    judge({ what: "page after page", url: place, right: [200] }, page);
    found.push(...((page.json?.result as unknown[]) ?? []));
    cursor = page.json?.paging_metadata?.cursor;
  } while (cursor !== undefined && found.length < 1_000);
  if (JSON.stringify(found) !== JSON.stringify(whole.json?.result))
    judge({ what: "pages differ from the whole list", url: place, right: [] }, whole);
}

function deviationsOf(operation: Operation, probe: Probe, answer: Answer): readonly string[] {
  const { status } = answer;
  const found: string[] = [];
  if (!probe.right.includes(status))
    found.push(`${status}, expected ${probe.right.join(" or ")}: ${probe.url} ${answer.text.slice(0, 200)}`);
  const text = operation.answers.get(status) ?? (status >= 400 ? operation.otherwise : undefined);
  if (text === undefined) return [...found, `the text has no status ${status}`];
  for (const header of text.headers) if (!answer.headers.has(header)) found.push(`${status} without the header ${header}`);
  if (probe.method === "HEAD") return found;
  if (status === 204 || text.content.size === 0)
    return answer.text === "" || status === 201 ? found : [...found, `${status} has a body: ${answer.text.slice(0, 100)}`];
  const type = (answer.headers.get("content-type") ?? "").split(";")[0]!;
  const judge = text.content.get(type);
  if (judge === undefined) return [...found, `${status} is ${type || "without a type"}, not ${[...text.content.keys()].join(" or ")}`];
  if (type !== "application/json") return found;
  const wrong = judge(answer.json);
  return wrong === "" ? found : [...found, `${status} does not fit its schema: ${wrong.slice(0, 300)} ${answer.text.slice(0, 300)}`];
}

function callerOf(api: string): Call {
  return async (method, path, body, headers = {}) => {
    const isForm = body instanceof FormData;
    const text = typeof body === "string" || isForm ? body : body === undefined ? undefined : JSON.stringify(body);
    const response = await fetch(api + path, {
      method,
      redirect: "manual",
      ...(text !== undefined && { body: text }),
      headers: { ...(text !== undefined && !isForm && { "content-type": "application/json" }), ...headers },
    });
    const answer = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(answer);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers, text: answer, json };
  };
}
