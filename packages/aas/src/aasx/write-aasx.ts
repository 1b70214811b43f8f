import type { Environment } from "../metamodel.ts";
import type { AasxFile } from "./read-aasx.ts";

/** A package of IDTA-01005: equal input gives equal bytes. */
export function writeAasx(
  environment: Environment,
  files?: ReadonlyMap<string, AasxFile>,
  options?: { readonly format?: "json" | "xml"; readonly thumbnail?: string },
): Uint8Array {
  throw new Error(`not built yet: ${typeof environment} ${files?.size} ${options?.format}`);
}
