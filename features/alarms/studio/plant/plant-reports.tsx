import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { momentText, useWords, type Translate } from "@doppelwerk/kit/studio";
import type { ConditionReport } from "../../contract.ts";

const BITS = { unacknowledged: 2, unconfirmed: 4, shelved: 16, suppressed: 32 } as const;
const [ACTIVE, DISABLED] = [1, 8];

/** What the plant reported, newest first. */
export function PlantReports({ reports }: { readonly reports: readonly ConditionReport[] }): ReactNode {
  const { t } = useWords();
  return (
    <section className="dw-block">
      <header>
        <h3>{t("alarms.plant.reports")}</h3>
      </header>
      {reports.length === 0 && <p className="dw-quiet">{t("alarms.plant.noReports")}</p>}
      <div className="dw-plant-scroll" role="region" aria-label={t("alarms.plant.reports")} tabIndex={0}>
        <ul className="dw-plant-reports">
          {reports.map((each) => (
            <li key={`${each.at} ${each.eventId} ${each.known}`}>
              <Report report={each} />
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

/** Earlier states that still wait: each is answered by itself. */
export function PlantWaiting({
  waiting,
  answered,
  onAnswer,
}: {
  readonly waiting: readonly ConditionReport[];
  readonly answered: string | undefined;
  /** Undefined where nothing can be answered. */
  readonly onAnswer: ((eventId: string | undefined) => void) | undefined;
}): ReactNode {
  const { t } = useWords();
  return (
    <section className="dw-block">
      <header>
        <h3>{t("alarms.plant.waiting", { count: waiting.length })}</h3>
      </header>
      <ul className="dw-plant-reports is-waiting">
        {waiting.map((each) => (
          <li key={each.eventId}>
            <Report report={each} />
            {onAnswer !== undefined && (
              <Button
                className="dw-plant-answer"
                size="compact-sm"
                variant={answered === each.eventId ? "filled" : "default"}
                aria-pressed={answered === each.eventId}
                onClick={() => onAnswer(answered === each.eventId ? undefined : each.eventId)}
              >
                {t("alarms.plant.choose")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Report({ report }: { readonly report: ConditionReport }): ReactNode {
  const { t, language, zone } = useWords();
  const { at, severity, message, comment, user, aheadS } = report;
  return (
    <div>
      <span>
        <time>{momentText(at, zone, language)}</time> <b>{stateText(report.state, t)}</b>
      </span>
      {message !== "" && <span>{message}</span>}
      {comment !== undefined && <q>{comment}</q>}
      <small>
        {[
          severity === 0 ? t("alarms.plant.severityUnknown") : t("alarms.plant.severity", { severity }),
          user !== undefined && t("alarms.plant.by", { user }),
          aheadS !== undefined && t(aheadS > 0 ? "alarms.plant.ahead" : "alarms.plant.behind", { seconds: Math.abs(aheadS).toFixed(1) }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </small>
    </div>
  );
}

function stateText(state: number, t: Translate): string {
  if ((state & DISABLED) !== 0) return t("alarms.plant.state.disabled");
  const words = [t((state & ACTIVE) === 0 ? "alarms.plant.state.inactive" : "alarms.plant.state.active")];
  for (const name of ["unacknowledged", "unconfirmed", "shelved", "suppressed"] as const)
    if ((state & BITS[name]) !== 0) words.push(t(`alarms.plant.state.${name}`));
  return words.join(", ");
}
