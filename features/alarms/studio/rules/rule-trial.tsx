import { Button, SegmentedControl } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { DAY } from "@doppelwerk/world";
import { clockText, dateText, inLanguage, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { AlarmRuleFields, RuleTrial as Trial } from "../../contract.ts";
import { useAttempt } from "./use-attempt.ts";

const SPANS = [1, 7, 30];
/** Alarms that are listed; the figures are of all. */
const LISTED = 50;

/** The rule as it is being edited over the record: what all alarms would have been, beside what they were. Nothing is stored. */
export function RuleTrial({ id, fields }: { readonly id: string | undefined; readonly fields: AlarmRuleFields | undefined }): ReactNode {
  const { t } = useWords();
  const [days, setDays] = useState(7);
  const { state, start } = useTrial(id, fields, days);
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
          disabled={fields === undefined}
          loading={state?.kind === "asking"}
          onClick={start}
        >
          {t("alarms.trial.start")}
        </Button>
        {isOld && <small className="dw-quiet-text">{t("alarms.trial.old")}</small>}
      </div>
      <div role="status">
        {state?.kind === "failed" && <p className="dw-note">{state.message}</p>}
        {state?.kind === "done" && <Figures trial={state.trial} id={id} />}
      </div>
    </section>
  );
}

function useTrial(id: string | undefined, fields: AlarmRuleFields | undefined, days: number) {
  const studio = useStudio();
  const { branch } = useStore(studio.address.store);
  const { time } = useScope();
  const { state, attempt } = useAttempt<{ readonly trial: Trial; readonly fields: AlarmRuleFields }>();
  const start = (): void => {
    if (fields === undefined) return;
    const to = time.instant();
    const body = { from: to - days * DAY, to, rules: [{ fields, ...(id !== undefined && { id }) }] };
    attempt(async (signal) => ({ trial: await calls.tryRules(studio.client, { query: { branch }, body }, { signal }), fields }));
  };
  return { state, start };
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

function Raised({ trial, own }: { readonly trial: Trial; readonly own: ReadonlySet<string> }): ReactNode {
  const { t, language, zone } = useWords();
  const raised = trial.raised.filter(({ rule }) => own.has(rule));
  if (raised.length === 0) return null;
  return (
    <details>
      <summary>{t("alarms.trial.list", { count: raised.length })}</summary>
      <ul className="dw-rule-raised">
        {raised.slice(0, LISTED).map(({ rule, at, title, value }) => (
          <li key={`${rule} ${at}`}>
            {dateText(at, zone, language)} {clockText(at, zone)} {inLanguage(title, language)} {value}
          </li>
        ))}
      </ul>
    </details>
  );
}
