import { semanticIds } from "@doppelwerk/aas/semantic-ids";
import type { ConceptDescription, Entity, Environment, Shell, Submodel, SubmodelElement, ValueType } from "@doppelwerk/aas";
import { hashedId } from "@doppelwerk/world";
import { stateMappingSubmodel } from "../states/mapping-submodel.ts";
import { EMPTY_MAPPING, packmlStates } from "../definition/state-mapping.ts";
import { collection, external, list, multiLanguage, property, shown, toShell, toSubmodel } from "../element.ts";
import type { FoundValue } from "./find-assets.ts";
import type { FoundOrder } from "./find-flow.ts";
import { stationElements } from "./logged-times.ts";
import type { LoggedTimes, OfferedVariable } from "./offered.ts";
import { CONCEPT_NAMES } from "./concept-names.ts";
import type { SettledAsset } from "./settle-roles.ts";
import { grouped } from "./grouped.ts";

/** As the importer of engineering files names it. */
const OPERATIONAL_DATA = "urn:doppelwerk:submodel:operational-data:1:0";

/** Id of the submodel in which a shell's live values are read. */
export function operationalDataOf(shell: string): string {
  return `${shell}/operational-data`;
}

const own = (name: string) => `urn:doppelwerk:submodel:${name}:1:0`;
const hierarchicalStructures = "https://admin-shell.io/idta/HierarchicalStructures";

/** An asset with the names it has in the documents. */
export interface NamedAsset {
  readonly asset: SettledAsset;
  readonly idShort: string;
  readonly shell: string;
  readonly globalAssetId: string;
  /** idShort of the property of each value. */
  readonly values: readonly (FoundValue & { readonly idShort: string })[];
  /** How long work takes there, as an event log states it. */
  readonly times?: LoggedTimes;
}

/** A place of ISA-95 that holds others: area or line. */
export interface NamedPlace {
  readonly level: "site" | "area" | "line";
  readonly name: string;
  readonly idShort: string;
  readonly shell: string;
  readonly globalAssetId: string;
  readonly children: readonly { readonly idShort: string; readonly globalAssetId: string }[];
  readonly line?: LineOfPlace;
}

export interface LineOfPlace {
  readonly stations: readonly NamedAsset[];
  readonly order: FoundOrder;
  readonly taktS?: number;
  readonly constraint?: string;
  readonly shifts: readonly Shift[];
  readonly timeZone?: string;
}

export interface Shift {
  readonly name: string;
  readonly start: string;
  readonly end: string;
  readonly days: string;
}

/** URN of a thing of a source; the same (source, path) gives the same. */
export function urnOf(what: "shell" | "asset", source: string, path: string): string {
  return `urn:doppelwerk:${what}:${hashedId(what, source, path).split(":")[1]}`;
}

export function buildEnvironment(places: readonly NamedPlace[], assets: readonly NamedAsset[]): Environment {
  const shells: Shell[] = [];
  const submodels: Submodel[] = [];
  const add = (of: { idShort: string; shell: string; globalAssetId: string }, title: string, parts: readonly (Submodel | undefined)[]) => {
    const present = parts.filter((part) => part !== undefined);
    submodels.push(...present);
    shells.push({
      modelType: "AssetAdministrationShell",
      idShort: of.idShort,
      id: of.shell,
      displayName: shown(title.slice(0, 128)),
      assetInformation: { assetKind: "Instance", globalAssetId: of.globalAssetId },
      ...(present.length === 0 ? {} : { submodels: present.map(({ id }) => toSubmodel(id)) }),
    });
  };
  for (const place of places) add(place, place.name, [hierarchy(place, place.children), place.line && productionLine(place, place.line)]);
  const partsOf = grouped(assets, ({ asset }) => asset.parent);
  const positions = positionsOf(places);
  for (const named of assets) {
    const { asset } = named;
    const parts = partsOf.get(asset.key) ?? [];
    const position = positions.get(named.idShort);
    add(named, asset.displayName ?? asset.name, [
      nameplate(named),
      technicalData(named),
      operationalData(named),
      parts.length === 0 ? undefined : hierarchy(named, parts),
      position && submodel(named, "Station", own("station"), named.times === undefined ? [] : stationElements(named.times)),
      position &&
        submodel(named, "Layout", own("layout"), [
          property("PartKind", "xs:string", "machine"),
          property("PositionX", "xs:double", String(position.x)),
          property("PositionY", "xs:double", String(position.y)),
          property("Rotation", "xs:double", String(position.rotation)),
        ]),
      asset.values.some(({ meaning }) => meaning.role === "VendorState" || meaning.role === "ItemState") && position
        ? stateMapping(named)
        : undefined,
      alarmCandidates(named),
    ]);
  }
  const concepts = conceptDescriptions(assets.flatMap(({ values }) => values));
  return {
    ...(shells.length === 0 ? {} : { assetAdministrationShells: shells }),
    ...(submodels.length === 0 ? {} : { submodels }),
    ...(concepts.length === 0 ? {} : { conceptDescriptions: concepts }),
  };
}

