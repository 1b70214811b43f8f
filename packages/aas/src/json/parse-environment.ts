import type { Finding } from "../finding.ts";
import type { Environment } from "../metamodel.ts";

/** An environment from parsed JSON. Never throws; what breaks the standard is kept where the shapes allow it, and told in findings. */
export function parseEnvironment(json: unknown): { environment: Environment; findings: Finding[] } {
  throw new Error(`not built yet: ${typeof json}`);
}
