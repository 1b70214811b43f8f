import type { ReactNode } from "react";
import { Card, clockText, datedText, HOUR, momentText, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { AlarmPerformance } from "../../contract.ts";
import { whenLink } from "./alarm-links.ts";

/** A flood begins above it. */
const FLOOD = 10;

/** The most alarms in ten minutes of each slice; a click leads to them. */
export function RateChart({ found: { columns, columnWidth, from, to } }: { readonly found: AlarmPerformance }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const top = Math.max(FLOOD * 1.2, ...columns.map(({ most }) => most));
  const isShort = to - from <= 25 * HOUR;
  const text = (at: number): string => (isShort ? clockText(at, zone, false) : datedText(at, to, zone, language));
  return (
    <Card title={t("alarmManagement.rateChart")} note={t("alarmManagement.rateNote")}>
      <div className="dw-rate">
        <div className="dw-rate-columns">
          {columns.map(({ at, most }) => {
            const label = t("alarmManagement.rateColumn", { when: momentText(at, zone, language, false), count: most });
            return most === 0 ? (
              <i key={at} />
            ) : (
              <button
                key={at}
                type="button"
                tabIndex={most > FLOOD ? 0 : -1}
                aria-label={label}
                title={label}
                className={most > FLOOD ? "is-flood" : undefined}
                onClick={() => studio.address.go(whenLink(at, Math.min(to, at + columnWidth)))}
              >
                <i style={{ height: `${(most / top) * 100}%` }} />
              </button>
            );
          })}
          <hr style={{ bottom: `${(FLOOD / top) * 100}%` }} />
        </div>
        <p aria-hidden>
          <span>{text(from)}</span>
          <span>{text((from + to) / 2)}</span>
          <span>{text(to)}</span>
        </p>
      </div>
    </Card>
  );
}
