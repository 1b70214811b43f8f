import { useEffect, useRef } from "react";
import type { SearchState } from "@doppelwerk/client";
import type { SchedulePlan } from "@doppelwerk/sim/optimise";
import type { PlanState } from "./use-plan.ts";

/** Takes the plan that a search has found, once, as a step that can be undone. */
export function useFoundPlan(searched: SearchState | undefined, state: PlanState): void {
  const taken = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (searched?.solution === undefined || (searched.state !== "done" && searched.state !== "cancelled") || taken.current === searched.id)
      return;
    taken.current = searched.id;
    state.take(searched.solution as SchedulePlan);
  });
}
