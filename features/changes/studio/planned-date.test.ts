import { expect, test } from "vitest";
import { plannedDateText, zoneOf } from "@doppelwerk/kit/studio";

const [berlin, auckland, honolulu] = ["Europe/Berlin", "Pacific/Auckland", "Pacific/Honolulu"].map(zoneOf) as [
  ReturnType<typeof zoneOf>,
  ReturnType<typeof zoneOf>,
  ReturnType<typeof zoneOf>,
];

test("[CH8] a day stays that day in every zone, and gets no time that nobody entered", () => {
  for (const zone of [berlin, auckland, honolulu]) expect(plannedDateText("2026-12-12", zone, "en")).toBe("12 Dec");
  expect(plannedDateText("2026-12-12", berlin, "zh")).toBe("12月12日");
});

test("[CH8] a date with a time is shown with its time in the zone; what is no date is shown as it is", () => {
  expect(plannedDateText("2026-12-12T01:00:00Z", berlin, "en")).toBe("12 Dec, 02:00");
  expect(plannedDateText("2026-12-12T01:00:00Z", berlin, "zh")).toBe("12月12日 02:00");
  expect(plannedDateText("after the holidays", berlin, "en")).toBe("after the holidays");
});
