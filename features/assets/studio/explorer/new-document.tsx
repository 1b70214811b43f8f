import { Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { validate } from "@doppelwerk/aas";
import type { ConceptDescription, Reference, Shell, Submodel } from "@doppelwerk/aas";
import { postConceptDescription, postShell, postSubmodel } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import { ConceptPicker } from "./concept-picker.tsx";
import type { ExplorerMoves } from "./explorer.tsx";
import { assetKinds } from "./shell-editor.tsx";
import { useChange } from "./use-change.ts";

export type NewKind = "shells" | "submodels" | "concepts";

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
  const [id, setId] = useState(() => `urn:uuid:${crypto.randomUUID()}`);
  const [idShort, setIdShort] = useState("");
  const [assetKind, setAssetKind] = useState<string>("Instance");
  // AASd-131: an asset has an id of its own.
  const [asset, setAsset] = useState(() => `urn:uuid:${crypto.randomUUID()}`);
  const [concept, setConcept] = useState("");
  const named = { id: id.trim(), ...(idShort.trim() !== "" && { idShort: idShort.trim() }) };
  const meaning: Reference = { type: "ExternalReference", keys: [{ type: "GlobalReference", value: concept.trim() }] };
  const document =
    kind === "shells"
      ? ({
          modelType: "AssetAdministrationShell",
          ...named,
          assetInformation: { assetKind, ...(asset.trim() !== "" && { globalAssetId: asset.trim() }) },
        } as Shell)
      : kind === "submodels"
        ? ({ modelType: "Submodel", ...named, ...(concept.trim() !== "" && { semanticId: meaning }) } as Submodel)
        : ({ modelType: "ConceptDescription", ...named } as ConceptDescription);
  const problem = validate(document).find(({ severity }) => severity === "error")?.message;
  const create = async (): Promise<void> => {
    const what = idShort.trim() || id.trim();
    const done = await change({
      reason: t("assets.explorer.additionOf", { what }),
      done: t("assets.explorer.added", { what }),
      failed: t("assets.explorer.notAdded"),
      run: (api) =>
        document.modelType === "AssetAdministrationShell"
          ? postShell(api, document)
          : document.modelType === "Submodel"
            ? postSubmodel(api, document, shell)
            : postConceptDescription(api, document),
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
      <TextInput
        size="sm"
        label="idShort"
        autoFocus
        value={idShort}
        spellCheck={false}
        onChange={(event) => setIdShort(event.currentTarget.value)}
      />
      <TextInput
        size="sm"
        label={t("assets.explorer.id")}
        value={id}
        spellCheck={false}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      {kind === "shells" && (
        <>
          <Select
            size="sm"
            label={t("assets.explorer.assetKind")}
            data={assetKinds.map((each) => ({ value: each, label: t(`assets.explorer.assetKinds.${each}`) }))}
            value={assetKind}
            allowDeselect={false}
            onChange={(value) => setAssetKind(value ?? "Instance")}
          />
          <TextInput
            size="sm"
            label={t("assets.explorer.globalAssetId")}
            value={asset}
            spellCheck={false}
            onChange={(event) => setAsset(event.currentTarget.value)}
          />
        </>
      )}
      {kind === "submodels" && <ConceptPicker label={t("assets.explorer.semanticId")} value={concept} onChange={setConcept} />}
      {idShort !== "" && problem !== undefined && (
        <p className="dw-note is-trouble" role="alert">
          {problem}
        </p>
      )}
      <div className="dw-edit-foot">
        <Button size="sm" variant="default" onClick={onDone}>
          {t("frame.cancel")}
        </Button>
        <Button size="sm" type="submit" loading={busy} disabled={problem !== undefined || idShort.trim() === ""}>
          {t("assets.explorer.add")}
        </Button>
      </div>
    </form>
  );
}
