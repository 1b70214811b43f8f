import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  AddressLink,
  Card,
  DAY,
  durationText,
  inLanguage,
  numberText,
  percentText,
  SECOND,
  TaskProblem,
  useStudio,
  useTask,
  useWords,
  withUnit,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { Advice, AlarmPerformance } from "../../contract.ts";
import { formatManagement } from "../management-address.ts";

const MAX_RULES = 10;

/** How many raises of the worst alarms a delay or a deadband would have left, counted by judging the record again. */
export function AdviceCard({ found }: { readonly found: AlarmPerformance }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const task = useTask();
  const [given, setGiven] = useState<{ readonly of: string; readonly advice: readonly Advice[] } | undefined>(undefined);
  const { from, to } = found;
  const rules = worstOf(found);
  const isLong = to - from > 31 * DAY;
  const ask = (): void =>
    task.run(async () => {
      const advice = await calls.advice(client, { body: { from, to, rules: [...rules] } });
      setGiven({ of: `${from} ${to}`, advice });
    });
  if (rules.length === 0) return null;
  return (
    <Card title={t("alarmManagement.advice")} note={t("alarmManagement.adviceNote")} className="dw-advice">
      {isLong ? (
        <p className="dw-quiet">{t("alarmManagement.adviceLong")}</p>
      ) : (
        <p className="dw-advice-ask">
          <Button size="sm" variant="default" loading={task.busy} onClick={ask}>
            {t(given === undefined ? "alarmManagement.adviceAsk" : "alarmManagement.adviceAgain")}
          </Button>
          {task.busy && <span role="status">{t("alarmManagement.adviceWorking")}</span>}
        </p>
      )}
      <TaskProblem task={task} />
      {given?.advice.map((advice) => (
        <OneAdvice key={advice.rule} advice={advice} />
      ))}
    </Card>
  );
}

/** Chattering, fleeting and most frequent alarms, each once. */
function worstOf({ chattering, fleeting, top }: AlarmPerformance): readonly string[] {
  return [...new Set([...chattering, ...top, ...fleeting].map(({ rule }) => rule))].slice(0, MAX_RULES);
}

function OneAdvice({ advice: { rule, title, now, tried, best, fault } }: { readonly advice: Advice }): ReactNode {
  const { t, language } = useWords();
  const change = useChangeText();
  const advised = best === undefined ? undefined : tried[best];
  const sentence =
    fault !== undefined
      ? t("alarmManagement.notRaisedAgain")
      : advised === undefined
        ? t("alarmManagement.adviceNoHelp")
        : t("alarmManagement.adviceBest", { change: change(advised), left: advised.left, now });
  return (
    <section className="dw-advice-one">
      <h3>
        <AddressLink to={{ view: "alarm-management", detail: formatManagement({ tab: "database", rest: [rule] }) }}>
          {inLanguage(title, language)}
        </AddressLink>
      </h3>
      <p>{sentence}</p>
      {fault === undefined && (
        <ul>
          {tried.map((each, at) => (
            <li key={`${each.kind} ${each.value}`} className={at === best ? "is-best" : undefined}>
              <span>{change(each)}</span>
              <span className="dw-advice-bar">
                <i style={{ width: `${now === 0 ? 0 : Math.min(1, each.left / now) * 100}%` }} />
              </span>
              <b>
                {each.left} {t("alarmManagement.adviceLeft")}
              </b>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function useChangeText(): (tried: Advice["tried"][number]) => string {
  const { t, language } = useWords();
  return ({ kind, value, unit, share, of }) => {
    if (kind !== "deadband") return t(`alarmManagement.change.${kind}`, { value: durationText(value * SECOND, language) });
    const text = { value: withUnit(numberText(value), unit), share: percentText(share, 0) };
    return t(of === "range" ? "alarmManagement.change.deadbandRange" : "alarmManagement.change.deadbandLimit", text);
  };
}
