import type { ReactNode } from "react";
import { answerOf, inLanguage, useLoad, useScope, useWords } from "@doppelwerk/kit/studio";
import type { Instant } from "@doppelwerk/world";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";
import type { Check, CheckPoint } from "../model/round-kind.ts";

const [WIDTH, HEIGHT, EDGE] = [240, 72, 6];

/** Values of a check over time, between its limits. */
export function CheckTrend({
  round,
  point,
  check,
  at,
}: {
  readonly round: string;
  readonly point: CheckPoint;
  readonly check: Check;
  readonly at: Instant | undefined;
}): ReactNode {
  const { branch } = useScope();
  const { t, language } = useWords();
  const params = { round, point: point.id, check: check.id };
  const loaded = useLoad(
    answerOf(calls.trend, { params, query: { branch, ...(at !== undefined && { t: at }) } }, { topics: { "rounds.changed": () => true } }),
  );
  const { values = [], low, high } = loaded.value ?? {};
  const name = `${inLanguage(point.title, language)}: ${inLanguage(check.title, language)}`;
  const last = values.at(-1);
  if (last === undefined) return null;
  const shown = [...values.map(({ value }) => value), ...(low === undefined ? [] : [low]), ...(high === undefined ? [] : [high])];
  const [least, most] = [Math.min(...shown), Math.max(...shown)];
  const y = (value: number): number => EDGE + (HEIGHT - 2 * EDGE) * (most === least ? 0.5 : (most - value) / (most - least));
  const [from, to] = [values[0]!.at, last.at];
  const x = (instant: Instant): number => EDGE + (WIDTH - 2 * EDGE) * (to === from ? 0.5 : (instant - from) / (to - from));
  const text = `${last.value} ${check.unit ?? ""}`.trim();
  return (
    <figure className="dw-rounds-trend">
      <figcaption>
        {name} <b className={last.isBeyond ? "dw-rounds-beyond" : undefined}>{text}</b>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t("rounds.trendOf", { name, count: values.length, value: text })}>
        {[low, high].map(
          (limit) => limit !== undefined && <line key={limit} x1={0} x2={WIDTH} y1={y(limit)} y2={y(limit)} className="is-limit" />,
        )}
        <polyline points={values.map((each) => `${x(each.at)},${y(each.value)}`).join(" ")} />
        {values.map((each) => (
          <circle
            key={each.at}
            cx={x(each.at)}
            cy={y(each.value)}
            r={each.isBeyond ? 4 : 2.5}
            className={each.isBeyond ? "is-beyond" : undefined}
          />
        ))}
      </svg>
    </figure>
  );
}
