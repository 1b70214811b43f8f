import { Button, MultiSelect, NativeSelect, NumberInput, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog, usePlaceNames, useProposedEdit, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { NotificationRule } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { NotificationRuleFields, Priority } from "../model/rule-kind.ts";
import { recipientOf, useRecipients, valueOf } from "./recipients.ts";
import { clockOf, minuteOf, ownZone } from "./times.ts";
import "./notifications.css";

interface RuleEditorProps {
  readonly rule?: NotificationRule;
  readonly onClose: () => void;
  readonly onStored: () => void;
}

type Draft = ReturnType<typeof draftOf>;

/** A notification rule: from live it is proposed on a branch of its own, on a branch it is stored there. */
export function RuleEditor({ rule, onClose, onStored }: RuleEditorProps): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const [draft, setDraft] = useState(() => draftOf(rule?.fields));
  const change = (part: Partial<Draft>): void => setDraft((held) => ({ ...held, ...part }));
  const { busy, isLive, edit } = useProposedEdit(t("notifications.notStored"), () => {
    onClose();
    onStored();
  });
  const fields = fieldsOf(draft, rule?.fields);
  const store = (): void => {
    if (fields === undefined) return;
    edit(t("notifications.branchRule", { name: fields.name }), (branch) =>
      rule === undefined
        ? calls.addRule(client, { query: { branch }, body: { fields } })
        : calls.storeRule(client, { params: { id: rule.id }, query: { branch }, body: { fields, expected: rule.fields } }),
    );
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t(rule === undefined ? "notifications.addRule" : "notifications.changeRule")}
      size={720}
      centered
    >
      <form
        className="dw-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          store();
        }}
      >
        <TextInput
          label={t("notifications.name")}
          maxLength={60}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <MultiSelect
          label={t("notifications.priorities")}
          data={["1", "2", "3", "4"]}
          value={draft.priorities}
          onChange={(priorities) => change({ priorities })}
        />
        <AboutFields draft={draft} onChange={change} />
        <StepFields steps={draft.steps} onChange={(steps) => change({ steps })} />
        <MoreFields draft={draft} onChange={change} />
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

/** Which alarms: at a place and in it, and single ones. What is chosen and is not there any more keeps its id. */
function AboutFields({
  draft: { place, rules },
  onChange,
}: {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}): ReactNode {
  const { t } = useWords();
  const places = usePlaceNames();
  const { alarms } = useRecipients();
  const choices = (list: readonly { readonly id: string; readonly name: string }[], chosen: readonly string[]) => [
    ...list.map(({ id, name }) => ({ value: id, label: name })),
    ...chosen.filter((id) => !list.some((one) => one.id === id)).map((id) => ({ value: id, label: id })),
  ];
  return (
    <div className="dw-notify-row">
      <NativeSelect
        label={t("notifications.ofPlace")}
        value={place}
        data={[{ value: "", label: t("notifications.everywhere") }, ...choices(places, place === "" ? [] : [place])]}
        onChange={(event) => onChange({ place: event.currentTarget.value })}
      />
      <MultiSelect
        label={t("notifications.ofAlarms")}
        placeholder={rules.length === 0 ? t("notifications.ofAlarmsHint") : ""}
        searchable
        maxValues={200}
        data={choices(alarms, rules)}
        value={[...rules]}
        onChange={(chosen) => onChange({ rules: chosen })}
      />
    </div>
  );
}

type StepDraft = Draft["steps"][number];

function StepFields({
  steps,
  onChange,
}: {
  readonly steps: readonly StepDraft[];
  readonly onChange: (steps: readonly StepDraft[]) => void;
}): ReactNode {
  const { t } = useWords();
  const { people, channels, calendars } = useRecipients();
  const choice =
    (kind: string) =>
    ({ id, name }: { readonly id: string; readonly name: string }) => ({ value: `${kind}:${id}`, label: name });
  const data = [
    { group: t("notifications.calendars"), items: calendars.map(choice("onCall")) },
    { group: t("notifications.people"), items: people.map(choice("person")) },
    { group: t("notifications.channels"), items: channels.map(choice("channel")) },
  ];
  const put = (at: number, part: Partial<StepDraft>): void =>
    onChange(steps.map((step, index) => (index === at ? { ...step, ...part } : step)));
  return (
    <>
      {steps.map((step, at) => (
        <div key={at} className="dw-notify-step">
          <NumberInput
            label={t("notifications.afterMinutes")}
            suffix=" min"
            min={0}
            max={1_440}
            value={step.afterMinutes}
            onChange={(value) => put(at, { afterMinutes: Number(value) })}
          />
          <MultiSelect
            label={t("notifications.stepTo", { step: at + 1 })}
            searchable
            data={data}
            value={[...step.to]}
            onChange={(to) => put(at, { to })}
          />
          <Button
            variant="subtle"
            color="gray"
            disabled={steps.length === 1}
            onClick={() => onChange(steps.filter((_, index) => index !== at))}
          >
            {t("notifications.removeStep", { step: at + 1 })}
          </Button>
        </div>
      ))}
      <p className="dw-list-foot">
        <Button variant="default" onClick={() => onChange([...steps, { afterMinutes: (steps.at(-1)?.afterMinutes ?? 0) + 15, to: [] }])}>
          {t("notifications.addStep")}
        </Button>
      </p>
    </>
  );
}

