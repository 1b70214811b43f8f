import { MultiSelect, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { answerOf, FormDialog, inLanguage, useLoad, useSentForm, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { BoardFields, Sharing } from "../model/board-kind.ts";
import type {} from "../message-codes.ts";

const ROLES = ["viewer", "operator", "engineer", "administrator"] as const;

/** What a board is called, and with whom it is shared. */
export function BoardSettings({
  fields,
  title,
  submit,
  onSet,
  onClose,
}: {
  readonly fields: BoardFields;
  readonly title: string;
  readonly submit: string;
  readonly onSet: (fields: BoardFields) => Promise<unknown> | void;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useWords();
  const [held, setHeld] = useState(fields);
  const form = useSentForm({}, async () => {
    await onSet({ ...held, title: held.title.trim() });
    onClose();
  });
  const { sharing } = held;
  const isWhole = held.title.trim() !== "" && !(sharing.with === "roles" && sharing.roles.length === 0);
  return (
    <FormDialog title={title} submit={submit} form={form} isWhole={isWhole} onClose={onClose}>
      <TextInput
        label={t("boards.name")}
        maxLength={120}
        value={held.title}
        data-autofocus
        onChange={({ currentTarget }) => setHeld({ ...held, title: currentTarget.value })}
      />
      <SharingField value={sharing} onChange={(next) => setHeld({ ...held, sharing: next })} />
      {sharing.with !== "nobody" && (
        <NativeSelect
          label={t("boards.editors")}
          value={held.editors}
          onChange={({ currentTarget }) => setHeld({ ...held, editors: currentTarget.value === "readers" ? "readers" : "owner" })}
          data={(["owner", "readers"] as const).map((who) => ({ value: who, label: t("boards.editorsOf", { who }) }))}
        />
      )}
      <NumberInput
        label={t("boards.wallS")}
        min={5}
        max={3_600}
        value={held.wallS}
        onChange={(next) => typeof next === "number" && setHeld({ ...held, wallS: Math.min(3_600, Math.max(5, Math.round(next))) })}
      />
    </FormDialog>
  );
}

function SharingField({ value, onChange }: { readonly value: Sharing; readonly onChange: (next: Sharing) => void }): ReactNode {
  const { t, language } = useWords();
  const lines = useLoad(answerOf(calls.kinds, {})).value?.lines ?? [];
  const choose = (chosen: string): void => {
    if (chosen === "nobody" || chosen === "everybody") onChange({ with: chosen });
    else if (chosen === "roles") onChange({ with: "roles", roles: ["operator", "engineer"] });
    else if (chosen === "place" && lines[0] !== undefined) onChange({ with: "place", shell: lines[0].shell });
  };
  return (
    <>
      <NativeSelect
        label={t("boards.sharing")}
        value={value.with}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
        data={(["nobody", "everybody", "roles", "place"] as const)
          .filter((each) => each !== "place" || lines.length > 0 || value.with === "place")
          .map((each) => ({ value: each, label: t("boards.sharingWith", { with: each }) }))}
      />
      {value.with === "roles" && (
        <MultiSelect
          label={t("boards.roles")}
          value={[...value.roles]}
          onChange={(roles) => onChange({ with: "roles", roles })}
          data={ROLES.map((role) => ({ value: role, label: t.or(`settings.role.${role}`, role) }))}
        />
      )}
      {value.with === "place" && (
        <NativeSelect
          label={t("boards.place")}
          value={value.shell}
          onChange={({ currentTarget }) => onChange({ with: "place", shell: currentTarget.value })}
          data={[
            ...lines.map(({ shell, title }) => ({ value: shell, label: inLanguage(title, language) })),
            ...(lines.some(({ shell }) => shell === value.shell) ? [] : [{ value: value.shell, label: value.shell }]),
          ]}
        />
      )}
    </>
  );
}
