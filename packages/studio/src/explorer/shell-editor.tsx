import { Button, Select, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { validate } from "@doppelwerk/aas";
import type { Shell } from "@doppelwerk/aas";
import { putShell } from "@doppelwerk/client";
import { useWords } from "../session/context.tsx";
import { LanguageLines, RemoveLine } from "./editors.tsx";
import { useChange } from "./use-change.ts";

export const assetKinds = ["Instance", "Type", "Role", "NotApplicable"] as const;

/** Names of a shell and what it says of its asset. */
export function ShellEditor({ shell, past }: { readonly shell: Shell; readonly past: boolean }): ReactNode {
  const { t } = useWords();
  const { busy, change } = useChange();
  const [draft, setDraft] = useState<Shell | undefined>(undefined);
  const [wrong, setWrong] = useState<string | undefined>(undefined);
  const [turn, setTurn] = useState(0);
  const now = draft ?? shell;
  const asset = now.assetInformation;
  const set = (next: Partial<Shell>): void => setDraft(withoutEmpty({ ...now, ...next }));
  const setAsset = (next: Partial<Shell["assetInformation"]>): void => set({ assetInformation: withoutEmpty({ ...asset, ...next }) });
  const ids = asset.specificAssetIds ?? [];
  const problem = draft === undefined ? undefined : (wrong ?? validate(draft).find(({ severity }) => severity === "error")?.message);
  const forget = (): void => {
    setDraft(undefined);
    setWrong(undefined);
    setTurn(turn + 1);
  };
  const what = shell.idShort ?? shell.id;
  const save = async (): Promise<void> => {
    const done = await change({
      reason: t("explorer.attributesOf", { what }),
      done: t("explorer.saved", { what }),
      failed: t("explorer.notSaved", { what }),
      run: (api) => putShell(api, now),
    });
    if (done) forget();
  };
  return (
    <form
      key={turn}
      className="dw-attributes"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <fieldset disabled={past} className="dw-plain">
        <TextInput
          size="sm"
          label="idShort"
          value={now.idShort ?? ""}
          spellCheck={false}
          onChange={(event) => set({ idShort: event.currentTarget.value })}
        />
        <LanguageLines
          label={t("explorer.displayName")}
          texts={shell.displayName ?? []}
          onChange={(displayName, problemOf) => {
            setWrong(problemOf);
            set({ displayName });
          }}
        />
        <LanguageLines
          label={t("explorer.description")}
          texts={shell.description ?? []}
          onChange={(description, problemOf) => {
            setWrong(problemOf);
            set({ description });
          }}
        />
        <Select
          size="sm"
          label={t("explorer.assetKind")}
          data={assetKinds.map((kind) => ({ value: kind, label: t(`explorer.assetKinds.${kind}`) }))}
          value={asset.assetKind}
          allowDeselect={false}
          onChange={(kind) => setAsset({ assetKind: kind as Shell["assetInformation"]["assetKind"] })}
        />
        <TextInput
          size="sm"
          label={t("explorer.globalAssetId")}
          value={asset.globalAssetId ?? ""}
          spellCheck={false}
          onChange={(event) => setAsset({ globalAssetId: event.currentTarget.value })}
        />
        <TextInput
          size="sm"
          label={t("explorer.assetType")}
          value={asset.assetType ?? ""}
          spellCheck={false}
          onChange={(event) => setAsset({ assetType: event.currentTarget.value })}
        />
        <div className="dw-languages" role="group" aria-label={t("explorer.specificAssetIds")}>
          <span className="dw-label">{t("explorer.specificAssetIds")}</span>
          {ids.map((id, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- lines have no other identity while they are typed
            <div key={index} className="dw-language-line dw-asset-id-line">
              <TextInput
                size="sm"
                aria-label={t("explorer.name")}
                placeholder={t("explorer.name")}
                value={id.name}
                spellCheck={false}
                onChange={(event) => setAsset({ specificAssetIds: ids.with(index, { ...id, name: event.currentTarget.value }) })}
              />
              <TextInput
                size="sm"
                className="dw-grow"
                aria-label={t("explorer.value")}
                placeholder={t("explorer.value")}
                value={id.value}
                spellCheck={false}
                onChange={(event) => setAsset({ specificAssetIds: ids.with(index, { ...id, value: event.currentTarget.value }) })}
              />
              <RemoveLine onClick={() => setAsset({ specificAssetIds: ids.filter((_, each) => each !== index) })} />
            </div>
          ))}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => setAsset({ specificAssetIds: [...ids, { name: "", value: "" }] })}
          >
            {t("explorer.addAssetId")}
          </Button>
        </div>
      </fieldset>
      {draft !== undefined && (
        <div className="dw-edit-foot">
          {problem !== undefined && (
            <p className="dw-note is-trouble dw-grow" role="alert">
              {problem}
            </p>
          )}
          <Button size="sm" variant="default" onClick={forget}>
            {t("frame.cancel")}
          </Button>
          <Button size="sm" type="submit" loading={busy} disabled={problem !== undefined}>
            {t("frame.save")}
          </Button>
        </div>
      )}
    </form>
  );
}

function withoutEmpty<T extends object>(given: T): T {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== "" && !(Array.isArray(value) && value.length === 0)),
  ) as T;
}
