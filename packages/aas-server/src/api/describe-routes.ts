import { aasRouteTable } from "./aas-routes.ts";
import { Jobs } from "./jobs.ts";
import type { Method } from "./route-table.ts";

// The AAS API as OpenAPI 3.1, made of the very table that answers: what is registered is described, and nothing else.

type Json = Record<string, unknown>;

/** What the last words of a path mean, the first that fits. Shapes of bodies are those of the standard, by name. */
const ENDINGS: readonly (readonly [ending: RegExp, resource: string, schema: string])[] = [
  [/\/\$recent-changes$/, "what changed lately", "RecentChange"],
  [/\/\$signed$/, "signed, as compact JWS", ""],
  [/\/\$history$/, "as it was at a date", ""],
  [/\/\$metadata$/, "metadata form", ""],
  [/\/\$reference$/, "reference form", "Reference"],
  [/\/\$path$/, "path form", ""],
  [/\/invoke\/\$value$/, "operation, value-only", "OperationRequestValueOnly"],
  [/\/invoke-as(ync|nyc)\/\$value$/, "operation, asynchronously, value-only", "OperationRequestValueOnly"],
  [/\/operation-results\/:handleId\/\$value$/, "result of an operation, value-only", "OperationResultValueOnly"],
  [/\/\$value$/, "value-only form", ""],
  [/\/invoke$/, "operation", "OperationRequest"],
  [/\/invoke-as(ync|nyc)$/, "operation, asynchronously", "OperationRequest"],
  [/\/operation-status\/:handleId$/, "status of an operation", "BaseOperationResult"],
  [/\/operation-results\/:handleId$/, "result of an operation", "OperationResult"],
  [/\/attachment$/, "file of an element", ""],
  [/\/thumbnail$/, "thumbnail", ""],
  [/\/asset-information$/, "asset information", "AssetInformation"],
  [/\/submodel-refs(\/:submodelIdentifier)?$/, "submodel references", "Reference"],
  [/\/submodel-elements\/:idShortPath$/, "submodel element", "SubmodelElement"],
  [/\/submodel-elements$/, "submodel elements", "SubmodelElement"],
  [/^\/query\/[a-z-]+$/, "query", "Query"],
  [/^\/bulk\/status\/:handleId$/, "status of a bulk request", "BaseOperationResult"],
  [/^\/bulk\/result\/:handleId$/, "result of a bulk request", ""],
  [/^\/bulk\/shell-descriptors$/, "many shell descriptors", "AssetAdministrationShellDescriptor"],
  [/^\/bulk\/submodel-descriptors$/, "many submodel descriptors", "SubmodelDescriptor"],
  [/^\/shell-descriptors(\/:aasIdentifier)?$/, "shell descriptors", "AssetAdministrationShellDescriptor"],
  [/submodel-descriptors(\/:submodelIdentifier)?$/, "submodel descriptors", "SubmodelDescriptor"],
  [/^\/lookup\/shellsByAssetLink$/, "shells by asset links", "AssetLink"],
  [/^\/lookup\/shells$/, "shells by asset ids", ""],
  [/^\/lookup\/shells\/:aasIdentifier$/, "asset links of a shell", "SpecificAssetId"],
  [/^\/packages-async/, "asynchronous upload of a package", ""],
  [/^\/packages/, "AASX packages", "PackageDescription"],
  [/\/serialization$/, "serialization as JSON, XML or AASX", "Environment"],
  [/\/description$/, "profiles that are served", "ServiceDescription"],
  [/^\/concept-descriptions/, "concept descriptions", "ConceptDescription"],
  [/\/submodels?(\/:submodelIdentifier)?$/, "submodels", "Submodel"],
  [/^\/shells(\/:aasIdentifier(\/aas)?)?$/, "shells", "AssetAdministrationShell"],
];

const VERBS: Readonly<Record<Method, string>> = {
  GET: "Read",
  POST: "Create or ask",
  PUT: "Create or replace",
  PATCH: "Change",
  DELETE: "Delete",
};

/** Paths of the AAS API below a base URL, for `/openapi.json`. */
export function describedAasRoutes(base: string): Readonly<Record<string, Json>> {
  const paths: Record<string, Json> = {};
  for (const [path, methods] of aasRouteTable(new Jobs(), () => ({ sign: async () => "" })).paths) {
    const item: Json = {};
    for (const method of methods) item[method.toLowerCase()] = describe(method, path);
    paths[`${base}${path.replace(/:(\w+)/g, "{$1}")}`] = item;
  }
  return paths;
}

