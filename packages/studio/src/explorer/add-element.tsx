import { Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { VALUE_TYPES, validate } from "@doppelwerk/aas";
import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import { postElement } from "@doppelwerk/client";
import { errorText } from "../language/error-text.ts";
import { useStudio, useWords } from "../session/context.tsx";
import { useStore } from "../store.ts";
import { aasOf } from "./aas-access.ts";

const kinds = [
  "Property",
  "MultiLanguageProperty",
  "Range",
  "File",
  "Blob",
  "ReferenceElement",
  "RelationshipElement",
  "Entity",
  "Capability",
  "SubmodelElementCollection",
  "SubmodelElementList",
] as const;

/** A new element below a submodel, collection, list or entity; a list says itself what it takes. */
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
  const studio = useStudio();
  const { t } = useWords();
  const { branch } = useStore(studio.address.store);
  const list = parent.modelType === "SubmodelElementList" ? parent : undefined;
  const wanted = kinds.find((kind) => kind === list?.typeValueListElement);
  const [kind, setKind] = useState<string>(wanted ?? "Property");
  const [valueType, setValueType] = useState<string>(list?.valueTypeListElement ?? "xs:string");
  const [idShort, setIdShort] = useState("");
  const [busy, setBusy] = useState(false);
  const element = {
    modelType: kind,
    ...(list === undefined && { idShort: idShort.trim() }),
    ...(list?.semanticIdListElement !== undefined && { semanticId: list.semanticIdListElement }),
    ...((kind === "Property" || kind === "Range") && { valueType }),
    ...(kind === "SubmodelElementList" && { typeValueListElement: "SubmodelElement" }),
    ...(kind === "Entity" && { entityType: "CoManagedEntity" }),
  } as unknown as SubmodelElement;
  const problem = validate(element).find(({ severity }) => severity === "error");
  const add = async (): Promise<void> => {
    setBusy(true);
    try {
      const what = list === undefined ? idShort.trim() : (path ?? "");
      await postElement(
        aasOf(studio, branch, t("explorer.additionOf", { what })),
        { submodel, ...(path !== undefined && { path }) },
        element,
      );
      studio.commits.update((count) => count + 1);
      studio.notify("good", t("explorer.added", { what }));
      onDone();
    } catch (error) {
      studio.notify("trouble", t("explorer.notAdded"), errorText(error));
    }
    setBusy(false);
  };
  return (
    <form
      className="dw-add dw-add-element"
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === undefined) void add();
      }}
    >
      <Select
        size="sm"
        label={t("explorer.type")}
        data={[...kinds]}
        value={kind}
        allowDeselect={false}
        disabled={wanted !== undefined}
        onChange={(value) => setKind(value ?? "Property")}
      />
      {(kind === "Property" || kind === "Range") && (
        <Select
          size="sm"
          label={t("explorer.valueType")}
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
          error={idShort !== "" && problem?.message}
          onChange={(event) => setIdShort(event.currentTarget.value)}
        />
      )}
      <Button size="sm" type="submit" loading={busy} disabled={problem !== undefined || (list === undefined && idShort.trim() === "")}>
        {t("explorer.add")}
      </Button>
      <Button size="sm" variant="default" onClick={onDone}>
        {t("frame.cancel")}
      </Button>
    </form>
  );
}
