import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startOwnServer } from "./own-server.ts";

// `node scripts/peer-client.ts DIR`: a client that is not ours, unchanged, against a server of ours. DIR is a folder where
// `npm install basyx-typescript-sdk` was done (Eclipse BaSyx, MIT); without it, it says why it is skipped. One line a call, exit 1 when one is not as it should be.

const SHELL = "https://example.org/aas/pump";
const SUBMODEL = "https://example.org/sm/data#ä/é";
const MEANING = "urn:example:meaning";

const folder = process.argv[2] === undefined ? undefined : resolve(process.argv[2], "node_modules/basyx-typescript-sdk");
if (folder === undefined || !existsSync(join(folder, "package.json"))) {
  console.log("skipped: no folder given (first argument) in which `npm install basyx-typescript-sdk` was done");
  process.exit(0);
}

type Call = (options: unknown) => Promise<{ readonly success: boolean; readonly data?: unknown; readonly error?: unknown }>;
type Sdk = Readonly<Record<string, new (options?: unknown) => Readonly<Record<string, Call>>>>;
interface Core {
  readonly jsonization: Readonly<Record<string, (json: unknown) => { mustValue(): unknown }>>;
}

const require = createRequire(join(folder, "package.json"));
const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly version: string };
// Its bundle for `import` names files without their endings, which Node does not take; the one for `require` works.
const sdk = require(folder) as Sdk;
const { jsonization } = require("@aas-core-works/aas-core3.0-typescript") as Core;

const SUBMODEL_JSON = {
  modelType: "Submodel",
  id: SUBMODEL,
  idShort: "Data",
  submodelElements: [
    { modelType: "Property", idShort: "Speed", valueType: "xs:int", value: "7" },
    { modelType: "File", idShort: "Manual", contentType: "image/png" },
    { modelType: "Operation", idShort: "Start" },
    {
      modelType: "SubmodelElementList",
      idShort: "Parts",
      typeValueListElement: "SubmodelElementCollection",
      value: [
        { modelType: "SubmodelElementCollection", value: [{ modelType: "Property", idShort: "Mass", valueType: "xs:int", value: "12" }] },
      ],
    },
  ],
};
const SHELL_JSON = {
  modelType: "AssetAdministrationShell",
  id: SHELL,
  idShort: "Pump",
  assetInformation: { assetKind: "Instance", globalAssetId: `${SHELL}/asset` },
  submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: SUBMODEL }] }],
};

const data = mkdtempSync(join(tmpdir(), "doppelwerk-peer-client-"));
const server = await startOwnServer(data);
let failed = 0;
try {
  console.log(`basyx-typescript-sdk ${version} against ${server.api}`);
  await run();
} finally {
  server.stop();
  rmSync(data, { recursive: true, force: true });
}
console.log(failed === 0 ? "every call is as it should be" : `${failed} calls are not as they should be`);
process.exit(failed === 0 ? 0 : 1);

/** What the client makes of an answer must hold `wanted` as JSON text; `refused` calls must come back as the client's own error. */
async function step(title: string, call: ReturnType<Call>, wanted: string | "refused" = ""): Promise<void> {
  const answer = await call.catch((error: unknown) => ({ success: false, data: undefined, error: `the client threw ${String(error)}` }));
  const text = (await textOf(answer.success ? answer.data : answer.error)) ?? "";
  const right = wanted === "refused" ? !answer.success && text.includes("messages") : answer.success && text.includes(wanted);
  if (!right) failed++;
  console.log(`${right ? "as it should be" : "NOT AS IT SHOULD BE"}  ${title}${right ? "" : `: ${text.slice(0, 600)}`}`);
}

async function textOf(value: unknown): Promise<string | undefined> {
  if (value instanceof Blob) return value.text();
  return JSON.stringify(value, (_, each: unknown) => (each instanceof Set ? [...each] : each));
}

