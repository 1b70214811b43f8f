import { message } from "@doppelwerk/messages";
import { error, repaired } from "../finding.ts";
import type { ReadEnvironment } from "../read-environment.ts";
import { readJson } from "../json/read-json.ts";
import { readXml } from "../xml/read-xml.ts";
import { decodeText } from "./decode-text.ts";

export interface TextFileContent extends ReadEnvironment {
  readonly format: "xml" | "json" | "unknown";
}

/** A file, or a part of a package, that is text. */
export function readTextFile(bytes: Uint8Array): TextFileContent {
  const decoded = decodeText(bytes);
  if (decoded === undefined)
    return {
      format: "unknown",
      environment: {},
      findings: [error("", "encoding", message("aas.neitherZipNorText"))],
    };
  const { encoding, guessed } = decoded;
  const told = guessed ? [repaired("", "encoding", message("aas.textNotUtf8", { encoding }))] : [];
  const isXml = /^\s*</.test(decoded.text);
  // An XML declaration must be the very first thing; hand-made files have a line before it.
  const text = isXml ? decoded.text.replace(/^\s+(?=<\?xml\s)/, "") : decoded.text;
  if (text.length < decoded.text.length) told.push(repaired("", "xml", message("aas.whiteSpaceBeforeXmlDeclaration")));
  const read = isXml ? readXml(text) : readJson(text);
  return { format: isXml ? "xml" : "json", ...read, findings: told.length === 0 ? read.findings : [...told, ...read.findings] };
}
