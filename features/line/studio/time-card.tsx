import type { ReactNode } from "react";
import type { Kpis } from "@doppelwerk/client";
import {
  Card,
  clockText,
  durationText,
  lookShares,
  stateLook,
  useShiftKpis,
  useStore,
  useStudio,
  useWords,
  whyNoFigures,
} from "@doppelwerk/kit/studio";
import type { Translate } from "@doppelwerk/kit/studio";
import { reachesPast } from "./reaches-past.ts";
import "./cards.css";

/** Minutes by state over all stations but rework, then the worst single stops by name. */
export default function TimeCard(): ReactNode {
  const studio = useStudio();
  const snapshot = useStore(studio.snapshot);
  const figures = useShiftKpis();
  const kpis = figures.value;
  const { t, language, zone } = useWords();
  if (snapshot === undefined) return null;
  const why = whyNoFigures(figures, snapshot, t, zone);
  const from = kpis?.from ?? snapshot.shift?.from;
  const rows = kpis === undefined ? [] : timeRows(kpis, t);
  const reaching = reachesPast(kpis, snapshot);
  const most = Math.max(1, ...rows.map((row) => row.seconds));
  const note =
    kpis === undefined
      ? why
      : `${t("line.board.minutesOf", { duration: durationText(kpis.plannedBusyS * 1e6, language) })} · ${t("line.board.unknown", { duration: durationText(kpis.unknownS * 1e6, language) })}`;
  return (
    <Card
      className="dw-board-time"
      title={
        from === undefined || !kpis?.constraint
          ? t("line.board.whereTime")
          : t(reaching ? "line.board.whereTimeTo" : "line.board.whereTimeSince", {
              station: kpis.constraint,
              clock: clockText(from, zone, false),
              to: clockText(kpis.to, zone, false),
            })
      }
      note={note}
    >
      <div className="dw-bars">
        {rows.map((row) => (
          <div key={row.label} className="dw-bar-line">
            <span>{row.label}</span>
            <div>
              <i className={`dw-chip is-${row.look}`} style={{ width: `${Math.max(0.4, (row.seconds / most) * 88)}%` }} />
              <b>{Math.round(row.seconds / 60)}</b>
            </div>
          </div>
        ))}
      </div>
    </Card>
  );
}

const TIME_ROWS = 7;

function timeRows(kpis: Kpis, t: Translate): readonly { readonly label: string; readonly look: string; readonly seconds: number }[] {
  const constraint = kpis.timeShares.find((row) => row.station === kpis.constraint);
  const total = Object.values(constraint?.seconds ?? {}).reduce((sum, value) => sum + value, 0);
  const own = lookShares(constraint?.seconds ?? {}).map(({ look, share }) => ({
    label: t(`state.${look}`),
    look: look as string,
    seconds: share * total,
  }));
  const elsewhere = kpis.topStops
    .filter((stop) => stop.station !== kpis.constraint)
    .slice(0, Math.max(0, TIME_ROWS - own.length))
    .map((stop) => ({
      label: t("line.board.stopAt", { station: stop.station, state: t(`state.${stateLook(stop.state)}`).toLowerCase() }),
      look: stateLook(stop.state) as string,
      seconds: stop.seconds,
    }));
  return [...own, ...elsewhere].slice(0, TIME_ROWS);
}
