import { Button, NativeSelect, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog, inLanguage, useProposedEdit, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { KnownReason } from "../../contract.ts";
import { reasonCode, ReasonFields, TIME_ELEMENTS, type TimeElement } from "../../model/reason-kind.ts";

/** A reason that is there, or a new one: of a group, or a group itself. */
export interface EditedReason {
  readonly group: string | undefined;
  readonly reason?: KnownReason;
}

interface Props {
  readonly edited: EditedReason;
  readonly reasons: readonly KnownReason[];
  readonly onClose: () => void;
  readonly onStored: () => void;
}

interface Draft {
  readonly step: string;
  readonly en: string;
  readonly zh: string;
  readonly element: TimeElement;
  readonly stations: string;
  readonly isRetired: boolean;
}

/** One group or reason: from live it is proposed on a branch of its own, on a branch it is stored there. */
export function ReasonEditor({ edited, reasons, onClose, onStored }: Props): ReactNode {
  const { t, language } = useWords();
  const { client } = useStudio();
  const { reason, group } = edited;
  const [draft, setDraft] = useState(() => draftOf(edited, reasons));
  const { busy, isLive, edit } = useProposedEdit(t("losses.tree.failed"), () => {
    onClose();
    onStored();
  });
  const code = reason?.code ?? (group === undefined ? draft.step.trim() : `${group}.${draft.step.trim()}`);
  const fields = fieldsOf(draft, reason, group, reasons);
  const isKnown = reason === undefined && reasons.some((each) => each.code === code);
  const store = (): void => {
    if (fields === undefined) return;
    edit(t("losses.tree.branch"), (branch) =>
      calls.storeReason(client, { params: { code }, query: { branch }, body: { fields, expected: reason?.fields ?? null } }),
    );
  };
  const title = reason === undefined ? undefined : inLanguage(reason.fields.title, language);
  return (
    <Dialog
      opened
      onClose={onClose}
      title={title ?? t(group === undefined ? "losses.tree.addGroup" : "losses.tree.addReason")}
      size={480}
      centered
    >
      <form
        className="dw-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          store();
        }}
      >
        <Fields
          draft={draft}
          isNew={reason === undefined}
          group={group}
          code={code}
          isKnown={isKnown}
          onChange={(next) => setDraft({ ...draft, ...next })}
        />
        <p className="dw-note" role="status">
          {t(draft.isRetired ? "losses.tree.retiredText" : "losses.tree.effect")}
        </p>
        <div className="dw-dialog-foot">
          {reason?.isStored === true && (
            <Button
              variant="subtle"
              color="gray"
              disabled={busy}
              onClick={() => edit(t("losses.tree.branch"), (branch) => calls.removeReason(client, { params: { code }, query: { branch } }))}
            >
              {t(reason.shipped === undefined ? "losses.tree.remove" : "losses.tree.asShipped")}
            </Button>
          )}
          <span className="dw-grow" />
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={fields === undefined || isKnown || !reasonCode.safeParse(code).success}>
            {t(isLive ? "losses.tree.propose" : "losses.tree.store")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  readonly draft: Draft;
  readonly isNew: boolean;
  readonly group: string | undefined;
  readonly code: string;
  readonly isKnown: boolean;
  readonly onChange: (next: Partial<Draft>) => void;
}

function Fields({ draft, isNew, group, code, isKnown, onChange }: FieldsProps): ReactNode {
  const { t } = useWords();
  const fault = isKnown
    ? t("losses.tree.known", { code })
    : draft.step !== "" && !reasonCode.safeParse(code).success
      ? t("losses.fault.code", { code })
      : undefined;
  return (
    <>
      {isNew && (
        <TextInput
          label={t("losses.tree.code")}
          description={group === undefined ? t("losses.tree.codeText") : t("losses.tree.codeOf", { group })}
          required
          maxLength={40}
          value={draft.step}
          error={fault}
          onChange={({ currentTarget: { value } }) => onChange({ step: value })}
        />
      )}
      <TextInput
        label={t("losses.tree.en")}
        required
        value={draft.en}
        onChange={({ currentTarget: { value } }) => onChange({ en: value })}
      />
      <TextInput
        label={t("losses.tree.zh")}
        required
        value={draft.zh}
        onChange={({ currentTarget: { value } }) => onChange({ zh: value })}
      />
      <NativeSelect
        label={t("losses.tree.element")}
        data={TIME_ELEMENTS.map((each) => ({ value: each, label: `${each} · ${t(`losses.tree.element.${each}`)}` }))}
        value={draft.element}
        onChange={({ currentTarget: { value } }) => onChange({ element: value as TimeElement })}
      />
      <TextInput
        label={t("losses.tree.stations")}
        description={t("losses.tree.stationsText")}
        value={draft.stations}
        onChange={({ currentTarget: { value } }) => onChange({ stations: value })}
      />
      <Switch
        label={t("losses.tree.retire")}
        checked={draft.isRetired}
        onChange={({ currentTarget: { checked } }) => onChange({ isRetired: checked })}
      />
    </>
  );
}

function draftOf({ reason, group }: EditedReason, reasons: readonly KnownReason[]): Draft {
  const element = reason?.fields.element ?? reasons.find(({ code }) => code === group)?.fields.element ?? "ADET";
  const { title = { en: "", zh: "" }, stations = [], isRetired = false } = reason?.fields ?? {};
  return { step: "", en: title.en, zh: title.zh, element, stations: stations.join(", "), isRetired };
}

/** Undefined while they are not whole. */
function fieldsOf(
  { en, zh, element, stations, isRetired }: Draft,
  reason: KnownReason | undefined,
  group: string | undefined,
  reasons: readonly KnownReason[],
): ReasonFields | undefined {
  const beside = reasons.filter((each) => each.group === group).map(({ fields }) => fields.order);
  const parsed = ReasonFields.safeParse({
    title: { en: en.trim(), zh: zh.trim() },
    element,
    order: reason?.fields.order ?? Math.min(9_999, Math.max(-1, ...beside) + 1),
    stations: stations
      .split(",")
      .map((station) => station.trim())
      .filter((station) => station !== ""),
    isRetired,
  });
  return parsed.success ? parsed.data : undefined;
}
