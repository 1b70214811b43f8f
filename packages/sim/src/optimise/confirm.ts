import { pairedDifference, type PairedDifference } from "../statistics/paired-difference.ts";

/**
 * A winner is never reported with the value it won with: that one is chosen for its luck (P5). Here it meets the present state again, replication
 * by replication on numbers that no search has seen (replications `first` … `first + count − 1`), both on the same numbers.
 */
export function confirmWinner<Solution>(
  value: (solution: Solution, replication: number) => number,
  rivals: { readonly present: Solution; readonly winner: Solution },
  replications: { readonly first: number; readonly count: number },
  better: "higher" | "lower",
): PairedDifference {
  const numbers = Array.from({ length: replications.count }, (_, i) => replications.first + i);
  const values = (solution: Solution): number[] => numbers.map((replication) => value(solution, replication));
  return pairedDifference(values(rivals.present), values(rivals.winner), better);
}
