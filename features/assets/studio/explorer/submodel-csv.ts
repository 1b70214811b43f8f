import { childrenOf } from "@doppelwerk/aas";
import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import { csvField, type Language } from "@doppelwerk/kit/studio";
import { valueLine } from "./value-text.ts";

/** An element with its idShortPath, in document order. */
export interface PlacedElement {
  readonly path: string;
  readonly depth: number;
  readonly element: SubmodelElement;
}

export function placedElements(parent: Submodel | SubmodelElement, above = "", depth = 0): readonly PlacedElement[] {
  const list = parent.modelType === "SubmodelElementList";
  return childrenOf(parent).flatMap((element, index) => {
    const path = list ? `${above}[${index}]` : above === "" ? (element.idShort ?? "") : `${above}.${element.idShort ?? ""}`;
    return [{ path, depth, element }, ...placedElements(element, path, depth + 1)];
  });
}

/**
 * A submodel as CSV (RFC 4180, with a byte order mark so that spreadsheets read UTF-8): one line an element.
 * A text that a spreadsheet would run as a formula begins with an apostrophe; numbers stay numbers.
 */
export function submodelCsv(submodel: Submodel, unitOf: (element: SubmodelElement) => string | undefined, language: Language): string {
  const lines = [["idShortPath", "modelType", "valueType", "value", "unit", "semanticId"]];
  for (const { path, element } of placedElements(submodel))
    lines.push([
      path,
      element.modelType,
      "valueType" in element ? element.valueType : "",
      valueLine(element, language),
      unitOf(element) ?? "",
      element.semanticId?.keys.map(({ value }) => value).join(" / ") ?? "",
    ]);
  return `\ufeff${lines.map((line) => line.map(csvField).join(",")).join("\r\n")}\r\n`;
}
