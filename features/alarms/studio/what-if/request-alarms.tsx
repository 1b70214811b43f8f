import { Button, Progress } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { MergeRequestDetail } from "@doppelwerk/client";
import { Card, ScrollRegion, dateText, durationText, inLanguage, useWords } from "@doppelwerk/kit/studio";
import { SECOND } from "@doppelwerk/world";
import type { WhatIf } from "../../model/what-if-shape.ts";
import { useWhatIf } from "./use-what-if.ts";
import "./what-if.css";

const DAYS = 30;
/** Rules that are shown; the figures are of all. */
const SHOWN = 20;

/** What the alarm rules of the branch of a merge request would have raised, beside what was recorded. */
export default function RequestAlarms({ request }: { readonly request: MergeRequestDetail }): ReactNode {
  const { t } = useWords();
  const { state, start, cancel } = useWhatIf(request.branch, DAYS);
  const isRunning = state?.kind === "running";
  const percent = isRunning ? Math.round(state.progress * 100) : 0;
  return (
    <Card title={t("alarms.whatIf.title", { days: DAYS })}>
      <div className="dw-buttons">
        <Button size="sm" variant="default" leftSection={<IconHistory size={14} />} disabled={isRunning} onClick={start}>
          {t(state?.kind === "done" ? "alarms.whatIf.again" : "alarms.whatIf.start")}
        </Button>
        {isRunning && (
          <Button size="sm" variant="default" onClick={cancel}>
            {t("alarms.whatIf.cancel")}
          </Button>
        )}
      </div>
      {isRunning && <Progress value={percent} size="sm" aria-label={t("alarms.whatIf.progress", { percent })} />}
      <div role="status">
        {isRunning && <small className="dw-quiet-text">{t("alarms.whatIf.progress", { percent })}</small>}
        {state?.kind === "failed" && <p className="dw-note">{state.message ?? t("alarms.whatIf.failed")}</p>}
        {state?.kind === "done" && <Compared result={state.result} />}
      </div>
    </Card>
  );
}

function Compared({ result }: { readonly result: WhatIf }): ReactNode {
  const { t } = useWords();
  const { was, would } = result;
  const changed = result.rules.filter((rule) => rule.was !== rule.would || rule.unevaluatedS > 0);
  return (
    <>
      <p>{t("alarms.whatIf.sentence", { was: was.raised, would: would.raised, floodsWas: was.floods, floodsWould: would.floods })}</p>
      <Days result={result} />
      {changed.length === 0 ? <p className="dw-quiet">{t("alarms.whatIf.same")}</p> : <ChangedRules rules={changed.slice(0, SHOWN)} />}
      {!result.isWhole && <p className="dw-note">{t("alarms.whatIf.partial")}</p>}
    </>
  );
}

/** Two bars a day: recorded, and under the rules of the branch. The table says the same by rule. */
function Days({ result: { days } }: { readonly result: WhatIf }): ReactNode {
  const { t, language, zone } = useWords();
  const most = Math.max(1, ...days.flatMap(({ was, would }) => [was, would]));
  return (
    <figure className="dw-what-if-days">
      <figcaption>
        <small className="dw-quiet-text">{t("alarms.whatIf.days")}</small>
      </figcaption>
      <div className="dw-what-if-bars" role="img" aria-label={t("alarms.whatIf.days")}>
        {days.map(({ from, was, would }) => (
          <span key={from} title={`${dateText(from, zone, language)}: ${was} → ${would}`}>
            <i style={{ height: `${(was / most) * 100}%` }} />
            <b style={{ height: `${(would / most) * 100}%` }} />
          </span>
        ))}
      </div>
    </figure>
  );
}

function ChangedRules({ rules }: { readonly rules: WhatIf["rules"] }): ReactNode {
  const { t, language } = useWords();
  const duration = (seconds: number): string => durationText(seconds * SECOND, language);
  return (
    <ScrollRegion label={t("alarms.whatIf.rule")}>
      <table className="dw-table">
        <thead>
          <tr>
            <th>{t("alarms.whatIf.rule")}</th>
            <th className="is-number">{t("alarms.whatIf.was")}</th>
            <th className="is-number">{t("alarms.whatIf.would")}</th>
            <th className="is-number">{t("alarms.whatIf.longest")}</th>
          </tr>
        </thead>
        <tbody>
          {rules.map(({ id, title, was, would, longestWasS, longestWouldS, unevaluatedS }) => (
            <tr key={id}>
              <td>
                {inLanguage(title, language)}
                {unevaluatedS > 0 && (
                  <small className="dw-quiet-text"> {t("alarms.whatIf.unevaluated", { time: duration(unevaluatedS) })}</small>
                )}
              </td>
              <td className="is-number">{was}</td>
              <td className="is-number">{would}</td>
              <td className="is-number">
                {duration(longestWasS)} → {duration(longestWouldS)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
