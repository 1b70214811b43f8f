import type { WorldInfo } from "@doppelwerk/client";
import type { Instant } from "@doppelwerk/world";

/** What a person must know of the record before everything else on the screen. */
export type HistoryNotice =
  | { readonly kind: "notKept"; readonly since: Instant; readonly isDiskFull: boolean; readonly unwritten: number }
  | { readonly kind: "damaged"; readonly files: number };

/** That values are not kept goes before that some can be read no more; `seen` damaged files were told already. */
export function historyNotice(
  { refusedSince, diskFull, unwritten, damagedFiles }: WorldInfo["history"],
  seen: number,
): HistoryNotice | undefined {
  if (refusedSince !== undefined) return { kind: "notKept", since: refusedSince, isDiskFull: diskFull === true, unwritten };
  return damagedFiles > seen ? { kind: "damaged", files: damagedFiles } : undefined;
}
