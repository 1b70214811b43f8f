import type { ReactNode } from "react";
import type { ExperimentKpi, ExperimentResult } from "@doppelwerk/client";
import { fixedText, signedText, useWords } from "@doppelwerk/kit/studio";
import { digitsOfKpi, nameOfFactor, unitOfKpi } from "./experiment-words.ts";

/** Tornado: what each factor changes from its low to its high end, the greatest first, with its 95 % interval; joint effects of two below a cross. */
export function EffectChart({ result, kpi }: { readonly result: ExperimentResult; readonly kpi: ExperimentKpi }): ReactNode {
  const { t, language } = useWords();
  const effects = [...(result.effects[kpi] ?? [])].toSorted((a, b) => Math.abs(b.mean) - Math.abs(a.mean)).slice(0, 14);
  if (effects.length === 0) return <p className="dw-quiet">{t("simulate.experiments.noEffects")}</p>;
  const digits = digitsOfKpi(kpi);
  const reach = Math.max(...effects.map(({ mean, halfWidth }) => Math.abs(mean) + (halfWidth || 0)), 1e-9);
  const x = (value: number): number => 50 + (value / reach) * 48;
  return (
    <div className="dw-effects">
      {effects.map(({ factors, mean, halfWidth }) => {
        const clear = Math.abs(mean) > halfWidth;
        return (
          <div key={factors.join()} className={`dw-effect ${clear ? "" : "is-unclear"}`}>
            <span>{factors.map((factor) => nameOfFactor(result.factors[factor]!, language)).join(" × ")}</span>
            <svg viewBox="0 0 100 16" preserveAspectRatio="none" width="100%" height="16" aria-hidden className="dw-chart">
              <line x1="50" x2="50" y1="0" y2="16" className="dw-dot-zero" vectorEffect="non-scaling-stroke" />
              <rect x={Math.min(50, x(mean))} width={Math.abs(x(mean) - 50)} y="4" height="8" />
              <line
                x1={x(mean - halfWidth)}
                x2={x(mean + halfWidth)}
                y1="8"
                y2="8"
                className="dw-dot-line"
                vectorEffect="non-scaling-stroke"
              />
            </svg>
            <span className="is-number">
              {signedText(mean, digits)} <small>± {fixedText(halfWidth, digits)}</small>
            </span>
          </div>
        );
      })}
      <p className="dw-fine">
        {t("simulate.experiments.effectsNote", { unit: unitOfKpi(kpi, t, result) })}
        {result.resolution !== undefined &&
          ` ${t("simulate.experiments.resolution", { resolution: ["III", "IV", "V", "VI", "VII", "VIII"][result.resolution - 3] ?? result.resolution })}`}
      </p>
    </div>
  );
}
