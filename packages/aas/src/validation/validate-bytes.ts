import { readAasx } from "../aasx/read-aasx.ts";
import { textOf, type AasxLimits } from "../aasx/open-package.ts";
import { error, type Finding } from "../finding.ts";
import { readXml } from "../xml/read-xml.ts";
import { validate } from "./validate.ts";

/**
 * Findings of a file whatever it is: an AASX package, XML, or JSON; an environment or a bare instance of any class. Told by its content alone. Never throws.
 * Errors of reading are findings too, so an unreadable file is not valid.
 */
export function validateBytes(bytes: Uint8Array, limits: Partial<AasxLimits> = {}): readonly Finding[] {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return readAasx(bytes, limits).findings;
  const text = textOf(bytes);
  if (text === undefined) return [error("", "structure", "This is neither a zip file nor UTF-8 or UTF-16 text.")];
  if (/^\s*</.test(text)) return readXml(text).findings;
  try {
    return validate(JSON.parse(text));
  } catch (cause) {
    return [error("", "json", `This is neither AASX nor XML nor JSON: ${cause instanceof Error ? cause.message : String(cause)}`)];
  }
}
