import type { ConceptDescription, Reference, Shell, SpecificAssetId, Submodel, SubmodelElement, ValueOnly } from "@doppelwerk/aas";

/** A stretch of a list in its one stable order: everything after a key, at most so many. */
export interface Page {
  readonly after?: string;
  readonly limit: number;
}

/** One stretch. `next` is the key to go on after; undefined = the end is reached, for certain. */
export interface Listed<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** Every given condition must hold. */
export interface ShellFilter {
  readonly idShort?: string;
  /** Global (`name` "globalAssetId") or specific asset ids the shell must have, all of them. */
  readonly assetIds?: readonly AssetLink[];
}

export type AssetLink = Pick<SpecificAssetId, "name" | "value" | "externalSubjectId">;

export interface SubmodelFilter {
  readonly idShort?: string;
  /** Matches the semantic id or one of the supplemental ones. */
  readonly semanticId?: Reference;
}

export interface ConceptDescriptionFilter {
  readonly idShort?: string;
  readonly isCaseOf?: Reference;
  readonly dataSpecificationRef?: Reference;
}

/** What is known of a property that is bound to a signal, at the branch's time. */
export interface LiveValue {
  /** Lexical string of the property's type; undefined when the quality is bad or nothing ever came: then there is no value. */
  readonly value: string | undefined;
  readonly quality: "good" | "uncertain" | "bad";
  /** ISO 8601, UTC; undefined before the first sample. */
  readonly sourceTime?: string;
}

/** An element as the branch shows it: live values in place of design values, plans as qualifiers, live quality as extensions. */
export interface FoundElement {
  readonly element: SubmodelElement;
  /** Present when the element itself is bound to a signal. */
  readonly live?: LiveValue;
}

export interface StoredFile {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export type Put = "created" | "replaced";

/**
 * What a branch of a world offers to AAS clients, in the words of the metamodel. It shows only what its principal may see.
 * Reading is synchronous from local state. Writing is one atomic transaction each, resolved when it is on disk.
 * Errors are DoppelwerkError: DW_NOT_FOUND, DW_CONFLICT (it exists already, or someone else writes it just now), DW_INVALID, DW_FORBIDDEN,
 * DW_LIVE_BOUND (the property shows a signal: it is written by a Command), DW_UNAVAILABLE.
 */
export interface AasSource {
  /** Name of the branch, to mark answers with; undefined on the live branch. */
  readonly branch: string | undefined;

  shells(page: Page, filter: ShellFilter): Listed<Shell>;
  shell(id: string): Shell | undefined;
  /** Submodels without their elements. */
  submodelHeads(page: Page, filter: SubmodelFilter): Listed<Submodel>;
  submodelHead(id: string): Submodel | undefined;
  /** With all elements. */
  submodel(id: string): Submodel | undefined;
  conceptDescriptions(page: Page, filter: ConceptDescriptionFilter): Listed<ConceptDescription>;
  conceptDescription(id: string): ConceptDescription | undefined;

  /** The elements directly below the submodel; undefined when there is no such submodel. */
  elements(submodelId: string, page: Page): Listed<SubmodelElement> | undefined;
  element(submodelId: string, path: string): FoundElement | undefined;
  /** A file that an element or a thumbnail names. */
  file(path: string): Promise<StoredFile | undefined>;

  createShell(shell: Shell): Promise<void>;
  putShell(shell: Shell): Promise<Put>;
  deleteShell(id: string): Promise<void>;
  createSubmodel(submodel: Submodel): Promise<void>;
  putSubmodel(submodel: Submodel): Promise<Put>;
  /** With `shell`, the shell's reference to it goes too, in the same transaction. */
  deleteSubmodel(id: string, shell?: string): Promise<void>;
  createConceptDescription(description: ConceptDescription): Promise<void>;
  putConceptDescription(description: ConceptDescription): Promise<Put>;
  deleteConceptDescription(id: string): Promise<void>;

  /** Below the submodel, or below the element at a path; at the end. */
  createElement(submodelId: string, parentPath: string | undefined, element: SubmodelElement): Promise<void>;
  putElement(submodelId: string, path: string, element: SubmodelElement): Promise<Put>;
  deleteElement(submodelId: string, path: string): Promise<void>;
  /** Values only, all or nothing; of the whole submodel without a path. */
  setValue(submodelId: string, path: string | undefined, value: ValueOnly): Promise<void>;
  /** Replaces the metadata of a submodel (no path) or element; values and elements below stay. */
  setMetadata(submodelId: string, path: string | undefined, metadata: Readonly<Record<string, unknown>>): Promise<void>;
}
