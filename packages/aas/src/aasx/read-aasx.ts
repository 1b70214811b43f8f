import { message } from "@doppelwerk/messages";
import { error, info, repaired, warning, type Finding } from "../finding.ts";
import { decodeText } from "../text-file/decode-text.ts";
import { readTextFile } from "../text-file/read-text-file.ts";
import { sortedText } from "../sorted-text.ts";
import type { Environment, Identifiable } from "../metamodel.ts";
import { idTakenBefore } from "../validation/validate.ts";
import type { ReadEnvironment, Release } from "../read-environment.ts";
import { comparable, DEFAULT_LIMITS, openPackage, partFinder, type AasxLimits, type Package } from "./open-package.ts";

export interface AasxFile {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export interface AasxContent {
  readonly environment: Environment;
  /** Supplementary files by absolute part name (`/aasx/files/manual.pdf`). */
  readonly files: ReadonlyMap<string, AasxFile>;
  readonly thumbnail?: AasxFile & { readonly path: string };
  readonly findings: readonly Finding[];
  /** Of the metamodel, where the specification tells it. */
  readonly release?: Release;
}

/** The relationship types of IDTA-01005, with and without the deprecated `www.`. */
const RELATIONSHIP = /^https?:\/\/(?:www\.)?admin-shell\.io\/aasx\/relationships\/(aasx-origin|aas-spec|aas-spec-split|aas-suppl)$/;
const THUMBNAIL = /^https?:\/\/[^/]+\/.*\/thumbnail$/;

/**
 * The content of a package of IDTA-01005, of any release of the metamodel. Never throws: a package that cannot be read gives an empty environment and
 * the reason. Missing relationships are made up for: by other relationships, by what the parts hold, by what the environment refers to.
 * Paths of findings about the environment begin with the part it was read from.
 */
export function readAasx(bytes: Uint8Array, limits: Partial<AasxLimits> = {}): AasxContent {
  const findings: Finding[] = [];
  const content = openPackage(bytes, { ...DEFAULT_LIMITS, ...limits }, findings);
  if (content === undefined) return { environment: {}, files: new Map(), findings };
  const specifications = specificationsIn(content, findings);
  const read = specifications.map((name) => readSpecification(content, name, findings));
  const environment = merged(
    read.map((each) => each.environment),
    specifications,
    findings,
  );
  const files = new Map<string, AasxFile>();
  const used = new Set<string>(specifications.map(comparable));
  const take = (target: string): boolean => {
    const file = fileNamed(content, target);
    if (file === undefined) return false;
    if (!used.has(comparable(target))) files.set(target, file);
    used.add(comparable(target));
    return true;
  };
  for (const specification of specifications)
    for (const target of targetsOf(content, specification, "aas-suppl"))
      if (!take(target))
        findings.push(warning(specification, "aasx", message("aas.supplementaryFileMissing", { target: JSON.stringify(target) })));
  const path = thumbnailOf(content);
  const file = path === undefined ? undefined : fileNamed(content, path);
  if (path !== undefined && file === undefined)
    findings.push(warning("", "aasx", message("aas.thumbnailMissing", { path: JSON.stringify(path) })));
  if (file !== undefined) used.add(comparable(path!));
  takeUnrelated(content, environment, used, take, findings);
  const release = read.find((each) => each.release !== undefined)?.release;
  return { environment, files, ...(file && { thumbnail: { ...file, path: path! } }), ...(release && { release }), findings };
}

/** Files that no relationship of the specification leads to, but that the environment or another part's relationship names, are taken; the rest is told. */
function takeUnrelated(
  content: Package,
  environment: Environment,
  used: Set<string>,
  take: (name: string) => boolean,
  findings: Finding[],
): void {
  const find = partFinder(content.parts.keys());
  const wanted = new Set([...pathsIn(environment)].map((path) => comparable(find(path) ?? "")));
  const left: string[] = [];
  for (const name of content.parts.keys()) {
    if (used.has(comparable(name)) || isOfPackage(name)) continue;
    if (wanted.has(comparable(name))) {
      take(name);
      findings.push(repaired(name, "aasx", message("aas.environmentRefersFileRelationshipLeads")));
    } else if (relatedElsewhere(content).has(comparable(name))) {
      take(name);
      findings.push(repaired(name, "aasx", message("aas.onlyRelationshipsAnotherPartLead")));
    } else left.push(name);
  }
  if (left.length === 0) return;
  const shown = left.slice(0, 5).map((name) => JSON.stringify(name.slice(0, 100)));
  const more = left.length > 5 ? ` and ${left.length - 5} more` : "";
  findings.push(info("", "aasx", message("aas.nothingLeadsTo", { count: left.length, shown: `${shown.join(", ")}${more}` })));
}

/** Parts that OPC itself needs: they come again with every package. */
function isOfPackage(name: string): boolean {
  return /(^\/\[content_types\]\.xml$|\/_rels\/[^/]*\.rels$|\/aasx-origin$|^\/docprops\/|\.psmdcp$)/i.test(name);
}

const elsewhere = new WeakMap<Package, ReadonlySet<string>>();

function relatedElsewhere(content: Package): ReadonlySet<string> {
  const known = elsewhere.get(content);
  if (known !== undefined) return known;
  const found = new Set<string>();
  for (const source of relationshipSources(content))
    for (const target of targetsOf(content, source, "aas-suppl")) found.add(comparable(target));
  elsewhere.set(content, found);
  return found;
}

/** Names of the parts that relationship parts are for, whether those parts are there or not. */
function relationshipSources(content: Package): string[] {
  return [...content.parts.keys()].flatMap((name) => {
    const match = /^(.*\/)_rels\/([^/]*)\.rels$/i.exec(name);
    return match === null ? [] : [match[1]! + match[2]!];
  });
}

/** Paths that File elements and thumbnails of the environment name. */
function pathsIn(environment: Environment): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    const { modelType, value: own, path } = value as Record<string, unknown>;
    const named = modelType === "File" ? own : path;
    if (typeof named === "string") found.add(named);
    for (const each of Object.values(value)) if (typeof each === "object") visit(each);
  };
  visit(environment);
  return found;
}

