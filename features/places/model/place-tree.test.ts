import type { Environment } from "@doppelwerk/aas";
import { testDocuments } from "@doppelwerk/kit/testing";
import { recordsOfEnvironment, type RecordId } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { assetOf, entity, hierarchy, placesEnvironment, property, shellOf, sitePlaces, type PlaceSketch } from "../site.fixture.ts";
import { kindOfIdShort, kindOfSemanticId } from "./place-kind.ts";
import { MAX_PLACES, readPlaces } from "./place-tree.ts";
import type { PlaceTree } from "./place.ts";
import { pathTo, placesWithin, readablePlaces } from "./readable-places.ts";

const treeOf = (environment: Environment) => readPlaces(testDocuments(environment).reader);
const treeOfPlaces = (...sketches: readonly PlaceSketch[]) => treeOf(placesEnvironment(sketches));
/** `Site(site) > Hall2(area)` of each place. */
const paths = (tree: PlaceTree) =>
  tree.places.map(({ id }) =>
    pathTo(tree.places, id)
      .map(({ idShort }) => idShort)
      .join(" > "),
  );
const kinds = (tree: PlaceTree) => Object.fromEntries(tree.places.map(({ idShort, kind }) => [idShort, kind]));
const codes = (tree: PlaceTree) => tree.findings.map(({ message }) => message.code);
const idOf = (tree: PlaceTree, idShort: string): RecordId => tree.places.find((place) => place.idShort === idShort)!.id;

test("[PT1] the tree of a site: enterprise, site, areas, lines with their stations, utilities and storage, in the order of the hierarchy", () => {
  const tree = treeOf(sitePlaces());
  expect(paths(tree).filter((path) => !path.includes("Line1 > "))).toEqual([
    "Enterprise",
    "Enterprise > Site",
    "Enterprise > Site > Hall2",
    "Enterprise > Site > Hall2 > Line1",
    "Enterprise > Site > Hall2 > Line4",
    "Enterprise > Site > Energy",
    "Enterprise > Site > Energy > Air",
    "Enterprise > Site > Energy > Power",
    "Enterprise > Site > Store",
  ]);
  expect(kinds(tree)).toMatchObject({
    Enterprise: "enterprise",
    Site: "site",
    Hall2: "area",
    Line1: "productionLine",
    Line4: "productionLine",
    Energy: "utilityNetwork",
    Air: "workUnit",
    Store: "storageZone",
    S90: "workUnit",
  });
  expect(tree.findings).toEqual([]);
  expect(pathTo(tree.places, idOf(tree, "S90")).map(({ idShort }) => idShort)).toEqual(["Enterprise", "Site", "Hall2", "Line1", "S90"]);
  expect(tree.places.find(({ idShort }) => idShort === "S90")!.layout).toMatchObject({ x: 20, y: 10 });
});

test("[PT1] stations that no hierarchy holds stand in their line in the order in which it lists them", () => {
  const listed = ["S7", "S2", "S9", "S1", "S3", "S8", "S5", "S4", "S10", "S11", "S6"];
  const id = `${shellOf("Line")}:line`;
  const environment = placesEnvironment([{ id: "Line", submodels: [id] }, ...listed.map((station) => ({ id: station }))]);
  const stations = listed.map((station) => ({
    modelType: "SubmodelElementCollection",
    value: [
      {
        modelType: "ReferenceElement",
        idShort: "Shell",
        value: { type: "ModelReference", keys: [{ type: "AssetAdministrationShell", value: shellOf(station) }] },
      },
    ],
  }));
  const list = {
    modelType: "SubmodelElementList",
    idShort: "Stations",
    typeValueListElement: "SubmodelElementCollection",
    orderRelevant: true,
    value: stations,
  };
  const line = { modelType: "Submodel", idShort: "ProductionLine", id, submodelElements: [list] };
  const tree = treeOf({ ...environment, submodels: [...environment.submodels!, line] } as Environment);
  expect(paths(tree)).toEqual(["Line", ...listed.map((station) => `Line > ${station}`)]);
});

test("[PT1] ids are those of the shells: a place keeps its id when it is moved", () => {
  const before = treeOfPlaces({ id: "A", holds: ["C"] }, { id: "B", holds: ["D"] }, { id: "C" }, { id: "D" });
  const after = treeOfPlaces({ id: "A", holds: ["D"] }, { id: "B", holds: ["C"] }, { id: "C" }, { id: "D" });
  expect(idOf(after, "C")).toBe(idOf(before, "C"));
  expect([paths(before), paths(after)]).toEqual([expect.arrayContaining(["A > C"]), expect.arrayContaining(["B > C"])]);
});

