import { expect, test } from "vitest";
import type { Property, Shell, Submodel } from "@doppelwerk/aas";
import { differencesOf } from "./differences.ts";
import { liveOf, meaningOf, plannedOf } from "./meaning.ts";
import { submodelCsv } from "./submodel-csv.ts";

const property = (idShort: string, value: string, more: object = {}): Property =>
  ({ modelType: "Property", idShort, valueType: "xs:string", value, ...more }) as Property;
const submodel = (...submodelElements: object[]): Submodel =>
  ({ modelType: "Submodel", id: "urn:s", submodelElements }) as unknown as Submodel;

test("[U44] differences name the place, what was and what is; live and planned marks are none", () => {
  const live = { extensions: [{ name: "LiveQuality", value: "good" }] };
  const list = (...value: object[]) => ({ modelType: "SubmodelElementList", idShort: "L", typeValueListElement: "Property", value });
  expect(
    differencesOf(
      submodel(property("a", "1"), property("gone", "x"), property("live", "7", live), list(property("", "p"))),
      submodel(
        property("a", "2", { qualifiers: [{ type: "PlannedValue", valueType: "xs:string", value: "3" }] }),
        property("live", "8", live),
        list(property("", "p"), property("", "q")),
        property("new", "y"),
      ),
    ),
  ).toEqual([
    { place: "a#value", kind: "changed", before: "1", after: "2" },
    { place: "gone", kind: "removed", modelType: "Property", before: "x", after: "" },
    { place: "L[1]", kind: "added", modelType: "Property", before: "", after: "q" },
    { place: "new", kind: "added", modelType: "Property", before: "", after: "y" },
  ]);
  const texts = (...value: readonly string[]) => ({
    modelType: "MultiLanguageProperty",
    idShort: "T",
    value: value.map((text, index) => ({ language: ["en", "zh"][index], text })),
  });
  expect(differencesOf(submodel(property("old", "1"), texts("Pump")), submodel(property("better", "1"), texts("Pump", "泵")))).toEqual([
    { place: "better#idShort", kind: "changed", before: "old", after: "better" },
    { place: "T#value", kind: "changed", before: "en: Pump", after: "en: Pump · zh: 泵" },
  ]);
  expect(differencesOf(submodel(property("a", "1")), submodel(property("a", "1")))).toEqual([]);
});

test("[U44] a shell differs by what it says of its asset and by each submodel it refers to", () => {
  const shell = (assetType: string, ...ids: readonly string[]): Shell => ({
    modelType: "AssetAdministrationShell",
    id: "urn:a",
    assetInformation: { assetKind: "Instance", assetType },
    submodels: ids.map((value) => ({ type: "ModelReference", keys: [{ type: "Submodel", value }] })),
  });
  expect(differencesOf(shell("Pump", "urn:1", "urn:2"), shell("Motor", "urn:2", "urn:3"))).toEqual([
    { place: "#assetType", kind: "changed", before: "Pump", after: "Motor" },
    { place: "#submodels urn:1", kind: "removed", before: "urn:1", after: "" },
    { place: "#submodels urn:3", kind: "added", before: "", after: "urn:3" },
  ]);
});

test("[U45] a submodel as CSV: one line an element, quoted where needed, nothing that a spreadsheet would run", () => {
  const csv = submodelCsv(
    submodel(property("a", '=HYPERLINK("x")'), property("b", "-4.5e3"), property("c", 'two\nlines, "quoted"')),
    ({ idShort }) => (idShort === "b" ? "N.m" : undefined),
    "en",
  );
  expect(csv.startsWith("\ufeffidShortPath,modelType,")).toBe(true);
  expect(csv).toContain('a,Property,xs:string,"\'=HYPERLINK(""x"")",,\r\n');
  expect(csv).toContain("b,Property,xs:string,-4.5e3,N.m,\r\n");
  expect(csv).toContain('c,Property,xs:string,"two\nlines, ""quoted""",,\r\n');
});

test("[U42] an element means what it says of itself, else what its concept description says, in the reader's language", () => {
  const concept = {
    modelType: "ConceptDescription",
    id: "urn:c",
    embeddedDataSpecifications: [
      {
        dataSpecificationContent: {
          modelType: "DataSpecificationIec61360",
          preferredName: [
            { language: "en", text: "Speed" },
            { language: "zh-CN", text: "转速" },
          ],
          unit: "1/min",
        },
      },
    ],
  } as never;
  expect(meaningOf(property("n", "5"), concept, "zh")).toMatchObject({ name: "转速", unit: "1/min", alsoCalled: "Speed" });
  expect(meaningOf(property("n", "5", { displayName: [{ language: "en", text: "Own" }] }), concept, "en").name).toBe("Own");
});

test("[U43] what shows a signal is told by its quality, what is planned by its qualifiers", () => {
  const shown = property("n", "5", {
    extensions: [
      { name: "LiveQuality", value: "uncertain" },
      { name: "LiveSourceTime", value: "2026-01-01T00:00:00Z" },
    ],
  });
  expect(liveOf(shown)).toEqual({ quality: "uncertain", sourceTime: "2026-01-01T00:00:00Z" });
  expect(liveOf(property("n", "5"))).toBeUndefined();
  expect(
    plannedOf(
      property("n", "5", {
        qualifiers: [
          { type: "PlannedValue", value: "6" },
          { type: "PlannedOwner", value: "Ada" },
        ],
      }),
    ),
  ).toEqual({
    value: "6",
    from: "",
    owner: "Ada",
  });
});
