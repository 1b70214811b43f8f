import { Button, NativeSelect, NumberInput, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog, messageText, useProposedEdit, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Message } from "@doppelwerk/kit";
import { parseExpression } from "@doppelwerk/operations";
import * as calls from "../../calls.ts";
import type { OwnKpi } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import { faultText } from "../../model/formula-faults.ts";
import { KpiName, type OwnKpiFields } from "../../model/own-kpi-kind.ts";

interface EditorProps {
  /** Undefined: a new one. */
  readonly kpi: OwnKpi | undefined;
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onStored: () => void;
}

const NEW: OwnKpiFields = { title: { en: "", zh: "" }, formula: "", unit: "", digits: 1, better: "more" };

/** A KPI by a formula: on live it is proposed on a branch, on a branch stored there. What is no formula is said while it is written. */
export function OwnKpiEditor({ kpi, taken, onClose, onStored }: EditorProps): ReactNode {
  const { t } = useWords();
  const { client } = useStudio();
  const [name, setName] = useState(kpi?.name ?? "");
  const [fields, setFields] = useState<OwnKpiFields>(kpi?.fields ?? NEW);
  const { busy, isLive, edit } = useProposedEdit(t("kpis.own.failed"), () => {
    onClose();
    onStored();
  });
  const set = (change: Partial<OwnKpiFields>): void => setFields((held) => ({ ...held, ...change }));
  const nameFault = useNameFault(name, kpi === undefined ? taken : []);
  const parsed = parseExpression(fields.formula);
  const formulaFault = fields.formula === "" || parsed.fault === undefined ? undefined : messageText("", faultText(parsed.fault));
  const isWhole = name !== "" && nameFault === undefined && fields.title.en.trim() !== "" && parsed.fault === undefined;
  const store = (): void => {
    const title = { en: fields.title.en.trim(), zh: fields.title.zh.trim() || fields.title.en.trim() };
    edit(t("kpis.own.branch", { name }), (branch) =>
      calls.storeOwnKpi(client, {
        params: { name },
        query: { branch },
        body: { fields: { ...fields, title }, expected: kpi?.fields ?? null },
      }),
    );
  };
  return (
    <Dialog opened onClose={onClose} title={t(kpi === undefined ? "kpis.own.add" : "kpis.own.editOf", { name })} size={620} centered>
      <form
        className="dw-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) store();
        }}
      >
        <TextInput
          label={t("kpis.own.name")}
          description={t("kpis.own.nameHint")}
          value={name}
          maxLength={60}
          disabled={kpi !== undefined}
          error={nameFault}
          data-autofocus={kpi === undefined || undefined}
          onChange={(event) => setName(event.currentTarget.value.trim())}
        />
        <Textarea
          label={t("kpis.own.formula")}
          description={t("kpis.own.formulaHint")}
          value={fields.formula}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={2_000}
          spellCheck={false}
          error={formulaFault}
          onChange={(event) => set({ formula: event.currentTarget.value })}
        />
        <ShownAs fields={fields} onChange={set} />
        <div className="dw-dialog-foot">
          <span className="dw-grow" />
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={!isWhole}>
            {t(isLive ? "kpis.own.propose" : "kpis.own.store")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** How its value is titled and written. */
function ShownAs({
  fields,
  onChange,
}: {
  readonly fields: OwnKpiFields;
  readonly onChange: (change: Partial<OwnKpiFields>) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <>
      <TextInput
        label={t("kpis.own.titleEn")}
        value={fields.title.en}
        maxLength={100}
        onChange={(event) => onChange({ title: { ...fields.title, en: event.currentTarget.value } })}
      />
      <TextInput
        label={t("kpis.own.titleZh")}
        value={fields.title.zh}
        maxLength={100}
        onChange={(event) => onChange({ title: { ...fields.title, zh: event.currentTarget.value } })}
      />
      <div className="dw-own-kpi-row">
        <TextInput
          label={t("kpis.own.unit")}
          description={t("kpis.own.unitHint")}
          value={fields.unit}
          maxLength={20}
          onChange={(event) => onChange({ unit: event.currentTarget.value })}
        />
        <NumberInput
          label={t("kpis.own.digits")}
          value={fields.digits}
          min={0}
          max={6}
          allowDecimal={false}
          clampBehavior="strict"
          onChange={(value) => onChange({ digits: Number(value) || 0 })}
        />
        <NativeSelect
          label={t("kpis.own.better")}
          value={fields.better}
          data={(["more", "less"] as const).map((value) => ({ value, label: t(`kpis.own.${value}`) }))}
          onChange={(event) => onChange({ better: event.currentTarget.value as OwnKpiFields["better"] })}
        />
      </div>
    </>
  );
}

function useNameFault(name: string, taken: readonly string[]): string | undefined {
  const { t } = useWords();
  if (name === "") return undefined;
  if (taken.includes(name)) return t("kpis.own.nameUsed");
  const parsed = KpiName.safeParse(name);
  if (parsed.success) return undefined;
  const [issue] = parsed.error.issues;
  const reason = issue?.code === "custom" ? (issue.params?.["reason"] as Message | undefined) : undefined;
  return reason === undefined ? t("kpis.own.nameFault") : messageText("", reason);
}
