import { Button, NumberInput, PasswordInput, Textarea, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { OutsideSettings, OutsideSettingsAnswer } from "@doppelwerk/client";
import { FormDialog, useLoad, useSentForm, useStudio, useWords } from "@doppelwerk/ui";

/** A button that opens the settings of whom the log is shown to. */
export function OutsideSettingsButton({ onChanged }: { readonly onChanged: () => void }): ReactNode {
  const { t } = useWords();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button size="sm" variant="default" onClick={() => setIsOpen(true)}>
        {t("settings.outside.setUp")}
      </Button>
      {isOpen && <LoadedDialog onClose={() => setIsOpen(false)} onChanged={onChanged} />}
    </>
  );
}

interface DialogProps {
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

function LoadedDialog(props: DialogProps): ReactNode {
  const studio = useStudio();
  const loaded = useLoad((signal) => studio.client.outsideSettings({ signal }), []);
  return loaded.value === undefined ? null : <SettingsDialog {...props} known={loaded.value} />;
}

function SettingsDialog({ known, onClose, onChanged }: DialogProps & { readonly known: OutsideSettingsAnswer }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const form = useSentForm(fieldsOf(known.settings), async (fields) => {
    await studio.client.setOutsideSettings(settingsOf(fields, known.settings));
    studio.notify("good", t("settings.outside.saved"));
    onClose();
    onChanged();
  });
  const { field, values } = form;
  return (
    <FormDialog form={form} title={t("settings.outside.setUpTitle")} size={640} submit={t("settings.accessSave")} onClose={onClose}>
      <p className="dw-fine">
        {known.hosts.length === 0 ? t("settings.outside.noHosts") : t("settings.outside.hosts", { hosts: known.hosts.join(", ") })}
      </p>
      <Textarea
        label={t("settings.outside.witnesses")}
        description={t("settings.outside.witnessesHint")}
        rows={3}
        {...field("witnesses")}
      />
      {values.witnesses.trim() !== "" && (
        <NumberInput label={t("settings.outside.needed")} min={1} max={20} allowDecimal={false} {...field("needed")} />
      )}
      <TextInput label={t("settings.outside.stampUrl")} placeholder="https://…" {...field("stampUrl")} />
      {values.stampUrl.trim() !== "" && <Textarea label={t("settings.outside.roots")} rows={4} {...field("roots")} />}
      <TextInput label={t("settings.outside.nodeUrl")} placeholder="https://…" {...field("nodeUrl")} />
      {values.nodeUrl.trim() !== "" && (
        <>
          <NumberInput label={t("settings.outside.chain")} min={1} allowDecimal={false} {...field("chain")} />
          <TextInput label={t("settings.outside.contract")} placeholder="0x…" {...field("contract")} />
          <PasswordInput
            label={t("settings.outside.key")}
            description={known.settings.anchoring === undefined ? undefined : t("settings.outside.keyStays")}
            autoComplete="off"
            {...field("key")}
          />
          <NumberInput label={t("settings.outside.confirmations")} min={1} max={10_000} allowDecimal={false} {...field("confirmations")} />
          <Textarea label={t("settings.outside.nodes")} description={t("settings.outside.nodesHint")} rows={3} {...field("nodes")} />
          {values.nodes.trim() !== "" && (
            <NumberInput label={t("settings.outside.nodesNeeded")} min={1} max={10} allowDecimal={false} {...field("nodesNeeded")} />
          )}
        </>
      )}
    </FormDialog>
  );
}

interface Fields {
  /** A key and an address in each line. */
  readonly witnesses: string;
  readonly needed: number;
  readonly stampUrl: string;
  readonly roots: string;
  readonly nodeUrl: string;
  readonly chain: number;
  readonly contract: string;
  readonly key: string;
  readonly confirmations: number;
  /** An address in each line. */
  readonly nodes: string;
  readonly nodesNeeded: number;
}

function fieldsOf({ witnesses, timeStamps, anchoring }: OutsideSettings): Fields {
  return {
    witnesses: (witnesses?.of ?? []).map(({ key, url }) => `${key} ${url}`).join("\n"),
    needed: witnesses?.needed ?? 1,
    stampUrl: timeStamps?.url ?? "",
    roots: timeStamps?.roots ?? "",
    nodeUrl: anchoring?.url ?? "",
    chain: anchoring?.chain ?? 1,
    contract: anchoring?.contract ?? "",
    key: "",
    confirmations: anchoring?.confirmations ?? 12,
    nodes: (anchoring?.independent?.of ?? []).map(({ url }) => url).join("\n"),
    nodesNeeded: anchoring?.independent?.needed ?? 1,
  };
}

const linesOf = (text: string): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** What the form does not show of each stays: authorities, intervals, limits. */
function settingsOf(fields: Fields, before: OutsideSettings): OutsideSettings {
  const witnesses = linesOf(fields.witnesses).map((line) => {
    const [key = "", url = ""] = line.split(/\s+/, 2);
    return { ...before.witnesses?.of.find((known) => known.url === url), key, url };
  });
  const nodes = linesOf(fields.nodes).map((url) => ({ ...before.anchoring?.independent?.of.find((known) => known.url === url), url }));
  const { policy: _policy, authority: _authority, ...timeStamps } = before.timeStamps ?? {};
  const { independent: _independent, contract: _contract, ...anchoring } = before.anchoring ?? {};
  const isSameStamp = before.timeStamps?.url === fields.stampUrl.trim();
  return {
    ...(witnesses.length > 0 && { witnesses: { ...before.witnesses, needed: fields.needed, of: witnesses } }),
    ...(fields.stampUrl.trim() !== "" && {
      timeStamps: { ...(isSameStamp ? before.timeStamps : timeStamps), url: fields.stampUrl.trim(), roots: fields.roots },
    }),
    ...(fields.nodeUrl.trim() !== "" && {
      anchoring: {
        ...anchoring,
        url: fields.nodeUrl.trim(),
        chain: fields.chain,
        ...(fields.contract.trim() !== "" && { contract: fields.contract.trim() }),
        ...(fields.key.trim() !== "" && { key: fields.key.trim() }),
        confirmations: fields.confirmations,
        ...(nodes.length > 0 && { independent: { needed: fields.nodesNeeded, of: nodes } }),
      },
    }),
  };
}
