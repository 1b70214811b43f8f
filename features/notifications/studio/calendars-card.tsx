import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  answerOf,
  ListPart,
  LoadedCard,
  momentText,
  RowActions,
  useLoad,
  useProposedEdit,
  useStore,
  useStudio,
  useWords,
  zoneNameText,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { OnCallCalendar } from "../contract.ts";
import type {} from "../message-codes.ts";
import { CalendarEditor } from "./calendar-editor.tsx";
import "./notifications.css";

const SHOWN = 6;

/** Who is on call, now and next, by the calendars of the branch entered. */
export default function CalendarsCard(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch } = useStore(studio.address.store);
  const [edited, setEdited] = useState<OnCallCalendar | "new" | undefined>(undefined);
  const loaded = useLoad(answerOf(calls.calendars, { query: { branch } }, { kinds: ["onCallCalendar"] }));
  const { edit } = useProposedEdit(t("notifications.notStored"), loaded.reload);
  const remove = ({ id, fields }: OnCallCalendar): void =>
    edit(t("notifications.branchCalendar", { name: fields.name }), (on) =>
      calls.removeCalendar(studio.client, { params: { id }, query: { branch: on } }),
    );
  const columns: readonly Column<OnCallCalendar>[] = [
    { title: t("notifications.name"), cell: (calendar) => <Named calendar={calendar} /> },
    { title: t("notifications.onCallNext"), cell: (calendar) => <Spans calendar={calendar} /> },
    {
      title: "",
      cell: (calendar) => (
        <RowActions
          actions={[
            { label: t("notifications.change"), run: () => setEdited(calendar) },
            {
              label: t("notifications.remove"),
              question: {
                title: t("notifications.removeCalendar"),
                text: t("notifications.removeCalendarText", { name: calendar.fields.name }),
              },
              run: () => remove(calendar),
            },
          ]}
        />
      ),
    },
  ];
  return (
    <LoadedCard title={t("notifications.calendars")} note={() => t("notifications.calendarsNote")} loaded={loaded}>
      {(calendars) => (
        <>
          <ListPart
            caption={t("notifications.calendars")}
            columns={columns}
            rows={calendars as readonly OnCallCalendar[]}
            keyOf={({ id }) => id}
            empty={t("notifications.calendarsNone")}
            textOf={({ fields }) => fields.name}
          />
          <p className="dw-list-foot">
            <Button variant="default" onClick={() => setEdited("new")}>
              {t("notifications.addCalendar")}
            </Button>
          </p>
          {edited !== undefined && (
            <CalendarEditor {...(edited !== "new" && { calendar: edited })} onClose={() => setEdited(undefined)} onStored={loaded.reload} />
          )}
        </>
      )}
    </LoadedCard>
  );
}

function Named({ calendar: { fields } }: { readonly calendar: OnCallCalendar }): ReactNode {
  const { t } = useWords();
  return (
    <>
      {fields.name}{" "}
      <small className="dw-quiet">
        {zoneNameText(fields.timeZone)} · {t("notifications.layerCount", { count: fields.layers.length })}
      </small>
    </>
  );
}

function Spans({ calendar: { spans, names } }: { readonly calendar: OnCallCalendar }): ReactNode {
  const { t, language, zone } = useWords();
  return (
    <ul className="dw-notify-list">
      {spans.slice(0, SHOWN).map(({ from, to, person, isException }, at) => (
        <li key={from}>
          {at === 0 ? (
            <b>{person === undefined ? t("notifications.nobody") : names[person]}</b>
          ) : person === undefined ? (
            t("notifications.nobody")
          ) : (
            names[person]
          )}{" "}
          <span className="dw-quiet">
            {at === 0
              ? t("notifications.until", { time: momentText(to, zone, language, false) })
              : t("notifications.since", { time: momentText(from, zone, language, false) })}
          </span>{" "}
          {isException && <span className="dw-badge">{t("notifications.exception")}</span>}
        </li>
      ))}
    </ul>
  );
}
