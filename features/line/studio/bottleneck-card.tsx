import type { ReactNode } from "react";
import { Card, clockText, percentText, useShiftKpis, useStore, useStudio, useWords, whyNoFigures } from "@doppelwerk/kit/studio";
import "./cards.css";

/** Which stations were the bottleneck in the span of the figures: share of time with the longest active period. What engineering declared is the constraint. */
export default function BottleneckCard(): ReactNode {
  const studio = useStudio();
  const snapshot = useStore(studio.snapshot);
  const figures = useShiftKpis();
  const kpis = figures.value;
  const { t, zone } = useWords();
  if (snapshot === undefined) return null;
  const why = whyNoFigures(figures, snapshot, t, zone);
  const rows = (kpis?.bottleneck ?? []).filter((row) => row.share > 0.005).slice(0, 5);
  return (
    <Card
      className="dw-board-bottleneck"
      title={t("line.board.bottleneck")}
      note={
        kpis === undefined
          ? ""
          : t("line.board.bottleneckNote", { clock: clockText(kpis.from, zone, false), to: clockText(kpis.to, zone, false) })
      }
    >
      {rows.length === 0 && <p className="dw-quiet">{kpis === undefined ? why : t("line.board.noBottleneck")}</p>}
      {rows.map((row) => (
        <button key={row.station} type="button" className="dw-bottleneck" onClick={() => studio.address.go({ subject: row.station })}>
          <span>{row.station}</span>
          <i>
            <i style={{ width: `${row.share * 100}%` }} />
          </i>
          <b>{percentText(row.share, 0)}</b>
        </button>
      ))}
    </Card>
  );
}
