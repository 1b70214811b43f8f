// What comes in a URL or a body, checked as IDTA-01002 asks. Every refusal is a 400 with one sentence.

import { CLASSES, decodeId, parseValueText, validate, type ClassName, type Finding, type Reference, type ValueOnly } from "@doppelwerk/aas";
import type { AasRequest } from "./route.ts";
import { badRequest } from "./answers.ts";
import { ruleOf } from "./finding-messages.ts";
import { keyOfCursor } from "./listing.ts";
import { message as messageOf, verbatim } from "@doppelwerk/messages";
import { instantOfRfc3339, type Instant } from "@doppelwerk/world";
import type { AssetLink, Page, Since } from "./aas-source.ts";

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

const DEFAULT_LIMIT = 100;
/** A server may return fewer than asked for. */
const MAX_ON_A_PAGE = 1000;
const MAX_FINDINGS_TOLD = 10;

export type Level = "core" | "deep";

/** An identifier of a path: base64url without padding. */
export function idOf(encoded: string): string {
  const id = decodeId(encoded);
  if (typeof id !== "string") throw badRequest(id.reason ?? verbatim(id.message));
  return id;
}

/** Identifiers of a query parameter that may come several times, or separated by commas. */
export function idsOf(value: string | readonly string[] | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const texts = (typeof value === "string" ? [value] : value).flatMap((text) => text.split(","));
  return texts.map(idOf);
}

/** `limit` and `cursor`, which clients must not read. */
export function pageOf(request: AasRequest): Page {
  const { limit, cursor } = request.query;
  if (limit !== undefined && (typeof limit !== "string" || !/^[0-9]{1,9}$/.test(limit) || Number(limit) < 1))
    throw badRequest(messageOf("aasServer.limitMustIntegerLeast1"));
  if (cursor === "") throw badRequest(messageOf("aasServer.cursorMustNotEmptyAASa001"));
  const after = cursor === undefined ? undefined : keyOfCursor(request, onlyText(cursor));
  return { ...(after !== undefined && { after }), limit: Math.min(limit === undefined ? DEFAULT_LIMIT : Number(limit), MAX_ON_A_PAGE) };
}

function onlyText(cursor: string | readonly string[]): string {
  if (typeof cursor !== "string") throw badRequest(messageOf("aasServer.cursorMustComeOnce"));
  return cursor;
}

export function levelOf(query: Query): Level {
  const { level } = query;
  if (level === undefined || level === "deep") return "deep";
  if (level === "core") return "core";
  throw badRequest(messageOf("aasServer.levelMustCoreOrDeep"));
}

/** Whether blob values are asked for. */
export function withBlobValue(query: Query): boolean {
  const { extent } = query;
  if (extent === undefined) return false;
  const word = typeof extent === "string" ? extent.toLowerCase() : "";
  if (word === "withblobvalue") return true;
  if (word === "withoutblobvalue") return false;
  throw badRequest(messageOf("aasServer.extentMustWithBlobValueOr"));
}

/** `$path`: an extent changes nothing, but must be one. */
export function levelOfPaths(query: Query): Level {
  withBlobValue(query);
  return levelOf(query);
}

/** `$metadata`: level is forbidden, and so are blob values (http-rest-api, Modifier Constraints). */
export function checkMetadataModifiers(query: Query): void {
  if (query.level !== undefined) throw badRequest(messageOf("aasServer.levelMustNotUsedMetadata"));
  if (withBlobValue(query)) throw badRequest(messageOf("aasServer.extentWithBlobValueMustNotUsedMetadata"));
}

/** `$reference`: level deep is forbidden. */
export function checkReferenceModifiers(query: Query): void {
  if (query.level !== undefined && levelOf(query) === "deep") throw badRequest(messageOf("aasServer.levelDeepMustNotUsedReference"));
}

/** POST takes no modifiers. */
export function checkNoModifiers(query: Query): void {
  if (query.level !== undefined || query.extent !== undefined) throw badRequest(messageOf("aasServer.levelExtentMustNotUsedPost"));
}

export function textOf(query: Query, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || typeof value === "string") return value;
  throw badRequest(messageOf("aasServer.mustComeOnce", { name }));
}

/** `assetIds`: each one JSON in base64url, of one asset id or of an array of them. */
export function assetIdsOf(query: Query): readonly AssetLink[] | undefined {
  return idsOf(query.assetIds ?? query.assetids)?.flatMap((text) => {
    const json = jsonOf(text, "assetIds");
    return (Array.isArray(json) ? json : [json]).map(assetLink);
  });
}

