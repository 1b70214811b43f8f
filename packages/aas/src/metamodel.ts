// The shapes of IDTA-01001 metamodel 3.1 exactly as the JSON serialisation writes them, plus the attributes that 3.2 adds.
// Attributes unknown to both versions are refused by validate but kept by every reader.

import type { ValueType } from "./value-type.ts";

/** Everything a file or a server holds: IDTA-01001, Environment. */
export interface Environment {
  readonly assetAdministrationShells?: readonly Shell[];
  readonly submodels?: readonly Submodel[];
  readonly conceptDescriptions?: readonly ConceptDescription[];
}

/** The documents of an environment, each list from its beginning whenever it is asked for. */
export interface EnvironmentParts {
  assetAdministrationShells(): Iterable<Shell>;
  submodels(): Iterable<Submodel>;
  conceptDescriptions(): Iterable<ConceptDescription>;
}

export interface LangString {
  readonly language: string;
  readonly text: string;
}

export interface Extension extends HasSemantics {
  readonly name: string;
  readonly valueType?: ValueType;
  readonly value?: string;
  readonly refersTo?: readonly Reference[];
}

export interface HasSemantics {
  readonly semanticId?: Reference;
  readonly supplementalSemanticIds?: readonly Reference[];
}

export interface HasDataSpecification {
  readonly embeddedDataSpecifications?: readonly EmbeddedDataSpecification[];
}

export interface Qualifiable {
  readonly qualifiers?: readonly Qualifier[];
}

export interface Qualifier extends HasSemantics {
  readonly kind?: QualifierKind;
  readonly type: string;
  readonly valueType: ValueType;
  readonly value?: string;
  readonly valueId?: Reference;
}

export type QualifierKind = "ConceptQualifier" | "TemplateQualifier" | "ValueQualifier";

export interface Referable {
  readonly extensions?: readonly Extension[];
  readonly category?: string;
  readonly idShort?: string;
  readonly displayName?: readonly LangString[];
  readonly description?: readonly LangString[];
}

export interface Identifiable extends Referable {
  readonly administration?: AdministrativeInformation;
  readonly id: string;
}

export interface AdministrativeInformation extends HasDataSpecification {
  readonly version?: string;
  readonly revision?: string;
  readonly creator?: Reference;
  readonly templateId?: string;
  /** Metamodel 3.2. */
  readonly createdAt?: string;
  /** Metamodel 3.2. */
  readonly updatedAt?: string;
}

export type ReferenceType = "ExternalReference" | "ModelReference";

export interface Reference {
  readonly type: ReferenceType;
  readonly referredSemanticId?: Reference;
  readonly keys: readonly Key[];
}

export interface Key {
  readonly type: KeyType;
  readonly value: string;
}

export type KeyType =
  | AasSubmodelElements
  | "AssetAdministrationShell"
  | "ConceptDescription"
  | "FragmentReference"
  | "GlobalReference"
  | "Identifiable"
  | "Referable"
  | "Submodel";

/** The names a list may declare as the type of its elements; three of them are abstract. */
export type AasSubmodelElements = SubmodelElementType | "DataElement" | "EventElement" | "SubmodelElement";

export type SubmodelElementType = SubmodelElement["modelType"];

export type ModelType = SubmodelElementType | "AssetAdministrationShell" | "Submodel" | "ConceptDescription";

/** AssetAdministrationShell of the standard. */
export interface Shell extends Identifiable, HasDataSpecification {
  readonly modelType: "AssetAdministrationShell";
  readonly derivedFrom?: Reference;
  readonly assetInformation: AssetInformation;
  readonly submodels?: readonly Reference[];
}

/** `Batch` is new in metamodel 3.2. */
export type AssetKind = "Instance" | "NotApplicable" | "Role" | "Type" | "Batch";

export interface AssetInformation {
  readonly assetKind: AssetKind;
  readonly globalAssetId?: string;
  readonly specificAssetIds?: readonly SpecificAssetId[];
  readonly assetType?: string;
  readonly defaultThumbnail?: Resource;
}

export interface Resource {
  readonly path: string;
  readonly contentType?: string;
}

export interface SpecificAssetId extends HasSemantics {
  readonly name: string;
  readonly value: string;
  readonly externalSubjectId?: Reference;
}

export interface Submodel extends Identifiable, HasSemantics, Qualifiable, HasDataSpecification {
  readonly modelType: "Submodel";
  readonly kind?: "Instance" | "Template";
  readonly submodelElements?: readonly SubmodelElement[];
}

export interface ConceptDescription extends Identifiable, HasDataSpecification {
  readonly modelType: "ConceptDescription";
  readonly isCaseOf?: readonly Reference[];
}

/** What every submodel element has. Below a SubmodelElementList `idShort` is absent as a rule; elsewhere it is required (AASd-117). */
export interface SubmodelElementBase extends Referable, HasSemantics, Qualifiable, HasDataSpecification {}

export type SubmodelElement =
  | DataElement
  | Operation
  | Capability
  | Entity
  | RelationshipElement
  | AnnotatedRelationshipElement
  | BasicEventElement
  | SubmodelElementCollection
  | SubmodelElementList;

export type DataElement = Property | MultiLanguageProperty | Range | Blob | File | ReferenceElement;

