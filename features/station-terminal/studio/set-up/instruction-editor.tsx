import { Button, FileButton, NativeSelect, NumberInput, Switch, Textarea, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Dialog, useProposedEdit, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { Instruction } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import { InstructionFields, type InstructionStep, type StepCheck } from "../../model/instruction-kind.ts";

interface Props {
  readonly edited: Instruction | undefined;
  readonly onClose: () => void;
  readonly onStored: () => void;
}

/** A step as it is edited, with a picture that was chosen and is not sent yet. */
interface Draft {
  readonly step: InstructionStep;
  readonly file?: File;
}

const EMPTY: InstructionStep = { title: { en: "", zh: "" } };

/** The steps of a product at a station: from live they are proposed on a branch, on a branch they are stored there. */
export function InstructionEditor({ edited, onClose, onStored }: Props): ReactNode {
  const { t } = useWords();
  const { client } = useStudio();
  const [head, setHead] = useState({
    product: edited?.fields.product ?? "",
    station: edited?.fields.station ?? "",
    needsFirstPiece: edited?.fields.needsFirstPiece ?? false,
  });
  const [drafts, setDrafts] = useState<readonly Draft[]>(() => (edited?.fields.steps ?? [EMPTY]).map((step) => ({ step })));
  const { busy, isLive, edit } = useProposedEdit(t("stationTerminal.notStored"), () => {
    onClose();
    onStored();
  });
  const fields = InstructionFields.safeParse({ ...head, steps: drafts.map(({ step }) => step) });
  const store = (): void => {
    if (!fields.success) return;
    edit(t("stationTerminal.instruction.branch"), async (branch) => {
      const { id } = await calls.storeInstruction(client, { query: { branch }, body: { fields: fields.data } });
      for (const [at, { file }] of drafts.entries())
        if (file !== undefined)
          await calls.setPicture(client, {
            params: { instruction: id, step: String(at) },
            query: { branch },
            body: new Uint8Array(await file.arrayBuffer()),
          });
    });
  };
  const change = (at: number, next: Draft | undefined): void =>
    setDrafts(drafts.flatMap((draft, index) => (index !== at ? [draft] : next === undefined ? [] : [next])));
  return (
    <Dialog opened onClose={onClose} title={t("stationTerminal.instruction.title")} size={960}>
      <HeadFields head={head} isNew={edited === undefined} onChange={setHead} />
      {drafts.map((draft, at) => (
        <StepFields key={at} at={at} draft={draft} onChange={(next) => change(at, next)} canRemove={drafts.length > 1} />
      ))}
      <div className="dw-dialog-foot">
        <Button variant="default" disabled={drafts.length >= 50} onClick={() => setDrafts([...drafts, { step: EMPTY }])}>
          {t("stationTerminal.instruction.addStep")}
        </Button>
        <span className="dw-grow" />
        <Button variant="default" onClick={onClose}>
          {t("frame.cancel")}
        </Button>
        <Button loading={busy} disabled={!fields.success} onClick={store}>
          {t(isLive ? "stationTerminal.propose" : "stationTerminal.store")}
        </Button>
      </div>
    </Dialog>
  );
}

type Head = Pick<InstructionFields, "product" | "station" | "needsFirstPiece">;
interface HeadProps {
  readonly head: Head;
  readonly isNew: boolean;
  readonly onChange: (head: Head) => void;
}

function HeadFields({ head, isNew, onChange }: HeadProps): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-ts-fields">
      <TextInput
        label={t("stationTerminal.column.station")}
        required
        maxLength={200}
        disabled={!isNew}
        value={head.station}
        onChange={({ currentTarget: { value } }) => onChange({ ...head, station: value })}
      />
      <TextInput
        label={t("stationTerminal.label.product")}
        description={t("stationTerminal.instruction.productText")}
        maxLength={100}
        disabled={!isNew}
        value={head.product}
        onChange={({ currentTarget: { value } }) => onChange({ ...head, product: value })}
      />
      <Switch
        label={t("stationTerminal.instruction.firstPiece")}
        checked={head.needsFirstPiece}
        onChange={({ currentTarget: { checked } }) => onChange({ ...head, needsFirstPiece: checked })}
      />
    </div>
  );
}

