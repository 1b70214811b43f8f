import { elementsOf, formatPathOf, recordOfAasId } from "@doppelwerk/kit";
import type { ElementRecord, ElementTree, LocalText, RecordId, RecordReader, ShellRecord, SubmodelRecord } from "@doppelwerk/kit";
import type { PlantValue } from "./plant.ts";

/** Elements of one submodel, asked for by idShort. */
export interface ElementReader {
  readonly submodel: SubmodelRecord;
  child(parent: RecordId, idShort: string): ElementRecord | undefined;
  children(parent: RecordId): readonly ElementRecord[];
  text(parent: RecordId, idShort: string): string | undefined;
  number(parent: RecordId, idShort: string): number | undefined;
  truth(parent: RecordId, idShort: string): boolean | undefined;
  value(parent: RecordId, idShort: string): PlantValue | undefined;
  /** Items of a list or collection below `parent`; empty when there is none. */
  items(parent: RecordId, idShort: string): readonly ElementRecord[];
}

export function readElements(reader: RecordReader, submodel: SubmodelRecord): ElementReader {
  const tree: ElementTree = elementsOf(reader, submodel.id);
  const children = (parent: RecordId) => tree.get(parent) ?? [];
  const child = (parent: RecordId, idShort: string) => children(parent).find((element) => element.idShort === idShort);
  const text = (parent: RecordId, idShort: string) => {
    const value = child(parent, idShort)?.value;
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const number = (parent: RecordId, idShort: string) => numberOf(text(parent, idShort));
  return {
    submodel,
    child,
    children,
    text,
    number,
    truth: (parent, idShort) => {
      const value = text(parent, idShort);
      return value === undefined ? undefined : value === "true" || value === "1";
    },
    value: (parent, idShort) => {
      const element = child(parent, idShort);
      const value = number(parent, idShort);
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
    items: (parent, idShort) => {
      const list = child(parent, idShort);
      return list ? children(list.id) : [];
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

/** XML Schema lexical number; undefined when it is none. */
export function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
