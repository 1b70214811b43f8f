import { message } from "@doppelwerk/messages";
import { takeDocument, validate, type DocumentHome, type Finding } from "@doppelwerk/aas";
import type { FastifyReply } from "fastify";
import type { AasRequest } from "./route.ts";
import { badRequest } from "./answers.ts";
import { checked, ELEMENT_CLASSES, jsonBody } from "./parameters.ts";

// How strictly a document of a body is taken: `Prefer: handling=lenient` of RFC 7240, clause 4.4.

/** What was repaired, left out or kept although it breaks a constraint: percent-encoded JSON `{count, findings}`, of many the first. */
const FINDINGS_HEADER = "doppelwerk-findings";
const APPLIED_HEADER = "preference-applied";

/** Clients and proxies refuse an answer with longer headers than some kilobytes. */
const MAX_HEADER = 4096;
const MAX_MESSAGE = 300;

const CLASSES_OF_HOME = {
  assetAdministrationShells: ["AssetAdministrationShell"],
  submodels: ["Submodel"],
  conceptDescriptions: ["ConceptDescription"],
  submodelElements: ELEMENT_CLASSES,
} as const;

/** A document, and where the writer has to say what of it stays wrong: undefined = what is wrong is refused. */
export interface TakenDocument<T> {
  readonly document: T;
  readonly told: Finding[] | undefined;
}

/** JSON of a body that is no document of the metamodel, and where to say which constraints it breaks: undefined = what breaks one is refused. */
export interface PlainBody {
  readonly json: unknown;
  readonly told: Finding[] | undefined;
}

/** Handled leniently, empty lists, nulls and empty texts of what must not be empty are left out: so object models of clients write what they do not use. */
export function plainBody(request: AasRequest, reply: FastifyReply): PlainBody {
  const json = jsonBody(request.body);
  return isLenient(request, reply) ? { json: withoutEmpty(json), told: [] } : { json, told: undefined };
}

/** An empty text of these says that there is none. */
const NEVER_EMPTY = ["idShort", "assetType", "globalAssetId"];

function withoutEmpty(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutEmpty);
  if (typeof json !== "object" || json === null) return json;
  const left = Object.entries(json).filter(
    ([name, value]) => value !== null && !(Array.isArray(value) && value.length === 0) && !(value === "" && NEVER_EMPTY.includes(name)),
  );
  return Object.fromEntries(left.map(([name, value]) => [name, withoutEmpty(value)]));
}

/** How a body is handled; said on the answer when the request asked for it. */
function isLenient(request: AasRequest, reply: FastifyReply): boolean {
  const asked = handlingAsked(request.headers["prefer"]);
  if (asked !== undefined) reply.header(APPLIED_HEADER, `handling=${asked}`);
  return (asked ?? (request.routeOptions.config as HandlingConfig).handling) === "lenient";
}

/** The document of a body, without an error of `validate`; or, handled leniently, as an import of a file would take it. Else 400. */
export function documentOf<T>(request: AasRequest, reply: FastifyReply, home: DocumentHome): TakenDocument<T> {
  const json = jsonBody(request.body);
  if (!isLenient(request, reply)) return { document: checked(json, ...CLASSES_OF_HOME[home]) as T, told: undefined };
  const { taken, findings } = takeDocument(json, home);
  if (taken === undefined) {
    // The strict judgement says best what is missing.
    checked(json, ...CLASSES_OF_HOME[home]);
    throw badRequest(message("aasServer.bodyNoDocumentCanTaken"));
  }
  const told = [...findings];
  addFindings(reply, told);
  return { document: taken as T, told };
}

/** The same of an instance that is no document: handled leniently, what only breaks a constraint is kept, and told. */
export function instanceOf<T>(request: AasRequest, reply: FastifyReply, of: "Reference" | "AssetInformation"): TakenDocument<T> {
  const { json, told } = plainBody(request, reply);
  const found = told === undefined ? [] : validate(json, of).filter(({ severity }) => severity === "error");
  if (told === undefined || found.some((finding) => !isConstraint(finding))) checked(json, of);
  addFindings(reply, found);
  return { document: json as T, told };
}

/** A rule of the metamodel, not the shape of its classes. */
export function isConstraint({ constraint }: Finding): boolean {
  return /^AAS[dc]-/.test(constraint);
}

/** Configuration of a route: how bodies are handled where the request does not say. */
export interface HandlingConfig {
  readonly handling?: Handling;
}

export type Handling = "strict" | "lenient";

/** Names are in any case of letters, values may be quoted, and the first of several counts (RFC 7240, clause 2). */
function handlingAsked(header: string | readonly string[] | undefined): Handling | undefined {
  if (header === undefined) return undefined;
  for (const preference of String(header).slice(0, 2048).split(",")) {
    const [, value] = /^\s*handling\s*=\s*"?([a-z]+)"?\s*(?:;|$)/i.exec(preference) ?? [];
    const word = value?.toLowerCase();
    if (word === "strict" || word === "lenient") return word;
  }
  return undefined;
}

/** Says what was found on the answer; again when more was found on the way. */
export function addFindings(reply: FastifyReply, found: readonly Finding[] | undefined): void {
  if (found === undefined || found.length === 0) return;
  const findings: Finding[] = [];
  let text = "";
  for (const finding of found) {
    findings.push({ ...finding, path: finding.path.slice(0, MAX_MESSAGE), message: finding.message.slice(0, MAX_MESSAGE) });
    const longer = encodeURIComponent(JSON.stringify({ count: found.length, findings }).toWellFormed());
    if (longer.length > MAX_HEADER && text !== "") break;
    text = longer;
  }
  reply.header(FINDINGS_HEADER, text);
}
