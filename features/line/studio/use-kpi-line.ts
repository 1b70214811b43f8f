import { fixedText, useShiftKpis, useStore, useStudio, useWords, wipText } from "@doppelwerk/kit/studio";
import type { PlainCode } from "@doppelwerk/kit/studio";

/** Constraint, takt, actual seconds between good parts this shift, and WIP ± its error, as far as each is known. */
export function useKpiLine(): readonly { readonly label: PlainCode; readonly value: string }[] | undefined {
  const studio = useStudio();
  const line = useStore(studio.line);
  const snapshot = useStore(studio.snapshot);
  const kpis = useShiftKpis().value;
  const { t, zone } = useWords();
  if (line === undefined || snapshot === undefined) return undefined;
  // A rate over a shift of which most was not seen says nothing.
  const seen = kpis !== undefined && kpis.unknownS < 0.5 * kpis.plannedBusyS;
  const rate = seen ? kpis.throughputPerHour : undefined;
  return [
    ...(line.constraint === "" ? [] : [{ label: "line.world.constraint" as const, value: line.constraint }]),
    ...(line.taktS > 0 ? [{ label: "line.world.takt" as const, value: `${fixedText(line.taktS, 1)}\u202fs` }] : []),
    ...(rate === undefined || rate <= 0 ? [] : [{ label: "line.world.actual" as const, value: `${(3600 / rate).toFixed(1)}\u202fs` }]),
    { label: "line.world.wip", value: wipText(snapshot, t, zone) },
  ];
}
