import type { ReactNode } from "react";
import { Button } from "@mantine/core";
import type { Client, Trend } from "@doppelwerk/client";
import { dayText, dateText, periodText, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { DAY } from "@doppelwerk/world";
import { MAX_DAYS_BACK } from "./trend-choice.ts";

interface Period {
  readonly from: number;
  readonly to: number;
}

interface Compared {
  /** The period that is shown, and how it is compared. */
  readonly period: Period;
  /** Undefined while nothing is compared. */
  readonly earlier: Period | undefined;
  readonly compared: readonly Pick<Trend, "mean" | "signal">[];
  readonly isOverlaid: boolean;
  /** Compare with the same time so many days ago. */
  readonly onDays: (days: number) => void;
}

/** Why a comparison that was asked for shows no curve, and the last day that has one at the same time. */
export function ComparedNote({ period, earlier, compared, isOverlaid, onDays }: Compared): ReactNode {
  const { t, language, zone } = useWords();
  const isEmpty = compared.length > 0 && compared.every(isWithout);
  if (earlier === undefined || (!isOverlaid && !isEmpty)) return null;
  if (isOverlaid)
    return (
      <p className="dw-quiet" role="status">
        {t("history.trend.notCompared")}
      </p>
    );
  return (
    <div className="dw-trends-nothing" role="status">
      <p className="dw-quiet">{t("history.trend.nothingBefore", { period: periodText(earlier.from, earlier.to, zone, language) })}</p>
      <LastDay period={period} signals={compared.map(({ signal }) => signal)} onDays={onDays} />
    </div>
  );
}

/** The last day on which one of the signals has values at the time of the period. */
function LastDay({
  period,
  signals,
  onDays,
}: {
  readonly period: Period;
  readonly signals: readonly string[];
  readonly onDays: (days: number) => void;
}): ReactNode {
  const { client, world } = useStudio();
  const { t, language, zone } = useWords();
  // of a past that is being read nobody knows yet which day has none
  const isRead = useStore(world)?.backfill.done !== false;
  // a live period moves on, its day does not
  const found = useLoad((signal) => lastDayOf(client, signals, period, signal), [signals.join(), Math.floor(period.to / DAY), isRead]);
  if (found.value === undefined || (found.value === 0 && !isRead)) return null;
  if (found.value === 0) return <p className="dw-quiet">{t("history.trend.noDayBefore", { count: MAX_DAYS_BACK })}</p>;
  const days = found.value;
  const at = period.from - days * DAY;
  const [weekday, date] = [dayText(at, zone, language).split(" ")[0]!, dateText(at, zone, language)];
  const day = language === "zh" ? `${date} ${weekday}` : `${weekday} ${date}`;
  return (
    <Button size="compact-sm" variant="default" onClick={() => onDays(days)}>
      {t("history.trend.compareDay", { day })}
    </Button>
  );
}

/** Days back; 0 where none has values. */
async function lastDayOf(client: Client, signals: readonly string[], { from, to }: Period, signal: AbortSignal): Promise<number> {
  for (let days = 1; days <= MAX_DAYS_BACK; days++) {
    const trends = await Promise.all(signals.map((id) => client.trend(id, from - days * DAY, to - days * DAY, 10, { signal })));
    if (!trends.every(isWithout)) return days;
  }
  return 0;
}

function isWithout({ mean }: Pick<Trend, "mean">): boolean {
  return mean.every((value) => value === null);
}
