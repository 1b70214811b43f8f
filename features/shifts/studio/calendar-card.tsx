import { Button } from "@mantine/core";
import { IconCalendar, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  Card,
  Failure,
  NotReadAgain,
  answerOf,
  inLanguage,
  momentText,
  plantKinds,
  useLoad,
  useStore,
  useStudio,
  useWords,
  zoneNameText,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownCalendar } from "../contract.ts";
import { clockOf } from "../model/calendar-findings.ts";
import type { CalendarFields } from "../model/calendar-kind.ts";
import { CalendarEditor } from "./calendar-editor.tsx";
import { localDateText, useShiftNames } from "./shift-names.ts";
import { WeekGrid } from "./week-grid.tsx";

/** When the lines of the branch entered are planned to work. */
export default function CalendarCard(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch } = useStore(studio.address.store);
  const loaded = useLoad(answerOf(calls.calendars, { query: { branch } }, { kinds: ["shiftCalendar", ...plantKinds] }));
  const calendars = loaded.value;
  if (calendars === undefined)
    return loaded.kind === "failed" ? (
      <Card title={t("shifts.title")}>
        <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
      </Card>
    ) : null;
  return (
    <>
      {calendars.map((calendar) => (
        <OneCalendar key={calendar.id} calendar={calendar} reload={loaded.reload}>
          <NotReadAgain loaded={loaded} />
        </OneCalendar>
      ))}
    </>
  );
}

function OneCalendar({
  calendar,
  reload,
  children,
}: {
  readonly calendar: KnownCalendar;
  readonly reload: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const { t, language, zone } = useWords();
  const [isEdited, setEdited] = useState(false);
  const { fields, isStored, holdsFrom, timeZone, title } = calendar;
  return (
    <Card title={t("shifts.titleOf", { line: inLanguage(title, language) })} note={t("shifts.inZone", { zone: zoneNameText(timeZone) })}>
      <div className="dw-calendar">
        {children}
        <p className="dw-calendar-standing">
          <span className="dw-badge">{t(isStored ? "shifts.changed" : "shifts.shipped")}</span>
          {holdsFrom !== undefined && (
            <small className="dw-quiet-text">{t("shifts.holdsFrom", { moment: momentText(holdsFrom, zone, language, false) })}</small>
          )}
          <Period fields={fields} />
          <span className="dw-grow" />
          <Button size="sm" variant="default" leftSection={<IconPencil size={14} />} onClick={() => setEdited(true)}>
            {t("shifts.edit")}
          </Button>
        </p>
        <WeekGrid shifts={fields.shifts} />
        <Exceptions exceptions={fields.exceptions} />
      </div>
      {isEdited && <CalendarEditor calendar={calendar} onClose={() => setEdited(false)} onStored={reload} />}
    </Card>
  );
}

function Period({ fields: { validFrom, validUntil } }: { readonly fields: CalendarFields }): ReactNode {
  const { t, language } = useWords();
  if (validUntil === undefined) return null;
  const until = localDateText(validUntil, language);
  return (
    <small className="dw-quiet-text">
      {validFrom === undefined ? t("shifts.until", { until }) : t("shifts.fromUntil", { from: localDateText(validFrom, language), until })}
    </small>
  );
}

/** Those that are still to come, the next ones first. */
function Exceptions({ exceptions }: Pick<CalendarFields, "exceptions">): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const names = useShiftNames();
  const today = new Date(studio.now() / 1_000).toISOString().slice(0, 10);
  const coming = exceptions.filter(({ date }) => date >= today).toSorted((a, b) => (a.date < b.date ? -1 : 1));
  if (coming.length === 0) return null;
  return (
    <ul className="dw-calendar-dates" aria-label={t("shifts.exceptions")}>
      {coming.slice(0, 12).map((exception) => (
        <li key={`${exception.date} ${exception.kind} ${exception.kind === "extra" ? exception.name : ""}`}>
          <IconCalendar size={14} aria-hidden />
          <span>{localDateText(exception.date, language)}</span>
          <span className="dw-badge">{t(`shifts.exception.${exception.kind}`)}</span>
          {exception.kind === "extra" && (
            <span>
              {names(exception.name)} {clockOf(exception.startMinute)}–{clockOf(exception.endMinute)}
            </span>
          )}
          {exception.title !== undefined && <small>{exception.title}</small>}
        </li>
      ))}
    </ul>
  );
}
