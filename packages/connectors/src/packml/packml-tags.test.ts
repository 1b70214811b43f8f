import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { PACKML_MODES, PACKML_STATES, packmlTag } from "./packml-tags.ts";

const of = (topic: string) => packmlTag(topic.split("/"));

test("[C29] states and modes in words have their role, by number only their names; the first processed and defective counter are total and reject", () => {
  expect(of("Site/Area/Line/Status/StateCurrentStr")).toMatchObject({ role: "ItemState", valueType: "string" });
  expect(of("Site/Area/Line/Status/UnitModeStr")).toMatchObject({ role: "OperationMode" });
  // 3 is Starting here and Executing in OPC UA Machinery: no role, or the line would be read wrong
  expect(of("Site/Area/Line/Status/StateCurrent").role).toBeUndefined();
  expect(of("Site/Area/Line/Status/StateCurrent").enumeration?.[6]).toEqual({ value: 6, name: "Execute" });
  expect(of("L/Admin/ProdProcessedCount/0/AccCount")).toMatchObject({ role: "Total", counter: { type: "totaliser" } });
  expect(of("L/Admin/ProdDefectiveCount/0/AccCount").role).toBe("Reject");
  expect(of("L/Admin/ProdProcessedCount/1/AccCount").role).toBeUndefined();
  expect(of("L/Admin/ProdProcessedCount/0/Count")).toMatchObject({ counter: { type: "shiftReset" } });
  for (const other of ["", "StateCurrent", "L/Command/StateCurrent", "L/Status/__proto__", "L/Admin/constructor/0/AccCount"])
    expect(of(other)).toEqual({});
  expect([PACKML_STATES.length, PACKML_MODES.length]).toEqual([18, 4]);
});

test("[C29] other layouts of the same tags: an index in brackets, a value that is wrapped, and one document a machine", () => {
  expect(of("b/h2/Fueller01/PackTags/Admin/ProdProcessedCount[0]/AccCount/value")).toMatchObject({ role: "Total" });
  expect(of("b/h2/Fueller01/PackTags/Admin/ProdDefectiveCount[1]/AccCount/value").role).toBeUndefined();
  expect(of("b/h2/Fueller01/PackTags/Status/StateCurrent/value").enumeration?.[6]?.name).toBe("Execute");
  expect(of("a/filler/packml/Status/EquipmentInterlock/Starved")).toMatchObject({ role: "Starved", valueType: "boolean" });
  expect(of("a/filler/Status/EquipmentInterlock/constructor")).toEqual({});
  expect(of("value")).toEqual({});
  // counts of litres have fractions: a number that the plant gives no type of is a broken one
  expect(of("L/Admin/ProdProcessedCount/0/AccCount").valueType).toBeUndefined();
});

testOnSharedData(
  "[C29] the topics of a PackML line by another hand: states, modes, speeds and counters are known, commands are not",
  "packml/PackML-topics-README.md",
  (readme) => {
    const topics = [...readFileSync(readme, "utf8").matchAll(/`<SITE>\/<AREA>\/<LINE>\/([^`]+)`/g)].map(
      (match) => `S/A/L/${match[1]!.replaceAll(/\*\w\*/g, "0")}`,
    );
    const known = topics.filter((topic) => Object.keys(of(topic)).length > 0).map((topic) => topic.slice(6));
    expect(topics.length).toBeGreaterThan(50);
    expect(known).toEqual(
      expect.arrayContaining([
        "Status/StateCurrent",
        "Status/StateCurrentStr",
        "Status/UnitMode",
        "Status/UnitModeStr",
        "Status/CurMachSpeed",
        "Admin/ProdProcessedCount/0/AccCount",
        "Admin/ProdDefectiveCount/0/AccCount",
      ]),
    );
    expect(known.filter((topic) => topic.startsWith("Command/"))).toEqual([]);
  },
);
