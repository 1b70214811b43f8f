import { Button, Select, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Shell } from "@doppelwerk/aas";
import { putShell } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import { revisionOf } from "./aas-access.ts";
import { EditForm } from "./edit-form.tsx";
import { RemoveLine } from "./editors.tsx";
import { firstError } from "./first-error.ts";
import { NamingFields } from "./naming-fields.tsx";
import { useChange } from "./use-change.ts";
import { useDraft } from "./use-draft.ts";
import { withoutEmpty } from "./without-empty.ts";

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
  const next = withAttributes(shell, draft.next);
  const broken = draft.isBegun ? firstError(next) : undefined;
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
    <EditForm draft={draft} disabled={past} busy={busy} finding={broken} of={{ shell: shell.id }} onSave={() => void save()}>
      <TextInput
        size="sm"
        label="idShort"
        value={now.idShort ?? ""}
        spellCheck={false}
        onChange={(event) => set({ idShort: event.currentTarget.value })}
      />
      <NamingFields naming={now} onChange={set} />
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
      <SpecificAssetIds ids={now.specificAssetIds ?? []} onChange={(specificAssetIds) => set({ specificAssetIds })} />
    </EditForm>
  );
}

type SpecificAssetId = NonNullable<ShellAttributes["specificAssetIds"]>[number];

function SpecificAssetIds({
  ids,
  onChange,
}: {
  readonly ids: readonly SpecificAssetId[];
  readonly onChange: (ids: readonly SpecificAssetId[]) => void;
}): ReactNode {
  const { t } = useWords();
  return (
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
            onChange={(event) => onChange(ids.with(index, { ...id, name: event.currentTarget.value }))}
          />
          <TextInput
            size="sm"
            className="dw-grow"
            aria-label={t("assets.explorer.value")}
            placeholder={t("assets.explorer.value")}
            value={id.value}
            spellCheck={false}
            onChange={(event) => onChange(ids.with(index, { ...id, value: event.currentTarget.value }))}
          />
          <RemoveLine onClick={() => onChange(ids.toSpliced(index, 1))} />
        </div>
      ))}
      <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => onChange([...ids, { name: "", value: "" }])}>
        {t("assets.explorer.addAssetId")}
      </Button>
    </div>
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
