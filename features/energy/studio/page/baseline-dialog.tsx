import { Button, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { FormDialog, inLanguage, linesOf, useLoad, useScope, useSentForm, useSignals, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { SignalEntry } from "@doppelwerk/sync";
import * as calls from "../../calls.ts";
import type { KnownBaseline } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import type { BaselineFields, RelevantVariable } from "../../model/baseline-kind.ts";
import type { Medium } from "../../model/energy-units.ts";

const KINDS = ["counted", "mean", "heatingDegreeDays", "coolingDegreeDays"] as const;

interface DraftVariable {
  kind: (typeof KINDS)[number];
  title: string;
  signal: string;
  baseC: number | string;
}

interface Draft {
  name: string;
  en: string;
  shell: string;
  from: string;
  to: string;
  variables: DraftVariable[];
}

/** A baseline: its place, its period, and what explains the use of a day. */
export function BaselineDialog({
  baseline,
  medium,
  onClose,
  onStored,
}: {
  readonly baseline: KnownBaseline | undefined;
  readonly medium: Medium;
  readonly onClose: () => void;
  readonly onStored: () => void;
}): ReactNode {
  const { client } = useStudio();
  const { branch } = useScope();
  const { t, language } = useWords();
  const lines = useLoad(linesOf(branch));
  const shells = (lines.value ?? []).flatMap(({ shell, title, stations }) => [
    { value: shell, label: inLanguage(title, language) },
    ...stations.map((station) => ({ value: station.shell, label: `${station.id} ${inLanguage(station.title, language)}` })),
  ]);
  const form = useSentForm<Draft>(draftOf(baseline), async (draft) => {
    const fields = fieldsOf(draft, baseline, medium, shells[0]?.value ?? "");
    await calls.storeBaseline(client, {
      params: { name: draft.name.trim() },
      query: { branch },
      body: { fields, expected: baseline?.fields ?? null },
    });
    onStored();
    onClose();
  });
  const { values, set: change } = form;
  return (
    <FormDialog
      form={form}
      title={t(baseline === undefined ? "energy.performance.new" : "energy.performance.change")}
      submit={t("energy.performance.store")}
      isWhole={isWhole(values)}

      onClose={onClose}
    >
      <TextInput
        label={t("energy.performance.name")}
        value={values.name}
        disabled={baseline !== undefined}
        maxLength={60}
        onChange={({ currentTarget: { value } }) => change({ name: value, en: value })}
      />
      <NativeSelect
        label={t("energy.performance.place")}
        data={shells}
        value={values.shell === "" ? (shells[0]?.value ?? "") : values.shell}
        onChange={({ currentTarget: { value } }) => change({ shell: value })}
      />
      <TextInput
        type="date"
        label={t("energy.performance.from")}
        value={values.from}
        onChange={({ currentTarget: { value } }) => change({ from: value })}
      />
      <TextInput
        type="date"
        label={t("energy.performance.to")}
        value={values.to}
        onChange={({ currentTarget: { value } }) => change({ to: value })}
      />
      <Variables variables={values.variables} onChange={(variables) => change({ variables })} />
    </FormDialog>
  );
}

function Variables({
  variables,
  onChange,
}: {
  readonly variables: readonly DraftVariable[];
  readonly onChange: (variables: DraftVariable[]) => void;
}): ReactNode {
  const { t } = useWords();
  const numbers = useSignals(isNumber);
  const change = (at: number, next: Partial<DraftVariable>): void =>
    onChange(variables.map((each, index) => (index === at ? { ...each, ...next } : each)));
  return (
    <>
      {variables.map((variable, at) => (
        <fieldset key={at} className="dw-energy-variable">
          <TextInput
            label={t("energy.performance.variable")}
            value={variable.title}
            maxLength={60}
            onChange={({ currentTarget: { value } }) => change(at, { title: value })}
          />
          <NativeSelect
            label={t("energy.performance.signal")}
            data={[{ value: "", label: "–" }, ...numbers.map(({ id, name }) => ({ value: id, label: name }))]}
            value={variable.signal}
            onChange={({ currentTarget: { value } }) => change(at, { signal: value })}
          />
          <NativeSelect
            label={t("energy.performance.kind")}
            data={KINDS.map((kind) => ({ value: kind, label: t(`energy.performance.kind.${kind}`) }))}
            value={variable.kind}
            onChange={({ currentTarget: { value } }) => change(at, { kind: value as DraftVariable["kind"] })}
          />
          {variable.kind.endsWith("Days") && (
            <NumberInput label={t("energy.performance.base")} value={variable.baseC} onChange={(baseC) => change(at, { baseC })} />
          )}
          <Button variant="subtle" color="gray" size="compact-sm" onClick={() => onChange(variables.filter((_, index) => index !== at))}>
            {t("energy.performance.removeVariable")}
          </Button>
        </fieldset>
      ))}
      {variables.length < 5 && (
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => onChange([...variables, { kind: "counted", title: "", signal: "", baseC: 15 }])}
        >
          {t("energy.performance.addVariable")}
        </Button>
      )}
    </>
  );
}

const isWhole = ({ name, from, to, variables }: Draft): boolean =>
  name.trim() !== "" && from !== "" && to !== "" && variables.every(({ signal, title }) => signal !== "" && title !== "");

const isNumber = ({ valueType }: SignalEntry): boolean => valueType === "double" || valueType === "integer";

function draftOf(baseline: KnownBaseline | undefined): Draft {
  const { title, shell = "", from = "", to = "", variables = [] } = baseline?.fields ?? {};
  return {
    name: baseline?.name ?? "",
    en: title?.en ?? "",
    shell,
    from,
    to,
    variables: variables.map((each) => ({ ...each, baseC: "baseC" in each ? each.baseC : 15 })),
  };
}

function fieldsOf(draft: Draft, baseline: KnownBaseline | undefined, medium: Medium, firstShell: string): BaselineFields {
  return {
    title: baseline?.fields.title ?? { en: draft.name.trim(), zh: draft.name.trim() },
    shell: draft.shell === "" ? firstShell : draft.shell,
    medium: baseline?.fields.medium ?? medium,
    from: draft.from,
    to: draft.to,
    variables: draft.variables.map(({ kind, title, signal, baseC }): RelevantVariable => {
      if (kind === "counted" || kind === "mean") return { kind, title, signal };
      return { kind, title, signal, baseC: Number(baseC) };
    }),
  };
}
