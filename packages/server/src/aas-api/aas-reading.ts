import { sameReference, type ConceptDescription, type Reference, type Shell, type Submodel, type SubmodelElement } from "@doppelwerk/aas";
import {
  childrenOfRecord,
  conceptDescriptionOf,
  elementOfFields,
  elementsOf,
  shellOf,
  type BranchId,
  type ElementRecord,
  type Json,
  type RecordId,
  type RecordReader,
  type Sample,
  type SubmodelRecord,
  type WorldRecord,
  type WorldView,
} from "@doppelwerk/world";
import type { AasLookups } from "./aas-lookups.ts";
import type { AasSource, AssetLink, FoundElement, Listed, Page } from "./aas-source.ts";
import { badRequest } from "./answers.ts";
import { liveValueOf, shownElement, type ShownBy } from "./shown-element.ts";

export interface Reading {
  readonly view: WorldView;
  readonly branch: BranchId;
  readonly sample: (signal: RecordId) => Sample | undefined;
  readonly lookups: AasLookups;
}

type ReadingPart = Pick<
  AasSource,
  "shells" | "shell" | "submodelHeads" | "submodelHead" | "submodel" | "conceptDescriptions" | "conceptDescription" | "elements" | "element"
>;

/** A filter that keeps few records reads on in stretches of this size. */
const STRETCH = 500;

/** The reading half of an AasSource over the records of a branch. */
export function aasReading({ view, branch, sample, lookups }: Reading): ReadingPart {
  const reader = () => view.reader(branch);
  return {
    shells: (page, { idShort, assetIds }) => {
      const now = reader();
      const keep = (record: WorldRecord) => assetIds === undefined || hasAssetIds(record, assetIds);
      return scan(now, "shell", page, idShort, keep, assetIds !== undefined, (record) => shellOf(now, record.id)!);
    },
    shell: (id) => {
      const now = reader();
      const record = lookups.record(now, "shell", id);
      return record && shellOf(now, record.id);
    },
    submodelHeads: (page, { idShort, semanticId }) => {
      const keep = (record: WorldRecord) => semanticId === undefined || hasSemanticId(record, semanticId);
      return scan(reader(), "submodel", page, idShort, keep, semanticId !== undefined, (record) => headOf(record as SubmodelRecord));
    },
    submodelHead: (id) => {
      const record = lookups.record(reader(), "submodel", id);
      return record && headOf(record as SubmodelRecord);
    },
    submodel: (id) => {
      const now = reader();
      const record = lookups.record(now, "submodel", id);
      return record && wholeSubmodel(now, record as SubmodelRecord, { sample });
    },
    conceptDescriptions: (page, { idShort, isCaseOf, dataSpecificationRef }) => {
      const now = reader();
      const keep = (record: WorldRecord) => {
        const { isCaseOf: cases, embeddedDataSpecifications: embedded } = record["body"] as Partial<ConceptDescription>;
        if (isCaseOf !== undefined && !(cases ?? []).some((reference) => sameReference(reference, isCaseOf))) return false;
        return (
          dataSpecificationRef === undefined ||
          (embedded ?? []).some(({ dataSpecification }) => sameReference(dataSpecification, dataSpecificationRef))
        );
      };
      const isFiltered = isCaseOf !== undefined || dataSpecificationRef !== undefined;
      return scan(now, "conceptDescription", page, idShort, keep, isFiltered, (record) => conceptDescriptionOf(now, record.id)!);
    },
    conceptDescription: (id) => {
      const now = reader();
      const record = lookups.record(now, "conceptDescription", id);
      return record && conceptDescriptionOf(now, record.id);
    },
    elements: (submodelId, page) => {
      const now = reader();
      const record = lookups.record(now, "submodel", submodelId);
      return record && childrenPage(now, record.id, page, { childrenOf: (parent) => childrenOfRecord(now, parent), sample });
    },
    element: (submodelId, path): FoundElement | undefined => {
      const now = reader();
      const submodel = lookups.record(now, "submodel", submodelId);
      const record = submodel && lookups.element(now, submodel.id, path);
      if (record === undefined) return undefined;
      const element = shownElement(record, { childrenOf: (parent) => childrenOfRecord(now, parent), sample });
      return record.signal === undefined ? { element } : { element, live: liveValueOf(record, sample(record.signal)) };
    },
  };
}

