import { validate } from "@doppelwerk/aas";
import { expect, test } from "vitest";
import type { Offered } from "./offered.ts";
import { propose } from "./propose.ts";

/** An event log alone: its activities are the assets. */
const steps = (activities: readonly string[]): Offered => ({
  source: "test",
  name: "Line",
  objects: activities.map((activity) => ({ path: [activity], type: { namespace: "urn:doppelwerk:event-log", name: "Activity" } })),
  variables: [],
  truncated: false,
});

test("[O121] a time that includes waiting is marked as an estimate with how sure it is; one that the pace of the station contradicts is left empty with a finding", () => {
  const precedence = [
    { from: "S010", to: "S020", count: 90 },
    { from: "S020", to: "S030", count: 85 },
  ];
  const bound = { n: 90, valuesS: [300], places: 1, isBound: true, resources: [] };
  const proposal = propose({
    ...steps(["S010", "S020", "S030"]),
    precedence,
    times: [
      // 13,746 s at a unit every 40 s would be 344 units at work at once
      { ...bound, activity: "S010", meanS: 13_746, intervalS: 40, places: 20 },
      // 300 s at 40 s are 7.5 units: places, or a short queue
      { ...bound, activity: "S020", meanS: 300, intervalS: 40 },
      { ...bound, activity: "S030", meanS: 13_746, intervalS: 40, isBound: false },
    ],
  });
  expect(validate(proposal.environment)).toEqual([]);
  const stations = proposal.environment
    .submodels!.filter(({ idShort }) => idShort === "Station")
    .map(({ submodelElements = [] }) => submodelElements);
  const loggedOf = (elements: (typeof stations)[number]) => elements.find(({ idShort }) => idShort === "LoggedTimes");
  const names = (element: ReturnType<typeof loggedOf>) =>
    (element?.modelType === "SubmodelElementCollection" ? element.value : [])?.map(({ idShort }) => idShort);
  const marks = (element: ReturnType<typeof loggedOf>) => element?.qualifiers?.map(({ type, value }) => [type, value]);
  expect(
    stations.map((elements) => [
      elements.some(({ idShort }) => idShort === "NumberOfPlaces"),
      names(loggedOf(elements)),
      marks(loggedOf(elements)),
    ]),
  ).toEqual([
    [false, ["Visits", "WaitingIncluded"], undefined],
    [
      true,
      ["Visits", "Mean", "Values", "WaitingIncluded"],
      [
        ["Estimated", "true"],
        ["Confidence", "0.5"],
      ],
    ],
    [true, ["Visits", "Mean", "Values", "WaitingIncluded"], undefined],
  ]);
  expect(proposal.evidence.filter(({ kind }) => kind === "time").map(({ subject, confidence }) => [subject, confidence])).toEqual([
    ["S020.LoggedTimes", 0.5],
    ["S030.LoggedTimes", 0.9],
  ]);
  expect(proposal.unknowns.find(({ message: { code } }) => code === "operations.proposal.implausibleTimes")).toMatchObject({
    count: 1,
    examples: ["S010 (3.82 h > 10 × 40 s)"],
  });
});
