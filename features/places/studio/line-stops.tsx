import type { ReactNode } from "react";
import { UnstyledButton } from "@mantine/core";
import { clockText, durationText, MINUTE, stateLook, stationTitle, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { LineFigures } from "../contract.ts";
import { lastStop, restedIn, stopsNow, type StationStop } from "./stops-now.ts";

/** Stations named beside the one that stands longest. */
const MAX_MORE = 2;

/** Which stations of the line are stopped and since when; where none is, that, and which was last. A click selects the station. */
export function LineStops({ breaks }: { readonly breaks: NonNullable<LineFigures["breaks"]> }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const snapshot = useStore(studio.snapshot);
  const line = useStore(studio.line);
  const states = useStore(studio.states);
  if (snapshot === undefined || line === undefined || snapshot.stations.length === 0) return null;
  const nameOf = (id: string): string => {
    const station = line.stations.find((each) => each.id === id);
    return station === undefined ? id : stationTitle(station, language);
  };
  const stateOf = ({ state }: StationStop): string => t.or(`state.${stateLook(state)}`, state).toLowerCase();
  const select = ({ station }: StationStop): void => studio.address.go({ subject: station, inspector: true });
  const [longest, ...others] = stopsNow(snapshot.stations);
  const unknown = snapshot.stations.filter(({ state }) => stateLook(state) === "unknown").length;
  if (longest === undefined) {
    const last = lastStop(states, snapshot.stations);
    const text =
      last?.to === undefined
        ? states.size > 0 && t("places.stops.notLately")
        : t("places.stops.last", {
            station: nameOf(last.station),
            state: stateOf(last),
            clock: clockText(last.from, zone, false),
            duration: durationText(last.to - last.from - (last.rested ?? 0), language),
          });
    return (
      <div className="dw-line-stops">
        <b>{unknown > 0 ? t("places.stops.noneKnown", { count: unknown }) : t("places.stops.none")}</b>
        {snapshot.reading === undefined && text !== false && <small>{text}</small>}
      </div>
    );
  }
  const sinceOf = ({ from }: StationStop): string => {
    const rested = restedIn(breaks, from, snapshot.instant);
    return t(rested < MINUTE ? "places.stops.since" : "places.stops.sinceRested", {
      clock: clockText(from, zone, false),
      duration: durationText(snapshot.instant - from - (rested < MINUTE ? 0 : rested), language),
      rested: durationText(rested, language),
    });
  };
  return (
    <div className="dw-line-stops">
      <UnstyledButton onClick={() => select(longest)}>
        <b>{t("places.stops.now", { station: nameOf(longest.station), state: stateOf(longest) })}</b> <span>{sinceOf(longest)}</span>
      </UnstyledButton>
      {others.slice(0, MAX_MORE).map((stop) => (
        <UnstyledButton key={stop.station} onClick={() => select(stop)}>
          {t("places.stops.now", { station: nameOf(stop.station), state: stateOf(stop) })} <span>{sinceOf(stop)}</span>
        </UnstyledButton>
      ))}
      {others.length > MAX_MORE && <small>{t("places.waits.more", { count: others.length - MAX_MORE })}</small>}
    </div>
  );
}