/** A Result of IDTA-01002, referred to by every refusal. */
export const aasResultSchema: Json = {
  type: "object",
  required: ["messages"],
  properties: {
    messages: {
      type: "array",
      items: {
        type: "object",
        required: ["messageType", "text"],
        properties: {
          code: { type: "string" },
          correlationId: { type: "string" },
          messageType: { enum: ["Info", "Warning", "Error", "Exception"] },
          text: { type: "string" },
          timestamp: { type: "string", format: "date-time" },
        },
      },
    },
  },
};

const text = { type: "string" };

/** What goes along in headers, referred to by the operations that know them. */
export const aasHeaderComponents = {
  parameters: {
    Prefer: {
      name: "Prefer",
      in: "header",
      schema: { enum: ["handling=strict", "handling=lenient"] },
      description: "RFC 7240: lenient takes a document as an import of a file takes it; the default is the server's",
    },
    Reason: {
      name: "Doppelwerk-Reason",
      in: "header",
      schema: { ...text, maxLength: 500 },
      description: "why it is written, for the log; percent-encoded UTF-8",
    },
    UnchangedSince: {
      name: "Doppelwerk-Unchanged-Since",
      in: "header",
      schema: { type: "integer", minimum: 0 },
      description:
        "Doppelwerk-Revision of what was looked at: where something that would be changed was written after it, 412 and nothing is written",
    },
  },
  headers: {
    Revision: { schema: { type: "integer" }, description: "what was read stands at least at this revision of the world" },
    Branch: { schema: text, description: "name of the branch that answers, percent-encoded; absent on live" },
    PreferenceApplied: { schema: text, description: "how the document was taken, when Prefer asked" },
    Findings: {
      schema: text,
      description:
        "what was repaired, left out or kept although it breaks a constraint: percent-encoded JSON {count, findings: [{path, constraint, severity, message}]}, of many the first",
    },
    Reason: { schema: text, description: "the message as a code with its parameters: percent-encoded JSON {code, params}" },
    Told: { schema: text, deprecated: true, description: "the form of Doppelwerk-Reason before 1.0: percent-encoded JSON {code, values}" },
    Quality: { schema: { enum: ["good", "uncertain", "bad"] }, description: "of a live value" },
    SourceTime: { schema: { ...text, format: "date-time" }, description: "of a live value" },
    Location: { schema: text, description: "where it is, or where its status is asked for" },
    Allow: { schema: text, description: "methods that the path knows, when it does not know this one" },
  },
};

type HeaderName = keyof (typeof aasHeaderComponents)["headers"];

const REAL_NAMES: Readonly<Record<HeaderName, string>> = {
  Revision: "Doppelwerk-Revision",
  Branch: "Doppelwerk-Branch",
  PreferenceApplied: "Preference-Applied",
  Findings: "Doppelwerk-Findings",
  Reason: "Doppelwerk-Reason",
  Told: "Doppelwerk-Told",
  Quality: "Doppelwerk-Quality",
  SourceTime: "Doppelwerk-Source-Time",
  Location: "Location",
  Allow: "Allow",
};

function headers(...names: readonly HeaderName[]): Json {
  return { headers: Object.fromEntries(names.map((name) => [REAL_NAMES[name], { $ref: `#/components/headers/${name}` }])) };
}

/** Documents and descriptors whose handling can be asked for. */
function takesDocument(method: Method, path: string): boolean {
  if (method !== "POST" && method !== "PUT") return false;
  return /(\/(shells|submodels|concept-descriptions|submodel-elements|submodel|aas|(shell|submodel)-descriptors|submodel-refs|asset-information)|:(aasIdentifier|submodelIdentifier|cdIdentifier|idShortPath))$/.test(
    path.replace(/^\/(lookup|query).*/, ""),
  );
}

