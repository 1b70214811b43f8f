import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startOwnServer } from "./own-server.ts";

// `node scripts/basyx-go-suites.ts DIR [--verbose]`: the request/answer suites of Eclipse BaSyx Go (eclipse-basyx/basyx-go-components, MIT) against a
// server of ours each, with `--lenient`, as its documents break constraints. DIR is a copy of that repository; without it, it says why it is skipped.
// Exit 1 when an answer differs and nothing below explains it.

const SUITES = [
  "submodelrepository/integration_tests/it_config.json",
  "submodelrepository/query_integration_tests/it_config_query.json",
  "aasrepository/integration_tests/it_config.json",
  "conceptdescriptionrepository/integration_tests/it_config.json",
  "aasregistry/integration_tests/it_config.json",
  "aasregistry/query_integration_tests/it_config.json",
  "smregistry/integration_tests/it_config.json",
  "discoveryservice/integration_tests/it_config.json",
  "aasenvironment/integration_tests/registry_sync_it_config.json",
];

interface Step {
  readonly context?: string;
  readonly method?: string;
  readonly endpoint?: string;
  readonly data?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly expectedStatus?: number;
  readonly shouldMatch?: string;
  readonly action?: string;
}

/** What is otherwise here, and why; lines are `suite step context: METHOD path: difference`. */
const EXPLAINED: readonly { readonly step: RegExp; readonly why: string }[] = [
  { step: /(GET|PATCH) \/health:/, why: "/health is theirs; ours is /healthz, beside the API" },
  { step: /^\S+ \d+ .*: [A-Z]+ \/[^?: ]*\/: /, why: "a slash at the end of a path changes nothing here" },
  { step: /cursor=\S+: 400, not 200/, why: "a cursor that this server did not give is 400 (decision table)" },
  { step: /"\$filters\\?"/, why: "$filters is no part of the query language of 3.1.2" },
  { step: /ename idShort/, why: "an element is never renamed by PUT (decision table)" },
  { step: /: absent, not \[\]$/, why: "an empty list of a document is left out when it is handled leniently" },
  { step: /: -?[\d.]+, not "-?[\d.]+"$/, why: "a number is a JSON number in the value-only form (Part 1)" },
  { step: /annotations: \[\{.*not \{/, why: "annotations are an array in the value-only form (Part 1)" },
  { step: /\$value: \$\.0\.de: absent/, why: "languages come in the order in which they were written" },
  {
    step: /idShort: "\w+", not "\w+"$|elements\.0\.semanticId:/,
    why: "elements come in the order in which they were written, and all of them to everyone: these suites have no other rights here",
  },
  { step: /Security user/, why: "their access rules are not set up here" },
  { step: /-3\.1", not ".*-3\.0"$|API\/3\/1\/.*not ".*API\/3\/2\//, why: "interfaces and profiles are told as 3.1" },
  { step: /limit=\d.*\$\.result/, why: "the order of a list is each server's own" },
  { step: /The value is not base64/, why: "the value of a Blob is base64 (RFC 4648)" },
  { step: /Non-Existent SME: .*400, not 404/, why: "a value for an element that is not there is a wrong body" },
  { step: /\$value\/\$signed/, why: "beyond the 3.2 draft" },
  { step: /(isCaseOf|dataSpecificationRef)=.*base64url/, why: "the text wants base64url" },
  { step: /Create Concept Description A: /, why: "it was made by the step with a slash at the end" },
  {
    step: /Invalid Key|aasregistry \d+ .*(3245235|assetKind: absent)/,
    why: "unknown attributes of descriptors are kept, as the schema allows",
  },
  { step: /Search empty assetLinks/, why: "no condition is none that fails: every shell" },
  { step: /\$\.0\.name: "globalAssetId"/, why: "the order of asset links is each server's own" },
  {
    step: /submodelDescriptors: absent, not \[\{"id":"urn:example:sm:registry-sync-post"/,
    why: "what a shell refers to and nobody has is no descriptor here",
  },
  { step: /registry-sync-upload|dXBsb2Fk/, why: "/upload is theirs; ours is doppelwerk import" },
];

/** What no answer of another server can have the same. */
const NOT_COMPARED = new Set(["createdAt", "updatedAt", "resultType", "cursor"]);

const directory = process.argv[2];
const isVerbose = process.argv.includes("--verbose");
if (directory === undefined || !existsSync(join(directory, "internal", SUITES[0]!))) {
  console.log("skipped: no folder given (first argument) that holds eclipse-basyx/basyx-go-components");
  process.exit(0);
}
let unexplained = 0;
for (const suite of SUITES) await run(suite);
process.exit(unexplained === 0 ? 0 : 1);

async function run(suite: string): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), "doppelwerk-basyx-go-"));
  const server = await startOwnServer(data, "--lenient");
  const counts = { same: 0, explained: new Map<string, number>(), skipped: 0, different: 0 };
  try {
    const folder = dirname(join(directory!, "internal", suite));
    const text = (name: string) => readFileSync(join(folder, name), "utf8").replace(/\{\{BASYX_[A-Z_]*URL\}\}/g, server.api);
    const steps = JSON.parse(text(suite.split("/").at(-1)!)) as readonly Step[];
    for (const [index, step] of steps.entries()) {
      if (step.action?.startsWith("DELETE_ALL_")) await deleteAll(step.action, server.api);
      if (step.endpoint === undefined || step.method === undefined || step.action !== undefined) {
        counts.skipped++;
        continue;
      }
      const difference = await differenceOf(step, text, server.api);
      if (difference === undefined) {
        counts.same++;
        continue;
      }
      const line = `${suite.split("/")[0]} ${index + 1} ${step.context ?? ""}: ${step.method} ${step.endpoint.replace(server.api, "")}: ${difference}`;
      const why = EXPLAINED.find((each) => each.step.test(line))?.why;
      if (why === undefined) {
        counts.different++;
        unexplained++;
        console.log(`  ${line}`);
      } else {
        counts.explained.set(why, (counts.explained.get(why) ?? 0) + 1);
        if (isVerbose) console.log(`  (${why}) ${line}`);
      }
    }
    const explained = [...counts.explained.values()].reduce((sum, count) => sum + count, 0);
    console.log(
      `${suite}: ${counts.same} of ${steps.length} answered the same, ${explained} explained, ${counts.different} not, ${counts.skipped} steps are no request`,
    );
    for (const [why, count] of counts.explained) console.log(`  ${count} × ${why}`);
  } finally {
    server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

async function differenceOf(step: Step, text: (name: string) => string, api: string): Promise<string | undefined> {
  const body = step.data === undefined ? undefined : text(step.data);
  const isPatch = step.method === "PATCH" && /^\s*[{[]/.test(body ?? "");
  const response = await fetch(endpointOf(step.endpoint!, api), {
    method: step.method!,
    redirect: "manual",
    ...(body !== undefined && { body }),
    headers: {
      ...(body !== undefined && { "content-type": isPatch ? "application/merge-patch+json" : "application/json" }),
      ...step.headers,
    },
  });
  const answer = await response.text();
  const expected = step.expectedStatus ?? 200;
  if (response.status !== expected) return `${response.status}, not ${expected}: ${answer.slice(0, 300)}`;
  // What a refusal says is each server's own.
  if (step.shouldMatch === undefined || expected >= 400) return undefined;
  let wanted: unknown;
  try {
    wanted = JSON.parse(text(step.shouldMatch));
  } catch {
    return undefined;
  }
  return firstDifference(wanted, answer === "" ? undefined : JSON.parse(answer), "$");
}

async function deleteAll(action: string, api: string): Promise<void> {
  const list = action.includes("SUBMODEL_DESC") ? "/submodel-descriptors" : action.includes("DESC") ? "/shell-descriptors" : "/shells";
  const page = (await (await fetch(`${api}${list}?limit=1000`)).json()) as { readonly result: readonly { readonly id: string }[] };
  for (const { id } of page.result) await fetch(`${api}${list}/${Buffer.from(id).toString("base64url")}`, { method: "DELETE" });
}

/** Suites of one part speak to the root of its server, and to a host of its network. */
function endpointOf(endpoint: string, api: string): string {
  return endpoint.replace(/^https?:\/\/[^/]+(?!.*api\/v3)/, api);
}

/** Where two answers differ first. When something was made, in which order a list comes and what its cursor is nobody knows before; what a result is made of (3.1.2) is not said there yet. */
function firstDifference(wanted: unknown, given: unknown, at: string): string | undefined {
  if (Object.is(wanted, given)) return undefined;
  const [a, b] = [wanted, given];
  if (Array.isArray(a) && Array.isArray(b) && at === "$.result") return firstDifference(inOrder(a), inOrder(b), "$.result (in order)");
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b))
    return `${at}: ${short(b)}, not ${short(a)}`;
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => !NOT_COMPARED.has(name));
  for (const name of names) {
    const found = firstDifference((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name], `${at}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inOrder(list: readonly unknown[]): readonly unknown[] {
  const nameOf = (item: unknown) =>
    String((item as { id?: unknown } | null)?.id ?? (item as { idShort?: unknown } | null)?.idShort ?? JSON.stringify(item));
  return [...list].sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
}

function short(value: unknown): string {
  return (JSON.stringify(value) ?? "absent").slice(0, 200);
}
