import type { ReactNode } from "react";
import type { Snapshot } from "@doppelwerk/client";
import {
  Card,
  clockText,
  TargetMark,
  useKpiTargets,
  useLoad,
  useShiftKpis,
  useStore,
  useStudio,
  useWords,
  whyNoCount,
} from "@doppelwerk/kit/studio";
import "./cards.css";

const POINTS = 60;

/** Good units this shift against what is due now, and the way there. */
export default function OutputCard(): ReactNode {
  const studio = useStudio();
  const snapshot = useStore(studio.snapshot);
  const kpis = useShiftKpis().value;
  const targets = useKpiTargets();
  const { t, zone } = useWords();
  if (snapshot === undefined) return null;
  const { shift } = snapshot;
  if (shift === undefined) {
    return (
      <Card className="dw-board-output" title={t("line.board.output")}>
        <p className="dw-quiet">{t("line.board.noShift")}</p>
      </Card>
    );
  }
  const over = snapshot.instant >= shift.to;
  return (
    <Card
      className="dw-board-output"
      title={over ? t("line.board.outputLast", { name: t.or(`shift.${shift.name.toLowerCase()}`, shift.name) }) : t("line.board.output")}
      note={t("line.board.plan", { plan: shift.plan, clock: clockText(shift.to, zone, false) })}
    >
      <p className="dw-figure">
        <b>{shift.good ?? "–"}</b>
        <span>{t("line.board.due", { due: shift.due })}</span>
        <TargetMark value={over ? shift.good : undefined} target={targets.get("good")} />
      </p>
      {shift.good === undefined && <small className="dw-under">{whyNoCount(snapshot, t, zone)}</small>}
      <OutputCurve snapshot={snapshot} />
      {kpis !== undefined && (
        <small className="dw-under">
          {t("line.board.scrapRework", { scrap: kpis.scrap, rework: kpis.reworked })}
          {kpis.firstPassYield !== undefined && ` · ${t("line.board.firstPass", { percent: (kpis.firstPassYield * 100).toFixed(1) })} `}
          <TargetMark value={kpis.firstPassYield} target={targets.get("firstPassYield")} factor={100} digits={1} isShort />
        </small>
      )}
    </Card>
  );
}

/** The last station's good counter over the shift, from its history; dashed is the plan. */
function OutputCurve({ snapshot }: { readonly snapshot: Snapshot }): ReactNode {
  const studio = useStudio();
  const line = useStore(studio.line);
  const { shift } = snapshot;
  const exit = line?.stations.at(-1);
  const good = exit?.signals.Good ?? exit?.signals.Total;
  const trend = useLoad(
    good === undefined || shift === undefined
      ? undefined
      : (signal) => studio.client.trend(good, shift.from, Math.min(shift.to, snapshot.instant), POINTS, { signal }),
    [good, shift?.from, Math.floor(snapshot.instant / 60e6)],
  );
  if (shift === undefined) return null;
  const width = 300;
  const height = 60;
  const x = (instant: number): number => ((instant - shift.from) / (shift.to - shift.from)) * width;
  const y = (count: number): number => height - 2 - (count / Math.max(1, shift.plan)) * (height - 6);
  let path = "";
  if (trend.value !== undefined) {
    let sum = 0;
    let before: number | undefined;
    trend.value.max.forEach((value, index) => {
      if (value === null) return;
      // A counter that fell was reset or rolled over: its step is what it shows now.
      if (before !== undefined) sum += value >= before ? value - before : 0;
      before = value;
      path += `${path === "" ? "M" : "L"}${x(trend.value!.from + (index + 1) * trend.value!.width).toFixed(1)} ${y(sum).toFixed(1)}`;
    });
  }
  return (
    <svg className="dw-output-curve" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden>
      <line x1="0" y1={y(0)} x2={width} y2={y(shift.plan)} className="dw-plan" vectorEffect="non-scaling-stroke" />
      {path !== "" && <path d={path} className="dw-actual" vectorEffect="non-scaling-stroke" />}
    </svg>
  );
}