function describe(method: Method, path: string): Json {
  const [, resource, schema] = ENDINGS.find(([ending]) => ending.test(path)) ?? [undefined, "AAS API", ""];
  const named = [...path.matchAll(/:(\w+)/g)].map((match) => match[1]!);
  const refused = {
    description: "refused",
    ...headers("Reason", "Told", "Branch", "Allow"),
    content: { "application/json": { schema: { $ref: "#/components/schemas/Result" } } },
  };
  const isLive = method === "GET" && /:idShortPath(\/\$value)?$/.test(path);
  const answered = headers(
    "Branch",
    ...(method === "GET" ? (["Revision"] as const) : []),
    ...(takesDocument(method, path) ? (["PreferenceApplied", "Findings"] as const) : []),
    ...(isLive ? (["Quality", "SourceTime"] as const) : []),
    ...(method === "GET" ? [] : (["Location"] as const)),
  );
  return {
    operationId: `aas_${method.toLowerCase()}${path.replace(/[^A-Za-z0-9]+/g, "_")}`,
    tags: ["AAS API (IDTA-01002)"],
    summary: `${VERBS[method]}: ${resource}`,
    ...(path.includes("asnyc") && { deprecated: true }),
    parameters: [
      ...named.map((name) => ({ name, in: "path", required: true, schema: { type: "string" }, description: encodingOf(name) })),
      ...(method === "GET" ? queryOf(path) : []).map((name) => ({
        name,
        in: "query",
        required: name === "date" && path.endsWith("/$history"),
        schema: name === "limit" ? { type: "integer", minimum: 1 } : { type: "string" },
      })),
      ...(takesDocument(method, path) ? [{ $ref: "#/components/parameters/Prefer" }] : []),
      ...(method === "GET" || path.startsWith("/query/")
        ? []
        : ["Reason", "UnchangedSince"].map((name) => ({ $ref: `#/components/parameters/${name}` }))),
    ],
    ...bodyOf(method, path, schema),
    responses: {
      "2XX": { description: schema === "" ? resource : `${resource} (${schema})`, ...answered },
      ...redirectOf(path),
      default: refused,
    },
  };
}

function encodingOf(name: string): string {
  return name === "idShortPath" ? "URL-encoded, such as Line.Stations%5B0%5D" : "UTF-8 in base64url, without padding";
}

function redirectOf(path: string): Json {
  return /\/(operation-status|status)\/:handleId$/.test(path) ? { "302": { description: "done: the result is at Location" } } : {};
}

function bodyOf(method: Method, path: string, schema: string): Json {
  if (method === "GET" || (method === "DELETE" && !path.startsWith("/bulk/"))) return {};
  const isUpload = /\/(attachment|thumbnail)$/.test(path) || path.startsWith("/packages");
  const content = isUpload
    ? {
        "multipart/form-data": {
          schema: {
            type: "object",
            required: ["file"],
            properties: { file: { type: "string", format: "binary" }, fileName: { type: "string" } },
          },
        },
      }
    : { "application/json": { schema: schema === "" ? {} : { title: schema } } };
  return { requestBody: { required: true, content } };
}

/** Query parameters of a GET, by what its list or form takes. */
function queryOf(path: string): readonly string[] {
  if (path.endsWith("/$history")) return ["date"];
  if (path.endsWith("/serialization")) return ["aasIds", "submodelIds", "includeConceptDescriptions"];
  const filters =
    (/^\/shells(\/\$(reference|recent-changes))?$/.test(path) && ["assetIds", "idShort", "createdFrom", "updatedFrom"]) ||
    (/^\/submodels(\/\$\S+)?$/.test(path) && ["semanticId", "idShort", "createdFrom", "updatedFrom"]) ||
    (/^\/concept-descriptions(\/\$\S+)?$/.test(path) && ["idShort", "isCaseOf", "dataSpecificationRef", "createdFrom", "updatedFrom"]) ||
    (/^\/shell-descriptors(\/\$\S+)?$/.test(path) && ["assetKind", "assetType", "assetIds", "createdFrom", "updatedFrom"]) ||
    (path === "/submodel-descriptors" && ["createdFrom", "updatedFrom"]) ||
    (path === "/packages" && ["aasId"]) ||
    (path === "/lookup/shells" && ["assetIds"]) ||
    [];
  const hasPast = /(^\/shells\/:aasIdentifier|\/aas|\/submodel|\/submodels\/:submodelIdentifier(\/\$value)?)$/.test(path);
  const isList = filters.length > 0 || /\/(submodel-elements(\/\$\w+)?|submodel-refs|submodel-descriptors)$/.test(path);
  const isForm =
    !/\$(metadata|reference|recent-changes)$/.test(path) &&
    /\/(submodels?|submodel-elements|:submodelIdentifier|:idShortPath)(\/\$(value|path))?$/.test(path) &&
    !/descriptors|refs/.test(path);
  return [
    ...filters,
    ...(hasPast ? ["date"] : []),
    ...(isForm ? ["level", ...(path.endsWith("$path") ? [] : ["extent"])] : []),
    ...(isList ? ["limit", "cursor"] : []),
  ];
}
