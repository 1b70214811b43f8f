import { readAasx, type AasxFile } from "../aasx/read-aasx.ts";
import type { AasxLimits } from "../aasx/open-package.ts";
import type { Finding } from "../finding.ts";
import type { Environment } from "../metamodel.ts";
import type { Release } from "../read-environment.ts";
import { readTextFile } from "../text-file/read-text-file.ts";

export interface FileContent {
  readonly format: "aasx" | "xml" | "json" | "unknown";
  /** Of the metamodel, where the file tells it; JSON of release 3 does not say which. */
  readonly release?: Release;
  readonly environment: Environment;
  readonly files: ReadonlyMap<string, AasxFile>;
  readonly thumbnail?: AasxFile & { readonly path: string };
  readonly findings: readonly Finding[];
}

/**
 * What a file of any release and format holds, brought to metamodel 3.1, and everything that was wrong, changed or left out.
 * Told by its content alone, never by its name. Never throws: what cannot be read gives an empty environment and the reason.
 */
export function readFile(bytes: Uint8Array, limits: Partial<AasxLimits> = {}): FileContent {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return { format: "aasx", ...readAasx(bytes, limits) };
  return { files: new Map(), ...readTextFile(bytes) };
}
