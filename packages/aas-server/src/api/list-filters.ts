// What the conditions of a list keep, and the index that finds it.

import { sameReference, type ConceptDescription, type Reference, type Shell, type SpecificAssetId, type Submodel } from "@doppelwerk/aas";
import { assetIdKey, type WorldRecord } from "@doppelwerk/world";
import type { AssetLink, ConceptDescriptionFilter, ShellFilter, Since, SubmodelFilter } from "./aas-source.ts";

export interface Filter extends Since {
  readonly idShort?: string;
  readonly keep: (record: WorldRecord) => boolean;
  /** An index that holds everything that `keep` keeps. */
  readonly index?: { readonly name: string; readonly value: string } | undefined;
  /** Whether `keep` may leave records out. */
  readonly isFiltered: boolean;
  /** Deleted records too, as they last stood. */
  readonly deleted?: true;
}

export function shellFilter({ assetIds, ...filter }: ShellFilter): Filter {
  const [first] = assetIds ?? [];
  const keep = (record: WorldRecord) =>
    assetIds === undefined || hasAssetIds(linksOfShell(record["body"] as unknown as Pick<Shell, "assetInformation">), assetIds);
  const index = first && { name: "assetId", value: assetIdKey(first.name, first.value) };
  return { ...filter, keep, index, isFiltered: first !== undefined };
}

export function submodelFilter({ semanticId, kind, ...filter }: SubmodelFilter): Filter {
  const keep = (record: WorldRecord) =>
    (semanticId === undefined || hasSemanticId(record, semanticId)) &&
    (kind === undefined || (record["body"] as Partial<Submodel>).kind === kind);
  const first = semanticId?.keys[0]?.value;
  const index = first === undefined ? undefined : { name: "semanticId", value: first };
  return { ...filter, keep, index, isFiltered: semanticId !== undefined || kind !== undefined };
}

export function conceptDescriptionFilter({ isCaseOf, dataSpecificationRef, ...filter }: ConceptDescriptionFilter): Filter {
  const keep = (record: WorldRecord) => {
    const { isCaseOf: cases, embeddedDataSpecifications: embedded } = record["body"] as Partial<ConceptDescription>;
    if (isCaseOf !== undefined && !(cases ?? []).some((reference) => sameReference(reference, isCaseOf))) return false;
    return (
      dataSpecificationRef === undefined ||
      (embedded ?? []).some(({ dataSpecification }) => sameReference(dataSpecification, dataSpecificationRef))
    );
  };
  return { ...filter, keep, isFiltered: isCaseOf !== undefined || dataSpecificationRef !== undefined };
}

/** The asset ids of a shell as discovery tells them: the global one is named globalAssetId (AASd-116). */
export function linksOfShell({ assetInformation }: Pick<Shell, "assetInformation">): readonly SpecificAssetId[] {
  const { globalAssetId, specificAssetIds } = assetInformation ?? {};
  return [...(globalAssetId === undefined ? [] : [{ name: "globalAssetId", value: globalAssetId }]), ...(specificAssetIds ?? [])];
}

export function hasAssetIds(links: readonly SpecificAssetId[], wanted: readonly AssetLink[]): boolean {
  return wanted.every(({ name, value, externalSubjectId }) =>
    links.some(
      (id) =>
        assetIdKey(id.name, id.value) === assetIdKey(name, value) &&
        (externalSubjectId === undefined || (id.externalSubjectId !== undefined && sameReference(id.externalSubjectId, externalSubjectId))),
    ),
  );
}

function hasSemanticId(record: WorldRecord, wanted: Reference): boolean {
  const { semanticId, supplementalSemanticIds } = record["body"] as Partial<Submodel>;
  return [...(semanticId === undefined ? [] : [semanticId]), ...(supplementalSemanticIds ?? [])].some((reference) =>
    sameReference(reference, wanted),
  );
}
