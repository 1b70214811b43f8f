import { useCallback, useEffect, useState } from "react";
import type { ConceptDescription, Submodel, SubmodelElement } from "@doppelwerk/aas";
import { aasOf, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { conceptDescriptions } from "./aas-access.ts";
import { conceptOf, meaningOf } from "./meaning.ts";
import type { Meaning } from "./meaning.ts";
import { placedElements } from "./submodel-csv.ts";

/** Of one document; what more concepts mean is told where the element itself is opened. */
const MAX_CONCEPTS = 300;

/** What elements of a document mean: at once what they say themselves, then what their concept descriptions say. */
export function useMeanings(document: Submodel | SubmodelElement | undefined): (element: SubmodelElement) => Meaning {
  const studio = useStudio();
  const { branch } = useScope();
  const { language } = useWords();
  const commits = useStore(studio.commits);
  const [known, setKnown] = useState<ReadonlyMap<string, ConceptDescription>>(new Map());
  useEffect(() => {
    if (document === undefined) return undefined;
    let wanted = true;
    const elements = document.modelType === "Submodel" ? [] : [document];
    const concepts = new Set([...elements, ...placedElements(document).map(({ element }) => element)].map(conceptOf));
    const ids = [...concepts].filter((id) => id !== undefined).slice(0, MAX_CONCEPTS);
    void conceptDescriptions(aasOf(studio, branch), ids).then((found) => {
      if (wanted && found.size > 0) setKnown(found);
    });
    return () => {
      wanted = false;
    };
  }, [document, studio, branch, commits]);
  return useCallback((element) => meaningOf(element, known.get(conceptOf(element) ?? ""), language), [known, language]);
}
