import { Button, NativeSelect, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog, inLanguage, useProposedEdit, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { AndonRule } from "../contract.ts";
import type {} from "../message-codes.ts";
import { AndonRuleFields } from "../model/andon-kinds.ts";
import { CauseFields } from "./cause-fields.tsx";
import { StepFields } from "./step-fields.tsx";

export interface KnownStation {
  readonly station: string;
  readonly title: { readonly en: string; readonly zh: string };
}

interface EditorProps {
  /** Undefined: a new one. */
  readonly rule: AndonRule | undefined;
  readonly taken: readonly string[];
  readonly stations: readonly KnownStation[];
  readonly onClose: () => void;
  readonly onStored: () => void;
}

const NEW: AndonRuleFields = {
  name: "",
  isOn: true,
  cause: { kind: "call", reasons: [] },
  priority: 2,
  steps: [{ afterMinutes: 0, to: [] }],
};
const PRIORITIES = [1, 2, 3, 4] as const;

/** A rule of andon: on live it is proposed on a branch, on a branch stored there. */
export function RuleEditor({ rule, taken, stations, onClose, onStored }: EditorProps): ReactNode {
  const { t } = useWords();
  const { client } = useStudio();
  const [fields, setFields] = useState<AndonRuleFields>(rule?.fields ?? NEW);
  const set = (change: Partial<AndonRuleFields>): void => setFields((held) => ({ ...held, ...change }));
  const { busy, isLive, edit } = useProposedEdit(t("andon.rule.failed"), () => {
    onClose();
    onStored();
  });
  const isTaken = rule === undefined && taken.includes(fields.name.trim());
  const isWhole = !isTaken && AndonRuleFields.safeParse(fields).success;
  const store = (): void =>
    edit(t("andon.rule.branch", { name: fields.name }), (branch) => calls.storeRule(client, { query: { branch }, body: { fields } }));
  return (
    <Dialog
      opened
      onClose={onClose}
      title={rule === undefined ? t("andon.rule.add") : t("andon.rule.editOf", { name: rule.fields.name })}
      size={680}
      centered
    >
      <form
        className="dw-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) store();
        }}
      >
        <div className="dw-andon-row">
          <TextInput
            label={t("andon.rule.name")}
            value={fields.name}
            maxLength={60}
            disabled={rule !== undefined}
            error={isTaken ? t("andon.rule.nameUsed") : undefined}
            data-autofocus={rule === undefined || undefined}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <NativeSelect
            label={t("andon.rule.priority")}
            value={String(fields.priority)}
            data={PRIORITIES.map(String)}
            onChange={(event) => set({ priority: Number(event.currentTarget.value) as AndonRuleFields["priority"] })}
          />
        </div>
        <CauseFields cause={fields.cause} onChange={(cause) => set({ cause })} />
        <StationChoice fields={fields} stations={stations} onChange={setFields} />
        <StepFields steps={fields.steps} onChange={(steps) => set({ steps })} />
        <Switch label={t("andon.rule.isOn")} checked={fields.isOn} onChange={(event) => set({ isOn: event.currentTarget.checked })} />
        <div className="dw-dialog-foot">
          <span className="dw-grow" />
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={!isWhole}>
            {t(isLive ? "andon.rule.propose" : "andon.rule.store")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A station, or none: any for calls, the line as a whole for a KPI. */
function StationChoice({
  fields,
  stations,
  onChange,
}: {
  readonly fields: AndonRuleFields;
  readonly stations: readonly KnownStation[];
  readonly onChange: (fields: AndonRuleFields) => void;
}): ReactNode {
  const { t, language } = useWords();
  const { station, ...others } = fields;
  return (
    <NativeSelect
      label={t("andon.station")}
      value={station ?? ""}
      data={[
        { value: "", label: t("andon.rule.anywhere") },
        ...stations.map((each) => ({ value: each.station, label: inLanguage(each.title, language) })),
      ]}
      onChange={({ currentTarget: { value } }) => onChange({ ...others, ...(value !== "" && { station: value }) })}
    />
  );
}
