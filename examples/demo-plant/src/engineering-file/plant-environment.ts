import type { Environment, Shell, Submodel } from "@doppelwerk/aas";
import type { CalendarAnchor } from "../clock/calendar.ts";
import type { AssetId, PlantSignal } from "../signals/signal.ts";
import { lineName } from "../signals/signal-list.ts";
import { instanceUri, unitIds, unitOf, type UnitId } from "../signals/unit.ts";
import { conceptDescriptions, withConcepts } from "./concepts.ts";
import { languages, submodelReference } from "./element.ts";
import { hierarchy } from "./hierarchy.ts";
import { interfacesDescription, type PlantEndpoints } from "./interfaces.ts";
import { fleetLayout, layout } from "../truth/layout.ts";
import { installation, installedIn } from "./installation.ts";
import { nameplate, nameplateOfUnit, type NameplateData } from "./nameplate.ts";
import { nominalTable } from "./nominal.ts";
import { productionLine } from "./production-line.ts";
import { layoutSubmodel, stateMappingSubmodel, stationSubmodel } from "./station.ts";
import { workElements } from "./work-elements.ts";

const root = "urn:doppelwerk:demo-plant";
const vehicles: readonly AssetId[] = ["AGV1", "AGV2", "AGV3"];
const facilities: readonly AssetId[] = ["Air", "Hall"];

/**
 * Everything engineering hands over: site, hall, line, the places of units and fleet, and the machines that stand in them, each with its serial (P12).
 * Nominal values only.
 */
export function plantEnvironment(signals: readonly PlantSignal[], endpoints: PlantEndpoints, anchor: CalendarAnchor): Environment {
  const units = unitIds.filter((unit) => signals.some((signal) => signal.asset === unit));
  const fleet = signals.some((signal) => vehicles.includes(signal.asset));
  const shells: Shell[] = [];
  const submodels: Submodel[] = [];
  const add = (idShort: string, names: { en: string; zh: string }, parts: readonly (Submodel | undefined)[], asset = assetId(idShort)) => {
    const present = parts.filter((part) => part !== undefined);
    submodels.push(...present);
    shells.push({
      modelType: "AssetAdministrationShell",
      idShort,
      id: shellId(idShort),
      displayName: languages(names.en, names.zh),
      assetInformation: { assetKind: "Instance", globalAssetId: asset },
      submodels: present.map((part) => submodelReference(part.id)),
    });
  };
  /** A place and the machine that stands in it: its nameplate goes with the serial. */
  const addWithMachine = (
    place: string,
    names: { en: string; zh: string },
    machine: NameplateData,
    parts: readonly (Submodel | undefined)[],
  ) => {
    const serial = `SN_${machine.serialNumber}`;
    add(place, names, [...parts, installation(shellId(place), shellId(serial), installedIn(machine.year))]);
    const called = { en: `${machine.designation.en} ${machine.serialNumber}`, zh: `${machine.designation.zh} ${machine.serialNumber}` };
    add(serial, called, [nameplate(submodelId(serial, "Nameplate"), machine)], machine.instance);
  };
  const below = (...ids: readonly string[]) => ids.map((idShort) => ({ idShort, asset: assetId(idShort) }));
  const site = { en: "Demo plant", zh: "示范工厂" };
  add("Site", site, [hierarchy(submodelId("Site", "HierarchicalStructures"), { asset: assetId("Site") }, below("Hall2"))]);
  const hall = { en: "Hall 2", zh: "2 号厂房" };
  add("Hall2", hall, [hierarchy(submodelId("Hall2", "HierarchicalStructures"), { asset: assetId("Hall2") }, below(lineName))]);
  const line = { en: "Line 3 final assembly", zh: "3 号总装线" };
  add(lineName, line, [
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
  for (const unit of units) addWithMachine(unit, unitNames(unit), nameplateOfUnit(unit), unitParts(unit, signals, endpoints));
  if (fleet) {
    const names = { en: "Automated guided vehicles", zh: "AGV 车队" };
    const delivered: NameplateData = {
      manufacturer: "Trolleon",
      designation: names,
      orderCode: "TR-12K",
      serialNumber: "TR-12K-0071",
      instance: instanceUri("TR-12K-0071"),
      year: 2022,
      software: "3.4.0",
    };
    addWithMachine("AgvFleet", names, delivered, [
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
