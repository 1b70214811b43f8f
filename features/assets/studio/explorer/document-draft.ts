import type { ConceptDescription, Reference, Shell, Submodel } from "@doppelwerk/aas";

export type NewKind = "shells" | "submodels" | "concepts";

/** A new document as it is typed. */
export interface DocumentDraft {
  readonly id: string;
  readonly idShort: string;
  /** Of a shell. */
  readonly assetKind: string;
  /** Global id of the asset of a shell; AASd-131: an asset has an id of its own. */
  readonly asset: string;
  /** Id of the concept of a submodel; empty = none. */
  readonly concept: string;
}

/** With ids of its own. */
export function emptyDocument(): DocumentDraft {
  const newId = (): string => `urn:uuid:${crypto.randomUUID()}`;
  return { id: newId(), idShort: "", assetKind: "Instance", asset: newId(), concept: "" };
}

/** The document of a draft, not yet validated. */
export function documentOf(kind: NewKind, draft: DocumentDraft): Shell | Submodel | ConceptDescription {
  const [idShort, asset, concept] = [draft.idShort.trim(), draft.asset.trim(), draft.concept.trim()];
  const named = { id: draft.id.trim(), ...(idShort !== "" && { idShort }) };
  if (kind === "concepts") return { modelType: "ConceptDescription", ...named } as ConceptDescription;
  if (kind === "submodels") {
    const semanticId: Reference = { type: "ExternalReference", keys: [{ type: "GlobalReference", value: concept }] };
    return { modelType: "Submodel", ...named, ...(concept !== "" && { semanticId }) } as Submodel;
  }
  const assetInformation = { assetKind: draft.assetKind, ...(asset !== "" && { globalAssetId: asset }) };
  return { modelType: "AssetAdministrationShell", ...named, assetInformation } as Shell;
}
