import { message } from "@doppelwerk/messages";
import { unpackArchive, type ArchiveLimits } from "../archive/unpack.ts";
import { error, repaired, warning, type Finding } from "../finding.ts";
import { decodeText } from "../text-file/decode-text.ts";
import { parseXml, type XmlElement } from "../xml/xml-node.ts";

export { DEFAULT_LIMITS, type ArchiveLimits as AasxLimits } from "../archive/unpack.ts";

/** The parts of an OPC package (ECMA-376 part 2) by absolute name. */
export interface Package {
  readonly parts: ReadonlyMap<string, Uint8Array>;
  /** The part of a name; names that differ in case, or in how characters are escaped, mean the same part. */
  readonly partNamed: (name: string) => Uint8Array | undefined;
  readonly contentTypeOf: (name: string) => string;
  /** Relationships of a part, "/" for those of the package. */
  readonly relationshipsOf: (name: string) => readonly Relationship[];
}

export interface Relationship {
  readonly type: string;
  /** Absolute part name. */
  readonly target: string;
}

/** Opens a package, or tells in findings why not. Never throws. */
export function openPackage(bytes: Uint8Array, limits: ArchiveLimits, findings: Finding[]): Package | undefined {
  const unpacked = unpackArchive(bytes, limits, findings, "aasx");
  if (unpacked === undefined) return undefined;
  const parts = atTop(unpacked, findings);
  const byComparable = new Map([...parts].map(([name, content]) => [comparable(name), content] as const).reverse());
  const partNamed = (name: string) => parts.get(name) ?? byComparable.get(comparable(name));
  const read = new Map<string, readonly Relationship[]>();
  const relationshipsOf = (name: string) => {
    const known = read.get(name);
    if (known !== undefined) return known;
    const found = relationships(partNamed, name, findings);
    read.set(name, found);
    return found;
  };
  return { parts, partNamed, contentTypeOf: contentTypes(partNamed, findings), relationshipsOf };
}

/** Who packs a folder instead of what is in it moves every part one down. */
function atTop(parts: ReadonlyMap<string, Uint8Array>, findings: Finding[]): ReadonlyMap<string, Uint8Array> {
  const isOfPackage = (name: string, folder: string) =>
    [`${folder}/[content_types].xml`, `${folder}/_rels/.rels`].includes(comparable(name));
  const names = [...parts.keys()];
  if (names.some((name) => isOfPackage(name, ""))) return parts;
  const folders = new Set(names.map((name) => name.slice(0, Math.max(0, name.indexOf("/", 1)))).filter((folder) => folder !== "/__MACOSX"));
  const [folder] = folders;
  if (folders.size !== 1 || !folder || !names.some((name) => isOfPackage(name, comparable(folder)))) return parts;
  findings.push(repaired("", "aasx", message("aas.everyPartLiesFolderRead", { folder: JSON.stringify(folder.slice(0, 200)) })));
  return new Map([...parts].map(([name, content]) => [name.startsWith(`${folder}/`) ? name.slice(folder.length) : name, content]));
}

/** In OPC, names that differ in case only, or in how their characters are escaped, are one name. */
export function comparable(name: string): string {
  return decoded(name).normalize("NFC").toLowerCase();
}

/**
 * Finds the part that a File element or a thumbnail means: absolute, with or without `file:` and a leading slash, with backslashes; a path that does
 * not begin at the top also by how a name ends, where only one does. Undefined for addresses elsewhere and for what is not there.
 */
export function partFinder(names: Iterable<string>): (path: string) => string | undefined {
  const known = new Map<string, string>();
  const byFileName = new Map<string, string[]>();
  for (const name of names) {
    const place = comparable(name);
    known.set(place, name);
    const fileName = place.slice(place.lastIndexOf("/"));
    const alike = byFileName.get(fileName);
    if (alike === undefined) byFileName.set(fileName, [place]);
    else alike.push(place);
  }
  return (path) => {
    if (/^[a-zA-Z][a-zA-Z0-9+.-]+:/.test(path) && !/^file:/i.test(path)) return undefined;
    const plain = path.replace(/^file:/i, "").replaceAll("\\", "/");
    const steps = plain.split("/").filter((step) => step !== "" && step !== "." && step !== "..");
    if (steps.length === 0) return undefined;
    const place = comparable(`/${steps.join("/")}`);
    const found = known.get(place);
    if (found !== undefined || plain.startsWith("/")) return found;
    const meant = (byFileName.get(place.slice(place.lastIndexOf("/"))) ?? []).filter((name) => name.endsWith(place));
    return meant.length === 1 ? known.get(meant[0]!) : undefined;
  };
}

type PartNamed = Package["partNamed"];

function contentTypes(partNamed: PartNamed, findings: Finding[]): (name: string) => string {
  const byName = new Map<string, string>();
  const byExtension = new Map<string, string>();
  const root = xmlPart(partNamed, "/[Content_Types].xml", findings);
  if (root === undefined) findings.push(warning("[Content_Types].xml", "aasx", message("aas.packageDoesSayContentTypes")));
  for (const { name, attributes } of root?.children ?? []) {
    const type = attributes.ContentType ?? "";
    if (name === "Override") byName.set(decoded(attributes.PartName ?? "").toLowerCase(), type);
    if (name === "Default") byExtension.set((attributes.Extension ?? "").toLowerCase(), type);
  }
  return (name) => {
    const lower = name.toLowerCase();
    return byName.get(lower) || byExtension.get(lower.slice(lower.lastIndexOf(".") + 1)) || "application/octet-stream";
  };
}

function relationships(partNamed: PartNamed, source: string, findings: Finding[]): Relationship[] {
  const slash = source.lastIndexOf("/");
  const folder = source.slice(0, slash + 1);
  const root = xmlPart(partNamed, `${folder}_rels/${source.slice(slash + 1)}.rels`, findings);
  const found: Relationship[] = [];
  for (const { name, attributes } of root?.children ?? []) {
    // A widespread writer marks every relationship as external; only a target with a scheme really is.
    if (name !== "Relationship" || /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(attributes.Target ?? "")) continue;
    const target = resolveTarget(folder, decoded((attributes.Target ?? "").replace(/#.*$/s, "")));
    if (target === undefined)
      findings.push(
        warning(
          source,
          "aasx",
          message("aas.relationshipTargetLeadsPackage", { value: JSON.stringify((attributes.Target ?? "").slice(0, 200)) }),
        ),
      );
    else found.push({ type: attributes.Type ?? "", target });
  }
  return found;
}

function xmlPart(partNamed: PartNamed, name: string, findings: Finding[]): XmlElement | undefined {
  const bytes = partNamed(name);
  if (bytes === undefined) return undefined;
  const text = decodeText(bytes)?.text;
  const root = text === undefined ? error("", "xml", message("aas.partNotText")) : parseXml(text);
  if (!("severity" in root)) return root;
  findings.push({ ...root, path: name });
  return undefined;
}

function resolveTarget(folder: string, target: string): string | undefined {
  const segments: string[] = [];
  const place = target.replaceAll("\\", "/");
  for (const segment of (place.startsWith("/") ? place : folder + place).split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.length === 0 ? undefined : `/${segments.join("/")}`;
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}
