import { error, warning, type Finding } from "../finding.ts";
import { parseEnvironment } from "../json/parse-environment.ts";
import type { Environment } from "../metamodel.ts";
import { readXml, type ReadEnvironment } from "../xml/read-xml.ts";
import { DEFAULT_LIMITS, openPackage, partNamed, textOf, type AasxLimits, type Package } from "./open-package.ts";

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
}

/** The relationship types of IDTA-01005, with and without the deprecated `www.`. */
const RELATIONSHIP = /^http:\/\/(?:www\.)?admin-shell\.io\/aasx\/relationships\/(aasx-origin|aas-spec|aas-spec-split|aas-suppl)$/;
const THUMBNAIL = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail";

/**
 * The content of a package of IDTA-01005. Never throws: a package that cannot be read gives an empty environment and the reason.
 * Paths of findings about the environment begin with the part it was read from.
 */
export function readAasx(bytes: Uint8Array, limits: Partial<AasxLimits> = {}): AasxContent {
  const findings: Finding[] = [];
  const content = openPackage(bytes, { ...DEFAULT_LIMITS, ...limits }, findings);
  if (content === undefined) return { environment: {}, files: new Map(), findings };
  const specifications = specificationsIn(content, findings);
  const environments = specifications.map((name) => readSpecification(content, name, findings));
  const files = new Map<string, AasxFile>();
  for (const specification of specifications) {
    for (const target of targetsOf(content, specification, "aas-suppl")) {
      const file = fileNamed(content, target);
      if (file === undefined) findings.push(warning(specification, "aasx", `The supplementary file ${JSON.stringify(target)} is missing.`));
      else files.set(target, file);
    }
  }
  const path = content.relationshipsOf("/").find(({ type }) => type === THUMBNAIL)?.target;
  const file = path === undefined ? undefined : fileNamed(content, path);
  return { environment: merged(environments), files, ...(file && { thumbnail: { ...file, path: path! } }), findings };
}

function targetsOf(content: Package, source: string, kind: string): string[] {
  return content.relationshipsOf(source).flatMap(({ type, target }) => (RELATIONSHIP.exec(type)?.[1] === kind ? [target] : []));
}

function specificationsIn(content: Package, findings: Finding[]): string[] {
  const origins = targetsOf(content, "/", "aasx-origin");
  const found = origins.flatMap((origin) => [...targetsOf(content, origin, "aas-spec"), ...targetsOf(content, origin, "aas-spec-split")]);
  if (found.length > 0) return [...new Set(found)];
  const candidates = [...content.parts.keys()].filter((name) => /\.aas\.(xml|json)$/i.test(name)).sort();
  if (candidates.length === 0)
    findings.push(error("", "aasx", "The package has no part that an aasx-origin and an aas-spec relationship lead to."));
  else findings.push(warning("", "aasx", "No relationship leads to the specification: parts that look like one were read."));
  return candidates;
}

function readSpecification(content: Package, name: string, findings: Finding[]): Environment {
  const bytes = partNamed(content.parts, name);
  const text = bytes === undefined ? undefined : textOf(bytes);
  if (text === undefined) {
    findings.push(
      error(name, "aasx", bytes === undefined ? "The specification part is missing." : "The specification part is not UTF-8 text."),
    );
    return {};
  }
  const { environment, findings: further } = readText(text);
  for (const finding of further) findings.push({ ...finding, path: finding.path === "" ? name : `${name}#${finding.path}` });
  return environment;
}

function readText(text: string): ReadEnvironment {
  if (/^\s*</.test(text)) return readXml(text);
  try {
    return parseEnvironment(JSON.parse(text));
  } catch (cause) {
    return { environment: {}, findings: [error("", "json", `Not JSON: ${cause instanceof Error ? cause.message : String(cause)}`)] };
  }
}

function fileNamed(content: Package, name: string): AasxFile | undefined {
  const bytes = partNamed(content.parts, name);
  return bytes && { contentType: content.contentTypeOf(name), bytes };
}

function merged(environments: readonly Environment[]): Environment {
  if (environments.length === 1) return environments[0]!;
  const all = <K extends keyof Environment>(key: K) => environments.flatMap((environment) => (environment[key] ?? []) as unknown[]);
  const lists = (["assetAdministrationShells", "submodels", "conceptDescriptions"] as const).map((key) => [key, all(key)] as const);
  return Object.fromEntries(lists.filter(([, list]) => list.length > 0)) as Environment;
}
