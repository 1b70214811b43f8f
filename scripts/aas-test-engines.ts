import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOwnServer } from "./own-server.ts";

// `node scripts/aas-test-engines.ts DIR`: the public conformance engine (admin-shell-io/aas-test-engines, Python) against a server of ours with a
// full set of elements. DIR holds the package aas_test_engines; without it, or without python3 and requests, it says why it is skipped.

const PREFIX = "https://admin-shell.io/aas/API/3/0/";
const SHELL = "https://example.org/aas/pump";
const SUBMODEL = "https://example.org/sm/everything";

/** Classes that the suite reads in each form as the text has it: see EXPLAINED. */
const READABLE = [
  "SubmodelElementCollection",
  "SubmodelElementList",
  "Capability",
  "Operation",
  "MultiLanguageProperty",
  "Range",
  "ReferenceElement",
];

/** Misses that a line of the text explains; others make the run fail. */
const EXPLAINED: readonly { readonly operation: string; readonly miss: RegExp; readonly why: string }[] = [
  {
    operation: "GenerateSerializationByIds",
    miss: /^Setup .*404/,
    why: "the suite asks for /shells below a service of one shell or submodel; V3.1_SSP-002 of both list no such path",
  },
  {
    operation: "GetSubmodelElementByPath-ValueOnly",
    miss: /Checking Property .*Expected JSON, got/,
    why: "the suite takes only objects and arrays; Part 2 schema PropertyValue is a string, number or boolean",
  },
  {
    operation: "GetAllSubmodelElements-Metadata",
    miss: /Missing attribute (entityType|observed|first|second|contentType) @/,
    why: "the suite reads metadata as whole elements; the Part 2 schemas EntityMetadata, BasicEventElementMetadata, RelationshipElementMetadata, BlobMetadata and FileMetadata have no such attribute",
  },
];

interface TestResult {
  /** Message. */
  readonly m: string;
  /** Level: 0 info, 1 warning, 2 error, 3 critical. */
  readonly l: number;
  readonly s: readonly TestResult[];
}

const directory = process.argv[2] ?? process.env["AAS_TEST_ENGINES"];
const reason = whySkipped(directory);
if (reason !== undefined) {
  console.log(`skipped: ${reason}`);
  process.exit(0);
}
let unexplained = 0;
for (const readable of [false, true]) unexplained += await run(directory!, readable);
process.exit(unexplained === 0 ? 0 : 1);

function whySkipped(suite: string | undefined): string | undefined {
  if (suite === undefined) return "no folder given (first argument or AAS_TEST_ENGINES) that holds the Python package aas_test_engines";
  if (!existsSync(join(suite, "aas_test_engines", "__main__.py"))) return `there is no aas_test_engines in ${suite}`;
  const python = spawnSync("python3", ["-c", "import requests, urllib3"]);
  return python.status === 0 ? undefined : "python3 with the package requests is needed (on Debian: python3-requests)";
}

/** How many failures nothing explains; on every class of element, or only on those whose forms the suite can read. */
async function run(suite: string, readable: boolean): Promise<number> {
  console.log(readable ? "\nwith the classes that the suite can read" : "with every class of element");
  const temporary = mkdtempSync(join(tmpdir(), "doppelwerk-aas-test-engines-"));
  const server = await startOwnServer(join(temporary, "data"));
  try {
    await fill(server.api, readable);
    const paths = [writeShim(temporary), suite].join(":");
    let found = 0;
    for (const [name, base] of profiles(server.api)) {
      const child = spawnSync("python3", ["-m", "aas_test_engines", "check_server", base, PREFIX + name, "--output", "json"], {
        env: { ...process.env, PYTHONPATH: paths, PYTHONDONTWRITEBYTECODE: "1" },
        encoding: "utf8",
        maxBuffer: 256 * 2 ** 20,
      });
      if (!child.stdout.startsWith("{")) throw new Error(`the suite did not run: ${child.stderr.slice(-2_000)}`);
      found += report(name, JSON.parse(child.stdout) as TestResult);
    }
    return found;
  } finally {
    server.stop();
    rmSync(temporary, { recursive: true, force: true });
  }
}

function profiles(api: string): readonly (readonly [string, string])[] {
  return [
    ["AssetAdministrationShellRepositoryServiceSpecification/SSP-002", api],
    ["SubmodelRepositoryServiceSpecification/SSP-002", api],
    ["AssetAdministrationShellServiceSpecification/SSP-002", `${api}/shells/${base64url(SHELL)}`],
    ["SubmodelServiceSpecification/SSP-002", `${api}/submodels/${base64url(SUBMODEL)}`],
  ];
}

/** One line a profile, one for each case that failed; the number of failures that nothing explains. */
function report(name: string, result: TestResult): number {
  const counts = { negative: [0, 0], positive: [0, 0] } as { negative: [number, number]; positive: [number, number] };
  const misses = new Map<string, number>();
  let unexplained = 0;
  const miss = (operation: string, test: TestResult): void => {
    for (const failed of deepestFailures(test)) {
      const line = [test.m, ...failed].map((part) => part.trim()).join(" · ");
      const why = EXPLAINED.find((each) => each.operation === operation && each.miss.test(line))?.why;
      if (why === undefined) unexplained++;
      const told = `  ${operation}: ${why ?? `not explained: ${line.slice(0, 300)}`}`;
      misses.set(told, (misses.get(told) ?? 0) + 1);
    }
  };
  for (const operation of result.s) {
    const title = operation.m.replace(/^Checking /, "");
    for (const part of operation.s) {
      const kind = part.m === "Negative Tests" ? counts.negative : part.m === "Positive Tests" ? counts.positive : undefined;
      if (kind === undefined) {
        if (part.l >= 2) miss(title, part);
        continue;
      }
      for (const test of part.s) {
        kind[1]++;
        if (test.l < 2) kind[0]++;
        else miss(title, test);
      }
    }
  }
  console.log(`${name}: negative ${counts.negative.join("/")}, positive ${counts.positive.join("/")}, unexplained ${unexplained}`);
  for (const [told, count] of misses) console.log(`${told} (${count})`);
  return unexplained;
}

