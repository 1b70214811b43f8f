import type { Finding } from "../finding.ts";
import type { Environment } from "../metamodel.ts";

export interface AasxFile {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** All sizes in bytes. */
export interface AasxLimits {
  readonly mostEntries: number;
  readonly mostEntryBytes: number;
  readonly mostBytes: number;
  /** Unpacked size divided by packed size, over entries larger than 1 MiB. */
  readonly mostRatio: number;
}

export interface AasxContent {
  readonly environment: Environment;
  /** Supplementary files by absolute part name (`/aasx/files/manual.pdf`). */
  readonly files: ReadonlyMap<string, AasxFile>;
  readonly thumbnail?: AasxFile & { readonly path: string };
  readonly findings: readonly Finding[];
}

/** The content of a package of IDTA-01005. Never throws. */
export function readAasx(bytes: Uint8Array, limits?: Partial<AasxLimits>): AasxContent {
  throw new Error(`not built yet: ${bytes.length} ${typeof limits}`);
}
