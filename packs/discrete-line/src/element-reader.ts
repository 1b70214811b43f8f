import { formatPathOf, numberOf, readElements, recordOfAasId } from "@doppelwerk/kit";
import type { ElementReader, LocalText, RecordId, RecordReader, ShellRecord, SubmodelRecord } from "@doppelwerk/kit";
import type { PlantValue } from "./plant.ts";

/** Elements of one submodel, asked for by idShort; their numbers with the property that holds them. */
export interface PlantReader extends ElementReader {
  value(parent: RecordId, idShort: string): PlantValue | undefined;
}

export function readPlantElements(reader: RecordReader, submodel: SubmodelRecord): PlantReader {
  const elements = readElements(reader, submodel);
  return {
    ...elements,
    value: (parent, idShort) => {
      const element = elements.child(parent, idShort);
      const value = elements.number(parent, idShort);
      if (!element || value === undefined) return undefined;
      const planned = element.planned && typeof element.planned.value === "string" ? numberOf(element.planned.value) : undefined;
      return {
        value,
        element: element.id,
        submodel: submodel.id,
        path: formatPathOf(reader, element),
        ...(planned === undefined
          ? {}
          : { planned: { value: planned, effectiveFrom: element.planned!.effectiveFrom, owner: element.planned!.owner } }),
      };
    },
  };
}

/** A submodel of a shell by idShort. */
export function submodelOfShell(reader: RecordReader, shell: ShellRecord, idShort: string): SubmodelRecord | undefined {
  for (const aasId of shell.submodels) {
    const record = recordOfAasId(reader, "submodel", aasId);
    if (record?.kind === "submodel" && record.idShort === idShort) return record as SubmodelRecord;
  }
  return undefined;
}

/** The display name of a shell in English and Chinese; what is missing falls back to the other, then to the idShort. */
export function titleOf(shell: ShellRecord): LocalText {
  return localText(shell.body["displayName"], shell.idShort);
}

/** Texts of several languages, or one for all, in English and Chinese; what is missing falls back to what there is, then to `other`. */
export function localText(value: unknown, other: string): LocalText {
  if (typeof value === "string" && value !== "") return { en: value, zh: value };
  const texts = Array.isArray(value) ? (value as readonly { readonly language?: string; readonly text?: string }[]) : [];
  const of = (language: string) => texts.find((text) => text.language?.toLowerCase().startsWith(language))?.text;
  const any = of("en") ?? of("zh") ?? texts[0]?.text ?? other;
  return { en: of("en") ?? any, zh: of("zh") ?? any };
}
