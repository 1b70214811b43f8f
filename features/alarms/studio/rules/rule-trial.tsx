import { Button, Progress, SegmentedControl } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { clockText, dateText, useWords } from "@doppelwerk/kit/studio";
import type { AlarmRuleFields, RuleTrial as Trial } from "../../contract.ts";
import { TrialLanes } from "./trial-lanes.tsx";
import { useTrial } from "./use-trial.ts";

const SPANS = [1, 7, 30];
/** Alarms that are listed; the figures are of all. */
const LISTED = 50;

/** The rule as it is being edited over the record: what all alarms would have been, beside what they were. Nothing is stored. */
export function RuleTrial({ id, fields }: { readonly id: string | undefined; readonly fields: AlarmRuleFields | undefined }): ReactNode {
  const { t } = useWords();
  const [days, setDays] = useState(7);
  const { state, start, cancel, progress } = useTrial(id, fields, days);
  const result = useRef<HTMLDivElement>(null);
  const isAnswered = state?.kind === "done" || state?.kind === "failed";
  // the answer comes below what is shown of the editor
  useEffect(() => {
    if (isAnswered) result.current?.scrollIntoView?.({ block: "nearest" });
  }, [isAnswered]);
  // what was answered is of the fields as they were then
  const isOld = state?.kind === "done" && JSON.stringify(state.fields) !== JSON.stringify(fields);
  return (
    <section className="dw-rule-trial" aria-label={t("alarms.trial.title")}>
      <div className="dw-rule-row">
        <SegmentedControl
          size="xs"
          value={String(days)}
          onChange={(value) => setDays(Number(value))}
          data={SPANS.map((span) => ({ value: String(span), label: t("alarms.trial.days", { count: span }) }))}
        />
        <Button
          size="xs"
          variant="default"
          leftSection={<IconHistory size={14} />}
          disabled={fields === undefined || state?.kind === "asking"}
          onClick={start}
        >
          {t("alarms.trial.start")}
        </Button>
        {state?.kind === "asking" && (
          <Button size="xs" variant="default" onClick={cancel}>
            {t("alarms.trial.cancel")}
          </Button>
        )}
        {isOld && <small className="dw-quiet-text">{t("alarms.trial.old")}</small>}
      </div>
      {state?.kind === "asking" && <UnderWay progress={progress ?? 0} />}
      <div role="status" ref={result}>
        {state?.kind === "failed" && <p className="dw-note">{state.message}</p>}
        {state?.kind === "done" && <Figures trial={state.trial} id={id} />}
      </div>
    </section>
  );
}

function UnderWay({ progress }: { readonly progress: number }): ReactNode {
  const { t } = useWords();
  const percent = Math.round(progress * 100);
  const text = t("alarms.trial.progress", { percent });
  return (
    <div className="dw-trial-progress">
      <Progress value={percent} aria-label={text} size="sm" />
      <small className="dw-quiet-text">{text}</small>
    </div>
  );
}

function Figures({ trial, id }: { readonly trial: Trial; readonly id: string | undefined }): ReactNode {
  const { t, language } = useWords();
  const number = (value: number): string => value.toLocaleString(language, { maximumFractionDigits: 1 });
  const own = trial.rules.filter((rule) => (id === undefined ? rule.was === 0 && rule.id.includes(":tried-") : rule.id === id));
  const ofRule = { was: own.reduce((sum, { was }) => sum + was, 0), would: own.reduce((sum, { would }) => sum + would, 0) };
  const rows = [
    { key: "rule", was: number(ofRule.was), would: number(ofRule.would) },
    { key: "all", was: number(trial.was.raised), would: number(trial.would.raised) },
    { key: "floods", was: number(trial.was.floods), would: number(trial.would.floods) },
    { key: "share", was: `${number(trial.was.floodShare * 100)} %`, would: `${number(trial.would.floodShare * 100)} %` },
    { key: "chattering", was: number(trial.was.chattering), would: number(trial.would.chattering) },
  ] as const;
  return (
    <>
      <table className="dw-table">
        <thead>
          <tr>
            <th />
            <th className="is-number">{t("alarms.trial.was")}</th>
            <th className="is-number">{t("alarms.trial.would")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, was, would }) => (
            <tr key={key}>
              <td>{t(`alarms.trial.figure.${key}`)}</td>
              <td className="is-number">{was}</td>
              <td className="is-number">{would}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {!trial.isWhole && <p className="dw-note">{t("alarms.trial.partial")}</p>}
      <Raised trial={trial} own={new Set(own.map((rule) => rule.id))} />
    </>
  );
}

/** The alarms of the rule as they were and as they would have been: when each was raised. */
function Raised({ trial, own }: { readonly trial: Trial; readonly own: ReadonlySet<string> }): ReactNode {
  const { t } = useWords();
  const ofRule = (raised: Trial["raised"]): Trial["raised"] => raised.filter(({ rule }) => own.has(rule));
  const [was, would] = [ofRule(trial.wasRaised), ofRule(trial.raised)];
  if (was.length + would.length === 0) return null;
  return (
    <>
      <TrialLanes trial={trial} was={was} would={would} />
      <details>
        <summary>{t("alarms.trial.list", { was: was.length, would: would.length })}</summary>
        <div className="dw-trial-lists">
          <RaisedList title={t("alarms.trial.was")} raised={was} />
          <RaisedList title={t("alarms.trial.would")} raised={would} />
        </div>
      </details>
    </>
  );
}

function RaisedList({ title, raised }: { readonly title: string; readonly raised: Trial["raised"] }): ReactNode {
  const { language, zone } = useWords();
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul className="dw-rule-raised">
        {raised.slice(0, LISTED).map(({ rule, at, value }) => (
          <li key={`${rule} ${at}`}>
            {dateText(at, zone, language)} {clockText(at, zone)} {value}
          </li>
        ))}
      </ul>
    </section>
  );
}
