import { STATION_STATES } from "@doppelwerk/operations";
import { MultiSelect, Select, Switch, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { MeasuredFields } from "./measured-fields.tsx";
import { PatternFields } from "./pattern-fields.tsx";
import { Seconds } from "./rule-fields.tsx";
import type { FieldsProps } from "./rule-fields.tsx";
import { isMeasured, WRITABLE_KINDS } from "./rule-draft.ts";
import type { RuleDraft } from "./rule-draft.ts";
import { SignalChoice } from "./signal-choice.tsx";

/** What is watched, and when it is in alarm. */
export function ConditionFields(props: FieldsProps): ReactNode {
  const { draft, onChange } = props;
  const { t } = useWords();
  if (draft.kind === "condition") return <p className="dw-quiet">{t("alarms.rule.ofPlant")}</p>;
  return (
    <>
      <Select
        size="sm"
        label={t("alarms.rule.kind")}
        allowDeselect={false}
        data={WRITABLE_KINDS.map((kind) => ({ value: kind, label: t(`alarms.rule.kinds.${kind}`) }))}
        value={draft.kind}
        onChange={(kind) => onChange({ kind: kind as RuleDraft["kind"] })}
      />
      <FieldsOfKind {...props} />
    </>
  );
}

function FieldsOfKind(props: FieldsProps): ReactNode {
  const { kind } = props.draft;
  if (kind === "state") return <StateFields {...props} />;
  if (isMeasured(props.draft)) return <MeasuredFields {...props} />;
  return kind === "value" || kind === "noData" ? <SignalFields {...props} /> : <PatternFields {...props} />;
}

function StateFields({ draft, faults, onChange }: FieldsProps): ReactNode {
  const { t } = useWords();
  const stations = useStore(useStudio().line)?.stations ?? [];
  return (
    <>
      <Select
        size="sm"
        label={t("alarms.station")}
        searchable
        required
        data={stations.map(({ id }) => id)}
        value={draft.station ?? null}
        error={faults.includes("station") ? t("alarms.rule.needed") : undefined}
        onChange={(station) => onChange({ station: station ?? undefined })}
      />
      <MultiSelect
        size="sm"
        label={t("alarms.rule.states")}
        required
        data={STATION_STATES.map((state) => ({ value: state, label: t(`machineState.${state}`) }))}
        value={[...draft.states]}
        error={faults.includes("states") ? t("alarms.rule.needed") : undefined}
        onChange={(states) => onChange({ states: states as RuleDraft["states"] })}
      />
      <Switch
        size="sm"
        label={t("alarms.rule.anyPlace")}
        checked={draft.anyPlace}
        onChange={(event) => onChange({ anyPlace: event.currentTarget.checked })}
      />
    </>
  );
}

function SignalFields(props: FieldsProps): ReactNode {
  const { draft, faults, onChange } = props;
  const { t } = useWords();
  return (
    <>
      <SignalChoice {...props} />
      {draft.kind === "value" && (
        <TextInput
          size="sm"
          label={t("alarms.rule.values")}
          description={t("alarms.rule.valuesHint")}
          required
          value={draft.values}
          error={faults.includes("values") ? t("alarms.rule.needed") : undefined}
          onChange={(event) => onChange({ values: event.currentTarget.value })}
        />
      )}
      {draft.kind === "noData" && <Seconds {...props} field="afterS" />}
    </>
  );
}