interface StepProps {
  readonly at: number;
  readonly draft: Draft;
  readonly canRemove: boolean;
  readonly onChange: (next: Draft | undefined) => void;
}

function StepFields({ at, draft, canRemove, onChange }: StepProps): ReactNode {
  const { t } = useWords();
  const { step, file } = draft;
  const set = (next: Partial<InstructionStep>): void => onChange({ ...draft, step: { ...step, ...next } });
  const text = step.text ?? { en: "", zh: "" };
  return (
    <fieldset className="dw-ts-editstep">
      <legend>{t("stationTerminal.instruction.stepOf", { at: at + 1 })}</legend>
      {(["en", "zh"] as const).map((language) => (
        <TextInput
          key={language}
          label={t(language === "en" ? "stationTerminal.column.titleEn" : "stationTerminal.column.titleZh")}
          required
          maxLength={200}
          value={step.title[language]}
          onChange={({ currentTarget: { value } }) => set({ title: { ...step.title, [language]: value } })}
        />
      ))}
      {(["en", "zh"] as const).map((language) => (
        <Textarea
          key={language}
          label={t(language === "en" ? "stationTerminal.instruction.textEn" : "stationTerminal.instruction.textZh")}
          maxLength={2_000}
          autosize
          value={text[language]}
          onChange={({ currentTarget: { value } }) => set({ text: { ...text, [language]: value } })}
        />
      ))}
      <TextInput
        label={t("stationTerminal.instruction.tool")}
        maxLength={100}
        value={step.tool ?? ""}
        onChange={({ currentTarget: { value } }) => set({ tool: value })}
      />
      <NumberInput
        label={t("stationTerminal.instruction.plannedS")}
        min={0}
        suffix=" s"
        value={step.plannedS ?? ""}
        onChange={(value) =>
          onChange({ ...draft, step: withoutUndefined({ ...step, plannedS: value === "" ? undefined : Number(value) }) })
        }
      />
      <CheckFields check={step.check} onChange={(check) => onChange({ ...draft, step: withoutUndefined({ ...step, check }) })} />
      <span className="dw-ts-acts">
        <FileButton accept="image/jpeg,image/png,image/webp" onChange={(next) => next !== null && onChange({ ...draft, file: next })}>
          {(props) => (
            <Button variant="default" {...props}>
              {file?.name ??
                t(step.picture === undefined ? "stationTerminal.instruction.picture" : "stationTerminal.instruction.otherPicture")}
            </Button>
          )}
        </FileButton>
        <Button variant="subtle" color="gray" disabled={!canRemove} onClick={() => onChange(undefined)}>
          {t("stationTerminal.remove")}
        </Button>
      </span>
    </fieldset>
  );
}

function CheckFields({
  check,
  onChange,
}: {
  readonly check: StepCheck | undefined;
  readonly onChange: (check: StepCheck | undefined) => void;
}): ReactNode {
  const { t } = useWords();
  const checkOf = (kind: string): StepCheck | undefined =>
    kind === "yesNo" ? { kind } : kind === "value" ? { kind, unit: "mm" } : undefined;
  const limit = (name: "low" | "high") => (value: string | number) =>
    check?.kind === "value" && onChange(withoutUndefined({ ...check, [name]: value === "" ? undefined : Number(value) }));
  return (
    <>
      <NativeSelect
        label={t("stationTerminal.instruction.check")}
        value={check?.kind ?? "none"}
        data={(["none", "yesNo", "value"] as const).map((value) => ({ value, label: t(`stationTerminal.instruction.check.${value}`) }))}
        onChange={({ currentTarget: { value } }) => onChange(checkOf(value))}
      />
      {check?.kind === "value" && (
        <>
          <TextInput
            label={t("stationTerminal.column.unit")}
            maxLength={20}
            value={check.unit}
            onChange={({ currentTarget: { value } }) => onChange({ ...check, unit: value })}
          />
          <NumberInput label={t("stationTerminal.instruction.low")} value={check.low ?? ""} onChange={limit("low")} />
          <NumberInput label={t("stationTerminal.instruction.high")} value={check.high ?? ""} onChange={limit("high")} />
        </>
      )}
    </>
  );
}

const withoutUndefined = <Value extends object>(value: { [K in keyof Value]: Value[K] | undefined }): Value =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;
