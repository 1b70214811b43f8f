import { message } from "@doppelwerk/messages";
import { readAasx } from "../aasx/read-aasx.ts";
import type { AasxLimits } from "../aasx/open-package.ts";
import type { ClassName } from "../class-table.ts";
import { error, info, repaired, strictly, type Finding } from "../finding.ts";
import { decodeText } from "../text-file/decode-text.ts";
import { parseEnvironment } from "../json/parse-environment.ts";
import { judgeXml } from "../xml/read-xml.ts";
import { classOf, validate } from "../validation/validate.ts";

/** What is known of the class of a file's instance before it is read. */
export interface KnownClass {
  /** It must be of this class. */
  readonly is?: ClassName;
  /** Taken where the content leaves the class open; a finding of severity info then says so. */
  readonly likely?: ClassName;
}

/**
 * Findings of a file whatever it is: an AASX package, XML, or JSON; an environment or a bare instance of any class. Told by its content alone. Never throws.
 * Errors of reading are findings too, so an unreadable file is not valid. A file of release 1 or 2 is judged as its upgrade to 3.1 finds it: it is not valid.
 */
export function validateBytes(bytes: Uint8Array, limits: Partial<AasxLimits> = {}, known: KnownClass = {}): readonly Finding[] {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    if (known.is === undefined || known.is === "Environment") return strictly(readAasx(bytes, limits).findings);
    return [error("", "structure", message("aas.aasxPackageHoldsEnvironmentExpected", { is: known.is }))];
  }
  const decoded = decodeText(bytes);
  if (decoded === undefined) return [error("", "encoding", message("aas.neitherZipNorText"))];
  const told = decoded.guessed ? [repaired("", "encoding", message("aas.textNotUtf8", { encoding: decoded.encoding }))] : [];
  const judged = /^\s*</.test(decoded.text) ? judgeXml(decoded.text, known.is) : judgeJson(decoded.text, known);
  return strictly([...told, ...judged]);
}

function judgeJson(text: string, { is, likely }: KnownClass): readonly Finding[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    return [error("", "json", message("aas.neitherAasxXmlNorJson", { cause: cause instanceof Error ? cause.message : String(cause) }))];
  }
  if (is !== undefined) return validate(json, is);
  const taken = classOf(json, likely)?.name;
  if (taken !== classOf(json)?.name)
    return [info("", "class", message("aas.nothingFileTellsClassJudged", { taken: taken ?? "" })), ...validate(json, taken)];
  const findings = validate(json);
  if (!findings.some(({ severity, constraint }) => severity === "error" && (constraint === "additional" || constraint === "structure")))
    return findings;
  const read = parseEnvironment(json);
  return read.release === undefined ? findings : read.findings;
}
