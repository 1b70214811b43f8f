import { expect, test } from "vitest";
import { formatPlace, parsePlace } from "./place.ts";

test("[U40] a place in the explorer survives the way through its link, whatever the ids hold", () => {
  for (const id of ["https://example.com/ids/1?x=1&y=%20#z", "urn:名:ä~b.c", "0173-1#02-AAO677#002"])
    for (const place of [
      { mode: "shells", shell: id, submodel: `${id}/sm`, path: "Lists[0].Größe.a~b", tab: "history" },
      { mode: "submodels", find: `${id} `, query: '{"$condition":{"$boolean":true}}' },
      { mode: "shells", asset: id },
      { mode: "import" },
    ] as const)
      expect(parsePlace(formatPlace(place)), formatPlace(place)).toEqual(place);
});

test("[U40] a link that cannot be read falls back part by part", () => {
  expect(parsePlace(undefined)).toBeUndefined();
  expect(parsePlace("mergeRequest:1")).toBeUndefined();
  expect(parsePlace("shells~a.***~t.nothing~x~s.dXJuOng")).toEqual({ mode: "shells", submodel: "urn:x" });
});
