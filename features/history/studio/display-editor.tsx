import { Button, TextInput } from "@mantine/core";
import { IconAdjustments } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog, answerOf, signalName, unitText, useLoad, useProposedEdit, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import { isInOrder, type DisplayBands } from "../model/display-kind.ts";

const BOUNDS = ["warningLow", "low", "high", "warningHigh"] as const;
type Field = (typeof BOUNDS)[number] | "decimals";
type Draft = Readonly<Record<Field, string>>;

/** Opens the form of how a signal is shown. */
export function DisplayButton({ id }: { readonly id: string | undefined }): ReactNode {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  if (id === undefined) return null;
  return (
    <>
      <Button size="compact-sm" variant="default" leftSection={<IconAdjustments size={14} />} onClick={() => setOpen(true)}>
        {t("history.display.edit")}
      </Button>
      {isOpen && <DisplayEditor id={id} onClose={() => setOpen(false)} />}
    </>
  );
}

function DisplayEditor({ id, onClose }: { readonly id: string; readonly onClose: () => void }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { branch } = useStore(studio.address.store);
  const loaded = useLoad(answerOf(calls.displays, { query: { branch } }, { kinds: ["signalDisplay"] }));
  const name = signalName(studio.signals.entry(id), language, id);
  return (
    <Dialog opened onClose={onClose} title={t("history.display.title", { signal: name })} size={520} centered>
      {loaded.kind === "failed" && <p className="dw-note is-trouble">{loaded.message}</p>}
      {loaded.value !== undefined && (
        <DisplayForm id={id} name={name} stored={loaded.value.find(({ signal }) => signal === id)?.bands ?? {}} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface FormProps {
  readonly id: string;
  readonly name: string;
  readonly stored: DisplayBands;
  readonly onClose: () => void;
}

/** From live it is proposed on a branch of its own, on a branch it is stored there. What is empty is as the engineering file says. */
function DisplayForm({ id, name, stored, onClose }: FormProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [draft, setDraft] = useState<Draft>(() => draftOf(stored));
  const { busy, isLive, edit } = useProposedEdit(t("history.display.failed"), onClose);
  const bands = bandsOf(draft);
  const declared = studio.signals.declared(id);
  const isFault = bands === undefined || !isInOrder({ ...declaredBounds(declared), ...bands });
  const store = (to: DisplayBands): void =>
    edit(t("history.display.branch", { signal: name }), (branch) =>
      calls.storeDisplay(studio.client, { params: { signal: id }, query: { branch }, body: { bands: to, expected: stored } }),
    );
  const field = (of: Field): ReactNode => (
    <TextInput
      key={of}
      size="sm"
      label={t(`history.display.${of}`)}
      value={draft[of]}
      inputMode="decimal"
      maxLength={16}
      placeholder={placeholderOf(of, declared) ?? t(of === "decimals" ? "history.display.auto" : "history.display.none")}
      rightSection={
        of === "decimals" || declared?.unit === undefined ? undefined : <span className="dw-field-unit">{unitText(declared.unit)}</span>
      }
      rightSectionWidth={52}
      error={isReadable(of, draft[of]) ? undefined : t("history.display.noNumber")}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setDraft((held) => ({ ...held, [of]: text }));
      }}
    />
  );
  return (
    <form
      className="dw-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (bands !== undefined && !isFault) store(bands);
      }}
    >
      <div className="dw-two">
        {BOUNDS.map(field)}
        {field("decimals")}
      </div>
      <p className={`dw-note${isFault ? " is-trouble" : ""}`} role="status">
        {t(bands !== undefined && isFault ? "history.fault.bands" : "history.display.effect")}
      </p>
      <div className="dw-dialog-foot">
        {Object.keys(stored).length > 0 && (
          <Button variant="subtle" color="gray" disabled={busy} onClick={() => store({})}>
            {t("history.display.asDeclared")}
          </Button>
        )}
        <span className="dw-grow" />
        <Button variant="default" onClick={onClose}>
          {t("frame.cancel")}
        </Button>
        <Button type="submit" loading={busy} disabled={isFault}>
          {t(isLive ? "history.display.propose" : "history.display.store")}
        </Button>
      </div>
    </form>
  );
}

export function draftOf(bands: DisplayBands): Draft {
  const text = (value: number | undefined): string => (value === undefined ? "" : String(value));
  const { warningLow, low, high, warningHigh, decimals } = bands;
  return { warningLow: text(warningLow), low: text(low), high: text(high), warningHigh: text(warningHigh), decimals: text(decimals) };
}

/** Undefined while a field cannot be read. */
export function bandsOf(draft: Draft): DisplayBands | undefined {
  const bands: Partial<Record<Field, number>> = {};
  for (const of of [...BOUNDS, "decimals"] as const) {
    if (!isReadable(of, draft[of])) return undefined;
    if (draft[of].trim() !== "") bands[of] = numberOf(draft[of]);
  }
  return bands;
}

function isReadable(of: Field, text: string): boolean {
  if (text.trim() === "") return true;
  const value = numberOf(text);
  return of === "decimals" ? Number.isInteger(value) && value >= 0 && value <= 6 : Number.isFinite(value);
}

function numberOf(text: string): number {
  return Number(text.trim().replace(",", ".").replace("−", "-"));
}

type Declared = ReturnType<ReturnType<typeof useStudio>["signals"]["declared"]>;

function declaredBounds(declared: Declared): Pick<DisplayBands, "low" | "high"> {
  const { low, high } = declared ?? {};
  return { ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
}

/** What holds where nothing is written. */
function placeholderOf(of: Field, declared: Declared): string | undefined {
  const value = of === "low" ? declared?.low : of === "high" ? declared?.high : undefined;
  return value === undefined ? undefined : String(value);
}
