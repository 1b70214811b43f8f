// What each operation of the AAS API can be asked so that it must answer, against one world that is put back before every write.

import { encodeId, writeAasx, type Environment, type SubmodelElement } from "@doppelwerk/aas";
import type { Method } from "./route-table.ts";
import { upload, type TestServer } from "./test-server.fixture.ts";

export const SHELL = "urn:every:shell";
export const SUBMODEL = "urn:every:submodel";
export const CONCEPT = "urn:every:concept";
/** Registered from elsewhere: in no repository here. */
export const FOREIGN = "urn:every:foreign";
export const PACKAGE = "every-package";

export interface EveryRequest {
  readonly url: string;
  readonly body?: unknown;
}

type Call = (method: string, path: string, body?: unknown) => ReturnType<TestServer["call"]>;

const property = (idShort: string) => ({ modelType: "Property", idShort, valueType: "xs:int", value: "1" }) as const;
const reference = (id: string) => ({ type: "ModelReference", keys: [{ type: "Submodel", value: id }] }) as const;
const external = { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:every:meaning" }] } as const;

/** Every class of element at the top, and what stands below. */
export const ELEMENTS = [
  { modelType: "SubmodelElementCollection", idShort: "group", value: [property("inner")] },
  {
    modelType: "SubmodelElementList",
    idShort: "list",
    typeValueListElement: "Property",
    valueTypeListElement: "xs:int",
    value: [{ modelType: "Property", valueType: "xs:int", value: "1" }],
  },
  { modelType: "Entity", idShort: "entity", entityType: "CoManagedEntity", statements: [property("statement")] },
  { modelType: "BasicEventElement", idShort: "event", observed: reference(SUBMODEL), direction: "output", state: "on" },
  { modelType: "Capability", idShort: "capability" },
  { modelType: "Operation", idShort: "operation", inputVariables: [{ value: property("amount") }] },
  property("property"),
  { modelType: "MultiLanguageProperty", idShort: "label", value: [{ language: "en", text: "pump" }] },
  { modelType: "Range", idShort: "range", valueType: "xs:int", min: "1", max: "2" },
  { modelType: "ReferenceElement", idShort: "reference", value: external },
  { modelType: "RelationshipElement", idShort: "relationship", first: external, second: external },
  { modelType: "AnnotatedRelationshipElement", idShort: "annotated", first: external, second: external, annotations: [property("note")] },
  { modelType: "Blob", idShort: "blob", contentType: "application/octet-stream", value: "AAAA" },
  { modelType: "File", idShort: "file", contentType: "text/plain" },
] as const satisfies readonly SubmodelElement[];

const shell = {
  modelType: "AssetAdministrationShell",
  id: SHELL,
  idShort: "shell",
  assetInformation: { assetKind: "Instance", globalAssetId: "urn:every:asset" },
  submodels: [reference(SUBMODEL), reference("urn:every:second")],
} as const;
const submodel = { modelType: "Submodel", id: SUBMODEL, idShort: "every", semanticId: external, submodelElements: ELEMENTS } as const;
const concept = { modelType: "ConceptDescription", id: CONCEPT } as const;
const endpoints = [{ interface: "SUBMODEL-3.1", protocolInformation: { href: "https://elsewhere.example/submodel" } }];
const descriptor = (id: string) => ({ id, endpoints });
const operationRequest = { inputArguments: [{ value: property("amount") }], clientTimeoutDuration: "PT5S" };

/** What is there: of each kind one that is asked for, and a second one, so that lists have pages. */
export const everyEnvironment: Environment = {
  assetAdministrationShells: [shell, { ...shell, id: "urn:every:shell:second", idShort: "second", submodels: [] }],
  submodels: [submodel, { modelType: "Submodel", id: "urn:every:second", submodelElements: [property("only")] }],
  conceptDescriptions: [concept, { modelType: "ConceptDescription", id: "urn:every:concept:second" }],
};

/** The same world before every write, whatever the one before did. */
export async function putBack(call: Call): Promise<void> {
  await call("PUT", `/submodels/${encodeId(SUBMODEL)}`, submodel);
  await call("PUT", `/shells/${encodeId(SHELL)}`, shell);
  await call("PUT", `/concept-descriptions/${encodeId(CONCEPT)}`, concept);
  await call("PUT", `/submodels/${encodeId(SUBMODEL)}/submodel-elements/file/attachment`, upload("a.txt", "text"));
  await call("PUT", `/shells/${encodeId(SHELL)}/asset-information/thumbnail`, upload("a.png", "picture"));
  for (const kind of ["shell", "submodel"])
    await call("PUT", `/${kind}-descriptors/${encodeId(FOREIGN)}`, {
      ...descriptor(FOREIGN),
      ...(kind === "shell" && { submodelDescriptors: [descriptor(SUBMODEL), descriptor("urn:every:second")] }),
    });
  await call("POST", `/lookup/shells/${encodeId(FOREIGN)}`, [{ name: "serial", value: "1" }]);
  await call("PUT", `/packages/${encodeId(PACKAGE)}`, upload("p.aasx", writeAasx(everyEnvironment)));
}

/** A request that must be answered well. `path` is as the routes are registered, such as `/shells/:aasIdentifier`. */
export async function goodRequest(call: Call, method: Method, path: string): Promise<EveryRequest> {
  const isDescriptor = path.startsWith("/shell-descriptors") || path.startsWith("/submodel-descriptors") || path.startsWith("/lookup");
  const element = path.includes("/attachment") ? "file" : /invoke|operation-/.test(path) ? "operation" : "group";
  let url = path
    .replace(":aasIdentifier", encodeId(isDescriptor ? FOREIGN : SHELL))
    .replace(":submodelIdentifier", encodeId(path.startsWith("/submodel-descriptors") ? FOREIGN : SUBMODEL))
    .replace(":cdIdentifier", encodeId(CONCEPT))
    .replace(":packageId", encodeId(PACKAGE))
    .replace(":idShortPath", element);
  if (url.includes(":handleId")) url = url.replace(":handleId", await handleFor(call, path));
  if (path.endsWith("/$history")) return { url: `${url}?date=${new Date().toISOString()}` };
  if (method === "GET" || method === "DELETE") return path.startsWith("/bulk/") && method === "DELETE" ? { url, body: [FOREIGN] } : { url };
  return { url, body: bodyFor(method, path) };
}

/** A handle that the path can be asked about, of work that is done. */
async function handleFor(call: Call, path: string): Promise<string> {
  const started = path.includes("/operation-")
    ? await call("POST", `/submodels/${encodeId(SUBMODEL)}/submodel-elements/operation/invoke-async`, operationRequest)
    : path.startsWith("/bulk")
      ? await call("PUT", "/bulk/shell-descriptors", [descriptor("urn:every:bulk")])
      : await call("POST", "/packages-async", upload("p.aasx", writeAasx(everyEnvironment)));
  const handle = started.headers.get("location")!.split("/").at(-1)!;
  const status = path.startsWith("/bulk")
    ? `/bulk/status/${handle}`
    : path.startsWith("/packages")
      ? `/packages-async/status/${handle}`
      : `/submodels/${encodeId(SUBMODEL)}/submodel-elements/operation/operation-status/${handle}`;
  while ((await call("GET", status)).status !== 302) await new Promise((resolve) => setTimeout(resolve, 10));
  return handle;
}

function bodyFor(method: Method, path: string): unknown {
  if (/\/(attachment|thumbnail)$/.test(path)) return upload("b.txt", "more");
  if (path.startsWith("/packages")) return upload("p.aasx", writeAasx(everyEnvironment));
  if (path.startsWith("/query/")) return { $condition: { $boolean: true } };
  if (path === "/lookup/shellsByAssetLink" || path.startsWith("/lookup/")) return [{ name: "serial", value: "1" }];
  if (path.startsWith("/bulk/")) return [descriptor(method === "POST" ? `urn:every:bulk:${path}` : FOREIGN)];
  if (/^\/(shell|submodel)-descriptors$/.test(path)) return descriptor(`urn:every:new:${path}`);
  if (path === "/shell-descriptors/:aasIdentifier/submodel-descriptors") return descriptor("urn:every:new");
  if (path.startsWith("/shell-descriptors/:aasIdentifier/")) return descriptor(SUBMODEL);
  if (/-descriptors\/:/.test(path)) return descriptor(FOREIGN);
  if (/invoke.*\$value$/.test(path)) return { inputArguments: { amount: 5 }, clientTimeoutDuration: "PT5S" };
  if (/invoke/.test(path)) return operationRequest;
  if (path.endsWith(":idShortPath/$value")) return { inner: 7 };
  if (path.endsWith("/$value")) return { group: { inner: 8 } };
  if (path.endsWith("/$metadata")) return { category: "changed" };
  if (path.endsWith("/asset-information")) return { assetKind: "Type", globalAssetId: "urn:every:other" };
  if (path.endsWith("/submodel-refs")) return reference("urn:every:referred");
  if (path === "/shells") return { ...shell, id: "urn:every:shell:new" };
  if (path === "/submodels") return { ...submodel, id: "urn:every:submodel:new" };
  if (path === "/concept-descriptions") return { ...concept, id: "urn:every:concept:new" };
  if (path.endsWith("/submodel-elements")) return property("added");
  if (path.endsWith(":idShortPath")) return method === "POST" ? property("added") : method === "PATCH" ? { category: "c" } : ELEMENTS[0];
  if (path.endsWith(":cdIdentifier")) return concept;
  if (/\/shells\/:aasIdentifier(\/aas)?$/.test(path)) return shell;
  return method === "PATCH" ? { category: "c" } : submodel;
}
