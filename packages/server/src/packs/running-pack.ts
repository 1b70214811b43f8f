import type { PackFoldDeclaration, PackPermission } from "@doppelwerk/kit/pack";
import type { PackLimits } from "./pack-process.ts";

/** A pack as far as its server part is concerned. */
export interface RunningPack {
  readonly name: string;
  readonly folder: URL;
  readonly permissions: readonly PackPermission[];
  /** In the process of the server (an author's folder), or in one of its own. */
  readonly runs: "inProcess" | "isolated";
  /** Of the feature: their code runs in a sandbox, whatever `runs`. */
  readonly folds: readonly PackFoldDeclaration[];
  /** Of its process, where they are others than usual. */
  readonly limits?: Partial<PackLimits>;
}
