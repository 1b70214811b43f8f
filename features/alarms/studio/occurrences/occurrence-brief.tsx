import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { AlarmShape, clockText, dateText, inLanguage, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { AlarmOccurrence } from "../../contract.ts";
import { useShownInstant } from "./occurrence-row.tsx";
import { acknowledgedText, lastedText, valueSentence } from "./occurrence-text.ts";

/** One occurrence where there is little room: when, what, how long, and who acknowledged it. */
export function OccurrenceBrief({ row }: { readonly row: AlarmOccurrence }): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t, language, zone } = useWords();
  const words = { t, language, zone, now: useShownInstant() };
  const place = row.place === undefined ? undefined : t("alarms.place", { place: row.place });
  const facts = [place, valueSentence(row, t), lastedText(row, words), acknowledgedText(row, words)];
  return (
    <div className="dw-alarm is-past">
      <AlarmShape priority={row.priority} />
      <span className="dw-alarm-time">
        <i>{dateText(row.raised, zone, language)}</i> {clockText(row.raised, zone)}
      </span>
      <UnstyledButton
        className="dw-alarm-title"
        onClick={() => {
          studio.address.go({ subject: row.station, inspector: true });
          time.goTo(row.raised);
        }}
      >
        {inLanguage(row.title, language)}
      </UnstyledButton>
      <span className="dw-alarm-value">{facts.filter(Boolean).join(" · ")}</span>
    </div>
  );
}
