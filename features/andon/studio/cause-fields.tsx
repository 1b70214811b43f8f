import { MultiSelect, NativeSelect, NumberInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";
import { INDICATORS } from "@doppelwerk/operations";
import type {} from "../message-codes.ts";
import { CALL_REASONS, type AndonRuleFields, type CallReason } from "../model/andon-kinds.ts";
import { MinutesInput } from "./minutes-input.tsx";

type Cause = AndonRuleFields["cause"];

const OF_KPI: Cause = { kind: "kpi", indicator: "oee", limit: "below", value: 0.7, afterMinutes: 30 };

/** What raises the andon: calls of people, or a KPI beyond a limit. */
export function CauseFields({ cause, onChange }: { readonly cause: Cause; readonly onChange: (cause: Cause) => void }): ReactNode {
  const { t } = useWords();
  return (
    <>
      <NativeSelect
        label={t("andon.rule.cause")}
        value={cause.kind}
        data={(["call", "kpi"] as const).map((value) => ({ value, label: t(`andon.rule.causes.${value}`) }))}
        onChange={(event) => onChange(event.currentTarget.value === "kpi" ? OF_KPI : { kind: "call", reasons: [] })}
      />
      {cause.kind === "call" ? (
        <MultiSelect
          label={t("andon.rule.reasons")}
          description={t("andon.rule.reasonsHint")}
          value={[...cause.reasons]}
          data={CALL_REASONS.map((value) => ({ value, label: t(`andon.reason.${value}`) }))}
          onChange={(reasons) => onChange({ kind: "call", reasons: reasons as CallReason[] })}
        />
      ) : (
        <div className="dw-andon-row">
          <NativeSelect
            label={t("andon.rule.kpi")}
            value={cause.indicator}
            data={INDICATORS.map(({ id }) => ({ value: id, label: t.or(`kpis.indicator.${id}`, id) }))}
            onChange={(event) => onChange({ ...cause, indicator: event.currentTarget.value })}
          />
          <NativeSelect
            label={t("andon.rule.limit")}
            value={cause.limit}
            data={(["below", "above"] as const).map((value) => ({ value, label: t(`andon.rule.${value}`) }))}
            onChange={(event) => onChange({ ...cause, limit: event.currentTarget.value as "below" | "above" })}
          />
          <NumberInput
            label={t("andon.rule.value")}
            description={t("andon.rule.valueHint")}
            value={cause.value}
            step={0.05}
            onChange={(value) => {
              if (typeof value === "number") onChange({ ...cause, value });
            }}
          />
          <MinutesInput
            label={t("andon.rule.afterMinutes")}
            value={cause.afterMinutes}
            max={480}
            onChange={(afterMinutes) => onChange({ ...cause, afterMinutes })}
          />
        </div>
      )}
    </>
  );
}
