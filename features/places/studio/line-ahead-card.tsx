import type { ReactNode } from "react";
import {
  Card,
  clockText,
  durationText,
  forecastNote,
  LIVE,
  MINUTE,
  ViewOutlet,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { EndOfShift } from "./output-cells.tsx";
import { usePlaces } from "./use-places.ts";
import { useSummary } from "./use-summary.ts";
import { LineStops } from "./line-stops.tsx";
import { stopsNow } from "./stops-now.ts";
import { LineBreak, LineWaits } from "./line-waits.tsx";
import "./places.css";

/** Shorter stops change no forecast of a shift. */
const STANDS_FROM = MINUTE;

/** On the board of a line what the board of its site says of it: how the shift will end, which station is stopped, and why the line waits. */
export default function LineAheadCard(): ReactNode {
  const studio = useStudio();
  const { branch, time } = useScope();
  const { t, language, zone } = useWords();
  const line = useStore(studio.line);
  const shown = useStore(time.shown);
  const place = usePlaces().value?.places.find((candidate) => candidate.line !== undefined && candidate.line === line?.id);
  // what will be, and what is the case now, is that of live
  const summary = useSummary(branch === LIVE ? place?.id : undefined).value;
  const snapshot = useStore(studio.snapshot);
  const figures = summary?.total.lines.find(({ id }) => id === place?.id);
  if (figures === undefined) return null;
  const { forecast, noForecast, plan, shift } = figures;
  const stops = snapshot === undefined ? [] : stopsNow(snapshot.stations).filter(({ from }) => snapshot.instant - from >= STANDS_FROM);
  const isBefore = forecast !== undefined && stops.some(({ from }) => from > forecast.at);
  // of the past there is no forecast
  const isAhead = shown === undefined && shift !== undefined && (forecast !== undefined || noForecast !== undefined);
  return (
    <Card
      className="dw-board-ahead dw-line-ahead"
      {...(isAhead && { audit: "forecast.median" })}
      title={isAhead ? t("places.ahead.title", { clock: clockText(shift.to, zone, false) }) : t("places.ahead.now")}
      {...(forecast !== undefined &&
        isAhead && {
          note: t(isBefore ? "places.ahead.noteBefore" : "places.ahead.note", {
            clock: clockText(forecast.at, zone, false),
            duration: durationText(Math.max(0, summary!.at - forecast.at), language),
          }),
        })}
    >
      {isAhead && <EndOfShift forecast={forecast} noForecast={noForecast} plan={plan} lines={1} />}
      {isAhead &&
        line !== undefined &&
        studio.views.of(forecastNote).map((note) => <ViewOutlet key={note.id} view={note} props={{ line: line.id }} />)}
      <div className="dw-line-present">
        <LineStops breaks={figures.breaks ?? []} />
        <LineBreak line={figures} at={summary!.at} />
        <LineWaits line={figures} isLabelled />
      </div>
    </Card>
  );
}
