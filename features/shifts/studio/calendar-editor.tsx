import { Button } from "@mantine/core";
import { useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { zoneOffsetOf } from "@doppelwerk/operations";
import { Dialog, inLanguage, messageText, useProposedEdit, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownCalendar } from "../contract.ts";
import { calendarFaults, calendarNotes, type CalendarFinding } from "../model/calendar-findings.ts";
import type { CalendarFields } from "../model/calendar-kind.ts";
import { draftOf, faultsOf, fieldsOf, type CalendarDraft } from "./calendar-draft.ts";
import { ExceptionList, Period } from "./exception-fields.tsx";
import { ShiftList } from "./shift-fields.tsx";
import { WeekGrid } from "./week-grid.tsx";

interface EditorProps {
  readonly calendar: KnownCalendar;
  readonly onClose: () => void;
  readonly onStored: () => void;
}

/** The calendar of one line: from live it is proposed on a branch of its own, on a branch it is stored there. */
export function CalendarEditor(props: EditorProps): ReactNode {
  const { t, language } = useWords();
  const title = t("shifts.titleOf", { line: inLanguage(props.calendar.title, language) });
  return (
    <Dialog opened onClose={props.onClose} title={title} size={880} centered>
      <CalendarForm {...props} />
    </Dialog>
  );
}

function CalendarForm({ calendar, onClose, onStored }: EditorProps): ReactNode {
  const { t } = useWords();
  const [draft, setDraft] = useState<CalendarDraft>(() => draftOf(calendar.fields));
  const [isTried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const edit = useCalendarEdit(calendar, () => {
    onClose();
    onStored();
  });
  const missing = faultsOf(draft);
  const fields = fieldsOf(draft);
  const findings = useFindings(fields, calendar.timeZone);
  const hasFault = findings.some(({ isError }) => isError);
  // the last week that could be drawn stays while a time is half typed
  const drawn = useRef(calendar.fields.shifts);
  if (fields !== undefined) drawn.current = fields.shifts;
  const onChange = (change: Partial<CalendarDraft>): void => setDraft((held) => ({ ...held, ...change }));
  const part = { draft, faults: isTried ? missing : [], findings, onChange };
  return (
    <form
      className="dw-form"
      noValidate
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (fields !== undefined && !hasFault) edit.store(fields);
      }}
    >
      <WeekGrid
        shifts={drawn.current}
        onOpen={(shift) => form.current?.querySelector<HTMLElement>(`[data-shift="${shift}"] input`)?.focus()}
      />
      <ShiftList {...part} />
      <ExceptionList {...part} />
      <Period {...part} />
      <div className={`dw-note${hasFault ? " is-trouble" : ""}`} role="status">
        <Findings missing={missing.length} findings={findings} />
      </div>
      <div className="dw-dialog-foot">
        {calendar.isStored && (
          <Button variant="subtle" color="gray" disabled={edit.busy} onClick={edit.remove}>
            {t("shifts.asShipped")}
          </Button>
        )}
        <span className="dw-grow" />
        <Button variant="default" onClick={onClose}>
          {t("frame.cancel")}
        </Button>
        <Button type="submit" loading={edit.busy} disabled={isTried && (fields === undefined || hasFault)}>
          {t(edit.isLive ? "shifts.propose" : "shifts.store")}
        </Button>
      </div>
    </form>
  );
}

function useFindings(fields: CalendarFields | undefined, timeZone: string): readonly CalendarFinding[] {
  const studio = useStudio();
  const text = JSON.stringify(fields);
  return useMemo(() => {
    if (fields === undefined) return [];
    const faults = calendarFaults(fields);
    // what follows from a calendar that cannot be says nothing
    return faults.length > 0 ? faults : calendarNotes(fields, zoneOffsetOf(timeZone), studio.now());
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the fields are new objects at each key stroke
  }, [text, timeZone]);
}

function Findings({ missing, findings }: { readonly missing: number; readonly findings: readonly CalendarFinding[] }): ReactNode {
  const { t } = useWords();
  if (missing > 0) return t("shifts.incomplete", { count: missing });
  return (
    <>
      {t("shifts.effect")}
      {findings.length > 0 && (
        <ul>
          {findings.map(({ message }, at) => (
            <li key={at}>{messageText("", message)}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function useCalendarEdit(calendar: KnownCalendar, onStored: () => void) {
  const { client } = useStudio();
  const { t, language } = useWords();
  const { busy, isLive, edit } = useProposedEdit(t("shifts.failed"), onStored);
  const name = t("shifts.branch", { line: inLanguage(calendar.title, language) });
  const params = { id: calendar.id };
  return {
    busy,
    isLive,
    store: (fields: CalendarFields) =>
      edit(name, (branch) => calls.storeCalendar(client, { params, query: { branch }, body: { fields, expected: calendar.fields } })),
    remove: () => edit(name, (branch) => calls.removeCalendar(client, { params, query: { branch } })),
  };
}
