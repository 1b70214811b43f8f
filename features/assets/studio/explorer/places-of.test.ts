import { installationSubmodel, swapped } from "@doppelwerk/operations";
import { expect, test } from "vitest";
import { installationId, placesOf } from "./places-of.ts";

test("[U87] an asset is found in every place where it stands or stood, and in no other", () => {
  const first = swapped(swapped([], "urn:robot:1", 1_000), "urn:robot:2", 2_000_000);
  const second = swapped([], "urn:robot:1", 3_000_000);
  const installations = [
    installationSubmodel(installationId("urn:place:a"), first),
    installationSubmodel(installationId("urn:place:b"), second),
    installationSubmodel("urn:elsewhere", second),
  ];
  expect(placesOf("urn:robot:1", installations).map(({ place }) => place)).toEqual(["urn:place:a", "urn:place:b"]);
  expect(placesOf("urn:robot:2", installations)).toEqual([{ place: "urn:place:a", periods: first }]);
  expect(placesOf("urn:place:a", installations)).toEqual([]);
});
