import { Button, MultiSelect, NumberInput, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog, useProposedEdit, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { OnCallCalendar } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { OnCallFields } from "../model/on-call-kind.ts";
import {
  calendarDraft,
  calendarFields,
  emptyException,
  emptyLayer,
  type CalendarDraft,
  type ExceptionDraft,
  type LayerDraft,
} from "./calendar-draft.ts";
import { useRecipients } from "./recipients.ts";
import { timeZones } from "./times.ts";
import "./notifications.css";

interface CalendarEditorProps {
  readonly calendar?: OnCallCalendar;
  readonly onClose: () => void;
  readonly onStored: () => void;
}

/** An on-call calendar: from live it is proposed on a branch of its own, on a branch it is stored there. */
export function CalendarEditor({ calendar, onClose, onStored }: CalendarEditorProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [draft, setDraft] = useState(() => calendarDraft(calendar?.fields, studio.now()));
  const change = (part: Partial<CalendarDraft>): void => setDraft((held) => ({ ...held, ...part }));
  const { busy, isLive, edit } = useProposedEdit(t("notifications.notStored"), () => {
    onClose();
    onStored();
  });
  const fields = calendarFields(draft);
  const store = (whole: OnCallFields): void =>
    edit(t("notifications.branchCalendar", { name: whole.name }), (branch) =>
      calendar === undefined
        ? calls.addCalendar(studio.client, { query: { branch }, body: { fields: whole } })
        : calls.storeCalendar(studio.client, {
            params: { id: calendar.id },
            query: { branch },
            body: { fields: whole, expected: calendar.fields },
          }),
    );
  const people = usePeople(calendar);
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t(calendar === undefined ? "notifications.addCalendar" : "notifications.changeCalendar")}
      size={760}
      centered
    >
      <form
        className="dw-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (fields !== undefined) store(fields);
        }}
      >
        <div className="dw-notify-row">
          <TextInput
            label={t("notifications.name")}
            maxLength={60}
            value={draft.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <Select
            label={t("notifications.timeZone")}
            searchable
            allowDeselect={false}
            data={[...timeZones()]}
            value={draft.timeZone}
            onChange={(timeZone) => change({ timeZone: timeZone ?? draft.timeZone })}
          />
        </div>
        <Layers layers={draft.layers} people={people} onChange={(layers) => change({ layers })} now={studio.now()} />
        <Exceptions exceptions={draft.exceptions} people={people} onChange={(exceptions) => change({ exceptions })} now={studio.now()} />
        <div className="dw-dialog-foot">
          <span className="dw-grow" />
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={fields === undefined}>
            {t(isLive ? "notifications.propose" : "notifications.store")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type Choice = readonly { readonly value: string; readonly label: string }[];

/** Those who can be named, and those who are. */
function usePeople(calendar: OnCallCalendar | undefined): Choice {
  const { people } = useRecipients();
  const known = new Map([...Object.entries(calendar?.names ?? {}), ...people.map(({ id, name }) => [id, name] as const)]);
  return [...known].map(([value, label]) => ({ value, label }));
}

interface PartProps {
  readonly people: Choice;
  readonly now: number;
}

function Layers({
  layers,
  people,
  now,
  onChange,
}: PartProps & { readonly layers: readonly LayerDraft[]; readonly onChange: (layers: readonly LayerDraft[]) => void }): ReactNode {
  const { t } = useWords();
  return (
    <>
      {layers.map((layer, at) => (
        <Layer
          key={at}
          layer={layer}
          number={at + 1}
          people={people}
          isOnly={layers.length === 1}
          onChange={(part) => onChange(layers.map((each, index) => (index === at ? { ...each, ...part } : each)))}
          onRemove={() => onChange(layers.filter((_, index) => index !== at))}
        />
      ))}
      <p className="dw-list-foot">
        <Button variant="default" onClick={() => onChange([...layers, emptyLayer(now)])}>
          {t("notifications.addLayer")}
        </Button>
      </p>
    </>
  );
}

interface LayerProps {
  readonly layer: LayerDraft;
  readonly number: number;
  readonly people: Choice;
  readonly isOnly: boolean;
  readonly onChange: (part: Partial<LayerDraft>) => void;
  readonly onRemove: () => void;
}

const DAYS = ["1", "2", "3", "4", "5", "6", "7"] as const;

function Layer({ layer, number, people, isOnly, onChange, onRemove }: LayerProps): ReactNode {
  const { t } = useWords();
  const text = (name: "start" | "handover" | "from" | "to", placeholder: string) => (
    <TextInput
      label={t(`notifications.${name}`)}
      placeholder={placeholder}
      value={layer[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <fieldset className="dw-notify-layer">
      <legend>{t("notifications.layer", { number })}</legend>
      <MultiSelect
        label={t("notifications.turns")}
        searchable
        data={[...people]}
        value={[...layer.people]}
        onChange={(chosen) => onChange({ people: chosen })}
      />
      <div className="dw-notify-row">
        {text("start", "2026-12-01")}
        {text("handover", "06:00")}
        <NumberInput
          label={t("notifications.everyDays")}
          min={1}
          max={366}
          value={layer.everyDays}
          onChange={(value) => onChange({ everyDays: Number(value) })}
        />
      </div>
      <div className="dw-notify-row">
        <MultiSelect
          label={t("notifications.days")}
          placeholder={layer.days.length === 0 ? t("notifications.always") : ""}
          data={DAYS.map((value) => ({ value, label: t(`notifications.day.${value}`) }))}
          value={[...layer.days]}
          onChange={(days) => onChange({ days })}
        />
        {layer.days.length > 0 && text("from", "22:00")}
        {layer.days.length > 0 && text("to", "06:00")}
        <Button variant="subtle" color="gray" disabled={isOnly} onClick={onRemove}>
          {t("notifications.removeLayer", { number })}
        </Button>
      </div>
    </fieldset>
  );
}

function Exceptions({
  exceptions,
  people,
  now,
  onChange,
}: PartProps & {
  readonly exceptions: readonly ExceptionDraft[];
  readonly onChange: (exceptions: readonly ExceptionDraft[]) => void;
}): ReactNode {
  const { t } = useWords();
  const put = (at: number, part: Partial<ExceptionDraft>): void =>
    onChange(exceptions.map((each, index) => (index === at ? { ...each, ...part } : each)));
  const nobody = { value: "", label: t("notifications.nobody") };
  const anybody = { value: "", label: t("notifications.anybody") };
  return (
    <>
      {exceptions.map((each, at) => (
        <fieldset key={at} className="dw-notify-layer">
          <legend>{t("notifications.exceptionNumber", { number: at + 1 })}</legend>
          <div className="dw-notify-row">
            <TextInput
              label={t("notifications.from")}
              placeholder="2026-12-24T06:00"
              value={each.from}
              onChange={(event) => put(at, { from: event.currentTarget.value })}
            />
            <TextInput
              label={t("notifications.to")}
              placeholder="2026-12-27T06:00"
              value={each.to}
              onChange={(event) => put(at, { to: event.currentTarget.value })}
            />
            <Select
              label={t("notifications.onCall")}
              allowDeselect={false}
              data={[nobody, ...people]}
              value={each.person}
              onChange={(person) => put(at, { person: person ?? "" })}
            />
            <Select
              label={t("notifications.instead")}
              allowDeselect={false}
              data={[anybody, ...people]}
              value={each.instead}
              onChange={(instead) => put(at, { instead: instead ?? "" })}
            />
            <Button variant="subtle" color="gray" onClick={() => onChange(exceptions.filter((_, index) => index !== at))}>
              {t("notifications.removeException", { number: at + 1 })}
            </Button>
          </div>
        </fieldset>
      ))}
      <p className="dw-list-foot">
        <Button variant="default" onClick={() => onChange([...exceptions, emptyException(now)])}>
          {t("notifications.addException")}
        </Button>
      </p>
    </>
  );
}
