import { placeStates } from "@doppelwerk/sim";
import { STATION_STATES } from "@doppelwerk/operations";
import { expect, test } from "vitest";
import { statesOfPlaces } from "./station-of-places.ts";

test("[SI4] every state of a simulated place is one of a station; a station works while a place does, else it is what most are", () => {
  for (const state of placeStates) expect(STATION_STATES).toContain(statesOfPlaces([state])[0]);
  expect(statesOfPlaces(["waitingRepair", "starved", "failed"])).toEqual(["failed", "failed", "starved", "failed"]);
  expect(statesOfPlaces(["failed", "working", "failed"])[0]).toBe("working");
  expect(statesOfPlaces([])).toEqual(["unknown"]);
});
