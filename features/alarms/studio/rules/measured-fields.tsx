import { SegmentedControl, Select } from "@mantine/core";
import type { ReactNode } from "react";
import { unitText, useStudio, useWords } from "@doppelwerk/kit/studio";
import { ExpressionField } from "./expression-field.tsx";
import { NumberField, Seconds } from "./rule-fields.tsx";
import type { FieldsProps } from "./rule-fields.tsx";
import type { RuleDraft } from "./rule-draft.ts";
import { SignalChoice } from "./signal-choice.tsx";
import { useNaming } from "./use-naming.ts";

/** A signal or an expression beside its limit: what a kind has beyond that follows. */
export function MeasuredFields(props: FieldsProps): ReactNode {
  const { draft, faults, onChange } = props;
  const { t } = useWords();
  const unit = unitText(useStudio().signals.entry(draft.isExpression ? "" : (draft.signals[0] ?? ""))?.unit);
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={t("alarms.rule.source")}
        value={draft.isExpression ? "expression" : "signal"}
        onChange={(value) => onChange({ isExpression: value === "expression" })}
        data={(["signal", "expression"] as const).map((value) => ({ value, label: t(`alarms.rule.source.${value}`) }))}
      />
      {draft.isExpression ? (
        <ExpressionField
          label={t("alarms.rule.expression")}
          hint={t("alarms.rule.expressionHint")}
          of="number"
          value={draft.expression}
          isMissing={faults.includes("expression")}
          onChange={(expression) => onChange({ expression })}
        />
      ) : (
        <SignalChoice {...props} />
      )}
      {draft.kind === "deviation" && <DeviationFields {...props} unit={unit} />}
      {draft.kind === "model" && (
        <ExpressionField
          label={t("alarms.rule.expected")}
          of="number"
          value={draft.expected}
          isMissing={faults.includes("expected")}
          onChange={(expected) => onChange({ expected })}
        />
      )}
      <div className="dw-two">
        <NumberField {...props} field="limit" unit={unit} />
        <NumberField {...props} field="deadband" unit={unit} />
        {draft.kind === "rate" && <Seconds {...props} field="windowS" />}
        {draft.kind === "rate" && <Direction {...props} />}
        {draft.kind === "model" && <Seconds {...props} field="smoothS" />}
      </div>
    </>
  );
}

function Direction({ draft, onChange }: FieldsProps): ReactNode {
  const { t } = useWords();
  return (
    <Select
      size="sm"
      label={t("alarms.rule.change")}
      allowDeselect={false}
      data={(["either", "rising", "falling"] as const).map((value) => ({ value, label: t(`alarms.rule.direction.${value}`) }))}
      value={draft.direction}
      onChange={(direction) => onChange({ direction: direction as RuleDraft["direction"] })}
    />
  );
}

function DeviationFields(props: FieldsProps & { readonly unit: string }): ReactNode {
  const { draft, faults, onChange, unit } = props;
  const { t } = useWords();
  const naming = useNaming();
  const entries = useStudio()
    .signals.entries()
    .filter(({ role, valueType }) => role !== "Alarm" && (valueType === "double" || valueType === "integer"));
  return (
    <div className="dw-two">
      <Select
        size="sm"
        label={t("alarms.rule.from")}
        allowDeselect={false}
        data={(["target", "reference", "usual"] as const).map((value) => ({ value, label: t(`alarms.rule.from.${value}`) }))}
        value={draft.from}
        onChange={(from) => onChange({ from: from as RuleDraft["from"] })}
      />
      {draft.from === "target" && <NumberField {...props} field="target" unit={unit} />}
      {draft.from === "usual" && <Seconds {...props} field="usualS" />}
      {draft.from === "reference" && (
        <Select
          size="sm"
          label={t("alarms.rule.reference")}
          searchable
          limit={100}
          data={entries.map(({ id }) => ({ value: id, label: naming.signal(id) }))}
          value={draft.reference ?? null}
          error={faults.includes("reference") ? t("alarms.rule.needed") : undefined}
          onChange={(reference) => onChange({ reference: reference ?? undefined })}
        />
      )}
    </div>
  );
}
