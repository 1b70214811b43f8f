import { Button, Select, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { validate } from "@doppelwerk/aas";
import type { Shell } from "@doppelwerk/aas";
import { putShell } from "@doppelwerk/client";
import { FindingText, useWords } from "@doppelwerk/kit/studio";
import { revisionOf } from "./aas-access.ts";
import { EditFoot } from "./edit-foot.tsx";
import { LanguageLines, RemoveLine } from "./editors.tsx";
import { useChange } from "./use-change.ts";
import { useDraft } from "./use-draft.ts";

export const assetKinds = ["Instance", "Type", "Role", "NotApplicable"] as const;

/** What is changed here of a shell. */
type ShellAttributes = Pick<Shell, "idShort" | "displayName" | "description"> &
  Pick<Shell["assetInformation"], "assetKind" | "globalAssetId" | "assetType" | "specificAssetIds">;

/** Names of a shell and what it says of its asset. */
export function ShellEditor({ shell, past }: { readonly shell: Shell; readonly past: boolean }): ReactNode {
  const { t } = useWords();
  const { busy, change } = useChange();
  const draft = useDraft(attributesOf(shell));
  const { shown: now, set } = draft;
  const ids = now.specificAssetIds ?? [];
  const next = withAttributes(shell, draft.next);
  const broken = draft.isBegun ? validate(next).find(({ severity }) => severity === "error") : undefined;
  const what = shell.idShort ?? shell.id;
  const save = async (): Promise<void> => {
    const done = await change({
      reason: t("assets.explorer.attributesOf", { what }),
      done: t("assets.explorer.saved", { what }),
      failed: t("assets.explorer.notSaved", { what }),
      since: revisionOf(shell),
      run: (api) => putShell(api, next),
    });
    if (done) draft.saved();
  };
  return (
    <form
      key={draft.key}
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
          label={t("assets.explorer.displayName")}
          texts={now.displayName ?? []}
          onChange={(displayName, wrong) => set({ displayName }, wrong)}
        />
        <LanguageLines
          label={t("assets.explorer.description")}
          texts={now.description ?? []}
          onChange={(description, wrong) => set({ description }, wrong)}
        />
        <Select
          size="sm"
          label={t("assets.explorer.assetKind")}
          data={assetKinds.map((kind) => ({ value: kind, label: t(`assets.explorer.assetKinds.${kind}`) }))}
          value={now.assetKind}
          allowDeselect={false}
          onChange={(kind) => set({ assetKind: kind as ShellAttributes["assetKind"] })}
        />
        <TextInput
          size="sm"
          label={t("assets.explorer.globalAssetId")}
          value={now.globalAssetId ?? ""}
          spellCheck={false}
          onChange={(event) => set({ globalAssetId: event.currentTarget.value })}
        />
        <TextInput
          size="sm"
          label={t("assets.explorer.assetType")}
          value={now.assetType ?? ""}
          spellCheck={false}
          onChange={(event) => set({ assetType: event.currentTarget.value })}
        />
        <div className="dw-languages" role="group" aria-label={t("assets.explorer.specificAssetIds")}>
          <span className="dw-label">{t("assets.explorer.specificAssetIds")}</span>
          {ids.map((id, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- lines have no other identity while they are typed
            <div key={index} className="dw-language-line dw-asset-id-line">
              <TextInput
                size="sm"
                aria-label={t("assets.explorer.name")}
                placeholder={t("assets.explorer.name")}
                value={id.name}
                spellCheck={false}
                onChange={(event) => set({ specificAssetIds: ids.with(index, { ...id, name: event.currentTarget.value }) })}
              />
              <TextInput
                size="sm"
                className="dw-grow"
                aria-label={t("assets.explorer.value")}
                placeholder={t("assets.explorer.value")}
                value={id.value}
                spellCheck={false}
                onChange={(event) => set({ specificAssetIds: ids.with(index, { ...id, value: event.currentTarget.value }) })}
              />
              <RemoveLine onClick={() => set({ specificAssetIds: ids.filter((_, each) => each !== index) })} />
            </div>
          ))}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => set({ specificAssetIds: [...ids, { name: "", value: "" }] })}
          >
            {t("assets.explorer.addAssetId")}
          </Button>
        </div>
      </fieldset>
      {draft.isBegun && (
        <EditFoot
          busy={busy}
          problem={draft.problem ?? (broken && <FindingText finding={broken} />)}
          overtaken={
            draft.overtaken.length === 0 ? undefined : draft.overtaken.map((name) => t.or(`assets.explorer.${name}`, name)).join(", ")
          }
          of={{ shell: shell.id }}
          onForget={draft.forget}
        />
      )}
    </form>
  );
}

function attributesOf({ idShort, displayName, description, assetInformation }: Shell): ShellAttributes {
  const { assetKind, globalAssetId, assetType, specificAssetIds } = assetInformation;
  return withoutEmpty({ idShort, displayName, description, assetKind, globalAssetId, assetType, specificAssetIds }) as ShellAttributes;
}

/** The shell as it is by now, with these attributes. */
function withAttributes(shell: Shell, attributes: ShellAttributes): Shell {
  const { idShort, displayName, description, ...asset } = attributes;
  const { assetInformation } = shell;
  return withoutEmpty({
    ...shell,
    idShort,
    displayName,
    description,
    assetInformation: withoutEmpty({ ...assetInformation, ...asset }),
  }) as Shell;
}

/** Without what was emptied: an empty text or list is none in this metamodel. */
function withoutEmpty(given: object): object {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0)),
  );
}
