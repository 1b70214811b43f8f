import * as calls from "../../calls.ts";
import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { SECOND } from "@doppelwerk/world";
import { Card, Empty, Failure, answerOf, durationText, useLoad, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import { FindState } from "./find-state.tsx";
import { statesDetail } from "./states-detail.ts";
import { StationStates } from "./station-states.tsx";
import "./states.css";

const DAYS = 14;
const EVERY_MS = 30_000;

/** What the raw words of each machine mean (P7): those that nobody gave a meaning come first, and count as unknown time until someone does. */
export default function States({ detail }: { readonly detail: string | undefined }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  // how long words stand changes their order, and a draft must not go with it
  const [kept, keep] = useState<string | undefined>(undefined);
  // whatever is selected later, it is the one that was when the page was opened
  const { subject } = useScope();
  const [selected] = useState(subject);
  const listed = useLoad(answerOf(calls.states, { query: { days: DAYS } }), { everyMs: EVERY_MS });
  if (listed.value === undefined)
    return listed.kind === "failed" ? (
      <Empty title={t("connect.states.noneTitle")} text={listed.message} />
    ) : (
      <p className="dw-quiet">{t("connect.states.looking")}</p>
    );
  const stations = listed.value.toSorted((a, b) => b.unmappedS - a.unmappedS);
  const shown =
    stations.find(({ station }) => statesDetail(station) === detail) ??
    stations.find(({ station }) => station === kept) ??
    stations.find(({ station }) => station === selected) ??
    stations[0];
  if (shown === undefined) return <Empty title={t("connect.states.noneTitle")} text={t("connect.states.noneText")} />;
  const chosen = shown.station;
  if (chosen !== kept) keep(chosen);
  return (
    <div className="dw-states">
      <FindState detail={detail} days={DAYS} />
      <Card title={t("connect.states.stations")} note={t("connect.states.lastDays", { count: DAYS })} className="dw-states-list">
        {listed.kind === "failed" && <Failure message={listed.message} code={listed.code} onRetry={listed.reload} />}
        <ul>
          {stations.map(({ station, label, unmapped, unmappedS }) => (
            <li key={station}>
              <UnstyledButton
                className={`dw-states-station ${station === chosen ? "is-on" : ""}`}
                aria-current={station === chosen}
                onClick={() => studio.address.go({ detail: statesDetail(station) })}
              >
                <b>{station}</b>
                <span>{label}</span>
                <small className={unmapped > 0 ? "is-open" : ""}>
                  {unmapped > 0
                    ? t("connect.states.open", { count: unmapped, duration: durationText(unmappedS * SECOND, language) })
                    : t("connect.states.allKnown")}
                </small>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      </Card>
      <StationStates key={chosen} station={chosen} days={DAYS} onChanged={listed.reload} />
    </div>
  );
}
