import { fileURLToPath } from "node:url";
import type { PackFoldDeclaration } from "@doppelwerk/kit/pack";

// A fold of a pack is named, wherever folds are named by the URL of their module, by one that holds its declaration.

export const PACK_FOLD = "pack-fold:";

export interface NamedPackFold {
  /** Path of the pack's. */
  readonly folder: string;
  readonly declared: PackFoldDeclaration;
  /** Of a folder that is being written: its module is loaded again with each. */
  readonly edition?: string;
}

/** `folder`: URL of the pack's, with a slash at its end. */
export function urlOfPackFold(folder: URL, declared: PackFoldDeclaration, edition?: string): string {
  const named: NamedPackFold = { folder: fileURLToPath(folder).replace(/[\\/]$/, ""), declared, ...(edition && { edition }) };
  return `${PACK_FOLD}${encodeURIComponent(JSON.stringify(named))}`;
}
