import type { ElementRecord, ShellRecord, SignalRecord, SubmodelRecord } from "@doppelwerk/kit";
import type { MachineDocument, RangeDocument, RecipeDocument, RecipeStep, TankDocument } from "./documents.ts";
import { SubmodelTree, titleOfShell } from "./submodel-tree.ts";

const DYE_MACHINE = "urn:doppelwerk:submodel:dye-machine:1:0";
const LAYOUT = "urn:doppelwerk:submodel:layout:1:0";
const DYE_RECIPE = "urn:doppelwerk:submodel:dye-recipe:1:0";

/** Submodels that are read, by semantic id. */
export const READ_SUBMODELS: readonly string[] = [DYE_MACHINE, DYE_RECIPE, LAYOUT];

export interface PlantRecords {
  readonly shells: readonly ShellRecord[];
  readonly submodels: readonly { readonly submodel: SubmodelRecord; readonly elements: readonly ElementRecord[] }[];
  readonly signals: readonly SignalRecord[];
}

export type PlantDocument = MachineDocument | RangeDocument | TankDocument | RecipeDocument;

/** Role of a signal in the engineering file, by the field of the document that names it. */
const MACHINE_ROLES = {
  batchSignal: "BatchId",
  recipeSignal: "Recipe",
  loadSignal: "Load",
  stepSignal: "Step",
  functionSignal: "Function",
  temperatureSignal: "Temperature",
  setpointSignal: "Setpoint",
  levelSignal: "Level",
  waterSignal: "Water",
  steamSignal: "Steam",
  energySignal: "Energy",
};
const ZONES = [1, 2, 3, 4, 5];
const RANGE_ROLES = {
  batchSignal: "BatchId",
  speedSignal: "Speed",
  lengthSignal: "Length",
  moistureSignal: "Moisture",
  waterSignal: "Water",
  steamSignal: "Steam",
  gasSignal: "Gas",
  ...Object.fromEntries(
    ZONES.flatMap((zone) => [
      [`zone${zone}Signal`, `Zone${zone}`],
      [`set${zone}Signal`, `ZoneSet${zone}`],
    ]),
  ),
};
const TANK_ROLES = { levelSignal: "Level", temperatureSignal: "Temperature", flowSignal: "DoseFlow" };

/** What the shells say of a dye house, as documents of the pack; ids follow from idShorts and codes, so that the same plant gives the same documents. */
export function documentsOfPlant({ shells, submodels, signals }: PlantRecords): readonly PlantDocument[] {
  const shellOf = new Map(shells.flatMap((shell) => shell.submodels.map((submodel) => [submodel, shell] as const)));
  const places = new Map(
    submodels.flatMap(({ submodel, elements }) => {
      const shell = submodel.semanticId === LAYOUT ? shellOf.get(submodel.aasId) : undefined;
      const tree = new SubmodelTree(submodel, elements);
      const [x, y] = [tree.number("PositionX"), tree.number("PositionY")];
      return shell === undefined || x === undefined || y === undefined ? [] : [[shell.aasId, { x, y }] as const];
    }),
  );
  return submodels.flatMap(({ submodel, elements }): PlantDocument[] => {
    const tree = new SubmodelTree(submodel, elements);
    if (submodel.semanticId === DYE_RECIPE) return recipeOf(tree);
    const shell = shellOf.get(submodel.aasId);
    if (submodel.semanticId !== DYE_MACHINE || shell === undefined) return [];
    const own = signals.filter((signal) => signal.shell === shell.aasId);
    const kind = tree.text("Kind");
    const place = places.get(shell.aasId);
    const common = { name: shell.idShort, title: titleOfShell(shell), shell: shell.aasId, ...(place && { place }) };
    if (kind === "jet") return [machineOf(tree, common, own)];
    if (kind === "tank")
      return [
        {
          id: `dyeHouse.tank:${common.name}`,
          kind: "dyeHouse.tank",
          ...common,
          capacityL: tree.number("Capacity") ?? 0,
          ...named(TANK_ROLES, own),
        },
      ];
    return kind === "washer" || kind === "stenter"
      ? [
          {
            id: `dyeHouse.range:${common.name}`,
            kind: "dyeHouse.range",
            ...common,
            rangeKind: kind,
            speed: tree.number("Speed") ?? 0,
            ...named(RANGE_ROLES, own),
          },
        ]
      : [];
  });
}

type Common = Pick<MachineDocument, "name" | "title" | "shell" | "place">;

function machineOf(tree: SubmodelTree, common: Common, signals: readonly SignalRecord[]): MachineDocument {
  const bits = (role: string): number => signals.find((signal) => signal.role === role)?.counter?.width ?? 32;
  const nominalKg = tree.number("NominalLoad") ?? 100;
  return {
    id: `dyeHouse.machine:${common.name}`,
    kind: "dyeHouse.machine",
    ...common,
    nominalKg,
    liquorRatio: tree.number("LiquorRatio") ?? 0,
    capacityL: tree.number("Capacity") ?? nominalKg * 8,
    functions: Object.fromEntries(
      tree.items("FunctionWords").flatMap(({ id }) => {
        const [word, phase] = [tree.text("Word", id), tree.text("Phase", id)];
        return word === undefined || phase === undefined ? [] : [[word, phase]];
      }),
    ),
    waterBits: bits("Water"),
    steamBits: bits("Steam"),
    energyBits: bits("Energy"),
    ...named(MACHINE_ROLES, signals),
  };
}

function named(roles: Readonly<Record<string, string>>, signals: readonly SignalRecord[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(roles).flatMap(([field, role]) => {
      const signal = signals.find((one) => one.role === role);
      return signal === undefined ? [] : [[field, signal.id]];
    }),
  );
}

function recipeOf(tree: SubmodelTree): RecipeDocument[] {
  const code = tree.text("Code");
  if (code === undefined) return [];
  const steps = tree.items("Steps").map(({ id }): RecipeStep => {
    const numbers = { minutes: "Minutes", to: "Temperature", gradient: "Gradient", litres: "Litres" };
    const known = Object.entries(numbers).flatMap(([field, idShort]) => {
      const value = tree.number(idShort, id);
      return value === undefined ? [] : [[field, value] as const];
    });
    const tank = tree.text("Tank", id);
    return {
      unit: tree.text("UnitProcedure", id) ?? "dye",
      phase: tree.text("Phase", id) ?? "unknown",
      ...Object.fromEntries(known),
      ...(tank !== undefined && { tank }),
    };
  });
  return [{ id: `dyeHouse.recipe:${code}`, kind: "dyeHouse.recipe", code, title: tree.title("Title", code), steps }];
}