async function run(): Promise<void> {
  const configuration = new (sdk["Configuration"] as never as new (options: unknown) => unknown)({ basePath: server.api });
  const make = (name: string) => new sdk[name]!();
  const of = (client: Readonly<Record<string, Call>>) => (operation: string, options: object) =>
    client[operation]!({ configuration, ...options });
  const shells = of(make("AasRepositoryClient"));
  const submodels = of(make("SubmodelRepositoryClient"));
  const concepts = of(make("ConceptDescriptionRepositoryClient"));
  const registry = of(make("AasRegistryClient"));
  const submodelRegistry = of(make("SubmodelRegistryClient"));
  const discovery = of(make("AasDiscoveryClient"));
  const packages = of(make("AasxFileClient"));
  const file = new Blob(["content"], { type: "image/png" });
  const at = { aasIdentifier: SHELL };
  const into = { submodelIdentifier: SUBMODEL };
  const both = { ...at, ...into };
  const element = (idShort: string, value: string) =>
    core("submodelElement", { modelType: "Property", idShort, valueType: "xs:int", value });
  const submodel = core("submodel", SUBMODEL_JSON);
  const shell = core("assetAdministrationShell", SHELL_JSON);

  await step("postAssetAdministrationShell", shells("postAssetAdministrationShell", { assetAdministrationShell: shell }), SHELL);
  await step("postAssetAdministrationShell again", shells("postAssetAdministrationShell", { assetAdministrationShell: shell }), "refused");
  await step("getAllAssetAdministrationShells", shells("getAllAssetAdministrationShells", { limit: 1, idShort: "Pump" }), SHELL);
  const assetIds = [{ name: "globalAssetId", value: `${SHELL}/asset` }];
  await step("getAllAssetAdministrationShells by asset", shells("getAllAssetAdministrationShells", { assetIds }), SHELL);
  await step("getAssetAdministrationShellById", shells("getAssetAdministrationShellById", at), SHELL);
  await step("putAssetAdministrationShellById", shells("putAssetAdministrationShellById", { ...at, assetAdministrationShell: shell }));
  await step("getAssetInformation", shells("getAssetInformation", at), `${SHELL}/asset`);
  await step("putThumbnail", shells("putThumbnail", { ...at, fileName: "pump.png", file }));
  await step("getThumbnail", shells("getThumbnail", at), "content");
  await step("deleteThumbnail", shells("deleteThumbnail", at));

  await step("postSubmodel", submodels("postSubmodel", { submodel }), "Data");
  await step("getAllSubmodels", submodels("getAllSubmodels", { limit: 5, level: "deep", extent: "withBlobValue" }), "Data");
  await step("getSubmodelById", submodels("getSubmodelById", into), "Speed");
  await step("putSubmodelById", submodels("putSubmodelById", { ...into, submodel }));
  await step("getSubmodelByIdMetadata", submodels("getSubmodelByIdMetadata", into), "Data");
  await step("getSubmodelByIdValueOnly", submodels("getSubmodelByIdValueOnly", into), "Speed");
  await step("patchSubmodelByIdValueOnly", submodels("patchSubmodelByIdValueOnly", { ...into, body: { Speed: "8" } }));
  // The client looks for `pagingMetadata`, the standard writes `paging_metadata`: it never sees a cursor, of no server.
  await step("getAllSubmodelElements", submodels("getAllSubmodelElements", { ...into, limit: 1 }), "Speed");
  await step("postSubmodelElement", submodels("postSubmodelElement", { ...into, submodelElement: element("Made", "1") }), "Made");
  const inList = { ...into, idShortPath: "Parts[0].Mass" };
  await step("getSubmodelElementByPath in a list", submodels("getSubmodelElementByPath", inList), "12");
  await step("putSubmodelElementByPath", submodels("putSubmodelElementByPath", { ...inList, submodelElement: element("Mass", "13") }));
  const below = { ...into, idShortPath: "Parts[0]" };
  await step(
    "postSubmodelElementByPath",
    submodels("postSubmodelElementByPath", { ...below, submodelElement: element("Length", "4") }),
    "Length",
  );
  await step("deleteSubmodelElementByPath", submodels("deleteSubmodelElementByPath", { ...into, idShortPath: "Parts[0].Length" }));
  await step(
    "getSubmodelElementByPathValueOnly of a list",
    submodels("getSubmodelElementByPathValueOnly", { ...into, idShortPath: "Parts" }),
    "Mass",
  );
  const patched = { ...into, idShortPath: "Parts", submodelElementValue: [{ Mass: "14" }] };
  await step("patchSubmodelElementByPathValueOnly of a list", submodels("patchSubmodelElementByPathValueOnly", patched));
  const started = {
    ...into,
    idShortPath: "Start",
    operationRequest: { inputArguments: [], inoutputArguments: [], clientTimeoutDuration: "PT5S" },
  };
  await step("postInvokeOperation, nothing behind it", submodels("postInvokeOperationSubmodelRepo", started), "Failed");
  await step("getSubmodelById of what is not there", submodels("getSubmodelById", { submodelIdentifier: "urn:nothing" }), "refused");

  await step("getAllSubmodelReferences", shells("getAllSubmodelReferences", at), "example.org/sm/data");
  await step("getSubmodelById through the shell", shells("getSubmodelByIdAasRepository", both), "Speed");
  await step("getSubmodelByIdPath through the shell", shells("getSubmodelByIdPathAasRepository", both), "Parts[0].Mass");
  await step("getSubmodelByIdReference through the shell", shells("getSubmodelByIdReferenceAasRepository", both), "example.org/sm/data");
  await step("getAllSubmodelElementsMetadata through the shell", shells("getAllSubmodelElementsMetadataAasRepository", both), "Speed");
  await step("getAllSubmodelElementsPath through the shell", shells("getAllSubmodelElementsPathAasRepository", both), "Parts");
  await step("getAllSubmodelElementsReference through the shell", shells("getAllSubmodelElementsReferenceAasRepository", both), "Speed");
  await step("getAllSubmodelElementsValueOnly through the shell", shells("getAllSubmodelElementsValueOnlyAasRepository", both), "Speed");
  const manual = { ...both, idShortPath: "Manual" };
  await step("putFileByPath through the shell", shells("putFileByPathAasRepository", { ...manual, fileName: "manual.png", file }));
  await step("getFileByPath through the shell", shells("getFileByPathAasRepository", manual), "content");
  await step("deleteFileByPath through the shell", shells("deleteFileByPathAasRepository", manual));

  const conceptDescription = core("conceptDescription", { modelType: "ConceptDescription", id: MEANING, idShort: "Meaning" });
  await step("postConceptDescription", concepts("postConceptDescription", { conceptDescription }), MEANING);
  await step("getAllConceptDescriptions", concepts("getAllConceptDescriptions", { idShort: "Meaning" }), MEANING);
  await step("putConceptDescriptionById", concepts("putConceptDescriptionById", { cdIdentifier: MEANING, conceptDescription }));
  await step("deleteConceptDescriptionById", concepts("deleteConceptDescriptionById", { cdIdentifier: MEANING }));

  await step("getAllAssetAdministrationShellDescriptors", registry("getAllAssetAdministrationShellDescriptors", {}), SHELL);
  await step("getAssetAdministrationShellDescriptorById", registry("getAssetAdministrationShellDescriptorById", at), "href");
  await step("getAllSubmodelDescriptors through the shell", registry("getAllSubmodelDescriptorsThroughSuperpath", at), "href");
  await step("getAllSubmodelDescriptors", submodelRegistry("getAllSubmodelDescriptors", {}), "href");
  await step("getSubmodelDescriptorById", submodelRegistry("getSubmodelDescriptorById", into), "href");
  await step("getAllShellIdsByAssetLink", discovery("getAllAssetAdministrationShellIdsByAssetLink", { assetIds }), SHELL);
  await step("getAllAssetLinksById", discovery("getAllAssetLinksById", at), `${SHELL}/asset`);

  await step("postAASXPackage", packages("postAASXPackage", { aasIds: [SHELL], file: await aasxOf(), fileName: "pump.aasx" }), "packageId");
  // The client sends the id as it is, the standard wants base64url: so it is encoded for it here.
  const encoded = Buffer.from(SHELL).toString("base64url");
  await step("getAllAASXPackageIds", packages("getAllAASXPackageIds", { aasId: encoded }), SHELL);

  await step("deleteSubmodelById through the shell", shells("deleteSubmodelByIdAasRepository", both));
  await step("deleteAssetAdministrationShellById", shells("deleteAssetAdministrationShellById", at));
}

/** An object of the client's own model. */
function core(what: "submodel" | "submodelElement" | "assetAdministrationShell" | "conceptDescription", json: object): unknown {
  return jsonization[`${what}FromJsonable`]!(json).mustValue();
}

async function aasxOf(): Promise<Blob> {
  const accept = "application/asset-administration-shell-package+xml";
  return (await fetch(`${server.api}/serialization`, { headers: { accept } })).blob();
}
