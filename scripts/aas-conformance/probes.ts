import { encodeId } from "@doppelwerk/aas";
import { ELEMENTS, FOREIGN, goodRequest } from "../../packages/aas-server/src/api/every-request.fixture.ts";
import type { Answer } from "../../packages/aas-server/src/api/test-server.fixture.ts";
import type { Operation } from "./openapi.ts";

// What a strict checker asks an operation: well, with every modifier, and wrongly in every part.

export interface Probe {
  /** What is special about it, such as `level=deep`; "" = nothing. */
  readonly what: string;
  readonly url: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Asked twice, and judged the second time. */
  readonly twice?: true;
  /** Statuses that are right. */
  readonly right: readonly number[];
}

export type Call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

const BAD = [400];
const DONE = [200, 201, 202, 204, 302];
const NO_CREATION = /^\/query\/|\/bulk\/|\/lookup\/|\/invoke|^\/packages/;
const CLASSES_WITHOUT_VALUE = ["Capability", "Operation"];
const CLASSES_WITH_PATHS = ["SubmodelElementCollection", "SubmodelElementList", "Entity"];

/** Of a path of the text the one it has here: below the shell or the submodel where the text speaks of one service. */
export function placeOf(path: string): string {
  const home = /^\/aas(\/|$)/.test(path)
    ? "/shells/:aasIdentifier"
    : /^\/submodel(\/|$)/.test(path)
      ? "/submodels/:submodelIdentifier"
      : "";
  return home + path.replace(/\{(\w+)\}/g, ":$1");
}

export async function probesOf(operation: Operation, call: Call): Promise<readonly Probe[]> {
  const path = placeOf(operation.path);
  const { url, body } = await goodRequest(call, operation.method, path);
  const good: Probe = { what: "", url, body, right: DONE };
  const isCreation = operation.method === "POST" && !NO_CREATION.test(path);
  const again = (what: string, more: Partial<Probe>): Probe => ({ ...good, ...(isCreation && { right: [...DONE, 409] }), what, ...more });
  return [
    good,
    ...(isCreation ? [again("what is there already", { twice: true, right: [409] })] : []),
    again("slash at the end", { url: `${url}/` }),
    again("unknown parameter", { url: `${url}?nobody=knows` }),
    ...(operation.method === "GET" ? [again("HEAD", { method: "HEAD" })] : []),
    ...elementProbes(operation, url, again),
    ...queryProbes(operation, url, again),
    ...placeProbes(operation, path, url, again),
    ...bodyProbes(operation, path, again),
    ...creationProbes(operation, path, url, body, again),
  ];
}

type Again = (what: string, more: Partial<Probe>) => Probe;

/** PUT of what is not there yet. */
function creationProbes({ method }: Operation, path: string, url: string, body: unknown, again: Again): readonly Probe[] {
  if (method !== "PUT") return [];
  if (path.endsWith(":idShortPath"))
    return [
      again("what is new", {
        url: url.replace(/group$/, "fresh"),
        body: { modelType: "Property", idShort: "fresh", valueType: "xs:int", value: "1" },
        right: [201],
      }),
      again("after the last of a list", {
        url: url.replace(/group$/, "list%5B1%5D"),
        body: { modelType: "Property", valueType: "xs:int", value: "2" },
        right: [201],
      }),
    ];
  if (!/:(aasIdentifier|submodelIdentifier|cdIdentifier|packageId)$/.test(path)) return [];
  const id = "urn:every:fresh";
  const isForm = body instanceof FormData;
  const place = [...url.split("/").slice(0, -1), encodeId(id)].join("/");
  return [again("what is new", { url: place, body: isForm ? body : { ...(body as object), id }, right: [201] })];
}

/** Reads of one element: of every class there is. */
function elementProbes({ method, path }: Operation, url: string, again: Again): readonly Probe[] {
  if (method !== "GET" || !/\{idShortPath\}(\/\$\w+)?$/.test(path)) return [];
  const form = /\$\w+$/.exec(path)?.[0];
  const hasForm = ({ modelType }: { readonly modelType: string }) =>
    form === "$path"
      ? CLASSES_WITH_PATHS.includes(modelType)
      : form === undefined || form === "$reference" || !CLASSES_WITHOUT_VALUE.includes(modelType);
  const below = [
    { idShort: "group.inner", modelType: "Property" },
    { idShort: "list%5B0%5D", modelType: "Property" },
    { idShort: "list[0]", modelType: "Property" },
  ];
  return [...ELEMENTS, ...below].map((each) =>
    again(`of ${each.modelType}`, { url: url.replace("/group", `/${each.idShort}`), right: hasForm(each) ? [200] : BAD }),
  );
}