function submodel(
  { shell }: { readonly shell: string },
  idShort: string,
  semantic: string,
  elements: readonly SubmodelElement[],
): Submodel {
  const id = idShort === "OperationalData" ? operationalDataOf(shell) : `${shell}/${idShort}`;
  return {
    modelType: "Submodel",
    idShort,
    id,
    semanticId: external(semantic),
    ...(elements.length === 0 ? {} : { submodelElements: elements }),
  };
}

function hierarchy(
  owner: { readonly shell: string; readonly globalAssetId: string },
  children: readonly { readonly idShort: string; readonly globalAssetId: string }[],
): Submodel | undefined {
  if (children.length === 0) return undefined;
  const entry: Entity = {
    modelType: "Entity",
    idShort: "EntryNode",
    semanticId: external(`${hierarchicalStructures}/EntryNode/1/0`),
    entityType: "SelfManagedEntity",
    globalAssetId: owner.globalAssetId,
    statements: children.map(({ idShort, globalAssetId }) => ({
      modelType: "Entity",
      idShort,
      semanticId: external(`${hierarchicalStructures}/Node/1/0`),
      entityType: "SelfManagedEntity",
      globalAssetId,
    })),
  };
  return submodel(owner, "HierarchicalStructures", semanticIds.hierarchicalStructures, [
    property("ArcheType", "xs:string", "OneDown", `${hierarchicalStructures}/ArcheType/1/0`),
    entry,
  ]);
}

/** `ProductionLine` of docs/guide/engineering-file.md, with nothing in it that nobody told. */
function productionLine(place: NamedPlace, { stations, order, taktS, constraint, shifts, timeZone }: LineOfPlace): Submodel {
  const of = new Map(stations.map((station) => [station.idShort, station]));
  return submodel(place, "ProductionLine", own("production-line"), [
    ...(taktS === undefined ? [] : [property("Takt", "xs:double", String(taktS))]),
    ...(constraint === undefined ? [] : [property("ConstraintStation", "xs:string", constraint)]),
    list(
      "Stations",
      order.order.flatMap((id) => {
        const station = of.get(id);
        if (station === undefined) return [];
        return [
          [
            property("Station", "xs:string", id),
            { modelType: "ReferenceElement" as const, idShort: "Shell", value: toShell(station.shell) },
          ],
        ];
      }),
    ),
    list(
      "Flows",
      order.flows.map(({ from, to }) => [
        property("From", "xs:string", from),
        property("To", "xs:string", to),
        property("Kind", "xs:string", "main"),
      ]),
    ),
    ...(shifts.length === 0
      ? []
      : [
          list(
            "Shifts",
            shifts.map(({ name, start, end, days }) => [
              property("Name", "xs:string", name),
              property("Start", "xs:string", start),
              property("End", "xs:string", end),
              property("Days", "xs:string", days),
            ]),
          ),
        ]),
    ...(timeZone === undefined ? [] : [property("TimeZone", "xs:string", timeZone)]),
  ]);
}

/** OPC 40001-1 §8 names → IDTA 02006-3-0. Only what was told; the rest of the template stays open. */
const NAMEPLATE: readonly (readonly [told: string, idShort: string, semantic: string, form: "text" | "languages"])[] = [
  ["Manufacturer", "ManufacturerName", "0112/2///61987#ABA565#009", "languages"],
  ["Model", "ManufacturerProductDesignation", "0112/2///61987#ABA567#009", "languages"],
  ["ProductCode", "OrderCodeOfManufacturer", "0112/2///61987#ABA950#008", "text"],
  ["SerialNumber", "SerialNumber", "0112/2///61987#ABA951#009", "text"],
  ["YearOfConstruction", "YearOfConstruction", "0112/2///61987#ABP000#002", "text"],
  ["HardwareRevision", "HardwareVersion", "0112/2///61987#ABA926#008", "text"],
  ["SoftwareRevision", "SoftwareVersion", "0112/2///61987#ABA601#008", "text"],
];

