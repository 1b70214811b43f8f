import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { textOf } from "@doppelwerk/kit";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { Schemas, unpacked } from "../../xsd-check.fixture.ts";
import type { OrderFields } from "../order-kind.ts";
import { materialInformationOf, materialsOf } from "./materials.ts";
import { performanceOf, reportsOf } from "./performance.ts";
import { B2MML_7, readDocument, writeJson, writeXml } from "./document.ts";
import { messagesOfSchedule, scheduleOf, secondsOf } from "./schedule.ts";
import { all } from "./tree.ts";

const T = 1_795_886_400_000_000;
const facts = { id: "S-1", publishedAt: T };
const order: OrderFields = {
  number: "PO-3-00042",
  line: "Line3",
  product: 'A<8 & "x"',
  quantity: 126,
  unit: "PCE",
  plannedStart: T,
  plannedEnd: T + 3_600_000_000,
  due: T + 90_000_000_000,
  priority: 2,
  customer: "Maison 克莱尔",
  state: "held",
  reason: "no motors",
  operations: [{ operation: "10", station: "T10", text: "Press", pieceS: 34.5 }],
  materials: [{ material: "MOTOR", quantity: 126, unit: "PCE" }],
};
const material = {
  material: "WM8",
  title: "Product 8",
  use: "product" as const,
  unit: "PCE",
  line: "Line3",
  bill: [{ material: "MOTOR", perPiece: 1, station: "S040" }],
};
const lot = { lot: "DOOR-1", material: "DOOR", quantity: 48, unit: "PCE", location: "A-03", at: T };

const documents = {
  OperationsSchedule: scheduleOf(facts, [order, { ...order, number: "PO-2", state: "cancelled", operations: [], materials: [] }]),
  OperationsPerformance: performanceOf(facts, [
    { fields: order, state: "completed", made: { good: 125, missing: 1, startedAt: T, lastAt: T + 5_000_000_000 } },
  ]),
  MaterialInformation: materialInformationOf(
    facts,
    [material, { material: "MOTOR", title: "Motor", use: "material", unit: "PCE", minimum: 20, station: "S040", bill: [] }],
    [lot],
  ),
} as const;

const FORMATS = [
  ["XML", writeXml],
  ["JSON", writeJson],
] as const;

test.each(FORMATS)("[BM1] a schedule goes out and in again as it is, in %s", (_, write) => {
  const text = write("OperationsSchedule", documents.OperationsSchedule);
  const { name, contents, verb } = readDocument(text);
  expect([name, verb]).toEqual(["OperationsSchedule", undefined]);
  const [first, second] = contents.flatMap((content) => messagesOfSchedule(content, verb));
  const { at, kind, ...fields } = (first as { message: Record<string, unknown> }).message;
  expect({ at, kind }).toEqual({ at: T, kind: "hold" });
  expect(fields).toEqual(order);
  expect(second).toMatchObject({ where: "PO-2", message: { kind: "cancel", number: "PO-2" } });
});

test.each(FORMATS)("[BM1] performances, materials and lots go out and in again in %s", (_, write) => {
  const performance = readDocument(write("OperationsPerformance", documents.OperationsPerformance));
  expect(performance.contents.flatMap(reportsOf)).toEqual([
    { number: order.number, state: "Completed", product: order.product, good: 125, startedAt: T, endedAt: T + 5_000_000_000 },
  ]);
  const [content] = readDocument(write("MaterialInformation", documents.MaterialInformation)).contents;
  const read = materialsOf(all(content, "MaterialDefinition"), all(content, "MaterialLot"), 0);
  expect(read.materials).toMatchObject([material, { material: "MOTOR", use: "material", minimum: 20, station: "S040" }]);
  expect(read.lots).toEqual([lot]);
  expect(read.refused).toEqual([]);
});

