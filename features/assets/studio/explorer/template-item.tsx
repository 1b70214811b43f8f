import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { ConceptDescription, SubmodelElement } from "@doppelwerk/aas";
import { valueListOf } from "@doppelwerk/aas/template";
import type { FormField } from "@doppelwerk/aas/template";
import { unitText, useWords } from "@doppelwerk/kit/studio";
import { LexicalInput, ReferenceEditor } from "./editors.tsx";

interface ItemProps<Element extends SubmodelElement = SubmodelElement> {
  readonly element: Element;
  readonly field: FormField;
  readonly unit: string | undefined;
  readonly concepts: ReadonlyMap<string, ConceptDescription>;
  readonly onChange: (element: SubmodelElement) => void;
}

type Of<Name extends SubmodelElement["modelType"]> = Extract<SubmodelElement, { readonly modelType: Name }>;

/** The editor of one element of a template. */
export function TemplateItem(props: ItemProps): ReactNode {
  const { t } = useWords();
  const { element } = props;
  switch (element.modelType) {
    case "Property":
      return <PropertyItem {...props} element={element} />;
    case "MultiLanguageProperty":
      return <LanguagesItem {...props} element={element} />;
    case "Range":
      return <RangeItem {...props} element={element} />;
    case "ReferenceElement":
      return <ReferenceItem {...props} element={element} />;
    case "File":
      return (
        <p className="dw-quiet">
          {element.idShort} · {t("assets.explorer.kind.File")} · {t("assets.explorer.later")}
        </p>
      );
    default:
      return <b className="dw-template-name">{element.idShort}</b>;
  }
}

/** An item of a list has no name of its own. */
function useItemLabel({ element, unit }: ItemProps): string {
  const { t } = useWords();
  return `${element.idShort ?? t("assets.explorer.value")}${unit === undefined ? "" : ` (${unitText(unit)})`}`;
}

function PropertyItem(props: ItemProps<Of<"Property">>): ReactNode {
  const { element, field, unit, concepts, onChange } = props;
  const { rules, template } = field;
  const label = useItemLabel(props);
  // the frame around it shows the name already
  const shownLabel = unit === undefined ? "" : unitText(unit);
  const example = rules.example ?? ("value" in template && typeof template.value === "string" ? template.value : undefined);
  const values = [...rules.choices, ...valueListOf(template, (id) => concepts.get(id)).map(({ value }) => value)];
  const write = (text: string): void => {
    const { value: _, ...rest } = element;
    onChange(text === "" ? rest : { ...rest, value: text });
  };
  return (
    <LexicalInput
      label={shownLabel}
      name={label}
      type={element.valueType}
      text={element.value ?? ""}
      values={values}
      placeholder={example}
      onText={write}
    />
  );
}

function LanguagesItem(props: ItemProps<Of<"MultiLanguageProperty">>): ReactNode {
  const { element, field, onChange } = props;
  const { rules } = field;
  const label = useItemLabel(props);
  const languages = [...new Set([...rules.requiredLanguages, ...(element.value ?? []).map(({ language }) => language), "en", "zh"])];
  return (
    <div className="dw-two">
      {languages.map((language) => (
        <TextInput
          key={language}
          size="sm"
          label={language}
          aria-label={`${label} · ${language}`}
          value={element.value?.find((each) => each.language === language)?.text ?? ""}
          onChange={(event) => {
            const text = event.currentTarget.value;
            const others = (element.value ?? []).filter((each) => each.language !== language);
            const { value: _, ...rest } = element;
            const value = text === "" ? others : [...others, { language, text }];
            onChange(value.length === 0 ? rest : { ...rest, value });
          }}
        />
      ))}
    </div>
  );
}

function RangeItem(props: ItemProps<Of<"Range">>): ReactNode {
  const { t } = useWords();
  const { element, onChange } = props;
  const label = useItemLabel(props);
  return (
    <div className="dw-two">
      <LexicalInput
        label={`${label} · ${t("assets.explorer.min")}`}
        type={element.valueType}
        text={element.min ?? ""}
        onText={(min) => onChange({ ...element, min })}
      />
      <LexicalInput
        label={`${label} · ${t("assets.explorer.max")}`}
        type={element.valueType}
        text={element.max ?? ""}
        onText={(max) => onChange({ ...element, max })}
      />
    </div>
  );
}

function ReferenceItem(props: ItemProps<Of<"ReferenceElement">>): ReactNode {
  const { element, onChange } = props;
  const label = useItemLabel(props);
  return (
    <ReferenceEditor
      label={label}
      reference={element.value}
      onChange={(value) => {
        const { value: _, ...rest } = element;
        onChange(value === undefined ? rest : { ...rest, value });
      }}
    />
  );
}
