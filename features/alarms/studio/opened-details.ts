import { createContext, useContext } from "react";
import type { ListedOccurrence } from "./occurrences/listed.ts";

export const Opened = createContext<(row: ListedOccurrence) => void>(() => undefined);

/** Opens the details of an alarm, in the list around. */
export function useAlarmDetails(): (row: ListedOccurrence) => void {
  return useContext(Opened);
}