function queryProbes({ method, path, query }: Operation, url: string, again: Again): readonly Probe[] {
  const ask = (text: string, right: readonly number[]) =>
    again(text.replace(/=[A-Za-z0-9_-]{20,}/, "=…"), { url: `${url}?${text}`, right });
  const has = (name: string) => query.includes(name);
  const json = (value: unknown) => encodeId(JSON.stringify(value));
  const isForm = (form: string) => path.endsWith(`/$${form}`);
  const asset = { name: "globalAssetId", value: "urn:every:asset" };
  const meaning = { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:every:meaning" }] };
  const probes: Probe[] = [];
  if (has("limit")) {
    probes.push(ask("limit=1", [200]), ask("limit=100000", [200]));
    for (const limit of ["0", "-1", "1.5", "abc", ""]) probes.push(ask(`limit=${limit}`, BAD));
  }
  if (has("cursor")) for (const cursor of ["", "bm8", "%00", "no cursor of ours"]) probes.push(ask(`cursor=${cursor}`, BAD));
  const isModified =
    method === "GET" &&
    /(submodel|submodels|submodel-elements|\{submodelIdentifier\}|\{idShortPath\})(\/\$\w+)?$/.test(path) &&
    !/descriptors|refs/.test(path);
  if (isModified) {
    const isMetadata = isForm("metadata");
    const isReference = isForm("reference");
    probes.push(ask("level=core", isMetadata ? BAD : [200]));
    probes.push(ask("level=deep", isMetadata || isReference ? BAD : [200]));
    probes.push(ask("level=bogus", BAD));
    if (!isReference) {
      probes.push(ask("extent=withoutBlobValue", [200]), ask("extent=bogus", BAD));
      probes.push(ask("extent=withBlobValue", isMetadata ? BAD : [200]));
    }
  }
  if (method === "POST" && /(submodel-elements|\{idShortPath\})$/.test(path))
    probes.push(ask("level=deep", BAD), ask("extent=withBlobValue", BAD));
  if (has("assetIds")) {
    probes.push(ask(`assetIds=${json(asset)}`, [200]), ask(`assetIds=${json({ ...asset, value: "urn:none" })}`, [200]));
    probes.push(ask("assetIds=%%%", BAD), ask(`assetIds=${encodeId("no json")}`, BAD), ask(`assetIds=${json({ name: "only" })}`, BAD));
  }
  if (has("idShort")) probes.push(ask("idShort=every", [200]), ask("idShort=nothing", [200]));
  if (has("semanticId"))
    probes.push(ask(`semanticId=${json(meaning)}`, [200]), ask("semanticId=%3D%3D", BAD), ask(`semanticId=${json({ type: "no" })}`, BAD));
  for (const name of ["isCaseOf", "dataSpecificationRef"])
    if (has(name)) probes.push(ask(`${name}=${json(meaning)}`, [200]), ask(`${name}=${encodeId("{")}`, BAD));
  if (has("assetKind")) probes.push(ask("assetKind=Instance", [200]), ask("assetKind=Bogus", BAD));
  if (has("assetType")) probes.push(ask(`assetType=${encodeId("urn:type")}`, [200]), ask("assetType=a%20b", BAD));
  if (has("aasId")) probes.push(ask(`aasId=${encodeId(FOREIGN)}`, [200]), ask("aasId=a", BAD));
  if (has("aasIds"))
    probes.push(
      ask(`aasIds=${encodeId("urn:every:shell")}`, [200]),
      ask(`aasIds=${encodeId("urn:none")}`, [400, 404]),
      ask("aasIds=a", BAD),
    );
  if (has("submodelIds")) probes.push(ask(`submodelIds=${encodeId("urn:every:submodel")}`, [200]), ask("submodelIds=a", BAD));
  if (has("includeConceptDescriptions"))
    for (const word of ["true", "false", "perhaps"])
      probes.push(ask(`includeConceptDescriptions=${word}`, word === "perhaps" ? BAD : [200]));
  if (path === "/serialization")
    for (const type of ["application/json", "application/xml", "application/asset-administration-shell-package+xml"])
      probes.push(again(`Accept ${type}`, { headers: { accept: type } }));
  return probes;
}

const MALFORMED = [
  ["with padding", "dXJuOng="],
  ["no base64url", "a%2Bb%2F"],
  ["of impossible length", "abcde"],
  ["no UTF-8", "_w"],
] as const;

/** What stands in the path: malformed, and of nothing that is there. */
function placeProbes({ method }: Operation, path: string, url: string, again: Again): readonly Probe[] {
  const [names, parts] = [path.split("/"), url.split("/")];
  const isCreating = method === "PUT" && /:(aasIdentifier|submodelIdentifier|cdIdentifier|packageId)(\/aas|\/submodel)?$/.test(path);
  // Links of a shell that is elsewhere may be written.
  const isLinking = method === "POST" && path === "/lookup/shells/:aasIdentifier";
  return names.flatMap((name, at) => {
    if (!name.startsWith(":")) return [];
    const put = (text: string) => parts.with(at, text).join("/");
    const isLast = at === names.length - 1 || (isCreating && at === names.length - 2 && /\/(aas|submodel)$/.test(path));
    // A new element of that name is made; a new document under an id that is not its own is refused.
    const missing =
      isLast && method === "PUT" && name === ":idShortPath"
        ? [201, 400]
        : isLast && isCreating
          ? [201, 400]
          : isLast && isLinking
            ? [201]
            : [404];
    if (name === ":idShortPath")
      return [
        again("unknown idShortPath", { url: put("nothing"), right: missing }),
        again("idShortPath below what has nothing below", { url: put("property.nothing"), right: method === "PUT" ? [400, 404] : [404] }),
        again("index after the end", { url: put("list%5B7%5D"), right: [404] }),
        ...["a..b", "a%5Bx%5D", "%5B0", "a.", "list%5B-1%5D"].map((text) => again("malformed idShortPath", { url: put(text), right: BAD })),
      ];
    return [
      again(`unknown ${name.slice(1)}`, { url: put(encodeId("urn:nothing")), right: missing }),
      ...MALFORMED.map(([what, text]) => again(`${name.slice(1)} ${what}`, { url: put(text), right: BAD })),
    ];
  });
}

function bodyProbes({ method, path: text, body: type }: Operation, path: string, again: Again): readonly Probe[] {
  if (type === undefined) return [];
  const isUpload = type.startsWith("multipart");
  const wrong = (what: string, body: unknown, headers?: Record<string, string>) =>
    again(what, { body, right: BAD, ...(headers && { headers }) });
  const probes = [
    wrong("no body", undefined),
    again("another content type", { body: "<x/>", headers: { "content-type": "application/xml" }, right: [400, 415] }),
  ];
  if (isUpload) return [...probes, wrong("JSON for an upload", {}), wrong("multipart without a file", new FormData())];
  probes.push(wrong("broken JSON", "{"), wrong("no JSON", "\u0000"), wrong("a text", JSON.stringify("text")), wrong("null", "null"));
  if (!text.includes("/lookup/") && !text.includes("/bulk/")) probes.push(wrong("an array", "[]"));
  else probes.push(wrong("an object", {}));
  const isWhole = method !== "PATCH" && !/\$value$|invoke|query/.test(path);
  if (isWhole) probes.push(wrong("an unknown attribute", { modelType: "Property", nobody: "knows" }), wrong("an empty object", "{}"));
  if (method === "PATCH" && !path.endsWith("$value")) probes.push(wrong("an attribute of wrong type", { category: 5 }));
  if (method === "PATCH" && path.endsWith("$value")) probes.push(wrong("a value of what is not there", { nobody: 5 }));
  if (path.startsWith("/query/")) probes.push(wrong("an unknown operator", { $condition: { $perhaps: [] } }));
  if (/invoke/.test(path))
    probes.push(
      wrong("an unknown argument", { inputArguments: [{ value: { modelType: "Property", idShort: "x", valueType: "xs:int" } }] }),
    );
  return probes;
}
