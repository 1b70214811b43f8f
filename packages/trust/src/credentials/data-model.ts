import { message } from "@doppelwerk/messages";
import { isObject, isUrl, listOf, type JsonObject } from "./json.ts";
import { malformed } from "./refused.ts";

// The form of credentials and presentations: Verifiable Credentials Data Model 2.0, 4. Contexts are compared and never fetched.

export const BASE_CONTEXT = "https://www.w3.org/ns/credentials/v2";
/** Types that the base context defines. */
const BASE_TYPES: ReadonlySet<string> = new Set([
  "VerifiableCredential",
  "VerifiablePresentation",
  "EnvelopedVerifiableCredential",
  "EnvelopedVerifiablePresentation",
  "JsonSchema",
  "JsonSchemaCredential",
  "BitstringStatusList",
  "BitstringStatusListCredential",
  "BitstringStatusListEntry",
  "DataIntegrityProof",
]);
/** XMLSCHEMA11-2 dateTimeStamp: with its time zone. */
const TIME =
  /^-?\d{4,}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;
const MAX_LIST = 100;

/** Errors: DW_INVALID with the first thing that is not as VCDM 2.0 says, and where. */
export function checkCredential(credential: JsonObject, at = ""): void {
  checkContext(credential, at);
  checkTypes(credential, "VerifiableCredential", at);
  checkId(credential, at);
  const { issuer, credentialSubject, validFrom, validUntil, proof } = credential;
  if (!isUrl(isObject(issuer) ? issuer["id"] : issuer)) throw malformed(message("trust.issuerUrl"), `${at}issuer`);
  const subjects = listOf(credentialSubject);
  if (subjects.length === 0) throw malformed(message("trust.subjectMissing"), `${at}credentialSubject`);
  for (const subject of bounded(subjects, `${at}credentialSubject`)) {
    if (!isObject(subject) || Object.keys(subject).length === 0) throw malformed(message("trust.subjectMissing"), `${at}credentialSubject`);
    checkId(subject, `${at}credentialSubject.`);
  }
  const from = timeOf(validFrom, `${at}validFrom`);
  const until = timeOf(validUntil, `${at}validUntil`);
  if (from !== undefined && until !== undefined && until < from) throw malformed(message("trust.untilBeforeFrom"), `${at}validUntil`);
  checkTyped(credential, "credentialStatus", { at, id: "optional" });
  checkTyped(credential, "credentialSchema", { at, id: "required" });
  for (const name of ["refreshService", "termsOfUse", "evidence"]) checkTyped(credential, name, { at, id: "optional" });
  if (proof !== undefined) checkTyped(credential, "proof", { at, id: "optional" });
  for (const [holder, place] of [
    [credential, at],
    [isObject(issuer) ? issuer : {}, `${at}issuer.`],
  ] as const)
    for (const name of ["name", "description"]) checkText(holder[name], place + name);
}

/** Errors: as of `checkCredential`. */
export function checkPresentation(presentation: JsonObject): void {
  checkContext(presentation, "");
  checkTypes(presentation, "VerifiablePresentation", "");
  checkId(presentation, "");
  const { holder, verifiableCredential, proof } = presentation;
  if (holder !== undefined && !isUrl(isObject(holder) ? holder["id"] : holder)) throw malformed(message("trust.holderUrl"), "holder");
  if (proof !== undefined) checkTyped(presentation, "proof", { at: "", id: "optional" });
  for (const [index, each] of bounded(listOf(verifiableCredential), "verifiableCredential").entries()) {
    const at = `verifiableCredential[${index}].`;
    if (!isObject(each)) throw malformed(message("trust.presentedForm"), at.slice(0, -1));
    if (isEnveloped(each)) {
      checkContext(each, at);
      if (typeof each["id"] !== "string" || !each["id"].startsWith("data:application/vc"))
        throw malformed(message("trust.envelope"), `${at}id`);
    } else checkCredential(each, at);
  }
}

export function isEnveloped(credential: JsonObject): boolean {
  return listOf(credential["type"]).includes("EnvelopedVerifiableCredential");
}