/** `value` is the lexical string of `valueType`: it is never turned into a number by this room. */
export interface Property extends SubmodelElementBase {
  readonly modelType: "Property";
  readonly valueType: ValueType;
  readonly value?: string;
  readonly valueId?: Reference;
}

export interface MultiLanguageProperty extends SubmodelElementBase {
  readonly modelType: "MultiLanguageProperty";
  readonly value?: readonly LangString[];
  readonly valueId?: Reference;
}

export interface Range extends SubmodelElementBase {
  readonly modelType: "Range";
  readonly valueType: ValueType;
  readonly min?: string;
  readonly max?: string;
}

/** `value` is base64 (RFC 4648 clause 4, with padding). */
export interface Blob extends SubmodelElementBase {
  readonly modelType: "Blob";
  readonly value?: string;
  readonly contentType?: string;
}

export interface File extends SubmodelElementBase {
  readonly modelType: "File";
  readonly value?: string;
  readonly contentType?: string;
}

export interface ReferenceElement extends SubmodelElementBase {
  readonly modelType: "ReferenceElement";
  readonly value?: Reference;
}

export interface RelationshipElement extends SubmodelElementBase {
  readonly modelType: "RelationshipElement";
  readonly first?: Reference;
  readonly second?: Reference;
}

export interface AnnotatedRelationshipElement extends SubmodelElementBase {
  readonly modelType: "AnnotatedRelationshipElement";
  readonly first?: Reference;
  readonly second?: Reference;
  readonly annotations?: readonly DataElement[];
}

export interface Entity extends SubmodelElementBase {
  readonly modelType: "Entity";
  readonly statements?: readonly SubmodelElement[];
  readonly entityType?: "CoManagedEntity" | "SelfManagedEntity";
  readonly globalAssetId?: string;
  readonly specificAssetIds?: readonly SpecificAssetId[];
}

export interface BasicEventElement extends SubmodelElementBase {
  readonly modelType: "BasicEventElement";
  readonly observed: Reference;
  readonly direction: "input" | "output";
  readonly state: "on" | "off";
  readonly messageTopic?: string;
  readonly messageBroker?: Reference;
  readonly lastUpdate?: string;
  readonly minInterval?: string;
  readonly maxInterval?: string;
}

export interface Operation extends SubmodelElementBase {
  readonly modelType: "Operation";
  readonly inputVariables?: readonly OperationVariable[];
  readonly outputVariables?: readonly OperationVariable[];
  readonly inoutputVariables?: readonly OperationVariable[];
}

export interface OperationVariable {
  readonly value: SubmodelElement;
}

export interface Capability extends SubmodelElementBase {
  readonly modelType: "Capability";
}

export interface SubmodelElementCollection extends SubmodelElementBase {
  readonly modelType: "SubmodelElementCollection";
  readonly value?: readonly SubmodelElement[];
}

/** Elements are known by their position; see IDTA-01001 AASd-107, -108, -109, -114. */
export interface SubmodelElementList extends SubmodelElementBase {
  readonly modelType: "SubmodelElementList";
  readonly orderRelevant?: boolean;
  readonly semanticIdListElement?: Reference;
  readonly typeValueListElement: AasSubmodelElements;
  readonly valueTypeListElement?: ValueType;
  readonly value?: readonly SubmodelElement[];
}

export interface EventPayload {
  readonly source: Reference;
  readonly sourceSemanticId?: Reference;
  readonly observableReference: Reference;
  readonly observableSemanticId?: Reference;
  readonly topic?: string;
  readonly subjectId?: Reference;
  readonly timeStamp: string;
  readonly payload?: string;
}

export interface EmbeddedDataSpecification {
  readonly dataSpecification: Reference;
  readonly dataSpecificationContent: DataSpecificationIec61360;
}

/** IDTA-01003-a. */
export interface DataSpecificationIec61360 {
  readonly modelType: "DataSpecificationIec61360";
  readonly preferredName: readonly LangString[];
  readonly shortName?: readonly LangString[];
  readonly unit?: string;
  readonly unitId?: Reference;
  readonly sourceOfDefinition?: string;
  readonly symbol?: string;
  readonly dataType?: DataTypeIec61360;
  readonly definition?: readonly LangString[];
  readonly valueFormat?: string;
  readonly valueList?: { readonly valueReferencePairs: readonly ValueReferencePair[] };
  readonly value?: string;
  readonly levelType?: LevelType;
}

export interface ValueReferencePair {
  readonly value: string;
  readonly valueId?: Reference;
}

export interface LevelType {
  readonly min: boolean;
  readonly nom: boolean;
  readonly typ: boolean;
  readonly max: boolean;
}

export type DataTypeIec61360 =
  | "BLOB"
  | "BOOLEAN"
  | "DATE"
  | "FILE"
  | "HTML"
  | "INTEGER_COUNT"
  | "INTEGER_CURRENCY"
  | "INTEGER_MEASURE"
  | "IRDI"
  | "IRI"
  | "RATIONAL"
  | "RATIONAL_MEASURE"
  | "REAL_COUNT"
  | "REAL_CURRENCY"
  | "REAL_MEASURE"
  | "STRING"
  | "STRING_TRANSLATABLE"
  | "TIME"
  | "TIMESTAMP";
