import { controllerStates, type ControllerState } from "../../signals/vendor-states.ts";
import type { Line4Id } from "./line-4-table.ts";

/** The controller of the drum and belt station knows one word for every kind of waiting. */
export const onlyWaiting: Line4Id = "L4-040";

/** Words by maker, in the order of `controllerStates`; documented nowhere but in the engineering file. */
const wordTables = {
  frigovac: words(0, 10, 11, 12, 15, 14, 13, 16, 20, 30, 31, 17, 40),
  nietwerk: words(0x00, 0x81, 0x82, 0x84, 0x88, 0x89, 0x8a, 0x90, 0xa0, 0xc0, 0xc1, 0x98, 0xf0),
  montara: words(1, 2, 3, 4, 5, 6, 12, 7, 11, 9, 10, 8, 13),
} as const;

const tableOf: Readonly<Record<Line4Id, keyof typeof wordTables>> = {
  "L4-010": "montara",
  "L4-020": "frigovac",
  "L4-030": "nietwerk",
  "L4-040": "montara",
  "L4-050": "nietwerk",
  "L4-060": "frigovac",
  "L4-R10": "montara",
  "L4-070": "nietwerk",
};

export function line4WordsOf(station: Line4Id): Readonly<Record<ControllerState, number>> {
  const table = wordTables[tableOf[station]];
  return station === onlyWaiting ? { ...table, blocked: table.starved, noMaterial: table.starved, noOperator: table.starved } : table;
}

function words(...values: readonly number[]): Readonly<Record<ControllerState, number>> {
  return Object.fromEntries(controllerStates.map((state, index) => [state, values[index]!])) as Record<ControllerState, number>;
}