/** What is null is absent: object models of clients write their empty attributes so. */
export function assetLink(json: unknown): AssetLink {
  const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
  const link = isObject ? Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null)) : json;
  const findings = validate(link, "SpecificAssetId").filter(({ severity }) => severity === "error");
  if (findings.length > 0) throw badRequest(messageOf("aasServer.assetIdMustNameValue", { reason: findings[0]!.message }));
  return link as AssetLink;
}

/** A reference of a query: JSON in base64url. Its keys may break a constraint: so do those of documents that are looked for. */
export function referenceOf(query: Query, name: string): Reference | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  const breaksOnlyConstraint = ({ constraint }: Finding) => constraint.startsWith("AASd-");
  return withoutErrors(jsonOf(idOf(text), name), breaksOnlyConstraint, ["Reference"]) as unknown as Reference;
}

/** A JSON body. */
export function jsonBody(body: unknown): unknown {
  if (typeof body !== "string" || body === "") throw badRequest(messageOf("aasServer.jsonBodyNeeded"));
  return jsonOf(body, "The body");
}

/** A value-only body, every digit of its numbers kept. */
export function valueBody(body: unknown): ValueOnly {
  if (typeof body !== "string" || body === "") throw badRequest(messageOf("aasServer.jsonBodyNeeded"));
  try {
    return parseValueText(body);
  } catch (error) {
    throw badRequest(messageOf("aasServer.bodyNotJson", { reason: (error as Error).message }));
  }
}

/** An instance of a class that has no error; the class is told by `modelType` when several are possible. */
export function checked(json: unknown, ...classes: readonly ClassName[]): Record<string, unknown> {
  return withoutErrors(json, () => false, classes);
}

/** What was there is changed into something of the class without an error that was not there before: what an import left broken can be worked on. */
export function checkedChange(before: unknown, json: unknown, ...classes: readonly ClassName[]): Record<string, unknown> {
  let known: ReadonlySet<string> | undefined;
  const isKnown = (finding: Finding) => (known ??= new Set(validate(before).map(keyOfFinding))).has(keyOfFinding(finding));
  return withoutErrors(json, isKnown, classes);
}

function keyOfFinding({ constraint, path }: Finding): string {
  return `${constraint} ${path}`;
}

function withoutErrors(json: unknown, isKnown: (finding: Finding) => boolean, classes: readonly ClassName[]): Record<string, unknown> {
  const modelType = typeof json === "object" && json !== null ? (json as { modelType?: unknown }).modelType : undefined;
  const of = classes.length === 1 ? classes[0]! : classes.find((name) => name === modelType);
  if (of === undefined)
    throw badRequest(messageOf("aasServer.modelTypeMustNameClassCanStand", { modelType: JSON.stringify(modelType) ?? "nothing" }));
  const errors = validate(json, of).filter((finding) => finding.severity === "error" && !isKnown(finding));
  if (errors.length === 0) return json as Record<string, unknown>;
  const faults = errors.slice(0, MAX_FINDINGS_TOLD).map((finding) => ruleOf({ ...finding, path: finding.path || of }));
  const more = errors.length - faults.length;
  throw badRequest(more > 0 ? messageOf("aasServer.faultsAndMore", { faults, count: more }) : messageOf("aasServer.faults", { faults }));
}

/** An instant of a query: a date and time of RFC 3339, with its zone. */
export function instantOf(query: Query, name: string): Instant | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  const instant = instantOfRfc3339(text);
  if (instant === undefined || Number.isNaN(instant)) throw badRequest(messageOf("aasServer.mustDateTimeZone", { name }));
  return instant;
}

/** `createdFrom` and `updatedFrom` (3.2 draft). */
export function sinceOf(query: Query): Since {
  const [createdFrom, updatedFrom] = [instantOf(query, "createdFrom"), instantOf(query, "updatedFrom")];
  return { ...(createdFrom !== undefined && { createdFrom }), ...(updatedFrom !== undefined && { updatedFrom }) };
}

/** The classes a submodel element can have. */
export const ELEMENT_CLASSES = [...CLASSES.values()]
  .filter(
    ({ name, hasModelType }) =>
      hasModelType && !["AssetAdministrationShell", "Submodel", "ConceptDescription", "DataSpecificationIec61360"].includes(name),
  )
  .map(({ name }) => name);

function jsonOf(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(messageOf("aasServer.notJson", { what, reason: (error as Error).message }));
  }
}
