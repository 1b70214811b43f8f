// The one table of the metamodel. JSON reading and writing, XML reading and writing and structural validation are all derived from it:
// whoever adds an attribute here has added it everywhere. Attributes stand in the order of the standard's XML schema.

import { MAX_CONTENT_TYPE, type TextForm } from "./text-form.ts";
import { VALUE_TYPES } from "./value-type.ts";

export interface ClassRow {
  readonly name: ClassName;
  /** Element name in XML. */
  readonly xmlName: string;
  /** Whether JSON carries `modelType`: so it is for every class that stands in for an abstract one. */
  readonly hasModelType: boolean;
  readonly attributes: readonly AttributeRow[];
  /** Those of `attributes` that an instance must have. */
  readonly required: readonly AttributeRow[];
  /** Those of `attributes` whose values are instances or lists of them. */
  readonly nested: readonly AttributeRow[];
  readonly byName: ReadonlyMap<string, AttributeRow>;
}

export interface AttributeRow {
  readonly name: string;
  readonly required: boolean;
  readonly type: AttributeType;
  /** What a lenient reader puts in place of a required value that is missing; without it the instance is unusable. */
  readonly repair?: unknown;
}

export type AttributeType =
  | { readonly kind: "text"; readonly shortest: number; readonly longest: number; readonly form?: TextForm }
  | { readonly kind: "boolean" }
  | { readonly kind: "bytes" }
  | { readonly kind: "enumeration"; readonly values: ReadonlySet<string> }
  | { readonly kind: "instance"; readonly of: ClassName | AbstractName }
  | { readonly kind: "list"; readonly of: ClassName | AbstractName };

export type AbstractName = keyof typeof ABSTRACT;
export type ClassName = keyof typeof ATTRIBUTES;

type Declared = Omit<AttributeRow, "name">;

const text = (shortest: number, longest: number, form?: TextForm): Declared => ({
  required: false,
  type: { kind: "text", shortest, longest, form },
});
const oneOf = (...values: readonly string[]): Declared => ({ required: false, type: { kind: "enumeration", values: new Set(values) } });
const instance = (of: string): Declared => ({ required: false, type: { kind: "instance", of: of as ClassName } });
const list = (of: string): Declared => ({ required: false, type: { kind: "list", of: of as ClassName } });
const required = (declared: Declared, repair?: unknown): Declared => ({ ...declared, required: true, repair });

const ENDLESS = Infinity;
const reference = instance("Reference");
const references = list("Reference");
const identifier = text(1, 2048);
const plain = text(1, ENDLESS);
const anyText = text(0, ENDLESS);
const truth: Declared = { required: false, type: { kind: "boolean" } };
const bytes: Declared = { required: false, type: { kind: "bytes" } };
const valueType = oneOf(...VALUE_TYPES);
const contentType = text(1, MAX_CONTENT_TYPE, "contentType");
const path = text(1, 2048, "uri");

const dataElements = ["Blob", "File", "MultiLanguageProperty", "Property", "Range", "ReferenceElement"] as const;
const submodelElements = [
  ...dataElements,
  "RelationshipElement",
  "AnnotatedRelationshipElement",
  "BasicEventElement",
  "Capability",
  "Entity",
  "Operation",
  "SubmodelElementCollection",
  "SubmodelElementList",
] as const;

/** Abstract classes: the concrete ones that may stand in their place, told apart by `modelType` in JSON and by the element in XML. */
export const ABSTRACT = {
  SubmodelElement: new Set<string>(submodelElements),
  DataElement: new Set<string>(dataElements),
  DataSpecificationContent: new Set<string>(["DataSpecificationIec61360"]),
};

const aasSubmodelElements = [...submodelElements, "DataElement", "EventElement", "SubmodelElement"];
const keyTypes = [
  ...aasSubmodelElements,
  "AssetAdministrationShell",
  "ConceptDescription",
  "FragmentReference",
  "GlobalReference",
  "Identifiable",
  "Referable",
  "Submodel",
];

/** DataTypeIec61360 of IDTA-01003-a. */
const DATA_TYPES =
  "BLOB BOOLEAN DATE FILE HTML INTEGER_COUNT INTEGER_CURRENCY INTEGER_MEASURE IRDI IRI " +
  "RATIONAL RATIONAL_MEASURE REAL_COUNT REAL_CURRENCY REAL_MEASURE STRING STRING_TRANSLATABLE TIME TIMESTAMP";

