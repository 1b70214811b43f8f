import type { ReactNode } from "react";
import { openStations, stationSeconds, type LineWork } from "@doppelwerk/sim/optimise";
import { fixedText, useWords } from "@doppelwerk/kit/studio";
import { pieceHue } from "./piece-hue.ts";

/** Shares of the width below which a bar's name would only be dots. */
const NAMED = 7;

interface WorkBarsProps {
  readonly work: LineWork;
  /** Index of the station of each element as it is to be; as it is now they stand in `work`. */
  readonly stationOf: readonly number[];
  readonly selected: number | undefined;
  readonly onSelect: (element: number | undefined) => void;
}

/** A row a station: its elements one after the other, against the takt. Elements keep the hue of the station that does them now, so that what moves is seen. */
export function WorkBars({ work, stationOf, selected, onSelect }: WorkBarsProps): ReactNode {
  const { t, language } = useWords();
  const { stations, elements, taktS } = work;
  const now = stationSeconds(
    work,
    elements.map(({ station }) => station),
  );
  const then = stationSeconds(work, stationOf);
  const most = Math.max(...now, ...then, taktS ?? 0) * 1.04;
  const share = (seconds: number): number => (100 * seconds) / most;
  const open = openStations(work);
  const highest = Math.max(...then.filter((_, s) => open[s]));
  return (
    <div className="dw-work" role="group" aria-label={t("simulate.optimise.balance.chart")}>
      {stations.map((station, s) => (
        <div key={station.id} className="dw-work-row">
          <span className="dw-work-name">
            {station.id} <small>{station.label[language].replace(station.id, "").trim()}</small>
          </span>
          <div className="dw-work-bar">
            <i className="dw-work-now" style={{ width: `${share(now[s]!)}%` }} />
            {elements.map((element, e) => {
              if (stationOf[e] !== s) return null;
              const width = share(element.seconds / station.places);
              const isMoved = element.station !== s;
              return (
                <button
                  key={element.id}
                  type="button"
                  className={`dw-work-piece ${isMoved ? "is-moved" : ""} ${element.fixed ? "is-fixed" : ""}`}
                  style={{ width: `${width}%`, ["--bar" as string]: pieceHue(element.station) }}
                  aria-pressed={selected === e}
                  title={`${element.label[language]} · ${fixedText(element.seconds, 1)} s`}
                  onClick={() => onSelect(selected === e ? undefined : e)}
                >
                  {width >= NAMED ? element.label[language] : ""}
                </button>
              );
            })}
            {taktS !== undefined && <i className="dw-work-takt" style={{ left: `${share(taktS)}%` }} />}
          </div>
          <b className={!open[s] ? "is-closed" : then[s] === highest ? "is-highest" : ""}>{fixedText(then[s]!, 1)}</b>
        </div>
      ))}
      <p className="dw-fine">
        {taktS !== undefined && t("simulate.optimise.balance.taktLine", { takt: fixedText(taktS, 1) })}{" "}
        {t("simulate.optimise.balance.legend")}
      </p>
    </div>
  );
}