/** Milliseconds since 1970; undefined where there is none. Errors: DW_INVALID for what is no time with its zone. */
export function timeOf(value: unknown, where: string): number | undefined {
  if (value === undefined) return undefined;
  const ms = typeof value === "string" && TIME.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isFinite(ms)) throw malformed(message("trust.timeForm"), where);
  return ms;
}

function checkContext({ "@context": context }: JsonObject, at: string): void {
  const where = `${at}@context`;
  const contexts = bounded(listOf(context), where);
  if (contexts[0] !== BASE_CONTEXT) throw malformed(message("trust.contextFirst", { context: BASE_CONTEXT }), where);
  const terms = new Map<string, unknown>();
  let isProtected = false;
  for (const each of contexts) {
    if (!isUrl(each) && !isObject(each)) throw malformed(message("trust.contextForm"), where);
    if (!isObject(each)) continue;
    for (const [term, defined] of Object.entries(each)) {
      if (BASE_TYPES.has(term) || (isProtected && terms.has(term) && terms.get(term) !== defined))
        throw malformed(message("trust.contextRedefines", { term: term.slice(0, 100) }), where);
      terms.set(term, defined);
    }
    isProtected ||= each["@protected"] === true;
  }
}

/** A type is a URL, or a term that some context defines; what is behind the address of a context is taken to define it. */
function checkTypes({ type, "@context": context }: JsonObject, required: string, at: string): void {
  const where = `${at}type`;
  const types = bounded(listOf(type), where);
  if (!types.includes(required)) throw malformed(message("trust.typeMissing", { type: required }), where);
  const contexts = listOf(context);
  const isOpen = contexts.some((each) => (typeof each === "string" ? each !== BASE_CONTEXT : isObject(each) && isUrl(each["@vocab"])));
  const definedAs = (term: string): unknown => {
    const found = contexts.findLast((each) => isObject(each) && Object.hasOwn(each, term)) as JsonObject | undefined;
    const defined = found?.[term];
    return isObject(defined) ? defined["@id"] : defined;
  };
  for (const each of types) {
    const isDefined = typeof each === "string" && (BASE_TYPES.has(each) || isUrl(each) || isUrl(definedAs(each)));
    if (typeof each !== "string" || (!isDefined && (!isOpen || definedAs(each) !== undefined)))
      throw malformed(message("trust.typeUnknown", { type: String(each).slice(0, 100) }), where);
  }
}

function checkId({ id }: JsonObject, at: string): void {
  if (id !== undefined && !isUrl(id)) throw malformed(message("trust.idUrl"), `${at}id`);
}

/** Objects with a type, and an id where the property needs one. */
function checkTyped(of: JsonObject, name: string, { at, id: needed }: { readonly at: string; readonly id: "optional" | "required" }): void {
  const where = at + name;
  for (const each of bounded(listOf(of[name]), where)) {
    const types = isObject(each) ? listOf(each["type"]) : [];
    if (types.length === 0 || types.some((type) => typeof type !== "string" || type === ""))
      throw malformed(message("trust.partType"), where);
    const { id } = each as JsonObject;
    if (id === undefined && needed === "required") throw malformed(message("trust.idUrl"), `${where}.id`);
    checkId(each as JsonObject, `${where}.`);
  }
}

/** VCDM 2.0, 4.6 and 11.1: text, or values with language and direction alone. */
function checkText(value: unknown, where: string): void {
  if (value === undefined || typeof value === "string") return;
  for (const each of bounded(listOf(value), where)) {
    const isText =
      isObject(each) &&
      typeof each["@value"] === "string" &&
      Object.keys(each).every((key) => ["@value", "@language", "@direction"].includes(key));
    if (!isText) throw malformed(message("trust.textForm"), where);
  }
}

function bounded(list: readonly unknown[], where: string): readonly unknown[] {
  if (list.length > MAX_LIST) throw malformed(message("trust.listTooLong", { max: MAX_LIST }), where);
  return list;
}
