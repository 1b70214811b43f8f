import { STATION_STATES } from "@doppelwerk/operations";
import { Button, MultiSelect, NumberInput, SegmentedControl, Select, Switch, TextInput, Textarea } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Language } from "@doppelwerk/kit/studio";
import { ExpressionField } from "./expression-field.tsx";
import type { DraftField, RuleDraft } from "./rule-draft.ts";

export interface FieldsProps {
  readonly draft: RuleDraft;
  readonly faults: readonly DraftField[];
  readonly onChange: (change: Partial<RuleDraft>) => void;
}

const TEXTS = ["title", "cause", "consequence", "response"] as const;

/** What the alarm says, and why it is one (IEC 62682): in the reader's language, in the other one on request. */
export function MeaningFields(props: FieldsProps): ReactNode {
  const { t, language } = useWords();
  const [withOther, setWithOther] = useState(false);
  const other: Language = language === "en" ? "zh" : "en";
  return (
    <>
      <Texts {...props} language={language} />
      {withOther ? (
        <Texts {...props} language={other} />
      ) : (
        <Button size="compact-sm" variant="subtle" onClick={() => setWithOther(true)}>
          {t(`alarms.rule.alsoIn.${other}`)}
        </Button>
      )}
    </>
  );
}

function Texts({ draft, faults, onChange, language }: FieldsProps & { readonly language: Language }): ReactNode {
  const { t, language: own } = useWords();
  return TEXTS.map((field) => {
    const Field = field === "title" ? TextInput : Textarea;
    const isFault = language === own && faults.includes(field);
    return (
      <Field
        key={field}
        size="sm"
        label={t(`alarms.rule.${field}`)}
        description={language === own ? undefined : t(`alarms.rule.in.${language}`)}
        required={language === own}
        maxLength={2_000}
        value={draft[field][language]}
        error={isFault ? t("alarms.rule.needed") : undefined}
        onChange={(event: { readonly currentTarget: { readonly value: string } }) =>
          onChange({ [field]: { ...draft[field], [language]: event.currentTarget.value } })
        }
      />
    );
  });
}

/** How it annunciates: how urgent, after how long, and when not. */
export function EffectFields({ draft, faults, onChange }: FieldsProps): ReactNode {
  const { t } = useWords();
  const stations = useStore(useStudio().line)?.stations ?? [];
  return (
    <>
      <div className="dw-rule-row">
        <label className="dw-rule-label" htmlFor="dw-rule-priority">
          {t("alarms.priority")}
        </label>
        <SegmentedControl
          id="dw-rule-priority"
          size="sm"
          value={String(draft.priority)}
          onChange={(value) => onChange({ priority: Number(value) as RuleDraft["priority"] })}
          data={["1", "2", "3", "4"]}
        />
      </div>
      <div className="dw-two">
        <Seconds field="onDelayS" draft={draft} faults={faults} onChange={onChange} />
        <Seconds field="offDelayS" draft={draft} faults={faults} onChange={onChange} />
        <Seconds field="timeToRespondS" draft={draft} faults={faults} onChange={onChange} />
        {draft.kind !== "state" && (
          <Select
            size="sm"
            label={t("alarms.station")}
            clearable
            searchable
            data={stations.map(({ id }) => id)}
            value={draft.station ?? null}
            onChange={(station) => onChange({ station: station ?? undefined })}
          />
        )}
      </div>
      <SuppressionFields draft={draft} faults={faults} onChange={onChange} />
      <div className="dw-two">
        <Switch
          size="sm"
          label={t("alarms.rule.latching")}
          checked={draft.latching}
          onChange={(event) => onChange({ latching: event.currentTarget.checked })}
        />
        <Switch
          size="sm"
          label={t("alarms.rule.enabled")}
          checked={draft.enabled}
          onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
        />
      </div>
    </>
  );
}

/** When it does not annunciate, and which alarms it is a group with. */
function SuppressionFields({ draft, faults, onChange }: FieldsProps): ReactNode {
  const { t } = useWords();
  return (
    <>
      <MultiSelect
        size="sm"
        label={t("alarms.rule.suppressedIn")}
        data={STATION_STATES.map((state) => ({ value: state, label: t(`machineState.${state}`) }))}
        value={[...draft.suppressedIn]}
        onChange={(states) => onChange({ suppressedIn: states as RuleDraft["suppressedIn"] })}
      />
      <ExpressionField
        label={t("alarms.rule.suppressedWhen")}
        of="truth"
        value={draft.suppressedWhen}
        onChange={(suppressedWhen) => onChange({ suppressedWhen })}
      />
      <div className="dw-two">
        <TextInput
          size="sm"
          label={t("alarms.rule.group")}
          maxLength={100}
          value={draft.group}
          onChange={(event) => onChange({ group: event.currentTarget.value })}
        />
        {draft.group.trim() !== "" && <Seconds field="groupS" draft={draft} faults={faults} onChange={onChange} />}
      </div>
    </>
  );
}

type NumberField =
  | "limit"
  | "deadband"
  | "target"
  | "afterS"
  | "usualS"
  | "windowS"
  | "smoothS"
  | "withinS"
  | "atLeast"
  | "times"
  | "onDelayS"
  | "offDelayS"
  | "timeToRespondS"
  | "groupS";

export function Seconds(props: FieldsProps & { readonly field: NumberField }): ReactNode {
  return <NumberField {...props} unit="s" />;
}

export function NumberField({
  field,
  draft,
  faults,
  onChange,
  unit,
}: FieldsProps & { readonly field: NumberField; readonly unit: string }): ReactNode {
  const { t } = useWords();
  // what is half typed, as "5.", is no number yet and stays in the field
  const [typed, setTyped] = useState<number | string>(draft[field] ?? "");
  return (
    <NumberInput
      size="sm"
      label={t(`alarms.rule.${field}`)}
      value={typed}
      onChange={(value) => {
        setTyped(value);
        onChange({ [field]: typeof value === "number" ? value : undefined });
      }}
      allowedDecimalSeparators={[",", "."]}
      hideControls
      inputMode="decimal"
      rightSection={unit === "" ? undefined : <span className="dw-field-unit">{unit}</span>}
      rightSectionWidth={unit === "" ? undefined : 52}
      error={faults.includes(field) ? t("alarms.rule.needed") : undefined}
    />
  );
}
