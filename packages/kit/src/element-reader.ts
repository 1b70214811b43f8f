import type { ElementRecord, ElementTree, RecordId, RecordReader, SubmodelRecord } from "@doppelwerk/world";
import { elementsOf } from "./documents.ts";

/** Elements of one submodel, asked for by idShort. */
export interface ElementReader {
  readonly submodel: SubmodelRecord;
  child(parent: RecordId, idShort: string): ElementRecord | undefined;
  children(parent: RecordId): readonly ElementRecord[];
  text(parent: RecordId, idShort: string): string | undefined;
  number(parent: RecordId, idShort: string): number | undefined;
  truth(parent: RecordId, idShort: string): boolean | undefined;
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
  return {
    submodel,
    child,
    children,
    text,
    number: (parent, idShort) => numberOf(text(parent, idShort)),
    truth: (parent, idShort) => {
      const value = text(parent, idShort);
      return value === undefined ? undefined : value === "true" || value === "1";
    },
    items: (parent, idShort) => {
      const list = child(parent, idShort);
      return list ? children(list.id) : [];
    },
  };
}

/** XML Schema lexical number; undefined when it is none. */
export function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
