import { Select, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { metadataOf, VALUE_TYPES } from "@doppelwerk/aas";
import type { Reference, Submodel, SubmodelElement, ValueType } from "@doppelwerk/aas";
import { putElement, writeMetadata } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import { cleaned, hasMetadataForm, ownQualifiers, type Attributes } from "./attributes.ts";
import { ConceptPicker } from "./concept-picker.tsx";
import { EditForm } from "./edit-form.tsx";
import { ReferenceEditor } from "./editors.tsx";
import { firstError } from "./first-error.ts";
import { NamingFields } from "./naming-fields.tsx";
import { Qualifiers } from "./qualifiers.tsx";
import { useChange } from "./use-change.ts";
import { useDraft } from "./use-draft.ts";

/** Names, meaning and qualifiers of a submodel or element, to be read or changed. */
export function AttributesPanel({
  node,
  submodel,
  path,
  past,
  revision,
}: {
  readonly node: Submodel | SubmodelElement;
  readonly submodel: string;
  readonly path?: string;
  readonly past: boolean;
  /** At which the node was read. */
  readonly revision: number | undefined;
}): ReactNode {
  const { t } = useWords();
  const { busy, change } = useChange();
  const draft = useDraft<Attributes>(metadataOf(node) as Attributes);
  const { shown: now, set } = draft;
  const next = cleaned({ ...draft.next });
  const broken = draft.isBegun ? firstError({ ...node, ...next }) : undefined;
  const what = path ?? node.idShort ?? submodel;
  const save = async (): Promise<void> => {
    const done = await change({
      reason: t("assets.explorer.attributesOf", { what }),
      done: t("assets.explorer.saved", { what }),
      failed: t("assets.explorer.notSaved", { what }),
      since: revision,
      run: (api) =>
        path !== undefined && !hasMetadataForm(node)
          ? putElement(api, { submodel, path }, cleaned({ ...node, ...draft.next }) as unknown as SubmodelElement)
          : writeMetadata(api, { submodel, ...(path !== undefined && { path }) }, next),
    });
    if (done) draft.saved();
  };
  return (
    <EditForm
      draft={draft}
      disabled={past}
      busy={busy}
      finding={broken}
      of={{ submodel, ...(path !== undefined && { path }) }}
      onSave={() => void save()}
    >
      <NamingFields naming={now} onChange={set} />
      <SemanticId reference={now.semanticId} onChange={(semanticId) => set({ semanticId })} />
      {now.valueType !== undefined && (
        <Select
          size="sm"
          label={t("assets.explorer.valueType")}
          data={[...VALUE_TYPES]}
          value={now.valueType}
          allowDeselect={false}
          searchable
          onChange={(type) => set({ valueType: type as ValueType })}
        />
      )}
      {node.modelType === "Submodel" && (
        <VersionFields administration={now.administration} onChange={(administration) => set({ administration })} />
      )}
      <Qualifiers qualifiers={ownQualifiers(now.qualifiers)} onChange={(qualifiers) => set({ qualifiers })} />
    </EditForm>
  );
}

/** Picked among the concepts where it is one key; key by key otherwise. */
function SemanticId({
  reference,
  onChange,
}: {
  readonly reference: Reference | undefined;
  readonly onChange: (reference: Reference | undefined) => void;
}): ReactNode {
  const { t } = useWords();
  const label = t("assets.explorer.semanticId");
  if (reference !== undefined && reference.keys.length !== 1)
    return <ReferenceEditor label={label} reference={reference} onChange={onChange} />;
  const [key] = reference?.keys ?? [];
  const pick = (id: string): void =>
    onChange(
      id.trim() === ""
        ? undefined
        : { type: "ExternalReference", ...reference, keys: [{ type: "GlobalReference", ...key, value: id.trim() }] },
    );
  return <ConceptPicker label={label} value={key?.value ?? ""} onChange={pick} />;
}

function VersionFields({
  administration = {},
  onChange,
}: {
  readonly administration: Attributes["administration"];
  readonly onChange: (administration: Attributes["administration"]) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-two">
      {(["version", "revision"] as const).map((name) => (
        <TextInput
          key={name}
          size="sm"
          label={t(`assets.explorer.${name}`)}
          value={administration[name] ?? ""}
          onChange={(event) => {
            const { [name]: _, ...rest } = administration;
            const text = event.currentTarget.value;
            onChange(text === "" ? rest : { ...rest, [name]: text });
          }}
        />
      ))}
    </div>
  );
}
