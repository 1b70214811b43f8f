import type { ReactNode } from "react";
import type { StateDurations } from "@doppelwerk/client";
import { SECOND } from "@doppelwerk/world";
import { clockText, durationText, momentText, percentText, stateLook, useWords } from "@doppelwerk/kit/studio";

interface Total {
  readonly word: string;
  readonly look: string;
  readonly seconds: readonly number[];
  readonly sum: number;
}

/** As many as `trends.css` knows. */
const SHADES = 5;

/** How long each state held: a column a stretch of the period, and the whole of it in words and shares. */
export function StateColumns({ durations, title }: { readonly durations: StateDurations; readonly title: string }): ReactNode {
  const { t, language, zone } = useWords();
  const { from, width, states, unknownS } = durations;
  let others = 0;
  const totals: Total[] = [
    ...states.map(({ state, seconds }) => {
      // words of the plant that nobody mapped are told apart by shades that say nothing of uptime
      const mapped = stateLook(String(state));
      const look = mapped === "unknown" ? `other is-shade-${others++ % SHADES}` : mapped;
      const word = t.or(`state.${String(state)}`, String(state));
      return { word, look, seconds, sum: sumOf(seconds) };
    }),
    { word: t("state.unknown"), look: "unknown", seconds: unknownS, sum: sumOf(unknownS) },
  ]
    .filter(({ sum }) => sum > 0)
    .toSorted((a, b) => b.sum - a.sum);
  const all = sumOf(totals.map(({ sum }) => sum)) || 1;
  return (
    <figure className="dw-trend dw-states" aria-label={title}>
      <figcaption>
        <span>
          {title} <small>{t("history.trend.statesNote", { duration: durationText(width, language) })}</small>
        </span>
      </figcaption>
      <div className="dw-state-columns" aria-hidden>
        {unknownS.map((_, column) => (
          <div key={column} title={momentText(from + column * width, zone, language, false)}>
            {totals.map(({ word, look, seconds }) => {
              const share = (seconds[column] ?? 0) / (width / SECOND);
              return share > 0 ? <i key={word} className={`dw-chip is-${look}`} style={{ height: `${share * 100}%` }} /> : null;
            })}
          </div>
        ))}
      </div>
      <div className="dw-state-axis" aria-hidden>
        {[0, 0.25, 0.5, 0.75].map((part) => (
          <small key={part}>{clockText(from + part * width * unknownS.length, zone, false)}</small>
        ))}
      </div>
      <table className="dw-state-totals">
        <tbody>
          {totals.map(({ word, look, sum }) => (
            <tr key={word}>
              <th scope="row">
                <i className={`dw-chip is-${look}`} /> {word}
              </th>
              <td>{durationText(sum * SECOND, language)}</td>
              <td>{percentText(sum / all)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
