import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { Snapshot, Trend } from "@doppelwerk/client";
import {
  Card,
  Chart,
  clockText,
  fixedText,
  TargetMark,
  useKpiTargets,
  useLoad,
  useStore,
  useStudio,
  useWords,
  whyNoCount,
  withGaps,
} from "@doppelwerk/kit/studio";
import { LineChooser } from "./line-chooser.tsx";
import "./cards.css";

const POINTS = 60;

/** Good units this shift against what is due now, and the way there. */
export default function OutputCard(): ReactNode {
  const studio = useStudio();
  const snapshot = useStore(studio.snapshot);
  const targets = useKpiTargets();
  const { t, zone } = useWords();
  if (snapshot === undefined) return null;
  const { shift } = snapshot;
  if (shift === undefined) {
    return (
      <Card className="dw-board-output" title={t("line.board.output")}>
        <LineChooser />
        <p className="dw-quiet">{t("line.board.noShift")}</p>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => studio.address.go({ view: "settings", detail: "plant", card: "calendar" })}
        >
          {t("line.board.toShifts")}
        </Button>
      </Card>
    );
  }
  const over = snapshot.instant >= shift.to;
  return (
    <Card
      className="dw-board-output"
      audit="output.good"
      title={over ? t("line.board.outputLast", { name: t.or(`shift.${shift.name.toLowerCase()}`, shift.name) }) : t("line.board.output")}
      note={
        shift.plan > 0
          ? t("line.board.plan", { plan: shift.plan, clock: clockText(shift.to, zone, false) })
          : t("line.board.noPlan", { clock: clockText(shift.to, zone, false) })
      }
    >
      <LineChooser />
      <p className="dw-figure">
        <b>{shift.good ?? "–"}</b>
        {shift.plan > 0 && (
          <span className="dw-figure-due" title={t("line.board.due", { due: shift.due })}>
            / {shift.due}
          </span>
        )}
        {shift.plan > 0 && <span>{t("line.board.dueNow")}</span>}
        <TargetMark value={over ? shift.good : undefined} target={targets.get("good")} />
      </p>
      {shift.good === undefined && <small className="dw-under">{whyNoCount(snapshot, t, zone)}</small>}
      <OutputCurve snapshot={snapshot} />
      <OutputCounts shift={shift} />
    </Card>
  );
}

/** Of what the output is made, and the first pass yield with the counts that it is of. */
function OutputCounts({ shift: { good, reworked, scrap, countedAt } }: { readonly shift: NonNullable<Snapshot["shift"]> }): ReactNode {
  const targets = useKpiTargets();
  const { t } = useWords();
  if (good === undefined || reworked === undefined || scrap === undefined) return null;
  const [first, ended] = [good - reworked, good + scrap];
  const firstPassYield = ended > 0 ? first / ended : undefined;
  return (
    <small className="dw-under" title={t("line.board.outputMeans", { station: countedAt ?? t("line.board.lastStation") })}>
      {t("line.board.scrapRework", { first, rework: reworked, scrap })}
      {firstPassYield !== undefined && (
        <>
          <br />
          {t("line.board.firstPass", { percent: fixedText(firstPassYield * 100, 1), first, ended })}{" "}
          <TargetMark value={firstPassYield} target={targets.get("firstPassYield")} factor={100} digits={1} isShort />
        </>
      )}
    </small>
  );
}

/** The last station's good counter over the shift, from its history; dashed is the plan. */
function OutputCurve({ snapshot }: { readonly snapshot: Snapshot }): ReactNode {
  const studio = useStudio();
  const line = useStore(studio.line);
  const { t } = useWords();
  const { shift } = snapshot;
  const exit = line?.stations.find(({ id }) => id === snapshot.shift?.countedAt) ?? line?.stations.at(-1);
  const good = exit?.signals.Good ?? exit?.signals.Total;
  const trend = useLoad(
    good === undefined || shift === undefined
      ? undefined
      : (signal) => studio.client.trend(good, shift.from, Math.min(shift.to, snapshot.instant), POINTS, { signal }),
    [good, shift?.from, Math.floor(snapshot.instant / 60e6)],
  );
  if (shift === undefined) return null;
  const { from, to, plan } = shift;
  return (
    <Chart
      label={t("line.board.outputCurve")}
      height={78}
      x={{ kind: "time", from, to }}
      y={{ kind: "number", include: [0, Math.max(1, plan)], isWhole: true, isTight: true }}
      marks={[
        {
          kind: "line",
          name: t("line.board.planned"),
          tone: "faint",
          isDashed: true,
          isInLegend: false,
          points: [
            { x: from, y: 0 },
            { x: to, y: plan },
          ],
        },
        {
          kind: "line",
          name: t("line.board.made"),
          tone: "text",
          isInLegend: false,
          points: trend.value === undefined ? [] : madeOf(trend.value),
        },
      ]}
    />
  );
}

interface Counted {
  readonly x: number;
  readonly y: number | undefined;
}

/** Counted up over buckets; a stretch without samples is a gap. A counter that fell was reset or rolled over: how far it had got in that bucket is unknown. */
function madeOf({ from, width, max }: Pick<Trend, "from" | "width" | "max">): readonly Counted[] {
  let sum = 0;
  let before: number | undefined;
  return withGaps(max).flatMap((value, index): readonly Counted[] => {
    const x = from + (index + 1) * width;
    if (value === undefined) return [];
    if (value === null) return before === undefined ? [] : [{ x, y: undefined }];
    if (before !== undefined) sum += Math.max(0, value - before);
    before = value;
    return [{ x, y: sum }];
  });
}
