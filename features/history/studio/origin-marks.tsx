import type { ReactNode } from "react";
import type { Trend } from "@doppelwerk/client";
import { OriginMark, useWords } from "@doppelwerk/kit/studio";
import "./trends.css";

const ORIGINS = ["measured", "entered", "derived", "simulated", "replayed"] as const;
export type OriginName = (typeof ORIGINS)[number];

/** Where the values of a trend are from, in the order of the legend; nothing where it has none. */
export function originsOf({ mean, origin }: Pick<Trend, "mean" | "origin">): readonly OriginName[] {
  if (origin === undefined) return mean.some((value) => value !== null) ? ["measured"] : [];
  return ORIGINS.filter((name) => origin.includes(name));
}

/** A word for each origin of what is shown. */
export function OriginMarks({ origins }: { readonly origins: readonly OriginName[] }): ReactNode {
  if (origins.length === 0) return null;
  return (
    <p className="dw-origin-marks">
      {origins.map((origin) => (
        <OriginMark key={origin} origin={origin} />
      ))}
    </p>
  );
}

/** What the marks mean. */
export function OriginLegend(): ReactNode {
  const { t } = useWords();
  return (
    <p className="dw-fine dw-origin-legend">
      {ORIGINS.map((origin) => (
        <span key={origin}>
          <OriginMark origin={origin} /> {t(`origin.meaning.${origin}`)}
        </span>
      ))}
    </p>
  );
}
