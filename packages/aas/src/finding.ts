import { textOf, type Message } from "@doppelwerk/messages";

/**
 * What a reader, a validator or a parser has to say about its input. Never thrown.
 *
 * `path` is a JSON-like path from the object that was given (`submodels[0].submodelElements[2].value`), "" for the object itself.
 * `constraint` names the rule that was hurt: `AASd-117`, `AASc-3a-008` (IDTA-01001, IDTA-01003-a),
 * or one of our own words: `structure`, `type`, `required`, `additional`, `empty`, `pattern`, `length`, `lexical`, `enumeration`, `json`, `xml`, `namespace`, `encoding`, `aasx`, `limit`, `id`, `path`, `value`, `release`, `class`.
 */
export interface Finding {
  readonly path: string;
  readonly constraint: string;
  readonly severity: Severity;
  /** In the language of the process that found it. */
  readonly message: string;
  /** The same as a code with its values, for a screen of any language; absent where what was checked is no document of the AAS. */
  readonly reason?: Message;
}

/**
 * `error`: the input breaks the standard, and still does. `repaired`: it did, and what was read does not; the message says what was done.
 * `warning`: legal, but someone should look. `info`: what was done with something that has no place in the metamodel any more.
 */
export type Severity = "error" | "warning" | "info" | "repaired";

/** A finding of severity error. */
export function error(path: string, constraint: string, reason: Message): Finding {
  return { path, constraint, severity: "error", message: textOf(reason), reason };
}

/** A finding of severity warning. */
export function warning(path: string, constraint: string, reason: Message): Finding {
  return { path, constraint, severity: "warning", message: textOf(reason), reason };
}

/** A finding of severity info. */
export function info(path: string, constraint: string, reason: Message): Finding {
  return { path, constraint, severity: "info", message: textOf(reason), reason };
}

/** A finding of severity repaired. */
export function repaired(path: string, constraint: string, reason: Message): Finding {
  return { path, constraint, severity: "repaired", message: textOf(reason), reason };
}

/** The findings as a judge sees them: what a reader had to repair is an error of the input. */
export function strictly(findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => (finding.severity === "repaired" ? { ...finding, severity: "error" } : finding));
}

/** Whether any finding is an error. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === "error");
}

/** A finding of another process or thread, with its text in the language of this one. */
export function inThisLanguage<F extends Finding>(finding: F): F {
  return finding.reason === undefined ? finding : { ...finding, message: textOf(finding.reason) };
}
