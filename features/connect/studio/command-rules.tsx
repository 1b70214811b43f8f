import { Button, Select, Switch, TextInput } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { DeclaredSignal } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import type { DeclarationDraft, DraftCondition } from "./declaration-draft.ts";

/** Which commands on a signal are refused: all of a safety function, others unless the conditions hold. */
export function CommandRules({
  draft: { safety, conditions },
  others,
  disabled,
  onChange,
}: {
  readonly draft: DeclarationDraft;
  /** Signals that a condition may name. */
  readonly others: readonly DeclaredSignal[];
  readonly disabled: boolean;
  readonly onChange: (part: Partial<DeclarationDraft>) => void;
}): ReactNode {
  const { t } = useWords();
  const setConditions = (next: readonly DraftCondition[]): void => onChange({ conditions: next });
  return (
    <fieldset disabled={disabled} className="dw-declaration-rights">
      <legend>
        <IconLock size={14} /> {t("connect.connection.rules")}
      </legend>
      <p className="dw-quiet">{t("connect.connection.rulesNote")}</p>
      <Switch
        checked={safety}
        disabled={disabled}
        label={t("connect.connection.safety")}
        onChange={(event) => onChange({ safety: event.currentTarget.checked })}
      />
      {conditions.map((condition, at) => (
        <ConditionLine
          key={at}
          condition={condition}
          others={others}
          onChange={(next) => setConditions(conditions.with(at, next))}
          onRemove={() => setConditions(conditions.toSpliced(at, 1))}
        />
      ))}
      <Button size="compact-sm" variant="default" onClick={() => setConditions([...conditions, { signal: "", equals: "true" }])}>
        {t("connect.connection.addCondition")}
      </Button>
    </fieldset>
  );
}

function ConditionLine({
  condition,
  others,
  onChange,
  onRemove,
}: {
  readonly condition: DraftCondition;
  readonly others: readonly DeclaredSignal[];
  readonly onChange: (condition: DraftCondition) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-command-ask">
      <Select
        size="sm"
        searchable
        label={t("connect.connection.condition")}
        data={others.map(({ id, name }) => ({ value: id, label: name }))}
        value={condition.signal === "" ? null : condition.signal}
        onChange={(signal) => onChange({ ...condition, signal: signal ?? "" })}
        className="dw-grow"
      />
      <TextInput
        size="sm"
        label={t("connect.connection.equals")}
        placeholder="true"
        value={condition.equals}
        onChange={(event) => onChange({ ...condition, equals: event.currentTarget.value })}
      />
      <Button size="sm" variant="subtle" onClick={onRemove}>
        {t("connect.connection.remove")}
      </Button>
    </div>
  );
}