/** Names of what a nameplate is made from that the asset told. */
export function nameplateProperties({ properties }: SettledAsset): readonly string[] {
  return NAMEPLATE.flatMap(([told]) => (properties[told] ? [told] : []));
}

function nameplate(named: NamedAsset): Submodel | undefined {
  const { properties } = named.asset;
  const elements = NAMEPLATE.flatMap(([told, idShort, semantic, form]) => {
    const value = properties[told];
    if (!value) return [];
    return [form === "text" ? property(idShort, "xs:string", value, semantic) : multiLanguage(idShort, value, semantic)];
  });
  const uri = properties["ProductInstanceUri"];
  if (elements.length === 0) return undefined;
  return submodel(named, "Nameplate", semanticIds.nameplate, [
    ...(uri ? [property("URIOfTheProduct", "xs:anyURI", uri, "0112/2///61987#ABN590#002")] : []),
    ...elements,
  ]);
}

/** IDTA 02003-2-0: who made it, and the ranges that the controller states for its values. */
function technicalData(named: NamedAsset): Submodel | undefined {
  const { properties } = named.asset;
  const general = [
    ...(properties["Manufacturer"] ? [property("ManufacturerName", "xs:string", properties["Manufacturer"], "0173-1#02-AAO677#004")] : []),
    ...(properties["Model"] ? [multiLanguage("ManufacturerProductDesignation", properties["Model"], "0173-1#02-AAW338#003")] : []),
    ...(properties["ProductCode"]
      ? [property("ManufacturerOrderCode", "xs:string", properties["ProductCode"], "0173-1#02-AAO227#004")]
      : []),
  ];
  const ranges = named.values.flatMap(({ variable, idShort }): SubmodelElement[] => {
    const { low, high, unit } = variable;
    if (low === undefined || high === undefined) return [];
    return [
      {
        modelType: "Range",
        idShort,
        valueType: "xs:double",
        min: String(low),
        max: String(high),
        semanticId: external("https://admin-shell.io/SMT/General/Arbitrary"),
        ...unitQualifier(unit),
      },
    ];
  });
  if (general.length === 0 && ranges.length === 0) return undefined;
  return submodel(named, "TechnicalData", semanticIds.technicalData, [
    ...(general.length === 0 ? [] : [collection("GeneralInformation", general, "0173-1#02-ABK161#002/0173-1#01-AHX838#002")]),
    ...(ranges.length === 0 ? [] : [list("TechnicalPropertyAreas", [ranges], "0173-1#02-ABK163#002")]),
  ]);
}

const valueTypes: Readonly<Record<OfferedVariable["valueType"], ValueType>> = {
  double: "xs:double",
  integer: "xs:long",
  boolean: "xs:boolean",
  string: "xs:string",
  enumeration: "xs:string",
};

function unitQualifier(unit: string | undefined) {
  if (unit === undefined) return {};
  return { qualifiers: [{ type: "Unit", kind: "ConceptQualifier" as const, valueType: "xs:string" as const, value: unit }] };
}

function operationalData(named: NamedAsset): Submodel | undefined {
  if (named.values.length === 0) return undefined;
  return submodel(
    named,
    "OperationalData",
    OPERATIONAL_DATA,
    named.values.map(({ variable, meaning, idShort }) => ({
      modelType: "Property",
      idShort,
      ...(variable.displayName === undefined ? {} : { displayName: shown(variable.displayName.slice(0, 128)) }),
      ...(CONCEPT_NAMES[meaning.role] === undefined ? {} : { semanticId: external(conceptId(meaning.role, variable.unit)) }),
      valueType: valueTypes[variable.valueType],
      ...unitQualifier(variable.unit),
    })),
  );
}

