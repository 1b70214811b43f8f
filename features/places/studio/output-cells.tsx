import type { ReactNode } from "react";
import { messageText, OriginMark, useWords } from "@doppelwerk/kit/studio";
import { atLeast, useWhy } from "./known.ts";
import type { PlaceSums } from "../contract.ts";

interface Output {
  readonly good: number | undefined;
  readonly due: number | undefined;
  /** Planned time of which nothing is known, where it matters. */
  readonly unknownS: number | undefined;
}

/** `335 / 349`: good units of those due by now, with a bar whose mark is what is due; `≥ 335` where of a part of the shift nothing is known. */
export function GoodBar({ good, due, unknownS }: Output): ReactNode {
  const { t } = useWords();
  const why = useWhy(unknownS);
  if (good === undefined && due === undefined) return "–";
  const reach = Math.max(good ?? 0, due ?? 0, 1) * 1.04;
  return (
    <span className="dw-place-good">
      {good !== undefined && (
        <svg viewBox="0 0 100 12" width="84" height="12" preserveAspectRatio="none" aria-hidden>
          <rect x="0" y="2" height="8" width={(good / reach) * 100} className="dw-place-bar" />
          {due !== undefined && (
            <line
              x1={(due / reach) * 100}
              x2={(due / reach) * 100}
              y1="0"
              y2="12"
              className="dw-place-due"
              vectorEffect="non-scaling-stroke"
            />
          )}
        </svg>
      )}
      <span>
        <b title={good === undefined ? why.unknown : why.atLeast}>{good === undefined ? "–" : atLeast(good, unknownS !== undefined)}</b>
        {due !== undefined && <small title={t("places.table.due", { due })}> / {due}</small>}
      </span>
    </span>
  );
}

interface End {
  readonly forecast: PlaceSums["forecast"];
  readonly noForecast: PlaceSums["noForecast"];
  readonly plan: number | undefined;
  /** Lines that it is of: of several there is no interval. */
  readonly lines: number;
}

/** `562 forecast` above `528–590, plan 620`; where there is no forecast the plan, and that it is coming or why there is none. */
export function EndOfShift({ forecast, noForecast, plan, lines }: End): ReactNode {
  const { t } = useWords();
  if (forecast === undefined) {
    const why = noForecast?.isComing === true ? t("places.table.coming") : noForecast?.why && messageText("", noForecast.why);
    return (
      <span className="dw-place-end-of-shift" title={why ?? t("places.table.noForecast")}>
        <span className="dw-quiet-text">{plan === undefined ? "–" : t("places.table.plan", { plan })}</span>
        {why !== undefined && <small role={noForecast?.isComing === true ? "status" : undefined}>{why}</small>}
      </span>
    );
  }
  const { median, low = median, high = median } = forecast;
  const [from, to] = [Math.min(low, plan ?? low), Math.max(high, plan ?? high)];
  const x = (value: number): number => 5 + ((value - from) / Math.max(1, to - from)) * 90;
  const named = low === high ? String(median) : t("places.table.interval", { median, low, high });
  const beside =
    low === high
      ? plan === undefined
        ? undefined
        : t("places.table.ofPlan", { plan })
      : plan === undefined
        ? t("places.table.range", { low, high })
        : t("places.table.rangeOfPlan", { low, high, plan });
  return (
    <span className="dw-place-end-of-shift">
      <span className="dw-place-end" title={named}>
        {/* without an interval there is nothing to draw */}
        {low !== high && (
          <svg viewBox="0 0 100 12" width="84" height="12" role="img" aria-label={named}>
            <line x1={x(low)} x2={x(high)} y1="6" y2="6" className="dw-place-interval" />
            <circle cx={x(median)} cy="6" r="3.4" className="dw-place-median" />
            {plan !== undefined && <line x1={x(plan)} x2={x(plan)} y1="0" y2="12" className="dw-place-due" />}
          </svg>
        )}
        <b>{median}</b>
        <OriginMark origin="forecast" />
      </span>
      {beside !== undefined && <small>{beside}</small>}
      {lines > 1 && low === high && <small title={t("places.table.noIntervalHint", { lines })}>{t("places.table.noInterval")}</small>}
    </span>
  );
}
