import type { PackFoldDeclaration, PackKpiDeclaration, PackPermission } from "@doppelwerk/kit/pack";
import type { PackLimits } from "./pack-process.ts";

/** A pack as far as its server part is concerned. */
export interface RunningPack {
  readonly name: string;
  readonly folder: URL;
  readonly permissions: readonly PackPermission[];
  /** From a folder that the administrator names, and not added: its `module` may run in the server's process. */
  readonly isTrusted: boolean;
  /** Of an author's folder: another one as soon as what runs on the server is another one. */
  readonly edition?: string;
  /** Of the feature. */
  readonly folds: readonly PackFoldDeclaration[];
  /** Of the feature. */
  readonly kpis: readonly PackKpiDeclaration[];
  /** Of its process, where they are others than usual. */
  readonly limits?: Partial<PackLimits>;
}
