import type { Environment } from "../metamodel.ts";

/** XML of namespace https://admin-shell.io/aas/3/1, attributes in the order of the standard's schema. */
export function writeXml(environment: Environment): string {
  throw new Error(`not built yet: ${typeof environment}`);
}