/** A submodel with all its elements, as `by` shows them; without `sample` as it is stored. */
export function wholeSubmodel(reader: RecordReader, record: SubmodelRecord, by: Omit<ShownBy, "childrenOf">): Submodel {
  const tree = elementsOf(reader, record.id);
  const childrenOf = (parent: RecordId) => tree.get(parent) ?? [];
  const children = childrenOf(record.id).map((child) => shownElement(child, { ...by, childrenOf }) as unknown as Json);
  return { ...headOf(record), ...(children.length > 0 && { submodelElements: children as unknown as readonly SubmodelElement[] }) };
}

/** A submodel without its elements. */
export function headOf({ aasId, idShort, body }: SubmodelRecord): Submodel {
  return elementOfFields(
    { modelType: "Submodel", idShort: idShort === "" ? undefined : idShort, value: undefined, body: { id: aasId, ...body } },
    [],
  ) as unknown as Submodel;
}

/** Records of a kind in the order of their ids: keyset pages, right under concurrent writes. */
function scan<T>(
  reader: RecordReader,
  kind: string,
  page: Page,
  idShort: string | undefined,
  keep: (record: WorldRecord) => boolean,
  isFiltered: boolean,
  form: (record: WorldRecord) => T,
): Listed<T> {
  const index = idShort === undefined ? undefined : { name: "idShort", value: idShort };
  const shown: WorldRecord[] = [];
  const stretch = isFiltered ? STRETCH : page.limit + 1;
  for (let after = page.after; ;) {
    const records = reader.query({ kind, ...(index && { index }), ...(after !== undefined && { after }), limit: stretch });
    for (const record of records) {
      if (!keep(record)) continue;
      if (shown.length === page.limit) return { items: shown.map(form), next: shown.at(-1)!.id };
      shown.push(record);
    }
    if (records.length < stretch) return { items: shown.map(form) };
    after = records.at(-1)!.id;
  }
}

/** Elements below a parent after a key (order, id): a place in the list that survives what comes and goes around it. */
function childrenPage(reader: RecordReader, parent: RecordId, page: Page, by: ShownBy): Listed<SubmodelElement> {
  const children = childrenOfRecord(reader, parent);
  const start = page.after === undefined ? 0 : firstAfter(children, page.after);
  const shown = children.slice(start, start + page.limit);
  const items = shown.map((record) => shownElement(record, by));
  const last = shown.at(-1);
  return { items, ...(last !== undefined && start + page.limit < children.length && { next: `${last.order} ${last.id}` }) };
}

function firstAfter(children: readonly ElementRecord[], key: string): number {
  const [order, id] = key.split(" ");
  if (order === undefined || id === undefined) throw badRequest("cursor is not one that this server gave.");
  const index = children.findIndex((record) => record.order > order || (record.order === order && record.id > id));
  return index < 0 ? children.length : index;
}

function hasAssetIds(record: WorldRecord, wanted: readonly AssetLink[]): boolean {
  const information = (record["body"] as { assetInformation?: Shell["assetInformation"] }).assetInformation;
  return wanted.every(({ name, value, externalSubjectId }) => {
    if (name.toLowerCase() === "globalassetid" && information?.globalAssetId === value) return true;
    return (information?.specificAssetIds ?? []).some(
      (id) =>
        id.name === name &&
        id.value === value &&
        (externalSubjectId === undefined || (id.externalSubjectId !== undefined && sameReference(id.externalSubjectId, externalSubjectId))),
    );
  });
}

function hasSemanticId(record: WorldRecord, wanted: Reference): boolean {
  const { semanticId, supplementalSemanticIds } = record["body"] as Partial<Submodel>;
  return [...(semanticId === undefined ? [] : [semanticId]), ...(supplementalSemanticIds ?? [])].some((reference) =>
    sameReference(reference, wanted),
  );
}
