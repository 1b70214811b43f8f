/**
 * What a reader, a validator or a parser has to say about its input. Never thrown.
 *
 * `path` is a JSON-like path from the object that was given (`submodels[0].submodelElements[2].value`), "" for the object itself.
 * `constraint` names the rule that was hurt: `AASd-117`, `AASc-3a-008` (IDTA-01001, IDTA-01003-a),
 * or one of our own words: `structure`, `type`, `required`, `additional`, `empty`, `pattern`, `length`, `lexical`, `json`, `xml`, `aasx`, `limit`, `id`, `path`, `value`.
 */
export interface Finding {
  readonly path: string;
  readonly constraint: string;
  readonly severity: Severity;
  readonly message: string;
}

/** `error`: the input breaks the standard. `warning`: legal or repaired, but someone should look. */
export type Severity = "error" | "warning";

/** A finding of severity error. */
export function error(path: string, constraint: string, message: string): Finding {
  return { path, constraint, severity: "error", message };
}

/** A finding of severity warning. */
export function warning(path: string, constraint: string, message: string): Finding {
  return { path, constraint, severity: "warning", message };
}

/** Whether any finding is an error. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === "error");
}