test("[BM2] another version, another document and a message without content are refused by name; messages of part 5 are read with their verb", () => {
  const xml = (root: string, namespace: string, inner = ""): string => `<${root} xmlns="${namespace}">${inner}</${root}>`;
  const reasonOf = (text: string): string => {
    try {
      readDocument(text);
      return "";
    } catch (error) {
      return textOf((error as { reason: never }).reason);
    }
  };
  expect(reasonOf(xml("ProductionSchedule", "http://www.wbf.org/xml/B2MML-V0401"))).toMatch(/4\.01/);
  expect(reasonOf(xml("OperationsSchedule", "http://www.mesa.org/xml/B2MML-V0600"))).toMatch(/6\.00/);
  expect(reasonOf(xml("OperationsSchedule", "urn:other"))).toMatch(/urn:other/);
  expect(reasonOf(xml("Equipment", B2MML_7))).toMatch(/Equipment/);
  expect(reasonOf(xml("SyncOperationsSchedule", B2MML_7, "<DataArea><Sync/></DataArea>"))).toMatch(/DataArea/);
  expect(reasonOf(`{"OperationsSchedule":{}}`)).toMatch(/namespace/);
  expect(reasonOf("[]")).not.toBe("");
  expect(reasonOf(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${xml("OperationsSchedule", B2MML_7, "<ID>&e;</ID>")}`)).not.toBe(
    "",
  );
  expect(reasonOf("<a".repeat(50_000))).not.toBe("");
  const inner = writeXml("OperationsSchedule", documents.OperationsSchedule).replace(/^.*\n/, "");
  const cancelled = readDocument(xml("CancelOperationsSchedule", B2MML_7, `<ApplicationArea/><DataArea><Cancel/>${inner}</DataArea>`));
  expect(cancelled).toMatchObject({ name: "OperationsSchedule", verb: "Cancel" });
  expect(messagesOfSchedule(cancelled.contents[0]!, cancelled.verb)).toMatchObject([
    { message: { kind: "cancel" } },
    { message: { kind: "cancel" } },
  ]);
});

test("[BM2] a request without a number or a quantity that is none is named; durations are those of XML Schema", () => {
  const { contents } = readDocument(
    `{"@xmlns":"${B2MML_7}","OperationsSchedule":{"ID":"S","OperationsRequest":[{"SegmentRequirement":[]},{"ID":"P","SegmentRequirement":[{"MaterialRequirement":[{"MaterialUse":"Produced","MaterialDefinitionID":"A","Quantity":{"QuantityString":"-4"}}]}]}]}}`,
  );
  expect(messagesOfSchedule(contents[0]!, undefined)).toEqual([
    { where: "OperationsRequest 1", missing: "ID" },
    { where: "P", missing: "quantity" },
  ]);
  expect(["PT34.5S", "PT2M", "P1DT1H", "P1M", "x", undefined].map((text) => secondsOf(text))).toEqual([
    34.5,
    120,
    90_000,
    undefined,
    undefined,
    undefined,
  ]);
});

const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_130);
test(`[BM3] no text ends the reader: what is cut, swapped and doubled is read or refused (seed ${seed})`, () => {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  const texts = Object.entries(documents).flatMap(([name, content]) => [
    writeXml(name as never, content),
    writeJson(name as never, content),
  ]);
  let [read, refused] = [0, 0];
  for (let round = 0; round < 1_500; round++) {
    let text = texts[random(texts.length)]!;
    for (let cut = random(4); cut >= 0; cut--) {
      const [from, length] = [random(text.length), random(40)];
      const piece = text.slice(from, from + length);
      text = [
        text.slice(0, from) + text.slice(from + length),
        text.slice(0, from) + piece + text.slice(from),
        text.slice(0, from) + String.fromCodePoint(random(0x2fff)) + text.slice(from),
      ][random(3)]!;
    }
    try {
      const { contents, verb } = readDocument(text);
      for (const content of contents) {
        messagesOfSchedule(content, verb);
        reportsOf(content);
        materialsOf(all(content, "MaterialDefinition"), all(content, "MaterialLot"), 0);
      }
      read++;
    } catch (error) {
      expect(error).toMatchObject({ code: "DW_INVALID" });
      refused++;
    }
  }
  expect(read + refused).toBe(1_500);
  expect(refused).toBeGreaterThan(100);
});

testOnSharedData(
  "[BM4] what is written is valid by the schemas of B2MML 7, and the examples of older versions are refused by their version",
  "mes/b2mml",
  (folder) => {
    const schemas = new Schemas(unpacked(readFileSync(join(folder, "Schema-0700.tar.gz"))));
    for (const [name, content] of Object.entries(documents)) expect(schemas.findings(writeXml(name as never, content)), name).toEqual([]);
    // the validator finds something at all
    const wrong = writeXml("OperationsSchedule", { ...documents.OperationsSchedule, OperationsType: "Baking" });
    expect(schemas.findings(wrong)).toEqual([expect.stringContaining("Baking")]);
    for (const example of ["PRO-20121210181416-27942.xml", "MAT-20121210170256-CRBN0001.xml", "LOT-20121210170718-0001L0001.xml"])
      expect(() => readDocument(readFileSync(join(folder, "examples", example), "utf8"))).toThrow(/4\.01/);
  },
);
