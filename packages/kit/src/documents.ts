import { formatIdShortPath } from "@doppelwerk/aas/id-short-path";
import { pathOfElement, type ElementRecord, type RecordReader } from "@doppelwerk/world";

export { childrenOfRecord, elementsOf, pathOfElement, recordOfAasId } from "@doppelwerk/world";

/** The idShortPath of an element inside its submodel: `SetUps[0].Duration`. */
export function formatPathOf(reader: RecordReader, element: ElementRecord): string {
  return formatIdShortPath([...pathOfElement(reader, element)]);
}
