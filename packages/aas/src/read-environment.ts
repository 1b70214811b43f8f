import type { Finding } from "./finding.ts";
import type { Environment } from "./metamodel.ts";

/** Releases of the metamodel as far as a file tells them; drafts of 3 count as 3.0. */
export type Release = "1.0" | "2.0" | "3.0" | "3.1";

/** An environment as it was read, and everything that is wrong with it. */
export interface ReadEnvironment {
  readonly environment: Environment;
  readonly findings: readonly Finding[];
  readonly release?: Release;
}
