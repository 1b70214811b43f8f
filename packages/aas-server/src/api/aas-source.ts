import type {
  AssetInformation,
  ConceptDescription,
  Finding,
  EnvironmentParts,
  Operation,
  Reference,
  Shell,
  SpecificAssetId,
  Submodel,
  SubmodelElement,
  ValueOnly,
} from "@doppelwerk/aas";
import type { Query } from "@doppelwerk/aas/query";
import type { Change, Instant, Origin } from "@doppelwerk/world";
import type { Identified } from "./aas-lookups.ts";
import type { UploadedFile } from "./multipart.ts";
import type { Packages } from "./packages.ts";
import type { AssetLinks } from "./asset-links.ts";
import type { QueryPage } from "./query-run.ts";
import type { Registry } from "./registry.ts";

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

/** Since when something was made or last written, by the log (3.2 draft: createdFrom, updatedFrom). */
export interface Since {
  readonly createdFrom?: Instant;
  readonly updatedFrom?: Instant;
}

/** When an identifiable was made and last written, elements below it included; ISO 8601, UTC. */
export interface Times {
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Of what is no longer there; `updatedAt` is the same then. */
  readonly deletedAt?: string;
}

export interface RecentChange extends Times {
  readonly id: string;
}

/** Every given condition must hold. */
export interface ShellFilter extends Since {
  readonly idShort?: string;
  /** Global (`name` "globalAssetId") or specific asset ids the shell must have, all of them. */
  readonly assetIds?: readonly AssetLink[];
}

export type AssetLink = Pick<SpecificAssetId, "name" | "value" | "externalSubjectId">;

export interface SubmodelFilter extends Since {
  readonly idShort?: string;
  /** Matches the semantic id or one of the supplemental ones. */
  readonly semanticId?: Reference;
  readonly kind?: "Template";
}

export interface ConceptDescriptionFilter extends Since {
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
  /** Where the value comes from; undefined before the first sample. */
  readonly origin?: Origin;
}

/** An element as the branch shows it: live values in place of design values, plans as qualifiers, live quality as extensions. */
export interface FoundElement {
  readonly element: SubmodelElement;
  /** Present when the element itself is bound to a signal. */
  readonly live?: LiveValue;
}

export interface StoredFile {
  readonly contentType: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  pieces(): AsyncIterable<Uint8Array>;
}

/** Documents on their way out. */
export interface ServedEnvironment extends EnvironmentParts {
  readonly submodelIds: readonly string[];
}

/** Documents of one revision: what is written meanwhile does not change them. */
export type FrozenDocuments = Pick<
  AasSource,
  "shells" | "shell" | "submodelHeads" | "submodelHead" | "exportedSubmodel" | "conceptDescriptions" | "conceptDescription"
>;

export type Put = "created" | "replaced";

/** Writes changes as one transaction; nothing to change = no transaction. */
export type Apply = (changes: readonly Change[], reason: string) => Promise<void>;

/** The branch as it stood at an instant; live values are those of that instant. */
export interface PastDocuments {
  shell(id: string): Shell | undefined;
  submodel(id: string): Promise<Submodel | undefined>;
  conceptDescription(id: string): ConceptDescription | undefined;
  element(submodelId: string, path: string): Promise<FoundElement | undefined>;
}

/** What stands behind an Operation of the model. It gets checked arguments and resolves with the variables it sets. */
export type OperationRunner = (call: {
  readonly inputs: readonly SubmodelElement[];
  readonly inoutputs: readonly SubmodelElement[];
  /** Aborted when the client's time is over. */
  readonly signal: AbortSignal;
}) => Promise<{ readonly outputs: readonly SubmodelElement[]; readonly inoutputs: readonly SubmodelElement[] }>;

/** Finds what stands behind an Operation; undefined = nothing does. */
export type OperationBinding = (
  submodelId: string,
  path: string,
  operation: Operation,
) => OperationRunner | undefined | Promise<OperationRunner | undefined>;

/**
 * What a branch of a world offers to AAS clients, in the words of the metamodel. It shows only what its principal may see.
 * Reading is synchronous from local state. Writing is one atomic transaction each, resolved when it is on disk.
 * Errors are DoppelwerkError: DW_NOT_FOUND, DW_CONFLICT (it exists already, or someone else writes it just now), DW_INVALID, DW_FORBIDDEN,
 * DW_LIVE_BOUND (the property shows a signal: it is written by a Command), DW_UNAVAILABLE.
 */
export interface AasSource {
  /** Name of the branch, to mark answers with; undefined on the live branch. */
  readonly branch: string | undefined;
  /** Who asks on which branch, in one text: what was started for one is not told to another. */
  readonly owner: string;
  /** What is read now stands at least at this revision. */
  revision(): number;
  /** Throws DW_FORBIDDEN when the asker may write nothing here: for requests that are answered before they write. */
  checkMayWrite(): void;
  /** Whether the asker may export a document, or a package, by its id; true where it is not there. */
  mayExport(kind: Identified | "aasxPackage", id: string): boolean;
  /** Throws DW_FORBIDDEN when he may not; without `of`: when he may export nothing here. */
  checkMayExport(of?: { readonly kind: Identified | "aasxPackage"; readonly id: string }): void;