test("[PT1] archetypes OneUp and Full, and relationships HasPart and IsPartOf, say the same tree", () => {
  const wanted = ["Site", "Site > Hall", "Site > Hall > Cell"];
  expect(
    paths(treeOfPlaces({ id: "Site", level: "Site" }, { id: "Hall", standsIn: ["Site"] }, { id: "Cell", standsIn: ["Hall"] })),
  ).toEqual(wanted);
  const related = treeOfPlaces(
    { id: "Site", holds: ["Hall"], relations: [["HasPart", "Site", "Hall"]] },
    { id: "Hall" },
    // nested as if it held the hall; the relationship says the other
    { id: "Cell", holds: ["Hall"], relations: [["IsPartOf", "Cell", "Hall"]] },
  );
  expect(paths(related)).toEqual(wanted);
  const bare = placesEnvironment([{ id: "Site", submodels: [`${shellOf("Site")}:hierarchy`] }, { id: "Hall" }, { id: "Cell" }]);
  // an entry node without an asset is that of its shell; a node without a shell is passed over
  const full = hierarchy("Site", "Full", [
    entity("EntryNode", undefined, [entity("Hall", "Hall", [entity("Zone", "NoShell", [entity("Cell", "Cell")])])]),
  ]);
  expect(paths(treeOf({ ...bare, submodels: [full] }))).toEqual(wanted);
});

