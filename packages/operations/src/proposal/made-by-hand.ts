import type { Environment, Shell, Submodel, ValueType as XsType } from "@doppelwerk/aas";
import type { ValueType } from "@doppelwerk/world";
import { EMPTY_MAPPING } from "../definition/state-mapping.ts";
import { external, list, property, shown, toShell, toSubmodel } from "../element.ts";
import { stateMappingSubmodel } from "../states/mapping-submodel.ts";
import { operationalDataOf } from "./documents.ts";

/** A value that a person gives to an asset. */
export interface MadeValue {
  readonly idShort: string;
  readonly valueType: ValueType;
  readonly unit?: string;
  /** What people call it where that differs. */
  readonly displayName?: string;
}

/** An asset that a person makes of values. `shell` and `globalAssetId` are new. */
export interface MadeAsset {
  readonly shell: string;
  readonly globalAssetId: string;
  readonly idShort: string;
  readonly name: string;
  readonly values: readonly MadeValue[];
}

const XS: Readonly<Record<ValueType, XsType>> = {
  double: "xs:double",
  integer: "xs:long",
  boolean: "xs:boolean",
  string: "xs:string",
  enumeration: "xs:string",
};

/** A shell with its operational data for each; a property for each value, which is still to be bound to its signal. */
export function assetDocuments(assets: readonly MadeAsset[]): Environment {
  return {
    assetAdministrationShells: assets.map(({ shell, globalAssetId, idShort, name }): Shell => ({
      modelType: "AssetAdministrationShell",
      idShort,
      id: shell,
      displayName: shown(name.slice(0, 128)),
      assetInformation: { assetKind: "Instance", globalAssetId },
      submodels: [toSubmodel(operationalDataOf(shell))],
    })),
    submodels: assets.map(({ shell, values }): Submodel => ({
      modelType: "Submodel",
      idShort: "OperationalData",
      id: operationalDataOf(shell),
      semanticId: external("urn:doppelwerk:submodel:operational-data:1:0"),
      submodelElements: values.map(({ idShort, valueType, unit, displayName }) => ({
        modelType: "Property",
        idShort,
        ...(displayName === undefined ? {} : { displayName: shown(displayName.slice(0, 128)) }),
        valueType: XS[valueType],
        ...(unit === undefined
          ? {}
          : { qualifiers: [{ type: "Unit", kind: "ConceptQualifier" as const, valueType: "xs:string" as const, value: unit }] }),
      })),
    })),
  };
}

/** An asset that becomes a station; its shell is there. */
export interface MadeStation {
  readonly idShort: string;
  /** AAS id of its shell. */
  readonly shell: string;
  /** idShorts of the submodels that it has. */
  readonly has: ReadonlySet<string>;
  /** Roles that its signals fill. */
  readonly roles: ReadonlySet<string>;
}

export interface MadeLine {
  readonly shell: string;
  readonly globalAssetId: string;
  readonly idShort: string;
  readonly name: string;
  readonly taktS?: number;
  /** idShort of the declared constraint. */
  readonly constraint?: string;
  /** `days` as `Mon Tue Wed`, times as `06:00`. */
  readonly shifts?: readonly { readonly name: string; readonly start: string; readonly end: string; readonly days: string }[];
  /** IANA. */
  readonly timeZone?: string;
  /** In the order of the flow. */
  readonly stations: readonly MadeStation[];
}

const PITCH_M = 5;

/** Documents of a line, and which submodels of them each asset has besides, by the AAS id of its shell. */
export interface LineDocuments {
  readonly environment: Environment;
  readonly added: ReadonlyMap<string, readonly string[]>;
}

/** `ProductionLine` of docs/guide/engineering-file.md over assets that are there, one after the other; what they have already stays. */
export function lineDocuments({ shell, globalAssetId, idShort, name, stations, ...stated }: MadeLine): LineDocuments {
  const made = stations.map((station, at) => ({ station, submodels: stationSubmodels(station, at) }));
  const line: Submodel = {
    modelType: "Submodel",
    idShort: "ProductionLine",
    id: `${shell}/ProductionLine`,
    semanticId: external("urn:doppelwerk:submodel:production-line:1:0"),
    submodelElements: [
      ...statedElements(stated),
      list(
        "Stations",
        stations.map((station) => [
          property("Station", "xs:string", station.idShort),
          { modelType: "ReferenceElement" as const, idShort: "Shell", value: toShell(station.shell) },
        ]),
      ),
      list(
        "Flows",
        stations
          .slice(1)
          .map((to, at) => [
            property("From", "xs:string", stations[at]!.idShort),
            property("To", "xs:string", to.idShort),
            property("Kind", "xs:string", "main"),
          ]),
      ),
    ],
  };
  return {
    environment: {
      assetAdministrationShells: [
        {
          modelType: "AssetAdministrationShell",
          idShort,
          id: shell,
          displayName: shown(name.slice(0, 128)),
          assetInformation: { assetKind: "Instance", globalAssetId },
          submodels: [toSubmodel(line.id)],
        },
      ],
      submodels: [line, ...made.flatMap(({ submodels }) => submodels)],
    },
    added: new Map(made.map(({ station, submodels }) => [station.shell, submodels.map(({ id }) => id)])),
  };
}

/** What somebody knew of the line beside its stations. */
function statedElements({
  taktS,
  constraint,
  shifts = [],
  timeZone,
}: Pick<MadeLine, "taktS" | "constraint" | "shifts" | "timeZone">): NonNullable<Submodel["submodelElements"]> {
  return [
    ...(taktS === undefined ? [] : [property("Takt", "xs:double", String(taktS))]),
    ...(constraint === undefined ? [] : [property("ConstraintStation", "xs:string", constraint)]),
    ...(shifts.length === 0
      ? []
      : [
          list(
            "Shifts",
            shifts.map((shift) => [
              property("Name", "xs:string", shift.name),
              property("Start", "xs:string", shift.start),
              property("End", "xs:string", shift.end),
              property("Days", "xs:string", shift.days),
            ]),
          ),
        ]),
    ...(timeZone === undefined ? [] : [property("TimeZone", "xs:string", timeZone)]),
  ];
}

function stationSubmodels({ shell, has, roles }: MadeStation, at: number): readonly Submodel[] {
  const own = (idShort: string, semantic: string, submodelElements: NonNullable<Submodel["submodelElements"]>): Submodel => ({
    modelType: "Submodel",
    idShort,
    id: `${shell}/${idShort}`,
    semanticId: external(semantic),
    ...(submodelElements.length === 0 ? {} : { submodelElements }),
  });
  const isStated = roles.has("VendorState") || roles.has("ItemState");
  return [
    ...(has.has("Station") ? [] : [own("Station", "urn:doppelwerk:submodel:station:1:0", [])]),
    ...(has.has("Layout")
      ? []
      : [
          own("Layout", "urn:doppelwerk:submodel:layout:1:0", [
            property("PartKind", "xs:string", "machine"),
            property("PositionX", "xs:double", String(PITCH_M * at)),
            property("PositionY", "xs:double", "0"),
            property("Rotation", "xs:double", "0"),
          ]),
        ]),
    ...(has.has("StateMapping") || !isStated
      ? []
      : [
          stateMappingSubmodel(`${shell}/StateMapping`, {
            ...EMPTY_MAPPING,
            version: 1,
            blockedBit: roles.has("Blocked"),
            starvedBit: roles.has("Starved"),
          }),
        ]),
  ];
}
