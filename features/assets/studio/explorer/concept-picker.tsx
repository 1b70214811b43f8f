import { Autocomplete } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ConceptDescription } from "@doppelwerk/aas";
import { unitText, useWords } from "@doppelwerk/kit/studio";
import { textIn } from "./meaning.ts";
import { useFoundConcepts } from "./use-found-concepts.ts";

const MAX_OFFERED = 30;

/** The id of a concept: typed, or picked from the concept descriptions of the repository by its name in the reader's language. */
export function ConceptPicker({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (id: string) => void;
}): ReactNode {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  const [text] = useDebouncedValue(value.trim(), 200);
  const concepts = useFoundConcepts(text, isOpen, MAX_OFFERED);
  const byId = new Map(concepts.map((concept) => [concept.id, concept]));
  return (
    <Autocomplete
      size="sm"
      label={label}
      value={value}
      spellCheck={false}
      placeholder={t("assets.explorer.conceptHint")}
      data={concepts.slice(0, MAX_OFFERED).map(({ id }) => id)}
      // What is offered was found by name and by id: nothing of it is left out again.
      filter={({ options }) => options}
      maxDropdownHeight={320}
      onFocus={() => setOpen(true)}
      onChange={onChange}
      renderOption={({ option }) => <Option id={option.value} concept={byId.get(option.value)} />}
    />
  );
}

function Option({ id, concept }: { readonly id: string; readonly concept: ConceptDescription | undefined }): ReactNode {
  const { language } = useWords();
  const content = concept?.embeddedDataSpecifications?.[0]?.dataSpecificationContent;
  return (
    <div className="dw-concept-option">
      <b>{textIn(content?.preferredName, language) ?? concept?.idShort ?? id}</b>
      {content?.unit !== undefined && <span>{unitText(content.unit)}</span>}
      <small className="dw-breaks">{id}</small>
    </div>
  );
}
