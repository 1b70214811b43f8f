import { unitOf, type UnitId } from "./unit.ts";

/** What a controller can say about its machine. */
export const controllerStates = [
  "off",
  "running",
  "starved",
  "blocked",
  "noOperator",
  "noMaterial",
  "noUtility",
  "setUp",
  "minorStop",
  "fault",
  "repair",
  "break",
  "maintenance",
] as const;
export type ControllerState = (typeof controllerStates)[number];

/** State and cause of each in the words of the engineering file (P7). */
export const stateMeanings: Readonly<Record<ControllerState, readonly [state: string, cause: string]>> = {
  off: ["off", "unknown"],
  running: ["working", "internal"],
  starved: ["starved", "upstream"],
  blocked: ["blocked", "downstream"],
  noOperator: ["idle", "operator"],
  noMaterial: ["idle", "material"],
  noUtility: ["idle", "utility"],
  setUp: ["setUp", "internal"],
  minorStop: ["microStop", "internal"],
  fault: ["failed", "internal"],
  repair: ["failed", "internal"],
  break: ["break", "unknown"],
  maintenance: ["maintenance", "internal"],
};

/** Every maker has a table of its own; none of them is documented on the machine. */
const vendorWords: Readonly<Record<string, Readonly<Record<ControllerState, number>>>> = {
  tens: words(0, 20, 30, 31, 82, 81, 80, 60, 40, 50, 51, 70, 90),
  bits: words(0, 0x0101, 0x0102, 0x0104, 0x0204, 0x0202, 0x0201, 0x0140, 0x0110, 0x0120, 0x0122, 0x0180, 0x0300),
  steps: words(1, 2, 3, 4, 5, 6, 12, 7, 11, 9, 10, 8, 13),
  hundreds: words(100, 110, 121, 122, 173, 172, 171, 150, 130, 140, 141, 160, 180),
};

const tableOfMaker: Readonly<Record<string, keyof typeof vendorWords>> = {
  Kerntorq: "bits",
  "Roverra Robotics": "bits",
  "Montara Systems": "steps",
  "Pelion Werkplatz": "steps",
  Kartonia: "hundreds",
};

export function vendorWordsOf(unit: UnitId): Readonly<Record<ControllerState, number>> {
  return vendorWords[tableOfMaker[unitOf(unit).manufacturer] ?? "tens"]!;
}

function words(...values: readonly number[]): Readonly<Record<ControllerState, number>> {
  return Object.fromEntries(controllerStates.map((state, index) => [state, values[index]!])) as Record<ControllerState, number>;
}
