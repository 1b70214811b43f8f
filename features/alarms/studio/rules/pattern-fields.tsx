import { Switch, Textarea } from "@mantine/core";
import { checkedExpression } from "@doppelwerk/operations";
import type { ReactNode } from "react";
import { messageText, useWords } from "@doppelwerk/kit/studio";
import { expressionFaultText } from "../../model/expression-faults.ts";
import { ExpressionField } from "./expression-field.tsx";
import { linesOf } from "./rule-draft.ts";
import { NumberField, Seconds } from "./rule-fields.tsx";
import type { FieldsProps } from "./rule-fields.tsx";

/** Conditions over expressions alone: one that is true, one after another, several at once, one again and again. */
export function PatternFields(props: FieldsProps): ReactNode {
  const { draft, faults, onChange } = props;
  const { t } = useWords();
  switch (draft.kind) {
    case "sequence":
      return (
        <>
          {(["first", "next"] as const).map((field) => (
            <ExpressionField
              key={field}
              label={t(`alarms.rule.${field}`)}
              {...(field === "first" && { hint: t("alarms.rule.expressionHint") })}
              of="truth"
              value={draft[field]}
              isMissing={faults.includes(field)}
              onChange={(value) => onChange({ [field]: value })}
            />
          ))}
          <div className="dw-two">
            <Seconds {...props} field="withinS" />
            <Switch
              size="sm"
              className="dw-switch-low"
              label={t("alarms.rule.isMissing")}
              checked={draft.isMissing}
              onChange={(event) => onChange({ isMissing: event.currentTarget.checked })}
            />
          </div>
        </>
      );
    case "nOfM":
      return (
        <>
          <Conditions {...props} />
          <div className="dw-two">
            <NumberField {...props} field="atLeast" unit="" />
          </div>
        </>
      );
    default:
      return (
        <>
          <ExpressionField
            label={t("alarms.rule.expression")}
            hint={t("alarms.rule.expressionHint")}
            of="truth"
            value={draft.expression}
            isMissing={faults.includes("expression")}
            onChange={(expression) => onChange({ expression })}
          />
          {draft.kind === "repeated" && (
            <div className="dw-two">
              <NumberField {...props} field="times" unit="" />
              <Seconds {...props} field="withinS" />
            </div>
          )}
        </>
      );
  }
}

/** One expression a line; the first one that is none is named with its line. */
function Conditions({ draft, faults, onChange }: FieldsProps): ReactNode {
  const { t } = useWords();
  const lines = linesOf(draft.conditions);
  const at = lines.findIndex((line) => checkedExpression(line, "truth").fault !== undefined);
  const fault = at < 0 ? undefined : checkedExpression(lines[at]!, "truth").fault;
  const isMissing = faults.includes("conditions") && lines.length < 2;
  return (
    <Textarea
      size="sm"
      label={t("alarms.rule.conditions")}
      description={t("alarms.rule.expressionHint")}
      value={draft.conditions}
      rows={4}
      spellCheck={false}
      classNames={{ input: "dw-expression" }}
      error={fault ? `${at + 1}: ${messageText("", expressionFaultText(fault))}` : isMissing ? t("alarms.rule.needed") : undefined}
      onChange={(event) => onChange({ conditions: event.currentTarget.value })}
    />
  );
}
