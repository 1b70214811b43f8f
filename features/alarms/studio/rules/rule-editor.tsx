import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog, inLanguage, useProposedEdit, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { KnownRule } from "../../contract.ts";
import { ruleText } from "./condition-text.ts";
import { ConditionFields } from "./condition-fields.tsx";
import { draftOf, EMPTY_DRAFT, faultsOf, fieldsOf } from "./rule-draft.ts";
import type { RuleDraft } from "./rule-draft.ts";
import { EffectFields, MeaningFields } from "./rule-fields.tsx";
import { LimitTrend } from "./limit-trend.tsx";
import { RuleTrial } from "./rule-trial.tsx";
import { useNaming } from "./use-naming.ts";
import "./rules.css";

interface EditorProps {
  /** Undefined: a new one, or one that is not there. */
  readonly rule: KnownRule | undefined;
  readonly isNew: boolean;
  /** What a new one begins with. */
  readonly start?: RuleDraft;
  readonly onClose: () => void;
  readonly onStored: () => void;
}

/** One rule: from live it is proposed on a branch of its own, on a branch it is stored there. */
export function RuleEditor({ rule, isNew, start, onClose, onStored }: EditorProps): ReactNode {
  const { t, language } = useWords();
  const title = rule === undefined ? t(isNew ? "alarms.rule.add" : "alarms.rule.gone") : inLanguage(rule.fields.title, language);
  return (
    <Dialog opened onClose={onClose} title={title} size={880} centered className="dw-rule-editor">
      {rule === undefined && !isNew ? (
        <p className="dw-quiet">{t("alarms.rule.goneText")}</p>
      ) : (
        <RuleForm rule={rule} {...(start && { start })} onClose={onClose} onStored={onStored} />
      )}
    </Dialog>
  );
}

function RuleForm({ rule, start = EMPTY_DRAFT, onClose, onStored }: Omit<EditorProps, "isNew">): ReactNode {
  const { t, language } = useWords();
  const naming = useNaming();
  const [draft, setDraft] = useState<RuleDraft>(rule === undefined ? start : draftOf(rule.fields));
  const [isTried, setTried] = useState(false);
  const edit = useRuleEdit(rule, () => {
    onClose();
    onStored();
  });
  const fields = fieldsOf(draft);
  const faults = isTried ? faultsOf(draft) : [];
  const onChange = (change: Partial<RuleDraft>): void => setDraft((held) => ({ ...held, ...change }));
  return (
    <form
      className="dw-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (fields !== undefined) edit.store(fields, inLanguage(fields.title, language));
      }}
    >
      <div className="dw-rule-columns">
        <section>
          <MeaningFields draft={draft} faults={faults} onChange={onChange} />
        </section>
        <section>
          <ConditionFields draft={draft} faults={faults} onChange={onChange} />
          <EffectFields draft={draft} faults={faults} onChange={onChange} />
          <LimitTrend draft={draft} />
          <RuleTrial id={rule?.id} fields={fields} />
        </section>
      </div>
      <p className="dw-note" role="status">
        {fields === undefined ? t("alarms.rule.incomplete", { count: faultsOf(draft).length }) : ruleText(fields, naming)}
      </p>
      <div className="dw-dialog-foot">
        {rule?.isStored === true && (
          <Button variant="subtle" color="gray" disabled={edit.busy} onClick={edit.remove}>
            {t(rule.shipped === undefined ? "alarms.rule.remove" : "alarms.rule.asShipped")}
          </Button>
        )}
        <span className="dw-grow" />
        <Button variant="default" onClick={onClose}>
          {t("frame.cancel")}
        </Button>
        <Button type="submit" loading={edit.busy} disabled={isTried && fields === undefined}>
          {t(edit.isLive ? "alarms.rule.propose" : "alarms.rule.store")}
        </Button>
      </div>
    </form>
  );
}

function useRuleEdit(rule: KnownRule | undefined, onStored: () => void) {
  const { client } = useStudio();
  const { t, language } = useWords();
  const { busy, isLive, edit } = useProposedEdit(t("alarms.rule.notStored"), onStored);
  return {
    busy,
    isLive,
    store: (fields: KnownRule["fields"], title: string) =>
      edit(t("alarms.rule.branch", { title }), (branch) =>
        rule === undefined
          ? calls.addRule(client, { query: { branch }, body: { fields } })
          : calls.storeRule(client, { params: { id: rule.id }, query: { branch }, body: { fields, expected: rule.fields } }),
      ),
    remove: () =>
      edit(t("alarms.rule.branch", { title: rule === undefined ? "" : inLanguage(rule.fields.title, language) }), (branch) =>
        calls.removeRule(client, { params: { id: rule!.id }, query: { branch } }),
      ),
  };
}