/** The messages that lead to each failure, outermost first. */
function deepestFailures(test: TestResult, path: readonly string[] = []): (readonly string[])[] {
  const below = test.s.filter(({ l }) => l >= 2);
  return below.length === 0 ? [path] : below.flatMap((each) => deepestFailures(each, [...path, each.m]));
}

/** The suite imports one class of the package fences: a count of right and wrong answers. */
function writeShim(temporary: string): string {
  const folder = join(temporary, "shim");
  mkdirSync(join(folder, "fences", "core"), { recursive: true });
  for (const file of ["fences/__init__.py", "fences/core/__init__.py"]) writeFileSync(join(folder, file), "");
  writeFileSync(
    join(folder, "fences", "core", "util.py"),
    `class ConfusionMatrix:
    def __init__(self):
        self.valid_accepted = self.valid_rejected = self.invalid_accepted = self.invalid_rejected = 0

    def __iadd__(self, other):
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self
`,
  );
  return folder;
}

/** Two shells, each with two submodels, one of them with every class of element, a thumbnail and a file. */
async function fill(api: string, readable: boolean): Promise<void> {
  const external = { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:example:meaning" }] };
  const property = (idShort: string) => ({ modelType: "Property", idShort, valueType: "xs:int", value: "1" });
  const link = (idShort: string, more = {}) => ({ idShort, first: external, second: external, ...more });
  const submodel = (id: string) => ({ type: "ModelReference", keys: [{ type: "Submodel", value: id }] });
  const variable = { value: { modelType: "Property", idShort: "amount", valueType: "xs:int" } };
  const elements: readonly { readonly modelType: string; readonly [attribute: string]: unknown }[] = [
    {
      modelType: "SubmodelElementCollection",
      idShort: "Collection",
      value: [{ modelType: "Range", idShort: "Inner", valueType: "xs:int", min: "1", max: "2" }],
    },
    {
      modelType: "SubmodelElementList",
      idShort: "List",
      typeValueListElement: "Property",
      valueTypeListElement: "xs:int",
      value: [{ modelType: "Property", valueType: "xs:int", value: "1" }],
    },
    { modelType: "Entity", idShort: "Entity", entityType: "CoManagedEntity", statements: [property("Statement")] },
    { modelType: "BasicEventElement", idShort: "Event", observed: submodel(SUBMODEL), direction: "output", state: "on" },
    { modelType: "Capability", idShort: "Capability" },
    { modelType: "Operation", idShort: "Operation", inputVariables: [variable] },
    property("Property"),
    { modelType: "MultiLanguageProperty", idShort: "Label", value: [{ language: "en", text: "pump" }] },
    { modelType: "Range", idShort: "Range", valueType: "xs:int", min: "1", max: "2" },
    { modelType: "ReferenceElement", idShort: "Reference", value: external },
    { modelType: "RelationshipElement", ...link("Relationship") },
    { modelType: "AnnotatedRelationshipElement", ...link("Annotated", { annotations: [property("Note")] }) },
    { modelType: "Blob", idShort: "Blob", contentType: "application/octet-stream", value: "AAAA" },
    { modelType: "File", idShort: "File", contentType: "text/plain" },
  ];
  await post(`${api}/submodels`, {
    modelType: "Submodel",
    id: SUBMODEL,
    idShort: "Everything",
    kind: "Instance",
    semanticId: external,
    submodelElements: readable ? elements.filter(({ modelType }) => READABLE.includes(modelType)) : elements,
  });
  await post(`${api}/submodels`, {
    modelType: "Submodel",
    id: `${SUBMODEL}/second`,
    idShort: "Second",
    submodelElements: [property("Only")],
  });
  for (const [id, idShort] of [
    [SHELL, "Pump"],
    [`${SHELL}/second`, "Valve"],
  ])
    await post(`${api}/shells`, {
      modelType: "AssetAdministrationShell",
      id,
      idShort,
      assetInformation: { assetKind: "Instance", globalAssetId: `${id}/asset` },
      submodels: [submodel(SUBMODEL), submodel(`${SUBMODEL}/second`)],
    });
  await post(`${api}/concept-descriptions`, { modelType: "ConceptDescription", id: "urn:example:meaning", idShort: "Meaning" });
  for (const place of ["", "/second"]) await upload(`${api}/shells/${base64url(SHELL + place)}/asset-information/thumbnail`, "pump.png");
  if (!readable) await upload(`${api}/submodels/${base64url(SUBMODEL)}/submodel-elements/File/attachment`, "manual.txt");
}

async function post(url: string, body: unknown): Promise<void> {
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (answer.status !== 201) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
}

async function upload(url: string, name: string): Promise<void> {
  const body = new FormData();
  body.append("file", new Blob(["content"]), name);
  const answer = await fetch(url, { method: "PUT", body });
  if (answer.status !== 204) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
}

function base64url(text: string): string {
  return Buffer.from(text).toString("base64url");
}