function thumbnailOf(content: Package): string | undefined {
  return content.relationshipsOf("/").find(({ type }) => THUMBNAIL.test(type))?.target;
}

function targetsOf(content: Package, source: string, kind: string): string[] {
  return content.relationshipsOf(source).flatMap(({ type, target }) => (RELATIONSHIP.exec(type)?.[1] === kind ? [target] : []));
}

function specificationsIn(content: Package, findings: Finding[]): string[] {
  const origins = targetsOf(content, "/", "aasx-origin");
  for (const origin of origins)
    if (content.partNamed(origin) === undefined) findings.push(repaired(origin, "aasx", message("aas.aasxOriginPartMissingRelationships")));
  const found = specificationsFrom(content, origins).filter((name) => {
    const isOrigin = origins.some((origin) => comparable(origin) === comparable(name));
    if (isOrigin) findings.push(warning(name, "aasx", message("aas.aasSpecRelationshipLeadsAasx")));
    return !isOrigin;
  });
  if (found.some((name) => content.partNamed(name) !== undefined)) return found;
  const missing = () => {
    for (const name of found) findings.push(warning(name, "aasx", message("aas.specificationPartMissing")));
  };
  const elsewhereNamed = specificationsFrom(content, relationshipSources(content)).filter((name) => content.partNamed(name) !== undefined);
  if (elsewhereNamed.length > 0) {
    missing();
    findings.push(repaired("", "aasx", message("aas.aasxOriginLeadsSpecificationRelationships")));
    return elsewhereNamed;
  }
  const candidates = [...content.parts.keys()]
    .filter((name) => /\.(xml|json)$/i.test(name) && !isOfPackage(name) && holdsEnvironment(content.parts.get(name)!))
    .sort();
  if (candidates.length === 0 && found.length > 0) return found;
  if (candidates.length === 0) {
    const none = message("aas.noSpecification");
    // A package without a shell is an empty one; without relationships, which OPC demands, it is none.
    findings.push(content.partNamed("/_rels/.rels") === undefined ? error("", "aasx", none) : warning("", "aasx", none));
  } else {
    missing();
    findings.push(
      repaired(
        "",
        "aasx",
        message("aas.relationshipLeadsSpecificationReadWhat", { name: candidates.map((name) => JSON.stringify(name)).join(", ") }),
      ),
    );
  }
  return candidates;
}

function specificationsFrom(content: Package, sources: readonly string[]): string[] {
  const found = sources.flatMap((source) => [...targetsOf(content, source, "aas-spec"), ...targetsOf(content, source, "aas-spec-split")]);
  return [...new Map(found.map((name) => [comparable(name), name])).values()];
}

/** A look at the beginning only: the reader judges the rest. */
function holdsEnvironment(bytes: Uint8Array): boolean {
  const start = decodeText(bytes.subarray(0, 4096 - (4096 % 4)))?.text ?? "";
  return (
    /<([\w-]+:)?(aasenv|environment)[\s>]/.test(start) ||
    (/^\s*[{[]/.test(start) && /"(assetAdministrationShells|submodels|conceptDescriptions|modelType|assets)"/.test(start))
  );
}

function readSpecification(content: Package, name: string, findings: Finding[]): ReadEnvironment {
  const bytes = content.partNamed(name);
  if (bytes === undefined) {
    findings.push(error(name, "aasx", message("aas.specificationPartMissing")));
    return { environment: {}, findings: [] };
  }
  const read = readTextFile(bytes);
  for (const finding of read.findings) findings.push({ ...finding, path: finding.path === "" ? name : `${name}#${finding.path}` });
  return read;
}

function fileNamed(content: Package, name: string): AasxFile | undefined {
  const bytes = content.partNamed(name);
  return bytes && { contentType: content.contentTypeOf(name), bytes };
}

/** A package may say the same in XML and in JSON: what comes again as it is, is taken once. */
function merged(environments: readonly Environment[], names: readonly string[], findings: Finding[]): Environment {
  if (environments.length === 1) return environments[0]!;
  const known = new Map<string, { readonly text: string; readonly path: string; readonly identifiable: Identifiable }>();
  const all = (key: "assetAdministrationShells" | "submodels" | "conceptDescriptions") =>
    environments.flatMap((environment, index) => {
      const documents = (environment[key] ?? []) as readonly Identifiable[];
      const own = new Set<string>();
      const fresh = documents.filter((identifiable, i) => {
        const path = `${names[index]!}#${key}[${i}]`;
        const before = known.get(JSON.stringify([key, identifiable.id]));
        const text = sortedText(identifiable);
        if (before === undefined) known.set(JSON.stringify([key, identifiable.id]), { text, path, identifiable });
        // What one part has twice is a finding of that part.
        else if (before.text !== text && !own.has(identifiable.id))
          findings.push(idTakenBefore(`${path}.id`, identifiable, before.path, before.identifiable));
        own.add(identifiable.id);
        return before?.text !== text;
      });
      const again = documents.length - fresh.length;
      if (again > 0) findings.push(info(names[index]!, "aasx", message("aas.anotherPartSaysSameTaken", { count: again })));
      return fresh;
    });
  const lists = (["assetAdministrationShells", "submodels", "conceptDescriptions"] as const).map((key) => [key, all(key)] as const);
  return Object.fromEntries(lists.filter(([, list]) => list.length > 0)) as Environment;
}
