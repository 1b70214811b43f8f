import { ActionIcon, Autocomplete, Button, SegmentedControl, Select, Textarea, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { isLexical, jsonOfLexical } from "@doppelwerk/aas";
import type {
  Entity,
  LangString,
  MultiLanguageProperty,
  Property,
  Range,
  Reference,
  SubmodelElement,
  ValueOnly,
  ValueType,
} from "@doppelwerk/aas";
import { useWords } from "@doppelwerk/kit/studio";

/** What an editor has: the value-only form to be written, or what is wrong with what was typed. */
export interface Draft {
  readonly value?: ValueOnly;
  readonly problem?: string;
}

export type Editable = Extract<
  SubmodelElement,
  {
    readonly modelType:
      | "Property"
      | "MultiLanguageProperty"
      | "Range"
      | "ReferenceElement"
      | "RelationshipElement"
      | "AnnotatedRelationshipElement"
      | "Entity";
  }
>;

const edited = new Set([
  "Property",
  "MultiLanguageProperty",
  "Range",
  "ReferenceElement",
  "RelationshipElement",
  "AnnotatedRelationshipElement",
  "Entity",
]);

/** Whether its own value is edited here; files have a panel of their own, what contains elements is edited element by element. */
export function hasEditor(element: SubmodelElement): element is Editable {
  return edited.has(element.modelType);
}

/** The editor that fits the type. `values`: what its concept description allows. */
export function ValueEditor({
  element,
  values,
  onChange,
}: {
  readonly element: Editable;
  readonly values: readonly string[];
  readonly onChange: (draft: Draft) => void;
}): ReactNode {
  switch (element.modelType) {
    case "Property":
      return <PropertyEditor element={element} values={values} onChange={onChange} />;
    case "MultiLanguageProperty":
      return <LanguagesEditor element={element} onChange={onChange} />;
    case "Range":
      return <RangeEditor element={element} onChange={onChange} />;
    case "ReferenceElement":
      return <OneReference element={element} onChange={onChange} />;
    case "RelationshipElement":
    case "AnnotatedRelationshipElement":
      return <TwoReferences first={element.first} second={element.second} onChange={onChange} />;
    case "Entity":
      return <EntityEditor element={element} onChange={onChange} />;
  }
}

/** A text that must be of a value type; the check is the metamodel's own. */
export function LexicalInput({
  label,
  name = label,
  type,
  text,
  values = [],
  placeholder,
  onText,
}: {
  /** Empty where `name` says to screen readers what the place says to others. */
  readonly label: string;
  readonly name?: string;
  readonly type: ValueType;
  readonly text: string;
  readonly values?: readonly string[];
  readonly placeholder?: string | undefined;
  readonly onText: (text: string) => void;
}): ReactNode {
  const { t } = useWords();
  const problem = text === "" || isLexical(text, type) ? undefined : t("assets.explorer.notOfType", { type });
  const hint = { ...(placeholder !== undefined && { placeholder }), ...(label !== name && { "aria-label": name }) };
  if (type === "xs:boolean")
    return (
      <div className="dw-field">
        {label !== "" && <span>{label}</span>}
        <SegmentedControl
          size="sm"
          aria-label={name}
          value={text === "true" || text === "1" ? "true" : text === "false" || text === "0" ? "false" : ""}
          data={[
            { value: "true", label: t("value.yes") },
            { value: "false", label: t("value.no") },
          ]}
          onChange={onText}
        />
      </div>
    );
  if (values.length > 0)
    return <Autocomplete size="sm" label={label} data={[...new Set(values)]} value={text} onChange={onText} error={problem} {...hint} />;
  if (type === "xs:string" && text.length > 80)
    return (
      <Textarea
        size="sm"
        autosize
        maxRows={12}
        label={label}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        {...hint}
      />
    );
  return (
    <TextInput
      size="sm"
      label={label}
      value={text}
      onChange={(event) => onText(event.currentTarget.value)}
      error={problem}
      spellCheck={false}
      {...hint}
    />
  );
}

function PropertyEditor({
  element,
  values,
  onChange,
}: {
  readonly element: Property;
  readonly values: readonly string[];
  readonly onChange: (draft: Draft) => void;
}): ReactNode {
  const { t } = useWords();
  const [text, setText] = useState(element.value ?? "");
  const type = element.valueType;
  return (
    <LexicalInput
      label={t("assets.explorer.value")}
      type={type}
      text={text}
      values={values}
      onText={(next) => {
        setText(next);
        onChange(isLexical(next, type) ? { value: jsonOfLexical(next, type) } : { problem: t("assets.explorer.notOfType", { type }) });
      }}
    />
  );
}

function RangeEditor({ element, onChange }: { readonly element: Range; readonly onChange: (draft: Draft) => void }): ReactNode {
  const { t } = useWords();
  const [ends, setEnds] = useState({ min: element.min ?? "", max: element.max ?? "" });
  const type = element.valueType;
  const change = (next: typeof ends): void => {
    setEnds(next);
    const given = Object.entries(next).filter(([, text]) => text !== "");
    if (given.some(([, text]) => !isLexical(text, type))) return onChange({ problem: t("assets.explorer.notOfType", { type }) });
    onChange({ value: Object.fromEntries(given.map(([name, text]) => [name, jsonOfLexical(text, type)])) as ValueOnly });
  };
  return (
    <div className="dw-two">
      <LexicalInput label={t("assets.explorer.min")} type={type} text={ends.min} onText={(min) => change({ ...ends, min })} />
      <LexicalInput label={t("assets.explorer.max")} type={type} text={ends.max} onText={(max) => change({ ...ends, max })} />
    </div>
  );
}

function LanguagesEditor({
  element,
  onChange,
}: {
  readonly element: MultiLanguageProperty;
  readonly onChange: (draft: Draft) => void;
}): ReactNode {
  return (
    <LanguageLines
      texts={element.value?.length ? element.value : [{ language: "en", text: "" }]}
      onChange={(texts, problem) =>
        onChange(problem === undefined ? { value: texts.map(({ language, text }) => ({ [language]: text })) } : { problem })
      }
    />
  );
}

const LANGUAGE_TAG = /^[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*$/;

/** A text in several languages, a line each. `label` stands above them all. */
export function LanguageLines({
  label,
  texts: given,
  onChange,
}: {
  readonly label?: string;
  readonly texts: readonly LangString[];
  readonly onChange: (texts: readonly LangString[], problem: string | undefined) => void;
}): ReactNode {
  const [texts, setTexts] = useState<readonly LangString[]>(given);
  const { t } = useWords();
  const change = (next: readonly LangString[]): void => {
    setTexts(next);
    const tags = next.map(({ language }) => language.toLowerCase());
    const wrong = next.find(({ language }) => !LANGUAGE_TAG.test(language));
    const problem =
      wrong !== undefined
        ? t("assets.explorer.notLanguage", { what: wrong.language })
        : new Set(tags).size < tags.length
          ? t("assets.explorer.languageTwice")
          : undefined;
    onChange(next, problem);
  };
  const next = ["en", "zh", "de"].find((tag) => !texts.some(({ language }) => language.toLowerCase().startsWith(tag))) ?? "";
  return (
    <div className="dw-languages" role="group" aria-label={label}>
      {label !== undefined && <span className="dw-label">{label}</span>}
      {texts.map(({ language, text }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines have no other identity while they are typed
        <div key={index} className="dw-language-line">
          <TextInput
            size="sm"
            aria-label={t("assets.explorer.language")}
            value={language}
            error={!LANGUAGE_TAG.test(language)}
            onChange={(event) => change(texts.with(index, { language: event.currentTarget.value, text }))}
          />
          <Textarea
            size="sm"
            autosize
            maxRows={10}
            className="dw-grow"
            aria-label={t("assets.explorer.textIn", { language })}
            value={text}
            onChange={(event) => change(texts.with(index, { language, text: event.currentTarget.value }))}
          />
          <RemoveLine onClick={() => change(texts.filter((_, each) => each !== index))} />
        </div>
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() => change([...texts, { language: next, text: "" }])}
      >
        {t("assets.explorer.addLanguage")}
      </Button>
    </div>
  );
}

export function RemoveLine({ onClick }: { readonly onClick: () => void }): ReactNode {
  const { t } = useWords();
  return (
    <ActionIcon variant="subtle" color="gray" size={34} aria-label={t("assets.explorer.removeLine")} onClick={onClick}>
      <IconTrash size={15} />
    </ActionIcon>
  );
}

const keyTypes = [
  "GlobalReference",
  "FragmentReference",
  "AssetAdministrationShell",
  "Submodel",
  "ConceptDescription",
  "SubmodelElementCollection",
  "SubmodelElementList",
  "Property",
  "MultiLanguageProperty",
  "Range",
  "File",
  "Blob",
  "Entity",
  "Operation",
  "ReferenceElement",
  "RelationshipElement",
  "AnnotatedRelationshipElement",
  "Capability",
  "BasicEventElement",
] as const;

/** A reference key by key. Global things first make it external, things of the model make it a model reference. */
export function ReferenceEditor({
  label,
  reference,
  onChange,
}: {
  readonly label: string;
  readonly reference: Reference | undefined;
  readonly onChange: (reference: Reference | undefined) => void;
}): ReactNode {
  const { t } = useWords();
  const [keys, setKeys] = useState<Reference["keys"]>(reference?.keys ?? [{ type: "GlobalReference", value: "" }]);
  const change = (next: Reference["keys"]): void => {
    setKeys(next);
    const given = next.filter(({ value }) => value.trim() !== "");
    const isModel = ["AssetAdministrationShell", "Submodel", "ConceptDescription"].includes(given[0]?.type ?? "");
    onChange(given.length === 0 ? undefined : { ...reference, type: isModel ? "ModelReference" : "ExternalReference", keys: given });
  };
  return (
    <fieldset className="dw-reference">
      <legend>{label}</legend>
      {keys.map((key, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a key is known by its place
        <div key={index} className="dw-language-line">
          <Select
            size="sm"
            aria-label={t("assets.explorer.keyType")}
            data={[...keyTypes]}
            value={key.type}
            allowDeselect={false}
            onChange={(type) => change(keys.with(index, { ...key, type: type as (typeof keyTypes)[number] }))}
          />
          <TextInput
            size="sm"
            className="dw-grow"
            aria-label={t("assets.explorer.keyValue")}
            value={key.value}
            spellCheck={false}
            onChange={(event) => change(keys.with(index, { ...key, value: event.currentTarget.value }))}
          />
          <RemoveLine onClick={() => change(keys.filter((_, each) => each !== index))} />
        </div>
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() => change([...keys, { type: "Property", value: "" }])}
      >
        {t("assets.explorer.addKey")}
      </Button>
    </fieldset>
  );
}

function OneReference({
  element,
  onChange,
}: {
  readonly element: Extract<SubmodelElement, { readonly modelType: "ReferenceElement" }>;
  readonly onChange: (draft: Draft) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <ReferenceEditor
      label={t("assets.explorer.value")}
      reference={element.value}
      onChange={(next) => onChange(next === undefined ? { problem: t("assets.explorer.noKey") } : { value: next as unknown as ValueOnly })}
    />
  );
}

function TwoReferences({
  first,
  second,
  onChange,
}: {
  readonly first: Reference | undefined;
  readonly second: Reference | undefined;
  readonly onChange: (draft: Draft) => void;
}): ReactNode {
  const { t } = useWords();
  const [ends, setEnds] = useState({ first, second });
  const change = (next: { first: Reference | undefined; second: Reference | undefined }): void => {
    setEnds(next);
    const given = Object.entries(next).filter(([, reference]) => reference !== undefined);
    onChange({ value: Object.fromEntries(given) as unknown as ValueOnly });
  };
  return (
    <>
      <ReferenceEditor label={t("assets.explorer.first")} reference={first} onChange={(next) => change({ ...ends, first: next })} />
      <ReferenceEditor label={t("assets.explorer.second")} reference={second} onChange={(next) => change({ ...ends, second: next })} />
    </>
  );
}

function EntityEditor({ element, onChange }: { readonly element: Entity; readonly onChange: (draft: Draft) => void }): ReactNode {
  const { t } = useWords();
  const [given, setGiven] = useState({ entityType: element.entityType ?? "CoManagedEntity", globalAssetId: element.globalAssetId ?? "" });
  const change = (next: { entityType: "CoManagedEntity" | "SelfManagedEntity"; globalAssetId: string }): void => {
    setGiven(next);
    const { entityType, globalAssetId } = next;
    // AASd-014: what manages itself has an asset id of its own, what is managed by others has none.
    if (entityType === "SelfManagedEntity" && globalAssetId.trim() === "" && element.specificAssetIds === undefined)
      return onChange({ problem: t("assets.explorer.needsAssetId") });
    onChange({ value: { entityType, ...(entityType === "SelfManagedEntity" && globalAssetId !== "" && { globalAssetId }) } });
  };
  return (
    <>
      <div className="dw-field">
        <span>{t("assets.explorer.entityType")}</span>
        <SegmentedControl
          size="sm"
          aria-label={t("assets.explorer.entityType")}
          value={given.entityType}
          data={[
            { value: "CoManagedEntity", label: t("assets.explorer.coManaged") },
            { value: "SelfManagedEntity", label: t("assets.explorer.selfManaged") },
          ]}
          onChange={(value) => change({ ...given, entityType: value as typeof given.entityType })}
        />
      </div>
      {given.entityType === "SelfManagedEntity" && (
        <TextInput
          size="sm"
          label={t("assets.explorer.globalAssetId")}
          value={given.globalAssetId}
          spellCheck={false}
          onChange={(event) => change({ ...given, globalAssetId: event.currentTarget.value })}
        />
      )}
    </>
  );
}
