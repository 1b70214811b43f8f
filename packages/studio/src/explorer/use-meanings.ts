import { useCallback, useEffect, useState } from "react";
import type { ConceptDescription, Submodel, SubmodelElement } from "@doppelwerk/aas";
import { useStudio, useWords } from "../session/context.tsx";
import { useStore } from "../store.ts";
import { aasOf, conceptDescription } from "./aas-access.ts";
import { conceptOf, meaningOf } from "./meaning.ts";
import type { Meaning } from "./meaning.ts";
import { placedElements } from "./submodel-csv.ts";

/** Concept descriptions asked for at once. */
const AT_ONCE = 6;
/** Of one document; what more concepts mean is told where the element itself is opened. */
const MOST = 300;

/** What elements of a document mean: at once what they say themselves, then what their concept descriptions say. */
export function useMeanings(document: Submodel | SubmodelElement | undefined): (element: SubmodelElement) => Meaning {
  const studio = useStudio();
  const { language } = useWords();
  const { branch } = useStore(studio.address.store);
  const [known, setKnown] = useState<ReadonlyMap<string, ConceptDescription>>(new Map());
  useEffect(() => {
    if (document === undefined) return undefined;
    let wanted = true;
    const elements = document.modelType === "Submodel" ? [] : [document];
    const concepts = new Set([...elements, ...placedElements(document).map(({ element }) => element)].map(conceptOf));
    concepts.delete(undefined);
    const queue = [...concepts].slice(0, MOST) as string[];
    const found = new Map<string, ConceptDescription>();
    const work = async (): Promise<void> => {
      for (let id = queue.shift(); id !== undefined && wanted; id = queue.shift()) {
        const description = await conceptDescription(aasOf(studio, branch), id);
        if (description !== undefined) found.set(id, description);
      }
    };
    void Promise.all(Array.from({ length: AT_ONCE }, work)).then(() => {
      if (wanted && found.size > 0) setKnown(found);
    });
    return () => {
      wanted = false;
    };
  }, [document, studio, branch]);
  return useCallback((element) => meaningOf(element, known.get(conceptOf(element) ?? ""), language), [known, language]);
}
