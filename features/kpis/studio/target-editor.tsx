import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog, inLanguage, useProposedEdit, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownTargets } from "../contract.ts";
import { KPI_NAMES, type Kpi, type StoredTargets } from "../model/target-kind.ts";
import { draftsOf, faultOf, formOf, storedOf, type TargetDraft } from "./target-draft.ts";
import "./targets.css";

interface EditorProps {
  readonly place: KnownTargets;
  readonly onClose: () => void;
  readonly onStored: () => void;
}

/** The targets of one place: from live they are proposed on a branch of their own, on a branch they are stored there. */
export function TargetEditor({ place, onClose, onStored }: EditorProps): ReactNode {
  const { t, language } = useWords();
  const [drafts, setDrafts] = useState(() => draftsOf(place.stored));
  const line = inLanguage(place.title, language);
  const { client } = useStudio();
  const { busy, isLive, edit } = useProposedEdit(t("kpis.failed"), () => {
    onClose();
    onStored();
  });
  const stored = storedOf(drafts);
  const store = (to: StoredTargets): void =>
    edit(t("kpis.branch", { line }), (branch) =>
      calls.storeTargets(client, { params: { id: place.id }, query: { branch }, body: { stored: to, expected: place.stored } }),
    );
  return (
    <Dialog opened onClose={onClose} title={t("kpis.titleOf", { line })} size={620} centered>
      <form
        className="dw-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (stored !== undefined) store(stored);
        }}
      >
        {KPI_NAMES.map((kpi) => (
          <TargetRow key={kpi} kpi={kpi} draft={drafts[kpi]} onChange={(draft) => setDrafts((held) => ({ ...held, [kpi]: draft }))} />
        ))}
        <p className="dw-note" role="status">
          {t(stored === undefined ? "kpis.incomplete" : "kpis.effect")}
        </p>
        <div className="dw-dialog-foot">
          {Object.keys(place.stored).length > 0 && (
            <Button variant="subtle" color="gray" disabled={busy} onClick={() => store({})}>
              {t("kpis.asShipped")}
            </Button>
          )}
          <span className="dw-grow" />
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={stored === undefined}>
            {t(isLive ? "kpis.propose" : "kpis.store")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function TargetRow({
  kpi,
  draft,
  onChange,
}: {
  readonly kpi: Kpi;
  readonly draft: TargetDraft;
  readonly onChange: (draft: TargetDraft) => void;
}): ReactNode {
  const { t } = useWords();
  const fault = faultOf(kpi, draft);
  const name = t(`kpis.name.${kpi}`);
  const unit = <span className="dw-field-unit">{t(`kpis.unit.${formOf(kpi).unit}`)}</span>;
  const field = (of: keyof TargetDraft, isMarked: boolean): ReactNode => (
    <TextInput
      size="sm"
      label={t(`kpis.${of}`)}
      aria-label={t(`kpis.${of}Of`, { kpi: name })}
      value={draft[of]}
      inputMode="decimal"
      maxLength={12}
      rightSection={unit}
      rightSectionWidth={64}
      error={isMarked && fault !== undefined ? t(`kpis.fault.${fault}`) : undefined}
      onChange={(event) => onChange({ ...draft, [of]: event.currentTarget.value })}
    />
  );
  return (
    <div className="dw-target-row" role="group" aria-label={name}>
      <b>{name}</b>
      {field("target", fault === "number" || fault === "ratio")}
      {field("warning", fault === "below" || fault === "above")}
    </div>
  );
}
