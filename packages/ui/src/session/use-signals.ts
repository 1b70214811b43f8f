import type { SignalEntry } from "@doppelwerk/sync";
import { useMemo } from "react";
import { useStore } from "../store/store.ts";
import { useStudio } from "./context.tsx";

/** The signals that `accepts` takes, by its name, unit, role, shell and more; asked again when something was committed. Keep `accepts` the same function. */
export function useSignals(accepts: (entry: SignalEntry) => boolean): readonly SignalEntry[] {
  const { signals, commits, state } = useStudio();
  const count = useStore(commits);
  const { kind } = useStore(state);
  return useMemo(() => signals.entries().filter(accepts), [signals, accepts, count, kind]);
}
