import { useMemo } from "react";
import { useStudio } from "../session/context.tsx";

/** An action by its id, to put on a button; undefined where nothing registered it. */
export function useAction(id: string): (() => void) | undefined {
  const studio = useStudio();
  return useMemo(() => (studio.views.find(id) === undefined ? undefined : () => studio.act(id)), [studio, id]);
}
