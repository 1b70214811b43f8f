import { readAasx } from "../aasx/read-aasx.ts";
import type { AasxLimits } from "../aasx/open-package.ts";
import { error, repaired, strictly, type Finding } from "../finding.ts";
import { decodeText } from "../import/decode-text.ts";
import { parseEnvironment } from "../json/parse-environment.ts";
import { judgeXml } from "../xml/read-xml.ts";
import { validate } from "./validate.ts";

/**
 * Findings of a file whatever it is: an AASX package, XML, or JSON; an environment or a bare instance of any class. Told by its content alone. Never throws.
 * Errors of reading are findings too, so an unreadable file is not valid. A file of release 1 or 2 is judged as its upgrade to 3.1 finds it: it is not valid.
 */
export function validateBytes(bytes: Uint8Array, limits: Partial<AasxLimits> = {}): readonly Finding[] {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return strictly(readAasx(bytes, limits).findings);
  const decoded = decodeText(bytes);
  if (decoded === undefined) return [error("", "encoding", "This is neither a zip file nor UTF-8 or UTF-16 text.")];
  const told = decoded.guessed ? [repaired("", "encoding", `The text is not UTF-8: read as ${decoded.encoding}.`)] : [];
  return strictly([...told, ...(/^\s*</.test(decoded.text) ? judgeXml(decoded.text) : judgeJson(decoded.text))]);
}

function judgeJson(text: string): readonly Finding[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    return [error("", "json", `This is neither AASX, XML nor JSON: ${cause instanceof Error ? cause.message : String(cause)}`)];
  }
  const findings = validate(json);
  if (!findings.some(({ severity, constraint }) => severity === "error" && (constraint === "additional" || constraint === "structure")))
    return findings;
  const read = parseEnvironment(json);
  return read.release === undefined ? findings : read.findings;
}
