import { useCallback, useSyncExternalStore } from "react";
import { useStudio } from "../session/context.tsx";
import type { ShownEntry, TableValue } from "../session/signal-table.ts";

/** The value of a signal at the instant shown; renders again when it changes, at most once a frame. */
export function useSignal(id: string | undefined): { readonly entry: ShownEntry | undefined; readonly value: TableValue | undefined } {
  const { signals } = useStudio();
  const subscribe = useCallback(
    (listener: () => void) => (id === undefined ? () => undefined : signals.watch(id, listener)),
    [signals, id],
  );
  const value = useSyncExternalStore(subscribe, () => (id === undefined ? undefined : signals.get(id)));
  const entry = useSyncExternalStore(subscribe, () => (id === undefined ? undefined : signals.entry(id)));
  return { entry, value };
}
