import { zipSync } from "fflate";
import { writeEnvironment } from "../json/write-environment.ts";
import type { Environment } from "../metamodel.ts";
import { writeXml } from "../xml/write-xml.ts";
import type { AasxFile } from "./read-aasx.ts";

export interface WriteAasxOptions {
  /** Default `json`. */
  readonly format?: "json" | "xml";
  /** Release of the XML namespace; default 3.1. */
  readonly release?: "3.0" | "3.1";
  /** Part name, among the files, of the package's thumbnail. */
  readonly thumbnail?: string;
}

const ORIGIN = "/aasx/aasx-origin";
const BASE = "http://admin-shell.io/aasx/relationships";
const THUMBNAIL = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail";
/** Files that are packed already: packing them again costs time and saves nothing. */
const PACKED =
  /^(image\/(jpeg|png|webp|gif)|application\/(pdf|zip|gzip|x-7z-compressed|vnd\.openxmlformats.*|asset-administration-shell-package.*)|video\/.*|audio\/mpeg)$/i;
const LONE_SURROGATE = /[\ud800-\udfff]/gu;
/** No zone: fflate reads and writes it as local time, so the bytes are the same in every zone. */
export const TIME_STAMP = "1980-01-01T00:00:00";

/**
 * A package of IDTA-01005. `files` are named by absolute part name, as readAasx gives them.
 * Equal input gives equal bytes, whatever the order of keys and files.
 */
export function writeAasx(
  environment: Environment,
  files: ReadonlyMap<string, AasxFile> = new Map(),
  options: WriteAasxOptions = {},
): Uint8Array {
  const format = options.format ?? "json";
  const { described, sorted } = packageOf(files, format, options.thumbnail);
  const parts = new Map<string, Uint8Array>();
  const text = (content: string) => new TextEncoder().encode(content);
  for (const [name, content] of described)
    parts.set(name, text(content ?? (format === "json" ? writeEnvironment(environment) : writeXml(environment, options))));
  for (const [name, file] of sorted) if (!parts.has(name)) parts.set(name, file.bytes);
  const packed = new Set(sorted.filter(([, { contentType }]) => isPacked(contentType)).map(([name]) => name));
  return zipSync(
    Object.fromEntries([...parts].map(([name, bytes]) => [name.slice(1), [bytes, { mtime: TIME_STAMP, level: packed.has(name) ? 0 : 6 }]])),
  );
}

/** Packing it again would cost time and save nothing. */
export function isPacked(contentType: string): boolean {
  return PACKED.test(contentType);
}

interface Typed {
  readonly contentType: string;
}

/** What stands in a package beside its files, in the order of its parts; the text of the environment itself is left undefined. */
export function packageOf<File extends Typed>(
  files: ReadonlyMap<string, File>,
  format: "json" | "xml",
  thumbnailPath: string | undefined,
): {
  readonly described: readonly (readonly [name: string, content: string | undefined])[];
  /** By part name. */
  readonly sorted: readonly (readonly [name: string, file: File])[];
} {
  const sorted = [...files].map(([name, file]) => [partName(name), file] as const).sort(([left], [right]) => (left < right ? -1 : 1));
  const specification = freeName(`/aasx/data.${format}`, new Set(sorted.map(([name]) => name.toLowerCase())));
  const thumbnail = thumbnailPath === undefined ? undefined : partName(thumbnailPath);
  const supplements = sorted.filter(([name]) => name !== thumbnail);
  const described: [string, string | undefined][] = [
    ["/[Content_Types].xml", contentTypes(specification, format, sorted)],
    [
      "/_rels/.rels",
      relationships([[`${BASE}/aasx-origin`, ORIGIN], ...(thumbnail === undefined ? [] : [[THUMBNAIL, thumbnail] as const])]),
    ],
    [ORIGIN, "Intentionally empty."],
    ["/aasx/_rels/aasx-origin.rels", relationships([[`${BASE}/aas-spec`, specification]])],
    [specification, undefined],
  ];
  if (supplements.length > 0)
    described.push([
      `/aasx/_rels/${specification.slice("/aasx/".length)}.rels`,
      relationships(supplements.map(([name]) => [`${BASE}/aas-suppl`, name])),
    ]);
  return { described, sorted };
}

/**
 * The name of a part as OPC has it in the zip, in relationships and in content types: absolute, without empty or dotted steps, and every character
 * escaped that a URI has no place for. A name that is escaped already stays as it is.
 */
function partName(name: string): string {
  const steps = name
    .replaceAll("\\", "/")
    .split("/")
    .filter((step) => step !== "" && step !== "." && step !== "..");
  return `/${steps.map((step) => encodeURIComponent(decoded(step).replace(LONE_SURROGATE, "\ufffd"))).join("/")}`;
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

/** A name that no file has. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let n = 1, free = name; ; n++, free = name.replace(/(?=\.[^.]*$)/, `-${n}`)) if (!taken.has(free)) return free;
}

function contentTypes(specification: string, format: "json" | "xml", files: readonly (readonly [string, Typed])[]): string {
  const overrides = [
    [ORIGIN, "text/plain"],
    [specification, format === "json" ? "application/json" : "text/xml"],
    ...files.map(([name, file]) => [name, file.contentType]),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">',
    '  <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    ...overrides.map(([name, type]) => `  <Override PartName="${attribute(name!)}" ContentType="${attribute(type!)}"/>`),
    "</Types>",
    "",
  ].join("\n");
}

function relationships(targets: readonly (readonly [string, string])[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">',
    ...targets.map(([type, target], index) => `  <Relationship Id="r${index + 1}" Type="${type}" Target="${attribute(target)}"/>`),
    "</Relationships>",
    "",
  ].join("\n");
}

function attribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