  shells(page: Page, filter: ShellFilter): Listed<Shell>;
  shell(id: string): Shell | undefined;
  /** Submodels without their elements. */
  submodelHeads(page: Page, filter: SubmodelFilter): Listed<Submodel>;
  submodelHead(id: string): Submodel | undefined;
  /** With all elements. */
  submodel(id: string): Submodel | undefined;
  /** As `submodel`, but a property whose signal has no value and whose connection is not enabled keeps its design value. */
  exportedSubmodel(id: string): Submodel | undefined;
  conceptDescriptions(page: Page, filter: ConceptDescriptionFilter): Listed<ConceptDescription>;
  conceptDescription(id: string): ConceptDescription | undefined;

  /** The elements directly below the submodel; undefined when there is no such submodel. */
  elements(submodelId: string, page: Page): Listed<SubmodelElement> | undefined;
  element(submodelId: string, path: string): FoundElement | undefined;
  /** What the lists hold, and what was deleted, with times. */
  readonly recentChanges: {
    shell(page: Page, filter: ShellFilter): Listed<RecentChange>;
    submodel(page: Page, filter: SubmodelFilter): Listed<RecentChange>;
    conceptDescription(page: Page, filter: ConceptDescriptionFilter): Listed<RecentChange>;
  };
  /** Whole documents for which a query holds; submodels with all elements. */
  query(kind: Identified, query: Query, page: Page): Promise<QueryPage<Shell | Submodel | ConceptDescription>>;
  at(instant: Instant): PastDocuments;
  /** The branch as it stands now, for an answer that takes longer. */
  frozen(): FrozenDocuments;
  /** Documents with their files as one package, made while it is read. */
  packageOf(environment: ServedEnvironment): Promise<AsyncIterable<Uint8Array>>;
  /** A file that an element of a submodel (owner: its id) or a thumbnail (owner: the shell's id) names. */
  file(owner: string, path: string): Promise<StoredFile | undefined>;
  /** Stores the file of a File or Blob element and names it there. */
  putAttachment(submodelId: string, path: string, file: UploadedFile): Promise<void>;
  deleteAttachment(submodelId: string, path: string): Promise<void>;
  putThumbnail(shellId: string, file: UploadedFile): Promise<void>;
  deleteThumbnail(shellId: string): Promise<void>;
  /** What stands behind the Operation at a path, when the asker may command; DW_FORBIDDEN when he may not. */
  operation(submodelId: string, path: string, operation: Operation): Promise<OperationRunner | undefined>;
  readonly registry: Registry;
  readonly assetLinks: AssetLinks;
  readonly packages: Packages;

  createShell(shell: Shell): Promise<void>;
  putShell(shell: Shell): Promise<Put>;
  /** Reads, changes and writes as one, as the other `change…` do: `next` is asked again where another writer came between. */
  changeShell(id: string, next: () => Shell): Promise<void>;
  putAssetInformation(shellId: string, assetInformation: AssetInformation): Promise<void>;
  deleteShell(id: string): Promise<void>;
  createSubmodel(submodel: Submodel): Promise<void>;
  /** With a shell: at the shell's own path, so that the shell refers to it afterwards; created = it was not there. */
  putSubmodel(submodel: Submodel, shellId?: string): Promise<Put>;
  changeSubmodel(id: string, next: () => Submodel): Promise<void>;
  /** With `shell`, the shell's reference to it goes too, in the same transaction. */
  deleteSubmodel(id: string, shell?: string): Promise<void>;
  createConceptDescription(description: ConceptDescription): Promise<void>;
  putConceptDescription(description: ConceptDescription): Promise<Put>;
  deleteConceptDescription(id: string): Promise<void>;

  /** Below the submodel, or below the element at a path; at the end. */
  /** An element that does not fit the list it comes into is refused; with `told`, it is taken and that is added there. */
  createElement(submodelId: string, parentPath: string | undefined, element: SubmodelElement, told?: Finding[]): Promise<void>;
  putElement(submodelId: string, path: string, element: SubmodelElement, told?: Finding[]): Promise<Put>;
  changeElement(submodelId: string, path: string, next: () => SubmodelElement): Promise<void>;
  deleteElement(submodelId: string, path: string): Promise<void>;
  /** Values only, all or nothing; of the whole submodel without a path. */
  setValue(submodelId: string, path: string | undefined, value: ValueOnly): Promise<void>;
  /** Replaces the metadata of a submodel (no path) or element; values and elements below stay. */
  setMetadata(submodelId: string, path: string | undefined, metadata: () => Readonly<Record<string, unknown>>): Promise<void>;
}
