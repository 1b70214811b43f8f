import { STATION_STATES } from "@doppelwerk/operations";
import { MultiSelect, Select, Switch, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { unitText, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { NumberField, Seconds } from "./rule-fields.tsx";
import type { FieldsProps } from "./rule-fields.tsx";
import { WRITABLE_KINDS } from "./rule-draft.ts";
import type { RuleDraft } from "./rule-draft.ts";
import { useNaming } from "./use-naming.ts";

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
      {draft.kind === "state" ? <StateFields {...props} /> : <SignalFields {...props} />}
    </>
  );
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
  const studio = useStudio();
  const unit = unitText(studio.signals.entry(draft.signals[0] ?? "")?.unit);
  const { kind } = draft;
  return (
    <>
      <SignalChoice {...props} />
      {(kind === "high" || kind === "low" || kind === "deviation") && (
        <div className="dw-two">
          <NumberField {...props} field="limit" unit={unit} />
          <NumberField {...props} field="deadband" unit={unit} />
          {kind === "deviation" && <NumberField {...props} field="target" unit={unit} />}
        </div>
      )}
      {kind === "value" && (
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
      {kind === "noData" && <Seconds {...props} field="afterS" />}
    </>
  );
}

/** One signal; several where none of them is received. */
function SignalChoice({ draft, faults, onChange }: FieldsProps): ReactNode {
  const { t } = useWords();
  const naming = useNaming();
  const isNumeric = draft.kind === "high" || draft.kind === "low" || draft.kind === "deviation";
  const entries = useStudio()
    .signals.entries()
    .filter(({ role, valueType }) => role !== "Alarm" && (!isNumeric || valueType === "double" || valueType === "integer"));
  const shown = {
    size: "sm",
    label: t("alarms.rule.signal"),
    required: true,
    searchable: true,
    limit: 100,
    data: entries.map(({ id }) => ({ value: id, label: naming.signal(id) })),
    error: faults.includes("signals") ? t("alarms.rule.needed") : undefined,
  } as const;
  return draft.kind === "noData" ? (
    <MultiSelect {...shown} data={[...shown.data]} value={[...draft.signals]} onChange={(signals) => onChange({ signals })} />
  ) : (
    <Select
      {...shown}
      data={[...shown.data]}
      value={draft.signals[0] ?? null}
      onChange={(signal) => onChange({ signals: signal === null ? [] : [signal] })}
    />
  );
}
