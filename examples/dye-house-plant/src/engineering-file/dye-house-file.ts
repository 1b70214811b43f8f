import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeAasx, type Entity, type Environment, type Shell, type Submodel, type SubmodelElement } from "@doppelwerk/aas";
import { jets, stenterZones, tanks } from "../truth/machines.ts";
import { functions, recipes, type Recipe } from "../truth/recipes.ts";
import { decimal, languages, list, multiLanguage, reference, text } from "./element.ts";
import { interfacesOf, type Endpoints } from "./interfaces.ts";
import { lineOf, stationOf } from "./line-documents.ts";
import { stateMappingOf } from "./station-states.ts";

const root = "urn:dye-house-plant";
const hierarchyBase = "https://admin-shell.io/idta/HierarchicalStructures";
const shellId = (idShort: string) => `${root}:shell:${idShort}`;
const assetId = (idShort: string) => `${root}:asset:${idShort}`;

/** A machine or a tank as engineering describes it: submodel `DyeMachine`. */
interface MachineEntry {
  readonly id: string;
  readonly en: string;
  readonly zh: string;
  readonly kind: "jet" | "washer" | "stenter" | "tank" | "boiler";
  readonly values: readonly (readonly [name: string, value: number, unit: string])[];
  readonly at: readonly [x: number, y: number];
}

const jetEntries = jets.map(({ id, nominalKg }, row): MachineEntry => ({
  id,
  en: `Jet ${row + 1}, ${nominalKg} kg`,
  zh: `${row + 1} 号溢流染色机，${nominalKg} kg`,
  kind: "jet",
  values: [
    ["NominalLoad", nominalKg, "kg"],
    ["LiquorRatio", 6, "L/kg"],
    ["Capacity", nominalKg * 8, "L"],
  ],
  at: [8, 6 + row * 8],
}));
const tankEntries = tanks.map(({ id, en, zh, capacityL }, row): MachineEntry => ({
  id,
  en,
  zh,
  kind: "tank",
  values: [["Capacity", capacityL, "L"]],
  at: [22, 6 + row * 5],
}));
const finishing: readonly MachineEntry[] = [
  { id: "WASH1", en: "Washing range", zh: "平幅水洗机", kind: "washer", values: [["Speed", 35, "m/min"]], at: [34, 10] },
  {
    id: "STENTER1",
    en: "Stenter",
    zh: "定形机",
    kind: "stenter",
    values: [
      ["Zones", stenterZones, "1"],
      ["Speed", 24, "m/min"],
    ],
    at: [34, 22],
  },
];
const boiler: MachineEntry = {
  id: "BOILER",
  en: "Steam boiler",
  zh: "蒸汽锅炉",
  kind: "boiler",
  values: [["SteamOutput", 2_000, "kg/h"]],
  at: [22, 30],
};

/** Everything engineering hands over; nominal values only. The boiler's 2,000 kg/h are those of its nameplate. */
export function dyeHouseEnvironment(endpoints: Endpoints, withLine = false): Environment {
  const shells: Shell[] = [];
  const submodels: Submodel[] = [];
  const add = (idShort: string, names: { readonly en: string; readonly zh: string }, parts: readonly (Submodel | undefined)[]): void => {
    const present = parts.filter((part) => part !== undefined);
    submodels.push(...present);
    shells.push({
      modelType: "AssetAdministrationShell",
      idShort,
      id: shellId(idShort),
      displayName: languages(names.en, names.zh),
      assetInformation: {
        assetKind: "Instance",
        globalAssetId: assetId(idShort),
      },
      submodels: present.map(({ id }) => ({
        type: "ModelReference",
        keys: [
          {
            type: "Submodel",
            value: id,
          },
        ],
      })),
    });
  };
  const place = (idShort: string, en: string, zh: string, level: string, children: readonly string[], more: readonly Submodel[] = []) =>
    add(idShort, { en, zh }, [hierarchyOf(idShort, level, children), ...more]);
  place("DyeWorks", "Dye works", "染整厂", "Site", ["DyeHouse"]);
  const areas = ["Dyeing", "Kitchen", "Finishing", ...(withLine ? ["DyeLine"] : []), "BOILER"];
  place("DyeHouse", "Dye house", "染色车间", "Area", areas, recipes.map(recipeOf));
  place("Dyeing", "Dyeing machines", "染色机组", "ProcessCell", ids(jetEntries));
  place("Kitchen", "Dye kitchen", "染化料间", "ProcessCell", ids(tankEntries));
  place("Finishing", "Washing and finishing", "水洗与后整理", "ProductionUnit", ids(finishing));
  if (withLine) add("DyeLine", { en: "Dyeing and finishing", zh: "染整线" }, [lineOf(submodel, shellId)]);
  for (const entry of [...jetEntries, ...tankEntries, ...finishing, boiler])
    add(entry.id, entry, [
      machineOf(entry),
      withLine ? stationOf(entry.id, submodel, recipeId) : undefined,
      withLine ? stateMappingOf(entry.id, submodel) : undefined,
      layoutOf(entry),
      interfacesOf(entry.id, `${root}:submodel:${entry.id}:Interfaces`, endpoints, withLine),
    ]);
  return { assetAdministrationShells: shells, submodels, conceptDescriptions: [] };
}

