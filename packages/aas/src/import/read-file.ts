import { readAasx, type AasxFile } from "../aasx/read-aasx.ts";
import type { AasxLimits } from "../aasx/open-package.ts";
import { error, repaired, type Finding } from "../finding.ts";
import { readJson } from "../json/read-json.ts";
import type { Environment } from "../metamodel.ts";
import { readXml, type Release } from "../xml/read-xml.ts";
import { decodeText } from "./decode-text.ts";

export interface FileContent {
  readonly format: "aasx" | "xml" | "json" | "unknown";
  /** Of the metamodel, where the file tells it; JSON of release 3 does not say which. */
  readonly release?: Release;
  readonly environment: Environment;
  readonly files: ReadonlyMap<string, AasxFile>;
  readonly thumbnail?: AasxFile & { readonly path: string };
  readonly findings: readonly Finding[];
}

/**
 * What a file of any release and format holds, brought to metamodel 3.1, and everything that was wrong, changed or left out.
 * Told by its content alone, never by its name. Never throws: what cannot be read gives an empty environment and the reason.
 */
export function readFile(bytes: Uint8Array, limits: Partial<AasxLimits> = {}): FileContent {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return { format: "aasx", ...readAasx(bytes, limits) };
  return { files: new Map(), ...readTextFile(bytes) };
}

/** A file, or a part of a package, that is text. */
export function readTextFile(bytes: Uint8Array): Omit<FileContent, "files" | "thumbnail"> {
  const decoded = decodeText(bytes);
  if (decoded === undefined)
    return {
      format: "unknown",
      environment: {},
      findings: [error("", "encoding", "This is neither a zip file nor UTF-8 or UTF-16 text.")],
    };
  const { encoding, guessed } = decoded;
  const told = guessed ? [repaired("", "encoding", `The text is not UTF-8: read as ${encoding}.`)] : [];
  const isXml = /^\s*</.test(decoded.text);
  // An XML declaration must be the very first thing; hand-made files have a line before it.
  const text = isXml ? decoded.text.replace(/^\s+(?=<\?xml\s)/, "") : decoded.text;
  if (text.length < decoded.text.length) told.push(repaired("", "xml", "There was white space before the XML declaration: left out."));
  const read = isXml ? readXml(text) : readJson(text);
  return { format: isXml ? "xml" : "json", ...read, findings: told.length === 0 ? read.findings : [...told, ...read.findings] };
}
