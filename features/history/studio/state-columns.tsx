import type { ReactNode } from "react";
import type { StateDurations } from "@doppelwerk/client";
import type { SignalEntry } from "@doppelwerk/sync";
import { SECOND } from "@doppelwerk/world";
import { durationText, momentText, namedText, percentText, stateLook, timeTicks, useWords } from "@doppelwerk/kit/studio";

import { bandOf } from "./state-band.ts";

/** Pixels for which labels have room: of a phone. */
const AXIS = 360;

interface Total {
  readonly word: string;
  readonly look: string;
  readonly sum: number;
}

/** As many as `trends.css` knows. */
const SHADES = 5;

/** The states as a band over the period, and how long each held in words and shares. */
export function StateColumns({
  durations,
  title,
  entry,
}: {
  readonly durations: StateDurations;
  readonly title: string;
  /** Names its numbers. */
  readonly entry?: Pick<SignalEntry, "enumeration"> | undefined;
}): ReactNode {
  const { t, language } = useWords();
  const { width, states, unknownS } = durations;
  let others = 0;
  const looks: Total[] = [
    ...states.map(({ state, seconds }) => {
      // words of the plant that nobody mapped are distinguished by shades that say nothing of uptime
      const mapped = stateLook(String(state));
      const look = mapped === "unknown" ? `other is-shade-${others++ % SHADES}` : mapped;
      const word = namedText(state, entry) ?? t.or(`state.${String(state)}`, String(state));
      return { word, look, sum: sumOf(seconds) };
    }),
    { word: t("state.unknown"), look: "unknown", sum: sumOf(unknownS) },
  ];
  const totals = looks.filter(({ sum }) => sum > 0).toSorted((a, b) => b.sum - a.sum);
  const all = sumOf(totals.map(({ sum }) => sum)) || 1;
  return (
    <figure className="dw-trend dw-states" aria-label={title}>
      <figcaption>
        <span>
          {title} <small>{t("history.trend.statesNote", { duration: durationText(width, language) })}</small>
        </span>
      </figcaption>
      <StateBand durations={durations} looks={looks} />
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

/** The period from left to right; its axis names days and times of the plant. */
function StateBand({ durations, looks }: { readonly durations: StateDurations; readonly looks: readonly Total[] }): ReactNode {
  const { language, zone } = useWords();
  const { from, width, unknownS } = durations;
  const span = width * unknownS.length;
  // what is unknown comes last
  const lookOf = (state: number): Total => looks.at(state)!;
  return (
    <>
      <div className="dw-state-band" aria-hidden>
        {bandOf(durations).map((piece) => (
          <div
            key={piece.from}
            title={`${piece.parts.map(({ state }) => lookOf(state).word).join(", ")} · ${momentText(from + piece.from * span, zone, language)}`}
            style={{ left: `${piece.from * 100}%`, width: `${(piece.to - piece.from) * 100}%` }}
          >
            {piece.parts.map(({ state, share }) => (
              <i key={state} className={`dw-chip is-${lookOf(state).look}`} style={{ height: `${share * 100}%` }} />
            ))}
          </div>
        ))}
      </div>
      <div className="dw-state-axis" aria-hidden>
        {timeTicks({ from, to: from + span, width: AXIS, zone, language }).map(({ at, label }) => (
          <small key={at} style={{ left: `${((at - from) / span) * 100}%` }}>
            {label}
          </small>
        ))}
      </div>
    </>
  );
}
