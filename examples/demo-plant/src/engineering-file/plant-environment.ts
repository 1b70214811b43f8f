import type { Environment, Shell, Submodel } from "@doppelwerk/aas";
import type { CalendarAnchor } from "../clock/calendar.ts";
import type { AssetId, PlantSignal } from "../signals/signal.ts";
import { lineName } from "../signals/signal-list.ts";
import { unitIds, unitOf, type UnitId } from "../signals/unit.ts";
import { conceptDescriptions, withConcepts } from "./concepts.ts";
import { languages, submodelReference } from "./element.ts";
import { hierarchy } from "./hierarchy.ts";
import { interfacesDescription, type PlantEndpoints } from "./interfaces.ts";
import { fleetLayout, layout } from "./layout.ts";
import { nameplate, nameplateOfUnit, type NameplateData } from "./nameplate.ts";
import { nominalTable } from "./nominal.ts";
import { productionLine } from "./production-line.ts";
import { layoutSubmodel, stateMappingSubmodel, stationSubmodel } from "./station.ts";
import { workElements } from "./work-elements.ts";

const root = "urn:doppelwerk:demo-plant";
const vehicles: readonly AssetId[] = ["AGV1", "AGV2", "AGV3"];
const facilities: readonly AssetId[] = ["Air", "Hall"];

/** Everything engineering hands over: site, hall, line, units and fleet. Nominal values only. */
export function plantEnvironment(signals: readonly PlantSignal[], endpoints: PlantEndpoints, anchor: CalendarAnchor): Environment {
  const units = unitIds.filter((unit) => signals.some((signal) => signal.asset === unit));
  const fleet = signals.some((signal) => vehicles.includes(signal.asset));
  const shells: Shell[] = [];
  const submodels: Submodel[] = [];
  const add = (idShort: string, names: { en: string; zh: string }, parts: readonly (Submodel | undefined)[]) => {
    const present = parts.filter((part) => part !== undefined);
    submodels.push(...present);
    shells.push({
      modelType: "AssetAdministrationShell",
      idShort,
      id: shellId(idShort),
      displayName: languages(names.en, names.zh),
      assetInformation: { assetKind: "Instance", globalAssetId: assetId(idShort), assetType: "Instance" },
      submodels: present.map((part) => submodelReference(part.id)),
    });
  };
  const below = (...ids: readonly string[]) => ids.map((idShort) => ({ idShort, asset: assetId(idShort) }));
  const builder = (idShort: string, designation: NameplateData["designation"]): NameplateData => ({
    manufacturer: "Doppelwerk examples",
    designation,
    orderCode: `DEMO-${idShort}`,
    serialNumber: `${idShort}-1`,
    year: 2019,
  });

  const site = { en: "Demo plant", zh: "示范工厂" };
  add("Site", site, [
    nameplate(submodelId("Site", "Nameplate"), assetId("Site"), builder("Site", site)),
    hierarchy(submodelId("Site", "HierarchicalStructures"), { asset: assetId("Site") }, below("Hall2")),
  ]);
  const hall = { en: "Hall 2", zh: "2 号厂房" };
  add("Hall2", hall, [
    nameplate(submodelId("Hall2", "Nameplate"), assetId("Hall2"), builder("Hall2", hall)),
    hierarchy(submodelId("Hall2", "HierarchicalStructures"), { asset: assetId("Hall2") }, below(lineName)),
  ]);
  const line = { en: "Line 3 final assembly", zh: "3 号总装线" };
  add(lineName, line, [
    nameplate(submodelId(lineName, "Nameplate"), assetId(lineName), builder(lineName, line)),
    hierarchy(
      submodelId(lineName, "HierarchicalStructures"),
      { asset: assetId(lineName) },
      below(...units, ...(fleet ? ["AgvFleet"] : [])),
    ),
    productionLine(submodelId(lineName, "ProductionLine"), units, anchor, shellId),
    workElements(submodelId(lineName, "WorkElements"), units),
    interfacesDescription(
      submodelId(lineName, "AssetInterfacesDescription"),
      signals.filter((signal) => facilities.includes(signal.asset)),
      endpoints,
      true,
    ),
  ]);
  for (const unit of units) add(unit, unitNames(unit), unitParts(unit, signals, endpoints));
  if (fleet) {
    const names = { en: "Automated guided vehicles", zh: "AGV 车队" };
    add("AgvFleet", names, [
      nameplate(submodelId("AgvFleet", "Nameplate"), assetId("AgvFleet"), {
        manufacturer: "Trolleon",
        designation: names,
        orderCode: "TR-12K",
        serialNumber: "TR-12K-0071",
        year: 2022,
        software: "3.4.0",
      }),
      layoutSubmodel(submodelId("AgvFleet", "Layout"), fleetLayout),
      interfacesDescription(
        submodelId("AgvFleet", "AssetInterfacesDescription"),
        signals.filter((signal) => vehicles.includes(signal.asset)),
        endpoints,
        true,
      ),
    ]);
  }
  return { assetAdministrationShells: shells, submodels: withConcepts(submodels), conceptDescriptions: conceptDescriptions() };
}

function unitParts(unit: UnitId, signals: readonly PlantSignal[], endpoints: PlantEndpoints): readonly (Submodel | undefined)[] {
  const row = nominalTable().find((candidate) => candidate.id === unit)!;
  return [
    nameplate(submodelId(unit, "Nameplate"), assetId(unit), nameplateOfUnit(unit)),
    stationSubmodel(submodelId(unit, "Station"), row),
    layoutSubmodel(submodelId(unit, "Layout"), layout[unit]),
    interfacesDescription(
      submodelId(unit, "AssetInterfacesDescription"),
      signals.filter((signal) => signal.asset === unit),
      endpoints,
      false,
    ),
    stateMappingSubmodel(submodelId(unit, "StateMapping"), unit),
  ];
}

function unitNames(unit: UnitId): { en: string; zh: string } {
  const { title } = unitOf(unit);
  return { en: `${unit} ${title.en}`, zh: `${unit} ${title.zh}` };
}

function shellId(idShort: string): string {
  return `${root}:shell:${idShort}`;
}

function assetId(idShort: string): string {
  return `${root}:asset:${idShort}`;
}

function submodelId(idShort: string, submodel: string): string {
  return `${root}:submodel:${idShort}:${submodel}`;
}
