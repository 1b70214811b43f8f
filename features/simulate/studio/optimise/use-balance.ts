import { useEffect, useMemo, useState } from "react";
import { equalJson, type Json } from "@doppelwerk/world";
import { balanceOfWork, BalanceSearch, PER_SECOND, type LineWork } from "@doppelwerk/sim/optimise";
import { useWords } from "@doppelwerk/kit/studio";
import { useSearch } from "./use-search.ts";

const EFFORT = 20_000;

export interface BalanceState {
  /** As given, with the elements that stay bound to their stations. */
  readonly work: LineWork;
  /** Index of the station of each element as it is to be. */
  readonly stationOf: readonly number[];
  /** Seconds that no division of this work can come below. */
  readonly bound: number;
  readonly search: Pick<ReturnType<typeof useSearch>, "state" | "isRunning" | "stop">;
  readonly startSearch: () => void;
  readonly move: (element: number, to: number) => void;
  /** Binds an element to the station that does it now, or frees it. */
  readonly bind: (element: number, isBound: boolean) => void;
  readonly reset: () => void;
}

/** The work of a line as it is divided here: by a search, or element by element. */
export function useBalance(given: LineWork): BalanceState {
  const { t } = useWords();
  const [bound, setBound] = useState<ReadonlySet<string>>(new Set());
  const work = useMemo(
    (): LineWork => ({ ...given, elements: given.elements.map((one) => (bound.has(one.id) ? { ...one, fixed: true } : one)) }),
    [given, bound],
  );
  const present = useMemo(() => given.elements.map(({ station }) => station), [given]);
  const problem = useMemo(() => balanceOfWork(work), [work]);
  const [stationOf, setStationOf] = useState<readonly number[]>(present);
  const search = useSearch("balance");
  const found = search.state?.solution;
  useEffect(() => {
    if (Array.isArray(found) && found.length === present.length) setStationOf(found as number[]);
  }, [found, present]);
  const first = useMemo(() => new BalanceSearch(problem, { seed: 1 }).lowerBound, [problem]);
  const searched = search.request?.kind === "line-balancing" ? search.request.problem : undefined;
  // what was proven with other elements bound says nothing of these
  const proven = searched !== undefined && equalJson(searched as Json, problem as unknown as Json) ? (search.state?.lowerBound ?? 0) : 0;
  const move = (element: number, to: number): void => setStationOf(stationOf.map((station, e) => (e === element ? to : station)));
  return {
    work,
    stationOf,
    bound: Math.max(first, proven) / PER_SECOND,
    search,
    startSearch: () =>
      search.start({
        kind: "line-balancing",
        title: t("simulate.optimise.kind.balance"),
        problem,
        from: stationOf,
        seed: 1,
        iterations: EFFORT,
        seconds: 60,
      }),
    move,
    bind: (element, isBound) => {
      const { id, station } = work.elements[element]!;
      if (isBound) move(element, station);
      setBound(isBound ? new Set([...bound, id]) : new Set([...bound].filter((other) => other !== id)));
    },
    reset: () => setStationOf(present),
  };
}
