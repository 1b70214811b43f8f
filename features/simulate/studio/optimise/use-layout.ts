import { useEffect, useMemo, useState } from "react";
import { equalJson, type Json } from "@doppelwerk/world";
import type { LineLayout } from "@doppelwerk/client";
import type { LayoutArea, LayoutPlace, LayoutProblem } from "@doppelwerk/sim/optimise";
import { answerOf, useLoad, useScope, useWords } from "@doppelwerk/kit/studio";
import { useSearch } from "./use-search.ts";
import * as simulate from "../../calls.ts";

/** Iterations of a search: anywhere on the floor, or machines that only change places. */
const EFFORT = { floor: 300_000, places: 200_000 } as const;

/** What a person adds to the layout as it stands. */
export interface LayoutDraft {
  /** Machines that must stay. */
  readonly fixed: ReadonlySet<string>;
  /** Metres between machines. */
  readonly clearance: number;
  readonly moveCost: number;
  readonly onto: keyof typeof EFFORT;
  readonly aisles: readonly LayoutArea[];
}

const NEW_DRAFT: LayoutDraft = { fixed: new Set(), clearance: 0.8, moveCost: 500, onto: "floor", aisles: [] };

/** A proposal, with the problem it answers. */
interface Answer {
  readonly problem: LayoutProblem;
  readonly places: readonly LayoutPlace[];
}

export interface LayoutState {
  readonly loaded: ReturnType<typeof useLoad<LineLayout>>;
  readonly given: LayoutProblem | undefined;
  readonly draft: LayoutDraft;
  readonly set: (change: Partial<LayoutDraft>) => void;
  /** As given, with what was added. */
  readonly problem: LayoutProblem | undefined;
  readonly search: ReturnType<typeof useSearch>;
  readonly startSearch: () => void;
  /** The bound that the search has proven for this problem, 0 without one. */
  readonly proven: number;
  /** Undefined where there is no proposal for these machines. */
  readonly answer: Answer | undefined;
  readonly dropAnswer: () => void;
}

/** Stations on the floor as given, what a person adds to them, and the search for better places. */
export function useLayout(branch: string): LayoutState {
  const { t } = useWords();
  const { line } = useScope();
  const loaded = useLoad(answerOf(simulate.readLayout, { params: { branch }, query: { line } }));
  const given = loaded.value?.problem as LayoutProblem | undefined;
  const [draft, setDraft] = useState(NEW_DRAFT);
  const problem = useMemo(() => given && withDraft(given, draft), [given, draft]);
  const search = useSearch("layout");
  const request = search.request?.kind === "layout" ? search.request : undefined;
  const [answer, setAnswer] = useState<Answer | undefined>(undefined);
  const solution = search.state?.solution;
  useEffect(() => {
    if (request !== undefined && Array.isArray(solution))
      setAnswer({ problem: request.problem as LayoutProblem, places: solution as LayoutPlace[] });
  }, [request, solution]);
  // a search that is found again brings its request along
  useEffect(() => {
    if (request !== undefined && given !== undefined) setDraft(draftOf(request.problem as LayoutProblem, request.onto ?? "floor"));
  }, [request, given]);
  const startSearch = (): void => {
    if (problem === undefined) return;
    setAnswer(undefined);
    search.start({
      kind: "layout",
      title: t("simulate.optimise.kind.layout"),
      problem,
      onto: draft.onto,
      seed: 1,
      iterations: EFFORT[draft.onto],
      seconds: 120,
    });
  };
  // what was proven for exchanges says nothing of layouts that may be anywhere
  const isProven = request?.onto === draft.onto && equalJson(request.problem as Json, problem as unknown as Json);
  return {
    loaded,
    given,
    draft,
    set: (change) => setDraft((held) => ({ ...held, ...change })),
    problem,
    search,
    startSearch,
    proven: isProven ? (search.state?.lowerBound ?? 0) : 0,
    answer: answer !== undefined && answer.problem.machines.length === problem?.machines.length ? answer : undefined,
    dropAnswer: () => setAnswer(undefined),
  };
}

function withDraft(given: LayoutProblem, { clearance, moveCost, aisles, fixed }: LayoutDraft): LayoutProblem {
  return {
    ...given,
    clearance,
    moveCost,
    aisles,
    machines: given.machines.map((machine) => (fixed.has(machine.id) ? { ...machine, fixed: true } : machine)),
  };
}

function draftOf({ clearance, moveCost, aisles, machines }: LayoutProblem, onto: LayoutDraft["onto"]): LayoutDraft {
  return { clearance, moveCost, aisles, onto, fixed: new Set(machines.flatMap(({ id, fixed }) => (fixed ? [id] : []))) };
}
