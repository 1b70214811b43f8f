import { Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ConceptDescription, Shell, Submodel } from "@doppelwerk/aas";
import { postConceptDescription, postShell, postSubmodel } from "@doppelwerk/client";
import type { AasApi } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import { ConceptPicker } from "./concept-picker.tsx";
import { documentOf, emptyDocument } from "./document-draft.ts";
import type { DocumentDraft, NewKind } from "./document-draft.ts";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { firstError } from "./first-error.ts";
import { assetKinds } from "./shell-editor.tsx";
import { useChange } from "./use-change.ts";

/** A new shell, submodel or concept description; a submodel can be put to a shell at once. */
export function NewDocument({
  kind,
  shell,
  moves,
  onDone,
}: {
  readonly kind: NewKind;
  readonly shell?: string;
  readonly moves: ExplorerMoves;
  readonly onDone: () => void;
}): ReactNode {
  const { t } = useWords();
  const { busy, change } = useChange();
  const [draft, setDraft] = useState(emptyDocument);
  const set = (part: Partial<DocumentDraft>): void => setDraft((before) => ({ ...before, ...part }));
  const document = documentOf(kind, draft);
  const problem = firstError(document)?.message;
  const create = async (): Promise<void> => {
    const what = draft.idShort.trim() || document.id;
    const done = await change({
      reason: t("assets.explorer.additionOf", { what }),
      done: t("assets.explorer.added", { what }),
      failed: t("assets.explorer.notAdded"),
      run: (api) => post(api, document, shell),
    });
    if (!done) return;
    onDone();
    if (kind === "shells") moves.go({ mode: "shells", shell: document.id });
    else if (kind === "concepts") moves.go({ mode: "concepts", concept: document.id });
    else moves.go({ mode: shell === undefined ? "submodels" : "shells", ...(shell !== undefined && { shell }), submodel: document.id });
  };
  return (
    <form
      className="dw-new"
      aria-label={t(`assets.explorer.new.${kind}`)}
      onKeyDown={(event) => event.key === "Escape" && onDone()}
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === undefined) void create();
      }}
    >
      <IdFields draft={draft} onChange={set} />
      {kind === "shells" && <AssetFields draft={draft} onChange={set} />}
      {kind === "submodels" && (
        <ConceptPicker label={t("assets.explorer.semanticId")} value={draft.concept} onChange={(concept) => set({ concept })} />
      )}
      {draft.idShort !== "" && problem !== undefined && (
        <p className="dw-note is-trouble" role="alert">
          {problem}
        </p>
      )}
      <div className="dw-edit-foot">
        <Button size="sm" variant="default" onClick={onDone}>
          {t("frame.cancel")}
        </Button>
        <Button size="sm" type="submit" loading={busy} disabled={problem !== undefined || draft.idShort.trim() === ""}>
          {t("assets.explorer.add")}
        </Button>
      </div>
    </form>
  );
}

function post(api: AasApi, document: Shell | Submodel | ConceptDescription, shell: string | undefined): Promise<unknown> {
  if (document.modelType === "AssetAdministrationShell") return postShell(api, document);
  return document.modelType === "Submodel" ? postSubmodel(api, document, shell) : postConceptDescription(api, document);
}

interface FieldsProps {
  readonly draft: DocumentDraft;
  readonly onChange: (part: Partial<DocumentDraft>) => void;
}

function IdFields({ draft, onChange }: FieldsProps): ReactNode {
  const { t } = useWords();
  return (
    <>
      <TextInput
        size="sm"
        label="idShort"
        autoFocus
        value={draft.idShort}
        spellCheck={false}
        onChange={(event) => onChange({ idShort: event.currentTarget.value })}
      />
      <TextInput
        size="sm"
        label={t("assets.explorer.id")}
        value={draft.id}
        spellCheck={false}
        onChange={(event) => onChange({ id: event.currentTarget.value })}
      />
    </>
  );
}

/** Which asset a shell is of. */
function AssetFields({ draft, onChange }: FieldsProps): ReactNode {
  const { t } = useWords();
  return (
    <>
      <Select
        size="sm"
        label={t("assets.explorer.assetKind")}
        data={assetKinds.map((each) => ({ value: each, label: t(`assets.explorer.assetKinds.${each}`) }))}
        value={draft.assetKind}
        allowDeselect={false}
        onChange={(assetKind) => onChange({ assetKind: assetKind ?? "Instance" })}
      />
      <TextInput
        size="sm"
        label={t("assets.explorer.globalAssetId")}
        value={draft.asset}
        spellCheck={false}
        onChange={(event) => onChange({ asset: event.currentTarget.value })}
      />
    </>
  );
}
