import { expect, test } from "vitest";
import { readAasx, validate, writeAasx } from "@doppelwerk/aas";
import { checkTemplate } from "@doppelwerk/aas/template";
import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import { readInstallation } from "@doppelwerk/operations";
import { PART_KINDS } from "@doppelwerk/scene";
import { anchorCalendar } from "../clock/calendar.ts";
import { plantSignals } from "../signals/signal-list.ts";
import { plantTable, type TableRow } from "../truth/plant-table.ts";
import { layout } from "../truth/layout.ts";
import { nominalTable } from "./nominal.ts";
import { plantEnvironment } from "./plant-environment.ts";

const anchor = anchorCalendar(Date.UTC(2026, 10, 24, 15) * 1000);
const endpoints = { opcua: "opc.tcp://127.0.0.1:4840", mqtt: "mqtt://127.0.0.1:1883" };
const environment = plantEnvironment(plantSignals(), endpoints, anchor);

test("[DP7] the engineering file is a valid package that comes back as it was written", () => {
  expect(validate(environment)).toEqual([]);
  const content = readAasx(writeAasx(environment));
  expect(content.findings).toEqual([]);
  expect(content.environment).toEqual(environment);
  expect(environment.assetAdministrationShells).toHaveLength(3 + 2 * (16 + 1));
});

test("[DP7] what is measured names a concept with its unit, in English and Chinese", () => {
  const station = environment.submodels!.find(({ id }) => id.endsWith("S090:Station"))!;
  const concept = (idShort: string) => {
    const element = station.submodelElements!.find((each) => each.idShort === idShort);
    const id = element?.semanticId?.keys[0]?.value;
    return environment.conceptDescriptions!.find((each) => each.id === id)?.embeddedDataSpecifications?.[0]?.dataSpecificationContent;
  };
  expect(concept("IdealCycleTime")).toMatchObject({ unit: "s", preferredName: [{ text: "Ideal cycle time" }, { text: "理想节拍" }] });
  expect(concept("MeanTimeToRepair")).toMatchObject({ unit: "min" });
  expect(concept("NumberOfPlaces")).toBeUndefined();
});

test("[DP7] the small plant's file is valid too and names its three stations", () => {
  const small = plantEnvironment(plantSignals(true), endpoints, anchor);
  expect(validate(small)).toEqual([]);
  expect(small.assetAdministrationShells?.map((shell) => shell.idShort)).toEqual([
    "Site",
    "Hall2",
    "Line3",
    "S090",
    "SN_20-4471",
    "S110",
    "SN_T8L-5526",
    "S120",
    "SN_900-3408",
  ]);
});

test("[DP21] no place has a serial: each says which machine stands in it, and only machines have nameplates, by the URI their controllers tell", () => {
  const submodels = new Map(environment.submodels!.map((submodel) => [submodel.id, submodel]));
  const [places, machines] = [[] as string[], new Set<string>()];
  for (const shell of environment.assetAdministrationShells!) {
    const own = (shell.submodels ?? []).map(({ keys }) => submodels.get(keys[0]!.value)!);
    const plate = own.find(({ idShort }) => idShort === "Nameplate");
    const stands = own.flatMap((submodel) => readInstallation(submodel));
    if (plate !== undefined) {
      expect(own).toEqual([plate]);
      expect(texts(plate, "URIOfTheProduct")).toEqual([shell.assetInformation.globalAssetId]);
      machines.add(shell.id);
    }
    if (stands.length > 0) places.push(stands.at(-1)!.shell);
  }
  expect(places).toHaveLength(16 + 1);
  expect(new Set(places)).toEqual(machines);
});

test("[DP46] each nameplate names its template, which is in the file, and has what it asks for", () => {
  const [template, ...others] = environment.submodels!.filter(({ kind }) => kind === "Template");
  expect(others).toEqual([]);
  const plates = environment.submodels!.filter(({ idShort, kind }) => idShort === "Nameplate" && kind !== "Template");
  expect(plates).toHaveLength(16 + 1);
  for (const plate of plates) {
    expect(plate.administration).toEqual({ version: "3", revision: "0", templateId: template!.id });
    expect(checkTemplate(plate, template!).filter(({ severity }) => severity === "error")).toEqual([]);
  }
  const without = { ...plates[0]!, submodelElements: plates[0]!.submodelElements!.filter(({ idShort }) => idShort !== "ManufacturerName") };
  expect(checkTemplate(without, template!).map(({ constraint }) => constraint)).toContain("SMT/Cardinality");
});

test("[DP7] every signal is described once, with the endpoint that was chosen", () => {
  const hrefs = (environment.submodels ?? []).flatMap((submodel) => texts(submodel, "href"));
  expect(hrefs).toHaveLength(plantSignals().length);
  expect(new Set(hrefs).size).toBe(hrefs.length);
  expect(new Set((environment.submodels ?? []).flatMap((submodel) => texts(submodel, "base")))).toEqual(
    new Set([endpoints.opcua, endpoints.mqtt]),
  );
});

test("[DP8] every nominal time and rate is 5 to 15 % off the truth, some above and some below", () => {
  const directions = new Set<number>();
  for (const [index, nominal] of nominalTable().entries()) {
    const truth = plantTable[index]!;
    const pairs = numbers(truth).map((value, i) => [value, numbers(nominal)[i]!] as const);
    expect(pairs.length).toBeGreaterThan(0);
    for (const [right, wrong] of pairs) {
      const off = wrong / right - 1;
      directions.add(Math.sign(off));
      expect(Math.abs(off), `${truth.id} ${right} ${wrong}`).toBeGreaterThan(0.05);
      expect(Math.abs(off), `${truth.id} ${right} ${wrong}`).toBeLessThan(0.15);
    }
  }
  expect(directions).toEqual(new Set([-1, 1]));
});

test("[DP8] the file says nothing of hidden effects, seeds or the fast clock", () => {
  const words = JSON.stringify(environment);
  for (const secret of ["seed", "hidden", "wear", "shortage", "silent", "unreported", "ahead", "clock"])
    expect(words.toLowerCase().includes(`"${secret}`)).toBe(false);
});

test("[DP7] units stand where parts of the library can stand, apart from each other", () => {
  for (const entry of Object.values(layout)) expect(PART_KINDS).toContain(entry.kind);
  const places = Object.values(layout);
  for (const [i, a] of places.entries()) {
    for (const b of places.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(3.5);
  }
});

function numbers(row: TableRow): readonly number[] {
  return [
    row.cycleS,
    ...Object.values(row.added ?? {}),
    ...(row.failure ?? []),
    ...(row.microStop ?? []),
    ...(row.setUp ? [row.setUp.durationS] : []),
    ...(row.inspection ? [row.inspection.reject, row.inspection.retestReject] : []),
  ];
}

function texts(node: Submodel | SubmodelElement, idShort: string): readonly string[] {
  const children =
    node.modelType === "Submodel"
      ? node.submodelElements
      : node.modelType === "SubmodelElementCollection" || node.modelType === "SubmodelElementList"
        ? node.value
        : undefined;
  const own = node.modelType === "Property" && node.idShort === idShort && node.value !== undefined ? [node.value] : [];
  return [...own, ...(children ?? []).flatMap((child) => texts(child, idShort))];
}
