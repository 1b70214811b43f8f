import { expect, test } from "vitest";
import { bindingOf, emptyDraft } from "./port-draft.ts";

test("[U70] a port that nobody filled in keeps its start value; value, signal and property become one binding each", () => {
  const port = { name: "mu" };
  expect(bindingOf(port, emptyDraft)).toEqual([]);
  expect(bindingOf(port, { ...emptyDraft, value: " 1.5 " })).toEqual([{ variable: "mu", value: "1.5" }]);
  expect(bindingOf(port, { ...emptyDraft, kind: "signal", signal: "signal:a" })).toEqual([{ variable: "mu", signal: "signal:a" }]);
  expect(bindingOf(port, { ...emptyDraft, kind: "property", property: "urn:a#b#Technical.mass" })).toEqual([
    { variable: "mu", property: { submodel: "urn:a#b", path: "Technical.mass" } },
  ]);
});
