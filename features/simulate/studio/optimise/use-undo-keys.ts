import { useEffect } from "react";
import type { PlanState } from "./use-plan.ts";

/** Ctrl+Z and Ctrl+Shift+Z undo and redo a step of the plan, except in a field, which has its own. */
export function useUndoKeys(state: PlanState): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
      if ((event.target as HTMLElement).closest("input, textarea") !== null) return;
      event.preventDefault();
      if (event.shiftKey) state.redo();
      else state.undo();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });
}
