import { byRelevance, useStore, useStudio } from "@doppelwerk/kit/studio";

const SHOWN = 2;

/** What says most of the constraint of the line shown. */
export function useOfLine(): readonly string[] {
  const studio = useStudio();
  const line = useStore(studio.line);
  const constraint = line?.stations.find(({ id }) => id === line.constraint);
  return byRelevance(constraint?.processValues ?? [], (id) => studio.signals.entry(id)).slice(0, SHOWN);
}