const hasExtensions = { extensions: list("Extension") };
const hasSemantics = { semanticId: reference, supplementalSemanticIds: references };
const hasDataSpecification = { embeddedDataSpecifications: list("EmbeddedDataSpecification") };
const qualifiable = { qualifiers: list("Qualifier") };
const referable = {
  ...hasExtensions,
  category: text(1, 128),
  idShort: text(1, 128, "idShort"),
  displayName: list("LangStringNameType"),
  description: list("LangStringTextType"),
};
const identifiable = { ...referable, administration: instance("AdministrativeInformation"), id: required(identifier) };
const submodelElement = { ...referable, ...hasSemantics, ...qualifiable, ...hasDataSpecification };
const relationship = { ...submodelElement, first: reference, second: reference };
const langString = (longest: number) => ({ language: required(text(1, ENDLESS, "language")), text: required(text(1, longest)) });

const ATTRIBUTES = {
  Environment: {
    assetAdministrationShells: list("AssetAdministrationShell"),
    submodels: list("Submodel"),
    conceptDescriptions: list("ConceptDescription"),
  },
  AssetAdministrationShell: {
    ...identifiable,
    ...hasDataSpecification,
    derivedFrom: reference,
    assetInformation: required(instance("AssetInformation"), { assetKind: "NotApplicable" }),
    submodels: references,
  },
  AssetInformation: {
    assetKind: required(oneOf("Instance", "NotApplicable", "Role", "Type", "Batch"), "NotApplicable"),
    globalAssetId: identifier,
    specificAssetIds: list("SpecificAssetId"),
    assetType: identifier,
    defaultThumbnail: instance("Resource"),
  },
  Resource: { path: required(path), contentType },
  SpecificAssetId: { ...hasSemantics, name: required(text(1, 64)), value: required(identifier), externalSubjectId: reference },
  Submodel: {
    ...identifiable,
    kind: oneOf("Instance", "Template"),
    ...hasSemantics,
    ...qualifiable,
    ...hasDataSpecification,
    submodelElements: list("SubmodelElement"),
  },
  ConceptDescription: { ...identifiable, ...hasDataSpecification, isCaseOf: references },
  AdministrativeInformation: {
    ...hasDataSpecification,
    version: text(1, 4, "version"),
    revision: text(1, 4, "version"),
    creator: reference,
    templateId: identifier,
    createdAt: text(1, ENDLESS, "dateTimeUtc"),
    updatedAt: text(1, ENDLESS, "dateTimeUtc"),
  },
  Extension: { ...hasSemantics, name: required(text(1, 128)), valueType, value: anyText, refersTo: references },
  Qualifier: {
    ...hasSemantics,
    kind: oneOf("ConceptQualifier", "TemplateQualifier", "ValueQualifier"),
    type: required(text(1, 128)),
    valueType: required(valueType, "xs:string"),
    value: anyText,
    valueId: reference,
  },
  Reference: {
    type: required(oneOf("ExternalReference", "ModelReference")),
    referredSemanticId: reference,
    keys: required(list("Key")),
  },
  Key: { type: required(oneOf(...keyTypes)), value: required(identifier) },
  LangStringNameType: langString(128),
  LangStringTextType: langString(1023),
  LangStringPreferredNameTypeIec61360: langString(255),
  LangStringShortNameTypeIec61360: langString(18),
  LangStringDefinitionTypeIec61360: langString(1023),
  Property: { ...submodelElement, valueType: required(valueType, "xs:string"), value: anyText, valueId: reference },
  MultiLanguageProperty: { ...submodelElement, value: list("LangStringTextType"), valueId: reference },
  Range: { ...submodelElement, valueType: required(valueType, "xs:string"), min: anyText, max: anyText },
  Blob: { ...submodelElement, value: bytes, contentType },
  File: { ...submodelElement, value: path, contentType },
  ReferenceElement: { ...submodelElement, value: reference },
  RelationshipElement: relationship,
  AnnotatedRelationshipElement: { ...relationship, annotations: list("DataElement") },
  Capability: submodelElement,
  Entity: {
    ...submodelElement,
    statements: list("SubmodelElement"),
    entityType: oneOf("CoManagedEntity", "SelfManagedEntity"),
    globalAssetId: identifier,
    specificAssetIds: list("SpecificAssetId"),
  },
  BasicEventElement: {
    ...submodelElement,
    observed: required(reference),
    direction: required(oneOf("input", "output")),
    state: required(oneOf("off", "on")),
    messageTopic: text(1, 255),
    messageBroker: reference,
    lastUpdate: text(0, ENDLESS, "dateTimeUtc"),
    minInterval: text(0, ENDLESS, "duration"),
    maxInterval: text(0, ENDLESS, "duration"),
  },
  Operation: {
    ...submodelElement,
    inputVariables: list("OperationVariable"),
    outputVariables: list("OperationVariable"),
    inoutputVariables: list("OperationVariable"),
  },
  OperationVariable: { value: required(instance("SubmodelElement")) },
  SubmodelElementCollection: { ...submodelElement, value: list("SubmodelElement") },
  SubmodelElementList: {
    ...submodelElement,
    orderRelevant: truth,
    semanticIdListElement: reference,
    typeValueListElement: required(oneOf(...aasSubmodelElements), "SubmodelElement"),
    valueTypeListElement: valueType,
    value: list("SubmodelElement"),
  },
  EventPayload: {
    source: required(reference),
    sourceSemanticId: reference,
    observableReference: required(reference),
    observableSemanticId: reference,
    topic: text(1, 255),
    subjectId: reference,
    timeStamp: required(text(0, ENDLESS, "dateTimeUtc")),
    payload: bytes,
  },
  EmbeddedDataSpecification: {
    dataSpecification: required(reference),
    dataSpecificationContent: required(instance("DataSpecificationContent")),
  },
  DataSpecificationIec61360: {
    preferredName: required(list("LangStringPreferredNameTypeIec61360")),
    shortName: list("LangStringShortNameTypeIec61360"),
    unit: plain,
    unitId: reference,
    sourceOfDefinition: plain,
    symbol: plain,
    dataType: oneOf(...DATA_TYPES.split(" ")),
    definition: list("LangStringDefinitionTypeIec61360"),
    valueFormat: plain,
    valueList: instance("ValueList"),
    value: identifier,
    levelType: instance("LevelType"),
  },
  ValueList: { valueReferencePairs: required(list("ValueReferencePair")) },
  ValueReferencePair: { value: required(identifier), valueId: reference },
  LevelType: { min: required(truth), nom: required(truth), typ: required(truth), max: required(truth) },
} satisfies Record<string, Record<string, Declared>>;

