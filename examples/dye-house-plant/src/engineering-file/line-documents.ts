import type { ReferenceElement, Submodel, SubmodelElement, SubmodelElementList } from "@doppelwerk/aas";
import { jets } from "../truth/machines.ts";
import { recipes } from "../truth/recipes.ts";
import { collection, decimal, list, multiLanguage, text } from "./element.ts";

// The line of the dye house: which machines lots pass, and what simulates them. Engineering's figures: what really happens it does not know.

/** As `submodel()` of the file makes them. */
export type MakeSubmodel = (owner: string, idShort: string, semantic: string, elements: readonly SubmodelElement[]) => Submodel;

const RANGES = ["WASH1", "STENTER1"];
const STATIONS = [...jets.map(({ id }) => id), ...RANGES];
/** h of a lot, as it is planned with. */
const BATCH_H = 7;

const modelReference = (idShort: string | undefined, type: "AssetAdministrationShell" | "Submodel", value: string): ReferenceElement =>
  ({
    modelType: "ReferenceElement",
    ...(idShort === undefined ? {} : { idShort }),
    value: { type: "ModelReference", keys: [{ type, value }] },
  }) as ReferenceElement;

/** Submodel `Station` of a machine that lots pass; undefined of any other. `recipeId`: of the submodel of a recipe. */
export function stationOf(id: string, make: MakeSubmodel, recipeId: (code: string) => string): Submodel | undefined {
  const jet = jets.find((row) => row.id === id);
  if (jet === undefined && !RANGES.includes(id)) return undefined;
  const elements = jet === undefined ? rangeElements(id) : jetElements(id, jet.nominalKg, recipeId);
  return make(id, "Station", "urn:doppelwerk:submodel:station:1:0", [decimal("NumberOfPlaces", 1), ...elements]);
}

function jetElements(id: string, nominalKg: number, recipeId: (code: string) => string): readonly SubmodelElement[] {
  const programmes = {
    modelType: "SubmodelElementList",
    idShort: "recipes",
    orderRelevant: true,
    typeValueListElement: "ReferenceElement",
    value: recipes.map(({ code }) => modelReference(undefined, "Submodel", recipeId(code))),
  } as SubmodelElementList;
  return [
    decimal("IdealCycleTime", BATCH_H * 3_600, "s"),
    // lots that are dyed again
    decimal("RejectRate", 0.01),
    text("RejectTo", id),
    text("SimulationComponent", "dyeHouse.jet"),
    collection("ComponentParameters", [
      decimal("nominalKg", nominalKg, "kg"),
      decimal("offShade", 0.15),
      decimal("changeMinutes", 30, "min"),
      programmes,
    ]),
  ];
}

function rangeElements(id: string): readonly SubmodelElement[] {
  const isWasher = id === "WASH1";
  const speedOf = isWasher ? [decimal("cotton", 35), decimal("polyester", 0)] : [decimal("cotton", 24), decimal("polyester", 32)];
  return [
    decimal("IdealCycleTime", isWasher ? 1_700 : 2_500, "s"),
    decimal("BufferCapacity", 20),
    text("SimulationComponent", "dyeHouse.range"),
    collection("ComponentParameters", [decimal("threadMinutes", isWasher ? 0 : 4, "min"), collection("speedOf", speedOf)]),
  ];
}

/** Submodel `ProductionLine`: any jet, then washing, then the stenter, around the clock. */
export function lineOf(make: MakeSubmodel, shellId: (idShort: string) => string): Submodel {
  const flow = (from: string, to: string) => [text("From", from), text("To", to), text("Kind", "main")];
  const share = (code: string): number => (code === "PD130" ? 0.25 : code === "RC60-DARK" ? 0.41 : 0.34);
  const shift = (name: string, start: string, end: string) => [
    text("Name", name),
    text("Start", start),
    text("End", end),
    text("Days", "Mon Tue Wed Thu Fri Sat Sun"),
  ];
  return make("DyeLine", "ProductionLine", "urn:doppelwerk:submodel:production-line:1:0", [
    list(
      "Stations",
      STATIONS.map((id) => [text("Station", id), modelReference("Shell", "AssetAdministrationShell", shellId(id))]),
    ),
    list("Flows", [...jets.map(({ id }) => flow(id, "WASH1")), flow("WASH1", "STENTER1")]),
    list(
      "Products",
      recipes.map(({ code, fibre }) => [
        text("Id", code),
        text("Family", fibre),
        decimal("Share", share(code)),
        decimal("BatchMin", 1),
        decimal("BatchMax", 1),
      ]),
    ),
    list("Resources", [[text("Resource", "dissolver"), multiLanguage("Title", "Dissolvers", "化料位"), decimal("Count", 1)]]),
    list("Shifts", [shift("Early", "06:00", "14:00"), shift("Late", "14:00", "22:00"), shift("Night", "22:00", "06:00")]),
    text("TimeZone", "Etc/UTC"),
  ]);
}
