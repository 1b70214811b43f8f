import type { Json, RecordId, WorldRecord } from "../record.ts";

/** An Asset Administration Shell without its submodels; `aasId` is the AAS id, `body` the rest of its JSON. Index `aasId`. */
export interface ShellRecord extends WorldRecord {
  readonly kind: "shell";
  readonly aasId: string;
  readonly idShort: string;
  readonly body: { readonly [key: string]: Json };
  /** AAS ids of its submodels in order. */
  readonly submodels: readonly string[];
}

/** A submodel without its elements. Indexes `aasId`, `semanticId`, `idShort`. */
export interface SubmodelRecord extends WorldRecord {
  readonly kind: "submodel";
  readonly aasId: string;
  readonly idShort: string;
  readonly semanticId?: string;
  readonly body: { readonly [key: string]: Json };
}

/**
 * One submodel element without its children. `parent` is a submodel or element record; `order` a fractional key inside the parent.
 * `value` is the as-is value (lexical string for Property, JSON otherwise; absent for containers), `planned` the P17 plan. Indexes `submodel`, `parent`.
 */
export interface ElementRecord extends WorldRecord {
  readonly kind: "element";
  readonly submodel: RecordId;
  readonly parent: RecordId;
  readonly order: string;
  readonly modelType: string;
  readonly idShort?: string;
  readonly body: { readonly [key: string]: Json };
  readonly value?: Json;
  readonly planned?: PlannedValue;
  /** The signal record bound to this property: then `value` is the design value and PATCH is refused (P19). */
  readonly signal?: RecordId;
}

export interface PlannedValue {
  readonly value: Json;
  readonly effectiveFrom: string;
  readonly owner: string;
  readonly action: string;
  readonly request: RecordId;
  readonly [key: string]: Json;
}

export interface ConceptDescriptionRecord extends WorldRecord {
  readonly kind: "conceptDescription";
  readonly aasId: string;
  readonly idShort: string;
  readonly body: { readonly [key: string]: Json };
}