/** P7: words that nobody mapped leave the state unknown; a place for them is there, and empty. */
function stateMapping(named: NamedAsset): Submodel {
  const offers = (role: string) => named.values.some(({ meaning }) => meaning.role === role);
  const state = named.values.find(({ meaning }) => meaning.role === "VendorState");
  return stateMappingSubmodel(`${named.shell}/StateMapping`, {
    ...EMPTY_MAPPING,
    version: 1,
    words: packmlStates(state?.variable.enumeration) ?? {},
    blockedBit: offers("Blocked"),
    starvedBit: offers("Starved"),
  });
}

const LEAST_SAMPLES = 100;
const LEAST_SPAN_S = 3_600;

/** P24: ranges that were seen. No alarm rule: nothing annunciates before someone gives it a cause, a consequence and a response. */
export function candidatesOf(values: NamedAsset["values"]): readonly NamedAsset["values"][number][] {
  return values.filter(({ variable: { valueType, samples } }) => {
    return (
      valueType === "double" &&
      samples !== undefined &&
      samples.count >= LEAST_SAMPLES &&
      samples.overS >= LEAST_SPAN_S &&
      samples.min < samples.max
    );
  });
}

function alarmCandidates(named: NamedAsset): Submodel | undefined {
  const candidates = candidatesOf(named.values);
  if (candidates.length === 0) return undefined;
  return submodel(named, "AlarmCandidates", own("alarm-candidates"), [
    list(
      "Candidates",
      candidates.map(({ variable, idShort }) => {
        const { min, max } = variable.samples!;
        return [
          property("Signal", "xs:string", idShort),
          property("ObservedLow", "xs:double", String(rounded(min))),
          property("ObservedHigh", "xs:double", String(rounded(max))),
          ...(variable.unit === undefined ? [] : [property("Unit", "xs:string", variable.unit)]),
        ];
      }),
    ),
  ]);
}

/** Three digits: what was seen yesterday and today is the same band. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** A concept has one unit; a quantity in two units is two concepts. */
function conceptId(role: string, unit: string | undefined): string {
  return `urn:doppelwerk:concept:${role}${unit === undefined ? "" : `:${encodeURIComponent(unit)}`}`;
}

function conceptDescriptions(values: NamedAsset["values"]): readonly ConceptDescription[] {
  const concepts = new Map<string, ConceptDescription>();
  for (const { meaning, variable } of values) {
    const concept = CONCEPT_NAMES[meaning.role];
    const id = conceptId(meaning.role, variable.unit);
    if (concept === undefined || concepts.has(id)) continue;
    // AASc-3a-009: a measure has a unit; without one it is a plain number
    const dataType =
      variable.unit === undefined ? (concept.dataType === "REAL_MEASURE" ? "REAL_COUNT" : concept.dataType) : concept.dataType;
    concepts.set(id, {
      modelType: "ConceptDescription",
      id,
      idShort: meaning.role,
      embeddedDataSpecifications: [
        {
          dataSpecification: external("https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"),
          dataSpecificationContent: {
            modelType: "DataSpecificationIec61360",
            preferredName: [
              { language: "en", text: concept.en },
              { language: "zh", text: concept.zh },
            ],
            definition: [{ language: "en", text: `${concept.en}, as Doppelwerk understands the role ${meaning.role}` }],
            dataType,
            ...(variable.unit === undefined ? {} : { unit: variable.unit }),
          },
        },
      ],
    });
  }
  return [...concepts.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

const PITCH_M = 5;
const ROW_M = 8;
const A_ROW = 10;

/** Metres on the floor: along the order of the line, there and back, one line after the other. */
function positionsOf(
  places: readonly NamedPlace[],
): ReadonlyMap<string, { readonly x: number; readonly y: number; readonly rotation: number }> {
  const positions = new Map<string, { x: number; y: number; rotation: number }>();
  let row = 0;
  for (const { line } of places) {
    if (line === undefined) continue;
    line.order.order.forEach((id, i) => {
      const [across, along] = [Math.floor(i / A_ROW), i % A_ROW];
      const back = across % 2 === 1;
      positions.set(id, { x: PITCH_M * (back ? A_ROW - 1 - along : along), y: ROW_M * (row + across), rotation: back ? 180 : 0 });
    });
    row += Math.ceil(line.order.order.length / A_ROW) + 1;
  }
  return positions;
}
