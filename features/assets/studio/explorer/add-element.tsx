import { Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { VALUE_TYPES, validate } from "@doppelwerk/aas";
import type { Reference, Submodel, SubmodelElement } from "@doppelwerk/aas";
import { postElement } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import { ConceptPicker } from "./concept-picker.tsx";
import { ReferenceEditor } from "./editors.tsx";
import { useChange } from "./use-change.ts";

const kinds = [
  "Property",
  "MultiLanguageProperty",
  "Range",
  "File",
  "Blob",
  "ReferenceElement",
  "RelationshipElement",
  "AnnotatedRelationshipElement",
  "Entity",
  "Operation",
  "Capability",
  "BasicEventElement",
  "SubmodelElementCollection",
  "SubmodelElementList",
] as const;
const dataKinds: readonly string[] = ["Property", "MultiLanguageProperty", "Range", "File", "Blob", "ReferenceElement"];

/** A new element below a submodel, collection, list, entity or annotated relationship; a list says itself what it takes. */
export function AddElement({
  parent,
  submodel,
  path,
  onDone,
}: {
  readonly parent: Submodel | SubmodelElement;
  readonly submodel: string;
  readonly path?: string;
  readonly onDone: () => void;
}): ReactNode {
  const { t } = useWords();
  const { busy, change } = useChange();
  const list = parent.modelType === "SubmodelElementList" ? parent : undefined;
  const wanted = kinds.find((kind) => kind === list?.typeValueListElement);
  // An annotation holds data: nothing that contains elements.
  const offered = parent.modelType === "AnnotatedRelationshipElement" ? kinds.filter((each) => dataKinds.includes(each)) : kinds;
  const [kind, setKind] = useState<string>(wanted ?? "Property");
  const [valueType, setValueType] = useState<string>(list?.valueTypeListElement ?? "xs:string");
  const [idShort, setIdShort] = useState("");
  const [concept, setConcept] = useState("");
  const [itemKind, setItemKind] = useState<string>("SubmodelElementCollection");
  const [observed, setObserved] = useState<Reference | undefined>(undefined);
  const isTyped = kind === "Property" || kind === "Range";
  const isTypedList = kind === "SubmodelElementList" && (itemKind === "Property" || itemKind === "Range");
  const element = {
    modelType: kind,
    ...(list === undefined && { idShort: idShort.trim() }),
    ...(list?.semanticIdListElement !== undefined
      ? { semanticId: list.semanticIdListElement }
      : concept.trim() !== "" && { semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: concept.trim() }] } }),
    ...(isTyped && { valueType }),
    ...(kind === "SubmodelElementList" && {
      typeValueListElement: itemKind,
      orderRelevant: true,
      ...(isTypedList && { valueTypeListElement: valueType }),
    }),
    ...(kind === "Entity" && { entityType: "CoManagedEntity" }),
    ...(kind === "BasicEventElement" && { direction: "output", state: "on", ...(observed !== undefined && { observed }) }),
  } as unknown as SubmodelElement;
  const problem = validate(element).find(({ severity }) => severity === "error");
  const add = async (): Promise<void> => {
    const what = list === undefined ? idShort.trim() : (path ?? "");
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
      <Select
        size="sm"
        label={t("assets.explorer.type")}
        data={offered.map((each) => ({ value: each, label: t(`assets.explorer.kind.${each}`) }))}
        value={kind}
        allowDeselect={false}
        disabled={wanted !== undefined}
        onChange={(value) => setKind(value ?? "Property")}
      />
      {kind === "SubmodelElementList" && (
        <Select
          size="sm"
          label={t("assets.explorer.itemKind")}
          data={kinds.map((each) => ({ value: each, label: t(`assets.explorer.kind.${each}`) }))}
          value={itemKind}
          allowDeselect={false}
          onChange={(value) => setItemKind(value ?? "SubmodelElementCollection")}
        />
      )}
      {(isTyped || isTypedList) && (
        <Select
          size="sm"
          label={t("assets.explorer.valueType")}
          data={[...VALUE_TYPES]}
          value={valueType}
          allowDeselect={false}
          searchable
          disabled={list?.valueTypeListElement !== undefined}
          onChange={(value) => setValueType(value ?? "xs:string")}
        />
      )}
      {list === undefined && (
        <TextInput
          size="sm"
          label="idShort"
          autoFocus
          spellCheck={false}
          value={idShort}
          error={idShort !== "" && problem?.path === "idShort" && problem.message}
          onChange={(event) => setIdShort(event.currentTarget.value)}
        />
      )}
      {list?.semanticIdListElement === undefined && (
        <ConceptPicker label={t("assets.explorer.semanticId")} value={concept} onChange={setConcept} />
      )}
      {kind === "BasicEventElement" && (
        <div className="dw-wide-field">
          <ReferenceEditor label={t("assets.explorer.observed")} reference={observed} onChange={setObserved} />
        </div>
      )}
      {problem !== undefined && (list !== undefined || idShort !== "") && problem.path !== "idShort" && (
        <p className="dw-note is-trouble dw-wide-field">{problem.message}</p>
      )}
      <Button size="sm" type="submit" loading={busy} disabled={problem !== undefined || (list === undefined && idShort.trim() === "")}>
        {t("assets.explorer.add")}
      </Button>
      <Button size="sm" variant="default" onClick={onDone}>
        {t("frame.cancel")}
      </Button>
    </form>
  );
}
