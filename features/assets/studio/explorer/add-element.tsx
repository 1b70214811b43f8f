import { Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { VALUE_TYPES } from "@doppelwerk/aas";
import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import { postElement } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import { ConceptPicker } from "./concept-picker.tsx";
import { ReferenceEditor } from "./editors.tsx";
import { draftBelow, elementOf, hasValueType, itemKindOf, KINDS, kindsBelow, listOf } from "./element-draft.ts";
import type { ElementDraft, ElementKind } from "./element-draft.ts";
import { firstError } from "./first-error.ts";
import { useChange } from "./use-change.ts";

type Parent = Submodel | SubmodelElement;

/** A new element below a submodel, collection, list, entity or annotated relationship; a list says itself what it takes. */
export function AddElement({
  parent,
  submodel,
  path,
  onDone,
}: {
  readonly parent: Parent;
  readonly submodel: string;
  readonly path?: string;
  readonly onDone: () => void;
}): ReactNode {
  const { t } = useWords();
  const { busy, change } = useChange();
  const [draft, setDraft] = useState(() => draftBelow(parent));
  const list = listOf(parent);
  const element = elementOf(draft, list);
  const problem = firstError(element);
  const isNameless = list === undefined && draft.idShort.trim() === "";
  const set = (part: Partial<ElementDraft>): void => setDraft((before) => ({ ...before, ...part }));
  const add = async (): Promise<void> => {
    const what = list === undefined ? draft.idShort.trim() : (path ?? "");
    const done = await change({
      reason: t("assets.explorer.additionOf", { what }),
      done: t("assets.explorer.added", { what }),
      failed: t("assets.explorer.notAdded"),
      run: (api) => postElement(api, { submodel, ...(path !== undefined && { path }) }, element),
    });
    if (done) onDone();
  };
  return (
    <form
      className="dw-add dw-add-element"
      aria-label={t("assets.explorer.addElement")}
      onKeyDown={(event) => event.key === "Escape" && onDone()}
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === undefined) void add();
      }}
    >
      <KindFields parent={parent} draft={draft} onChange={set} />
      {list === undefined && (
        <TextInput
          size="sm"
          label="idShort"
          autoFocus
          spellCheck={false}
          value={draft.idShort}
          error={draft.idShort !== "" && problem?.path === "idShort" && problem.message}
          onChange={(event) => set({ idShort: event.currentTarget.value })}
        />
      )}
      <MeaningFields parent={parent} draft={draft} onChange={set} />
      {problem !== undefined && (list !== undefined || draft.idShort !== "") && problem.path !== "idShort" && (
        <p className="dw-note is-trouble dw-wide-field">{problem.message}</p>
      )}
      <Button size="sm" type="submit" loading={busy} disabled={problem !== undefined || isNameless}>
        {t("assets.explorer.add")}
      </Button>
      <Button size="sm" variant="default" onClick={onDone}>
        {t("frame.cancel")}
      </Button>
    </form>
  );
}

interface FieldsProps {
  readonly parent: Parent;
  readonly draft: ElementDraft;
  readonly onChange: (part: Partial<ElementDraft>) => void;
}

/** Its kind, the kind of its items where it is a list, and their value type. */
function KindFields({ parent, draft, onChange }: FieldsProps): ReactNode {
  const { t } = useWords();
  const list = listOf(parent);
  const choices = (kinds: readonly ElementKind[]) => kinds.map((kind) => ({ value: kind, label: t(`assets.explorer.kind.${kind}`) }));
  return (
    <>
      <Select
        size="sm"
        label={t("assets.explorer.type")}
        data={choices(kindsBelow(parent))}
        value={draft.kind}
        allowDeselect={false}
        disabled={itemKindOf(list) !== undefined}
        onChange={(kind) => onChange({ kind: kind ?? "Property" })}
      />
      {draft.kind === "SubmodelElementList" && (
        <Select
          size="sm"
          label={t("assets.explorer.itemKind")}
          data={choices(KINDS)}
          value={draft.itemKind}
          allowDeselect={false}
          onChange={(itemKind) => onChange({ itemKind: itemKind ?? "SubmodelElementCollection" })}
        />
      )}
      {hasValueType(draft) && (
        <Select
          size="sm"
          label={t("assets.explorer.valueType")}
          data={[...VALUE_TYPES]}
          value={draft.valueType}
          allowDeselect={false}
          searchable
          disabled={list?.valueTypeListElement !== undefined}
          onChange={(valueType) => onChange({ valueType: valueType ?? "xs:string" })}
        />
      )}
    </>
  );
}

/** Its concept, unless the list gives it; and what an event observes. */
function MeaningFields({ parent, draft, onChange }: FieldsProps): ReactNode {
  const { t } = useWords();
  return (
    <>
      {listOf(parent)?.semanticIdListElement === undefined && (
        <ConceptPicker label={t("assets.explorer.semanticId")} value={draft.concept} onChange={(concept) => onChange({ concept })} />
      )}
      {draft.kind === "BasicEventElement" && (
        <div className="dw-wide-field">
          <ReferenceEditor
            label={t("assets.explorer.observed")}
            reference={draft.observed}
            onChange={(observed) => onChange({ observed })}
          />
        </div>
      )}
    </>
  );
}