const withModelType = new Set<string>([
  "AssetAdministrationShell",
  "Submodel",
  "ConceptDescription",
  "DataSpecificationIec61360",
  ...submodelElements,
]);

/** Every concrete class by its name. */
export const CLASSES: ReadonlyMap<string, ClassRow> = new Map(
  Object.entries(ATTRIBUTES as Record<string, Record<string, Declared>>).map(([name, declared]) => {
    const attributes = Object.entries(declared).map(([attribute, row]) => ({ name: attribute, ...row }));
    const row: ClassRow = {
      name: name as ClassName,
      xmlName: name[0]!.toLowerCase() + name.slice(1),
      hasModelType: withModelType.has(name),
      attributes,
      required: attributes.filter(({ required }) => required),
      nested: attributes.filter(({ type }) => type.kind === "instance" || type.kind === "list"),
      byName: new Map(attributes.map((attribute) => [attribute.name, attribute])),
    };
    return [name, row];
  }),
);

/** Every concrete class by its XML element name. */
export const CLASSES_BY_XML_NAME: ReadonlyMap<string, ClassRow> = new Map([...CLASSES.values()].map((row) => [row.xmlName, row]));

/** The row of a class that is in the table for certain. */
export function classNamed(name: ClassName): ClassRow {
  return CLASSES.get(name)!;
}

/** The concrete classes that may stand where the named one is expected; undefined when it is concrete itself. */
export function standInsOf(name: ClassName | AbstractName): ReadonlySet<string> | undefined {
  return (ABSTRACT as Record<string, ReadonlySet<string>>)[name];
}
