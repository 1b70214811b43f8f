import { unzipSync } from "fflate";
import { error, warning, type Finding } from "../finding.ts";
import { decodeText } from "../import/decode-text.ts";
import { parseXml, type XmlElement } from "../xml/xml-node.ts";

/** All sizes in bytes, unpacked. What breaks a limit is refused before it is unpacked. */
export interface AasxLimits {
  readonly mostEntries: number;
  readonly mostEntryBytes: number;
  readonly mostBytes: number;
  /** Unpacked size divided by packed size, of entries that unpack to more than 1 MiB. */
  readonly mostRatio: number;
}

export const DEFAULT_LIMITS: AasxLimits = { mostEntries: 10_000, mostEntryBytes: 256 * 2 ** 20, mostBytes: 2 ** 30, mostRatio: 200 };

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

const RATIO_MATTERS_FROM = 2 ** 20;

/** Opens a package, or tells in findings why not. Never throws. */
export function openPackage(bytes: Uint8Array, limits: AasxLimits, findings: Finding[]): Package | undefined {
  const parts = unpack(bytes, limits, findings);
  if (parts === undefined) return undefined;
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

/** In OPC, names that differ in case only, or in how their characters are escaped, are one name. */
export function comparable(name: string): string {
  return decoded(name).normalize("NFC").toLowerCase();
}

function unpack(bytes: Uint8Array, limits: AasxLimits, findings: Finding[]): Map<string, Uint8Array> | undefined {
  let [entries, total] = [0, 0];
  let refusal: string | undefined;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, size, originalSize }) => {
        if (refusal !== undefined) return false;
        entries++;
        total += originalSize;
        if (entries > limits.mostEntries) refusal = `more than ${limits.mostEntries} entries`;
        else if (originalSize > limits.mostEntryBytes)
          refusal = `${JSON.stringify(name)} unpacks to ${originalSize} bytes; at most ${limits.mostEntryBytes} are allowed`;
        else if (total > limits.mostBytes) refusal = `it unpacks to more than ${limits.mostBytes} bytes`;
        else if (originalSize > RATIO_MATTERS_FROM && originalSize > size * limits.mostRatio)
          refusal = `${JSON.stringify(name)} unpacks to ${Math.round(originalSize / Math.max(size, 1))} times its size`;
        return refusal === undefined && !name.endsWith("/") && safeName(name, findings) !== undefined;
      },
    });
    if (refusal === undefined) return new Map(Object.entries(files).map(([name, content]) => [safeName(name, [])!, content]));
    findings.push(error("", "limit", `The package is refused: ${refusal}.`));
  } catch (cause) {
    findings.push(error("", "aasx", `The package is no readable zip file: ${cause instanceof Error ? cause.message : String(cause)}.`));
  }
  return undefined;
}

/** The absolute part name of a zip entry; undefined, with a finding, when it would leave the package. */
function safeName(name: string, findings: Finding[]): string | undefined {
  const parts = name
    .replaceAll("\\", "/")
    .split("/")
    .filter((part) => part !== "" && part !== ".");
  const isUnsafe = parts.length === 0 || parts.includes("..") || /^[a-zA-Z]:/.test(name) || name.includes("\0");
  if (!isUnsafe) return `/${parts.join("/")}`;
  findings.push(warning(name.slice(0, 200), "aasx", "The entry's name leads out of the package: left out."));
  return undefined;
}

type PartNamed = Package["partNamed"];

function contentTypes(partNamed: PartNamed, findings: Finding[]): (name: string) => string {
  const byName = new Map<string, string>();
  const byExtension = new Map<string, string>();
  const root = xmlPart(partNamed, "/[Content_Types].xml", findings);
  if (root === undefined) findings.push(warning("[Content_Types].xml", "aasx", "The package does not say the content types of its parts."));
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
    const target = resolveTarget(folder, decoded(attributes.Target ?? ""));
    if (target === undefined)
      findings.push(
        warning(
          source,
          "aasx",
          `The relationship target ${JSON.stringify((attributes.Target ?? "").slice(0, 200))} leads out of the package.`,
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
  const root = text === undefined ? error("", "xml", "The part is not text.") : parseXml(text);
  if (!("severity" in root)) return root;
  findings.push({ ...root, path: name });
  return undefined;
}

function resolveTarget(folder: string, target: string): string | undefined {
  const segments: string[] = [];
  for (const segment of (target.startsWith("/") ? target : folder + target).replaceAll("\\", "/").split("/")) {
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
