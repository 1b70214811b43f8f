import { Button, NumberInput, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { DeclaredSignal } from "@doppelwerk/client";
import { Dialog, useStudio, useTask, useWords, Problem } from "@doppelwerk/kit/studio";
import { CommandRules } from "./command-rules.tsx";
import {
  CHOOSABLE_TYPES,
  draftOf,
  isNumeric,
  isTypeChoosable,
  numberFieldsOf,
  patchOf,
  type DeclarationDraft,
} from "./declaration-draft.ts";

/** What a person declares a signal to mean; safety and conditions of commands are an administrator's. */
export function SignalDeclaration({
  signal,
  all,
  mayAdminister,
  onClose,
  onSaved,
}: {
  readonly signal: DeclaredSignal;
  readonly all: readonly DeclaredSignal[];
  readonly mayAdminister: boolean;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { failure, code, run } = useTask();
  const [draft, setDraft] = useState(() => draftOf(signal));
  const set = (part: Partial<DeclarationDraft>): void => setDraft((before) => ({ ...before, ...part }));
  const save = (): void =>
    run(async () => {
      const patch = patchOf(draft, signal, all, mayAdminister);
      if (patch === undefined) throw new Error(t("commands.wrong.double"));
      await studio.client.declareSignal(signal.id, patch);
      onSaved();
    });
  return (
    <Dialog opened onClose={onClose} title={signal.name} size="lg" centered>
      <form
        className="dw-declaration"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextInput
          size="sm"
          label={t("connect.connection.unit")}
          placeholder={t("connect.connection.unitUnknown")}
          value={draft.unit}
          onChange={(event) => set({ unit: event.currentTarget.value })}
        />
        {isTypeChoosable(signal) && <TypeField valueType={draft.valueType} onChange={set} />}
        {numberFieldsOf(draft).map((name) => (
          <NumberInput
            key={name}
            size="sm"
            label={t(`connect.connection.fields.${name}`)}
            description={t(`connect.connection.hints.${name}`)}
            value={draft.numbers[name]}
            onChange={(value) => set({ numbers: { ...draft.numbers, [name]: String(value) } })}
            hideControls
            allowedDecimalSeparators={[",", "."]}
          />
        ))}
        {isNumeric(draft) && <CounterFields draft={draft} typeBits={signal.unsignedBits} onChange={set} />}
        <CommandRules draft={draft} others={all.filter(({ id }) => id !== signal.id)} disabled={!mayAdminister} onChange={set} />
        {failure !== undefined && <Problem text={failure} code={code} />}
        <Button size="sm" type="submit">
          {t("connect.connection.save")}
        </Button>
      </form>
    </Dialog>
  );
}

/** As what its values are stored: a number, or a text with every digit. */
function TypeField({
  valueType,
  onChange,
}: {
  readonly valueType: DeclarationDraft["valueType"];
  readonly onChange: (part: Partial<DeclarationDraft>) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <Select
      size="sm"
      label={t("connect.connection.type")}
      description={t("connect.connection.typeHint")}
      allowDeselect={false}
      data={CHOOSABLE_TYPES.map((type) => ({ value: type, label: t.or(`connect.connection.types.${type}`, type) }))}
      value={valueType}
      onChange={(type) => onChange({ valueType: (type ?? valueType) as DeclarationDraft["valueType"] })}
    />
  );
}

/** Whether the number is a counter, and at which width it overflows. */
function CounterFields({
  draft: { counter, width },
  typeBits,
  onChange,
}: {
  readonly draft: DeclarationDraft;
  /** Width of the type at the plant: it counts where nobody declares another. */
  readonly typeBits: DeclaredSignal["unsignedBits"];
  readonly onChange: (part: Partial<DeclarationDraft>) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <>
      <Select
        size="sm"
        label={t("connect.connection.counter")}
        description={t("connect.connection.counterHint")}
        allowDeselect={false}
        data={["none", "totaliser", "shiftReset"].map((type) => ({
          value: type,
          label: t.or(`connect.connection.counters.${type}`, type),
        }))}
        value={counter}
        onChange={(next) => onChange({ counter: (next ?? "none") as DeclarationDraft["counter"] })}
      />
      {counter !== "none" && (
        <Select
          size="sm"
          label={t("connect.connection.width")}
          description={typeBits === undefined && t("connect.connection.widthHint")}
          data={[
            {
              value: "",
              label:
                typeBits === undefined ? t("connect.connection.widthUnknown") : t("connect.connection.widthOfType", { width: typeBits }),
            },
            { value: "16", label: "16 bit" },
            { value: "32", label: "32 bit" },
          ]}
          allowDeselect={false}
          value={width}
          onChange={(next) => onChange({ width: next ?? "" })}
        />
      )}
    </>
  );
}