const ids = (entries: readonly MachineEntry[]) => entries.map(({ id }) => id);

function submodel(owner: string, idShort: string, semantic: string, submodelElements: readonly SubmodelElement[]): Submodel {
  return { modelType: "Submodel", idShort, id: `${root}:submodel:${owner}:${idShort}`, semanticId: reference(semantic), submodelElements };
}

function machineOf({ id, kind, values }: MachineEntry): Submodel {
  const elements = values.map(([name, value, unit]) => decimal(name, value, unit));
  const words = Object.entries(functions).map(([phase, word]) => [text("Word", String(word)), text("Phase", phase)]);
  const told = jets.some((jet) => jet.id === id && !jet.withoutFunction) ? [list("FunctionWords", words)] : [];
  return submodel(id, "DyeMachine", "urn:doppelwerk:submodel:dye-machine:1:0", [text("Kind", kind), ...elements, ...told]);
}

function layoutOf({ id, kind, at: [x, y] }: MachineEntry): Submodel {
  const elements = [text("PartKind", kind), decimal("PositionX", x, "m"), decimal("PositionY", y, "m"), decimal("Rotation", 0, "deg")];
  return submodel(id, "Layout", "urn:doppelwerk:submodel:layout:1:0", elements);
}

const recipeName = (code: string): string => `Recipe_${code.replaceAll("-", "_")}`;
const recipeId = (code: string): string => `${root}:submodel:DyeHouse:${recipeName(code)}`;

/** A master recipe (ISA-88) as its steps. */
function recipeOf({ code, en, zh, steps }: Recipe): Submodel {
  const items = steps.map(({ unit, run, minutes, to, gradient, litres, tank }) => [
    text("UnitProcedure", unit),
    text("Phase", run),
    ...(minutes === undefined ? [] : [decimal("Minutes", minutes, "min")]),
    ...(to === undefined ? [] : [decimal("Temperature", to, "Cel")]),
    ...(gradient === undefined ? [] : [decimal("Gradient", gradient, "K/min")]),
    ...(litres === undefined ? [] : [decimal("Litres", litres, "L/kg")]),
    ...(tank === undefined ? [] : [text("Tank", tank)]),
  ]);
  return submodel("DyeHouse", recipeName(code), "urn:doppelwerk:submodel:dye-recipe:1:0", [
    text("Code", code),
    multiLanguage("Title", en, zh),
    list("Steps", items),
  ]);
}

/** IDTA 02011-1-1, archetype OneDown. */
function hierarchyOf(owner: string, level: string, children: readonly string[]): Submodel {
  const entity = (idShort: string, asset: string, semantic: string): Entity => ({
    modelType: "Entity",
    idShort,
    entityType: "SelfManagedEntity",
    globalAssetId: asset,
    semanticId: reference(`${hierarchyBase}/${semantic}/1/0`),
  });
  const entry = {
    ...entity("EntryNode", assetId(owner), "EntryNode"),
    statements: children.map((child) => entity(child, assetId(child), "Node")),
  };
  return submodel(owner, "HierarchicalStructures", `${hierarchyBase}/1/1/Submodel`, [
    text("ArcheType", "OneDown", `${hierarchyBase}/ArcheType/1/0`),
    text("EquipmentLevel", level),
    entry,
  ]);
}

/** Writes `dye-house.aasx` under `data`, whole or not at all; returns its path. */
export function writeEngineeringFile(data: string, endpoints: Endpoints, withLine = false): string {
  mkdirSync(data, { recursive: true });
  const path = join(data, "dye-house.aasx");
  writeFileSync(`${path}.part`, writeAasx(dyeHouseEnvironment(endpoints, withLine)));
  renameSync(`${path}.part`, path);
  return path;
}
