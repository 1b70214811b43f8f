import type { Finding } from "../finding.ts";

/** Findings of an environment, or of an instance of any metamodel class (by `modelType`, or by its shape). Never throws. */
export function validate(instance: unknown): Finding[] {
  throw new Error(`not built yet: ${typeof instance}`);
}