function MoreFields({ draft, onChange }: { readonly draft: Draft; readonly onChange: (part: Partial<Draft>) => void }): ReactNode {
  const { t } = useWords();
  const number = (name: "repeatMinutes" | "repeats" | "maxPerHour" | "expiresMinutes", suffix = "") => (
    <NumberInput
      label={t(`notifications.field.${name}`)}
      suffix={suffix}
      min={0}
      value={draft[name]}
      onChange={(value) => onChange({ [name]: Number(value) })}
    />
  );
  return (
    <>
      <div className="dw-notify-row">
        {number("repeatMinutes", " min")}
        {number("repeats")}
        {number("maxPerHour")}
        {number("expiresMinutes", " min")}
      </div>
      <Switch
        label={t("notifications.alsoReturned")}
        checked={draft.alsoReturned}
        onChange={(event) => onChange({ alsoReturned: event.currentTarget.checked })}
      />
      <Switch
        label={t("notifications.alsoSimulated")}
        checked={draft.alsoSimulated}
        onChange={(event) => onChange({ alsoSimulated: event.currentTarget.checked })}
      />
      <Switch
        label={t("notifications.quiet")}
        checked={draft.isQuiet}
        onChange={(event) => onChange({ isQuiet: event.currentTarget.checked })}
      />
      {draft.isQuiet && (
        <div className="dw-notify-row">
          <TextInput
            label={t("notifications.from")}
            value={draft.from}
            onChange={(event) => onChange({ from: event.currentTarget.value })}
          />
          <TextInput label={t("notifications.to")} value={draft.to} onChange={(event) => onChange({ to: event.currentTarget.value })} />
          <MultiSelect
            label={t("notifications.quietPriorities")}
            data={["1", "2", "3", "4"]}
            value={draft.quietFor}
            onChange={(quietFor) => onChange({ quietFor })}
          />
        </div>
      )}
      <Switch label={t("notifications.isOn")} checked={draft.isOn} onChange={(event) => onChange({ isOn: event.currentTarget.checked })} />
    </>
  );
}

function draftOf(fields?: NotificationRuleFields) {
  return {
    name: fields?.name ?? "",
    isOn: fields?.isOn ?? true,
    place: fields?.place ?? "",
    rules: (fields?.rules ?? []) as readonly string[],
    priorities: (fields?.priorities ?? [1]).map(String),
    steps: (fields?.steps ?? [{ afterMinutes: 0, to: [] }]).map(({ afterMinutes, to }) => ({
      afterMinutes,
      to: to.map(valueOf),
    })) as readonly {
      readonly afterMinutes: number;
      readonly to: readonly string[];
    }[],
    repeatMinutes: fields?.repeatMinutes ?? 0,
    repeats: fields?.repeats ?? 3,
    maxPerHour: fields?.maxPerHour ?? 20,
    expiresMinutes: fields?.expiresMinutes ?? 240,
    alsoReturned: fields?.alsoReturned ?? false,
    alsoSimulated: fields?.alsoSimulated ?? false,
    isQuiet: fields?.quiet !== undefined,
    from: clockOf(fields?.quiet?.from ?? 1_320),
    to: clockOf(fields?.quiet?.to ?? 360),
    quietFor: (fields?.quiet?.priorities ?? [3, 4]).map(String),
  };
}

/** Undefined while something is missing. */
function fieldsOf(draft: Draft, before?: NotificationRuleFields): NotificationRuleFields | undefined {
  const [from, to] = [minuteOf(draft.from), minuteOf(draft.to)];
  const {
    name,
    isOn,
    place,
    rules,
    priorities,
    steps,
    repeatMinutes,
    repeats,
    maxPerHour,
    expiresMinutes,
    alsoReturned,
    alsoSimulated,
    isQuiet,
    quietFor,
  } = draft;
  const areInOrder = steps.every(({ afterMinutes }, at) => at === 0 || afterMinutes > steps[at - 1]!.afterMinutes);
  if (name.trim() === "" || priorities.length === 0 || !areInOrder || steps.some((step) => step.to.length === 0)) return undefined;
  if (isQuiet && (from === undefined || to === undefined || quietFor.length === 0)) return undefined;
  return {
    ...(place !== "" && { place }),
    name: name.trim(),
    isOn,
    priorities: priorities.map((each) => Number(each) as Priority).toSorted(),
    rules,
    steps: steps.map((step) => ({ afterMinutes: step.afterMinutes, to: step.to.map(recipientOf) })),
    ...(repeatMinutes > 0 && { repeatMinutes }),
    repeats,
    maxPerHour,
    expiresMinutes,
    alsoReturned,
    alsoSimulated,
    ...(isQuiet && {
      quiet: {
        priorities: quietFor.map((each) => Number(each) as Priority),
        from: from!,
        to: to!,
        timeZone: before?.quiet?.timeZone ?? ownZone(),
      },
    }),
  };
}
