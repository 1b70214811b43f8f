import { useState } from "react";
import type { LineInfo } from "@doppelwerk/client";
import { HOUR, MINUTE } from "@doppelwerk/world";
import { byRelevance, placeOf, quantityOf, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { PlaceSeries } from "./place-chart.tsx";
import { isMeasured } from "./place-scale.ts";

const MAX_PLACES = 6;
/** Of 15 s: no station has two cycles in one, so that a mean is a value. */
const SPANS = 240;

/** The process values of the constraint's places in the last hour, of one quantity at a time. */
export interface PlaceValues {
  /** The signals shown, the most relevant first. */
  readonly ids: readonly string[];
  readonly series: readonly PlaceSeries[];
  readonly loading: boolean;
  /** Shows the next quantity; missing where there is only one. */
  readonly nextQuantity: (() => void) | undefined;
}

/** Reads the trends of one quantity by place: live every 15 s, in the past once for each 10 s. */
export function usePlaceValues(line: LineInfo): PlaceValues {
  const studio = useStudio();
  const { time } = useScope();
  const { t } = useWords();
  const shown = useStore(time.shown);
  const station = line.stations.find((candidate) => candidate.id === line.constraint);
  const nameOf = (id: string): string => studio.signals.entry(id)?.name ?? id;
  const ordered = byRelevance(station?.processValues ?? [], (id) => studio.signals.entry(id)).filter((id) =>
    isMeasured(studio.signals.entry(id)?.valueType),
  );
  const { quantity, nextQuantity } = useQuantity(ordered.map((id) => quantityOf(nameOf(id))));
  const ids = ordered.filter((id) => quantityOf(nameOf(id)) === quantity).slice(0, MAX_PLACES);
  const loaded = useLoad(
    ids.length === 0
      ? undefined
      : async (signal) => {
          // spans that move with the clock would sort the same samples anew each time
          const to = Math.ceil(time.instant() / MINUTE) * MINUTE;
          return Promise.all(ids.map((id) => studio.client.trend(id, to - HOUR, to, SPANS, { signal })));
        },
    [ids.join(), shown === undefined ? "live" : Math.round(shown / 10e6)],
    shown === undefined ? 15_000 : undefined,
  );
  const series = (loaded.value ?? []).map((trend, index) => {
    const id = ids[index]!;
    return {
      id,
      values: trend.mean.filter((value): value is number => value !== null),
      high: studio.signals.entry(id)?.high,
      label: `${t("line.board.place")} ${placeOf(nameOf(id)) ?? index + 1}`,
    };
  });
  return { ids, series, loading: loaded.kind === "loading", nextQuantity };
}

/** The quantity chosen among those that several places have; the last of them until somebody chooses. */
function useQuantity(ofSignals: readonly string[]): { readonly quantity: string; readonly nextQuantity: (() => void) | undefined } {
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const quantities = [...new Set(ofSignals)].filter((quantity) => ofSignals.filter((other) => other === quantity).length > 1);
  const quantity = quantities.find((candidate) => candidate === chosen) ?? quantities.at(-1) ?? ofSignals[0] ?? quantityOf("");
  return {
    quantity,
    nextQuantity: quantities.length < 2 ? undefined : () => setChosen(quantities[(quantities.indexOf(quantity) + 1) % quantities.length]),
  };
}
