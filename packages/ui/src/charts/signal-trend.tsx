import { HOUR, type Instant, type RecordId } from "@doppelwerk/world";
import { useState } from "react";
import type { ReactNode } from "react";
import { signalName } from "../language/language.ts";
import { useStudio, useWords } from "../session/context.tsx";
import { useScope } from "../session/scope.tsx";
import { useLoad } from "../session/use-load.ts";
import { useStore } from "../store/store.ts";
import { Failure } from "../values/card.tsx";
import { TrendChart } from "./trend-chart.tsx";
import type { TrendLimit } from "./trend-limits.ts";

/** About one a pixel of a panel. */
const POINTS = 300;
/** How far the instant may move before it is another trend. */
const STEP = 2_000_000;

interface SignalTrendProps {
  readonly signal: RecordId;
  /** Microseconds up to the instant shown; an hour without it. */
  readonly span?: Instant;
  readonly height?: number;
  readonly limits?: readonly TrendLimit[];
}

/** The trend of a signal up to the instant shown, live as well; drag zooms, double-click goes back. */
export function SignalTrend({ signal: id, span = HOUR, height, limits }: SignalTrendProps): ReactNode {
  const { client, signals } = useStudio();
  const { time } = useScope();
  const { language } = useWords();
  const shown = useStore(time.shown);
  const [range, setRange] = useState<{ readonly from: Instant; readonly to: Instant } | undefined>(undefined);
  const isLive = shown === undefined && range === undefined;
  const trend = useLoad(
    (signal) => {
      const to = range?.to ?? time.instant();
      return client.trend(id, range?.from ?? to - span, to, POINTS, { signal });
    },
    [id, span, range, shown === undefined ? "live" : Math.round(shown / STEP)],
    isLive ? Math.max(2_000, span / 1_000 / POINTS) : undefined,
  );
  if (trend.kind === "failed" && trend.value === undefined)
    return <Failure message={trend.message} code={trend.code} onRetry={trend.reload} />;
  if (trend.value === undefined) return null;
  const entry = signals.entry(id);
  return (
    <TrendChart
      trend={trend.value}
      entry={entry}
      title={signalName(entry, language, id)}
      limits={limits}
      {...(height === undefined ? {} : { height })}
      onZoom={(from, to) => setRange(from === undefined || to === undefined ? undefined : { from, to })}
    />
  );
}
