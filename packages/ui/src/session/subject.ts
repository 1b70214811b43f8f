import type { StationInfo, StationSnapshot } from "@doppelwerk/client";
import { useStudio } from "./context.tsx";
import { useScope } from "./scope.tsx";
import { useStore } from "../store/store.ts";

/** The station selected, by id or by the id of its shell, with its state at the instant shown. */
export function useSubject(): { readonly station: StationInfo; readonly now: StationSnapshot | undefined } | undefined {
  const studio = useStudio();
  const { subject } = useScope();
  const line = useStore(studio.line);
  const snapshot = useStore(studio.snapshot);
  const station = line?.stations.find((candidate) => candidate.id === subject || candidate.shell === subject);
  if (station === undefined) return undefined;
  return { station, now: snapshot?.stations.find((candidate) => candidate.id === station.id) };
}
