import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";
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
        <b title={good === undefined ? why.unknown : why.atLeast}>{good === undefined ? "–" : atLeast(good, unknownS)}</b>
        {due !== undefined && <small title={t("places.table.due", { due })}> / {due}</small>}
      </span>
    </span>
  );
}

/** The forecast with its interval against the plan; where there is none only the plan. */
export function EndOfShift({ forecast, plan }: { readonly forecast: PlaceSums["forecast"]; readonly plan: number | undefined }): ReactNode {
  const { t } = useWords();
  if (forecast === undefined)
    return (
      <small className="dw-quiet-text" title={t("places.table.noForecast")}>
        {plan === undefined ? "–" : t("places.table.plan", { plan })}
      </small>
    );
  const { median, low = median, high = median } = forecast;
  const [from, to] = [Math.min(low, plan ?? low), Math.max(high, plan ?? high)];
  const x = (value: number): number => 5 + ((value - from) / Math.max(1, to - from)) * 90;
  const named = low === high ? String(median) : t("places.table.interval", { median, low, high });
  return (
    <span className="dw-place-end" title={named}>
      <svg viewBox="0 0 100 12" width="84" height="12" role="img" aria-label={named}>
        <line x1={x(low)} x2={x(high)} y1="6" y2="6" className="dw-place-interval" />
        <circle cx={x(median)} cy="6" r="3.4" className="dw-place-median" />
        {plan !== undefined && <line x1={x(plan)} x2={x(plan)} y1="0" y2="12" className="dw-place-due" />}
      </svg>
      <b>{median}</b>
      <span className="dw-badge">SIM</span>
    </span>
  );
}
