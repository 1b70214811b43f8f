import { Autocomplete } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ConceptDescription } from "@doppelwerk/aas";
import { getPage, queryPage } from "@doppelwerk/client";
import { aasOf, unitText, useLoad, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import { textIn } from "./meaning.ts";
import { searchQueries } from "./search.ts";

/** A repository with no more concept descriptions than this is searched in their names too, a larger one by idShort and id. */
const AT_HAND = 1_000;
const OFFERED = 30;

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
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language } = useWords();
  const [open, setOpen] = useState(false);
  const [sought] = useDebouncedValue(value.trim(), 200);
  const all = useLoad(
    open
      ? async (signal) => {
          const page = await getPage<ConceptDescription>(aasOf(studio, branch), "/concept-descriptions", { pageSize: AT_HAND, signal });
          return { concepts: page.result, isWhole: page.paging_metadata?.cursor === undefined };
        }
      : undefined,
    [branch, open],
  );
  const more = useLoad(
    open && all.value?.isWhole === false && sought.length > 2
      ? (signal) =>
          queryPage<ConceptDescription>(
            aasOf(studio, branch),
            "concept-descriptions",
            searchQueries(sought, "concept-descriptions").at(-1),
            {
              pageSize: OFFERED,
              signal,
            },
          ).then(({ result }) => result)
      : undefined,
    [branch, sought, all.value?.isWhole],
  );
  const needle = sought.toLowerCase();
  const wordsOf = (concept: ConceptDescription): string => {
    const content = concept.embeddedDataSpecifications?.[0]?.dataSpecificationContent;
    return [concept.id, concept.idShort, ...(content?.preferredName ?? []).map(({ text }) => text)].join(" ").toLowerCase();
  };
  const concepts = [...(all.value?.concepts ?? []), ...(more.value ?? [])].filter(
    (concept, index, list) => wordsOf(concept).includes(needle) && list.findIndex(({ id }) => id === concept.id) === index,
  );
  const known = new Map(concepts.map((concept) => [concept.id, concept]));
  return (
    <Autocomplete
      size="sm"
      label={label}
      value={value}
      spellCheck={false}
      placeholder={t("assets.explorer.conceptHint")}
      data={concepts.slice(0, OFFERED).map(({ id }) => id)}
      // What is offered was found by name and by id: nothing of it is left out again.
      filter={({ options }) => options}
      maxDropdownHeight={320}
      onFocus={() => setOpen(true)}
      onChange={onChange}
      renderOption={({ option }) => {
        const concept = known.get(option.value);
        const content = concept?.embeddedDataSpecifications?.[0]?.dataSpecificationContent;
        return (
          <div className="dw-concept-option">
            <b>{textIn(content?.preferredName, language) ?? concept?.idShort ?? option.value}</b>
            {content?.unit !== undefined && <span>{unitText(content.unit)}</span>}
            <small className="dw-breaks">{option.value}</small>
          </div>
        );
      }}
    />
  );
}
