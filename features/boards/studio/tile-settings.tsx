import { MultiSelect, NativeSelect, NumberInput, Textarea, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { SignalEntry } from "@doppelwerk/sync";
import type { TileField, TileSettings } from "@doppelwerk/ports";
import { FormDialog, inLanguage, linesOf, roleWords, useLoad, useScope, useSentForm, useSignals, useWords } from "@doppelwerk/kit/studio";
import type { KnownTileKind } from "../contract.ts";
import type { TileFields } from "../model/board-kind.ts";
import { MomentField } from "./moment-field.tsx";
import type {} from "../message-codes.ts";

const everySignal = (): boolean => true;

/** What is set of a tile: a new one, or one that is there. */
export function TileSettingsDialog({
  kind,
  fields,
  isNew,
  onSet,
  onClose,
}: {
  readonly kind: KnownTileKind | undefined;
  readonly fields: TileFields;
  readonly isNew: boolean;
  readonly onSet: (fields: TileFields) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { t, language } = useWords();
  const [held, setHeld] = useState(fields);
  const form = useSentForm({}, async () => {
    const { title, ...rest } = held;
    onSet(title === undefined || title.trim() === "" ? rest : { ...rest, title: title.trim() });
    onClose();
  });
  const set = (key: string, value: TileSettings[string] | undefined): void => {
    const { [key]: _former, ...others } = held.settings;
    setHeld({ ...held, settings: value === undefined ? others : { ...others, [key]: value } });
  };
  const isWhole = (kind?.fields ?? []).every(({ key, isRequired }) => isRequired !== true || isSet(held.settings[key]));
  const name = kind === undefined ? held.kind : inLanguage(kind.title, language);
  return (
    <FormDialog
      title={t(isNew ? "boards.addOf" : "boards.setOf", { kind: name })}
      submit={t(isNew ? "boards.add" : "boards.store")}
      form={form}
      isWhole={isWhole}
      onClose={onClose}
    >
      <TextInput
        label={t("boards.tileTitle")}
        placeholder={name}
        maxLength={120}
        value={held.title ?? ""}
        onChange={({ currentTarget }) => setHeld({ ...held, title: currentTarget.value })}
      />
      {(kind?.fields ?? []).map((field) => (
        <Field key={field.key} field={field} value={held.settings[field.key]} onChange={(value) => set(field.key, value)} />
      ))}
      <MomentField value={held.moment} onChange={(moment) => setHeld({ ...held, moment })} />
    </FormDialog>
  );
}

function isSet(value: TileSettings[string] | undefined): boolean {
  return value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
}

function Field({
  field,
  value,
  onChange,
}: {
  readonly field: TileField;
  readonly value: TileSettings[string] | undefined;
  readonly onChange: (value: TileSettings[string] | undefined) => void;
}): ReactNode {
  const { language } = useWords();
  const label = inLanguage(field.title, language);
  if (field.kind === "line") return <LineField label={label} value={value} onChange={onChange} />;
  if (field.kind === "signals")
    return <SignalsField label={label} most={field.most ?? 50} value={Array.isArray(value) ? value : []} onChange={onChange} />;
  if (field.kind === "text")
    return (
      <Textarea
        label={label}
        autosize
        minRows={4}
        maxRows={14}
        maxLength={15_000}
        value={String(value ?? "")}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  if (field.kind === "choice")
    return (
      <NativeSelect
        label={label}
        value={String(value ?? "")}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        data={[
          ...(value === undefined || value === "" ? [{ value: "", label: "–" }] : []),
          ...(field.choices ?? []).map(({ key, title }) => ({ value: key, label: inLanguage(title, language) })),
        ]}
      />
    );
  return (
    <NumberInput
      label={label}
      min={0.1}
      max={744}
      value={typeof value === "number" ? value : ""}
      onChange={(next) => onChange(typeof next === "number" ? next : undefined)}
    />
  );
}

function LineField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: TileSettings[string] | undefined;
  readonly onChange: (value: string | undefined) => void;
}): ReactNode {
  const { t, language } = useWords();
  const { branch } = useScope();
  const lines = useLoad(linesOf(branch)).value ?? [];
  return (
    <NativeSelect
      label={label}
      value={String(value ?? "")}
      onChange={({ currentTarget }) => onChange(currentTarget.value === "" ? undefined : currentTarget.value)}
      data={[
        { value: "", label: t("boards.firstLine") },
        ...lines.map(({ id, title }) => ({ value: id, label: inLanguage(title, language) })),
      ]}
    />
  );
}

function SignalsField({
  label,
  most,
  value,
  onChange,
}: {
  readonly label: string;
  readonly most: number;
  readonly value: readonly string[];
  readonly onChange: (value: string[]) => void;
}): ReactNode {
  const { t } = useWords();
  const signals = useSignals(everySignal);
  return (
    <MultiSelect
      label={label}
      value={[...value]}
      maxValues={most}
      onChange={onChange}
      data={signals.map((entry) => ({ value: entry.id, label: nameOf(entry) }))}
      searchable
      hidePickedOptions
      limit={100}
      nothingFoundMessage={t("boards.noSignal")}
    />
  );
}

const nameOf = ({ name, unit }: SignalEntry): string => (unit === undefined ? roleWords(name) : `${roleWords(name)} (${unit})`);