test("[PT2] a kind is said by a property or a semantic id, else it follows from the shell and what stands in it", () => {
  const said = placesEnvironment([{ id: "X1", submodels: [`${shellOf("X1")}:hierarchy`] }, { id: "X2" }]);
  const node = {
    ...entity("X2", "X2"),
    supplementalSemanticIds: [{ type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:isa95:level:ProcessCell" }] }],
  };
  const submodel = hierarchy("X1", "OneDown", [property("EquipmentElementLevel", "Area"), entity("EntryNode", "X1", [node as never])]);
  expect(kinds(treeOf({ ...said, submodels: [submodel] }))).toEqual({ X1: "area", X2: "processCell" });
  // nothing is said: by height
  const unsaid = treeOfPlaces({ id: "Q1", holds: ["Q2"] }, { id: "Q2", holds: ["Q3"] }, { id: "Q3", holds: ["Q4"] }, { id: "Q4" });
  expect(kinds(unsaid)).toEqual({ Q1: "enterprise", Q2: "site", Q3: "area", Q4: "workUnit" });
  expect(["Hall2", "SiteNorth", "ColdStorage", "Line4", "LineFeeder", "P101"].map(kindOfIdShort)).toEqual([
    "area",
    "site",
    "storageZone",
    "productionLine",
    undefined,
    undefined,
  ]);
  expect(kindOfSemanticId("https://example.com/levels/Area/1/0")).toBe("area");
  const unknown = treeOfPlaces({ id: "Z1", level: "Galaxy", holds: ["Z2"] }, { id: "Z2" });
  expect([codes(unknown), kinds(unknown)]).toEqual([["places.unknownKind"], { Z1: "area", Z2: "workUnit" }]);
});

test("[PT2] parts of machines are equipment modules; types of products, and shells that no hierarchy names, are no places", () => {
  const machine = placesEnvironment([
    { id: "Hall", level: "Area", holds: ["Press"] },
    { id: "Press", holds: ["Motor"], submodels: ["urn:test:press:nameplate"] },
    { id: "Motor" },
    { id: "Alone" },
    { id: "P7", holds: ["Casing"], assetKind: "Type" },
    { id: "Casing", assetKind: "Type" },
  ]);
  const nameplate = { modelType: "Submodel", idShort: "Nameplate", id: "urn:test:press:nameplate" } as const;
  expect(kinds(treeOf({ ...machine, submodels: [...machine.submodels!, nameplate] }))).toEqual({
    Hall: "area",
    Press: "workUnit",
    Motor: "equipmentModule",
  });
});

test("[PT3] circles, two parents and parents without a shell are findings, and the rest is a tree", () => {
  const circle = treeOfPlaces({ id: "A", holds: ["B"] }, { id: "B", holds: ["C"] }, { id: "C", holds: ["A", "D"] }, { id: "D" });
  expect(codes(circle)).toEqual(["places.cycle"]);
  expect(circle.places.filter(({ parent }) => parent === undefined)).toHaveLength(1);
  expect(circle.places).toHaveLength(4);
  const itself = treeOfPlaces({ id: "A", holds: ["A", "B"] }, { id: "B" });
  expect([codes(itself), paths(itself)]).toEqual([[], ["A", "A > B"]]);
  const twice = treeOfPlaces({ id: "A", holds: ["C"] }, { id: "B", holds: ["C"] }, { id: "C" });
  const again = treeOfPlaces({ id: "C" }, { id: "B", holds: ["C"] }, { id: "A", holds: ["C"] });
  expect(codes(twice)).toEqual(["places.twoParents"]);
  expect(paths(again).toSorted()).toEqual(paths(twice).toSorted());
  const orphan = treeOfPlaces({ id: "A", standsIn: ["Nowhere"] });
  expect([codes(orphan), orphan.findings[0]!.message.params["asset"]]).toEqual([["places.parentMissing"], assetOf("Nowhere")]);
});

test("[PT3] 10,000 places in a chain, in a row and in a circle are read in time linear in them", () => {
  const ids = Array.from({ length: 10_000 }, (_, at) => `P${at}`);
  const chain = ids.map((id, at): PlaceSketch => ({ id, holds: at + 1 < ids.length ? [ids[at + 1]!] : [] }));
  const reads = countingReader(placesEnvironment(chain));
  expect(readPlaces(reads.reader).places).toHaveLength(10_000);
  // a query a submodel and a handful besides, whatever the shape
  expect(reads.count()).toBeLessThan(10_000 + 20);
  const row = readPlaces(countingReader(placesEnvironment([{ id: "Root", holds: ids }, ...ids.map((id) => ({ id }))])).reader);
  expect(row.places.slice(0, 3).map(({ idShort }) => idShort)).toEqual(["Root", "P0", "P1"]);
  const circle = readPlaces(countingReader(placesEnvironment(ids.map((id, at) => ({ id, holds: [ids[(at + 1) % ids.length]!] })))).reader);
  expect([circle.places.length, codes(circle)]).toEqual([10_000, ["places.cycle"]]);
});

test("[PT3] of more places than a tree holds the upper ones are there, and how many there are is a finding", () => {
  const ids = Array.from({ length: MAX_PLACES + 5 }, (_, at) => `P${at}`);
  const tree = readPlaces(countingReader(placesEnvironment([{ id: "Root", holds: ids }, ...ids.map((id) => ({ id }))])).reader);
  expect([tree.places.length, tree.places[0]!.idShort, codes(tree)]).toEqual([MAX_PLACES, "Root", ["places.tooMany"]]);
});

test("[PT4] a place that may not be read is not shown: what stands in it stands in the nearest place above that may be", () => {
  const tree = treeOf(sitePlaces());
  const hidden = new Set([idOf(tree, "Hall2"), idOf(tree, "Enterprise")]);
  const shown = readablePlaces(tree, (id) => !hidden.has(id));
  expect(paths(shown).filter((path) => path.endsWith("Line4") || path === "Site")).toEqual(["Site", "Site > Line4"]);
  expect(placesWithin(shown.places, idOf(tree, "Hall2"))).toEqual([]);
  const layout = tree.places.find(({ idShort }) => idShort === "S90")!.layout!.submodel;
  expect(readablePlaces(tree, (id) => id !== layout).places.find(({ idShort }) => idShort === "S90")).not.toHaveProperty("layout");
  const twice = treeOfPlaces({ id: "A", holds: ["C"] }, { id: "B", holds: ["C"] }, { id: "C" });
  expect(readablePlaces(twice, (id) => id !== idOf(twice, "B")).findings).toEqual([]);
});

/** A reader over indexes, as a store has them; it counts what it is asked. */
function countingReader(environment: Environment) {
  const records = recordsOfEnvironment(environment, "test");
  const bySubmodel = Map.groupBy(
    records.filter(({ kind }) => kind === "element"),
    (record) => record["submodel"] as string,
  );
  const submodels = Map.groupBy(
    records.filter(({ kind }) => kind === "submodel"),
    (record) => record["idShort"] as string,
  );
  const { reader } = testDocuments({});
  let count = 0;
  const query: typeof reader.query = ({ kind, index }) => {
    count++;
    if (kind === "element") return bySubmodel.get(index!.value as string) ?? [];
    if (kind === "submodel") return index!.name === "idShort" ? (submodels.get(index!.value as string) ?? []) : [];
    return records.filter((record) => record.kind === kind);
  };
  return { reader: { ...reader, query }, count: () => count };
}

test("[PT6] a meter that counts for another place than its own says so by its submodel Metering", () => {
  const environment = placesEnvironment([
    { id: "Works", level: "Site", holds: ["Switchgear"] },
    { id: "Switchgear", level: "UtilityNetwork", holds: ["Feed"] },
    { id: "Feed", level: "WorkUnit", submodels: ["urn:metering"] },
  ]);
  const metering = {
    modelType: "Submodel",
    idShort: "Metering",
    id: "urn:metering",
    submodelElements: [
      {
        modelType: "ReferenceElement",
        idShort: "Shell",
        value: { type: "ModelReference", keys: [{ type: "AssetAdministrationShell", value: shellOf("Works") }] },
      },
    ],
  } as const;
  const { places } = readPlaces(testDocuments({ ...environment, submodels: [...environment.submodels!, metering] }).reader);
  expect(places.map(({ idShort, meters }) => [idShort, meters])).toEqual([
    ["Works", undefined],
    ["Switchgear", undefined],
    ["Feed", shellOf("Works")],
  ]);
});
