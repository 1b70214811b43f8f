import { useRef, useState } from "react";
import type { ListedOccurrence } from "./listed.ts";

/** A list whose rows stay where they are while somebody points at them. */
export interface SteadyList {
  readonly rows: readonly ListedOccurrence[];
  /** The same rows as they were when the list was laid out. */
  readonly laidOut: readonly ListedOccurrence[];
  /** New ones that wait. */
  readonly waiting: readonly ListedOccurrence[];
  /** Shows them. */
  release(): void;
}

/**
 * While `isHeld`, rows keep their order and are renewed in place: one that left is marked as gone, new ones wait. Another `choice` (sort, filter, list) is
 * what the person asked for and shows at once. So does that an alarm left which the reader shelved: `setAside` holds the rules of these.
 */
export function useSteady(list: readonly ListedOccurrence[], isHeld: boolean, choice: string, setAside: ReadonlySet<string>): SteadyList {
  const shown = useRef<{ rows: readonly ListedOccurrence[]; choice: string }>({ rows: list, choice });
  const [, setTurn] = useState(0);
  if (!isHeld || shown.current.choice !== choice || shown.current.rows.length === 0) shown.current = { rows: list, choice };
  const steady = steadyRows(shown.current.rows, list, setAside);
  return {
    ...steady,
    laidOut: shown.current.rows,
    release: () => {
      shown.current = { rows: list, choice };
      setTurn((turn) => turn + 1);
    },
  };
}

/** The rows that were shown as they are now, and the ones that are not among them. */
export function steadyRows(
  shown: readonly ListedOccurrence[],
  list: readonly ListedOccurrence[],
  setAside: ReadonlySet<string> = new Set(),
): Pick<SteadyList, "rows" | "waiting"> {
  if (shown === list) return { rows: list, waiting: [] };
  const now = new Map(list.map((each) => [each.key, each]));
  const before = new Set(shown.map(({ key }) => key));
  return {
    rows: shown.flatMap((each) => now.get(each.key) ?? (setAside.has(each.rule) ? [] : { ...each, isGone: true as const })),
    waiting: list.filter(({ key }) => !before.has(key)),
  };
}
