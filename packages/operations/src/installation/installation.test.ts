import { validate } from "@doppelwerk/aas";
import { expect, test } from "vitest";
import { installationSubmodel, readInstallation, stoodFor, swapped } from "./installation.ts";

const HOUR = 3_600_000_000;
const start = Date.UTC(2026, 0, 1) * 1_000;

test("[O102] the place stays and the serial changes: who stood there is kept, and how long each stood is told", () => {
  const first = swapped([], "urn:robot:1", start);
  const second = swapped(first, "urn:robot:2", start + 5 * HOUR);
  const back = swapped(second, "urn:robot:1", start + 7 * HOUR);
  expect(back).toEqual([
    { shell: "urn:robot:1", from: start, to: start + 5 * HOUR },
    { shell: "urn:robot:2", from: start + 5 * HOUR, to: start + 7 * HOUR },
    { shell: "urn:robot:1", from: start + 7 * HOUR },
  ]);
  expect(stoodFor(back, "urn:robot:1", start + 10 * HOUR)).toBe(8 * HOUR);
  expect(stoodFor(back, "urn:robot:2", start + 10 * HOUR)).toBe(2 * HOUR);
  expect(swapped(back, undefined, start + 9 * HOUR).at(-1)).toEqual({ shell: "urn:robot:1", from: start + 7 * HOUR, to: start + 9 * HOUR });
});

test("[O102] the submodel of a place keeps to the metamodel and is read as it was written; what cannot be read is left out", () => {
  const periods = swapped(swapped([], "urn:robot:1", start), "urn:robot:2", start + HOUR);
  const submodel = installationSubmodel("urn:place/installation", periods);
  expect(validate({ submodels: [submodel] }, "Environment")).toEqual([]);
  expect(readInstallation(submodel)).toEqual(periods);
  expect(readInstallation({ ...submodel, submodelElements: [] })).toEqual([]);
  const broken = JSON.parse(JSON.stringify(submodel).replace("2026-01-01T00:00:00.000Z", "yesterday"));
  expect(readInstallation(broken)).toEqual([periods[1]]);
});
