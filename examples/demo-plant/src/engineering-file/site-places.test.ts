import { expect, test } from "vitest";
import { readAasx, validate, writeAasx, type Submodel } from "@doppelwerk/aas";
import { isAssetInterfaces, readAssetInterfaces } from "@doppelwerk/connectors/interfaces";
import { PART_KINDS } from "@doppelwerk/scene";
import { anchorCalendar } from "../clock/calendar.ts";
import { line4Layout, line4Stations } from "../site/line-4/line-4-stations.ts";
import { line4Ids, line4Table } from "../site/line-4/line-4-table.ts";
import { signalsOf } from "../site/site-signals.ts";
import { layout } from "../truth/layout.ts";
import { nominalRow } from "./nominal.ts";
import { plantEnvironment } from "./plant-environment.ts";

const anchor = anchorCalendar(Date.UTC(2026, 10, 24, 15) * 1000);
const endpoints = { opcua: "opc.tcp://127.0.0.1:4840", mqtt: "mqtt://127.0.0.1:1883", modbus: "modbus+tcp://127.0.0.1:5020" };
const signals = signalsOf({ minimal: false, site: true });
const environment = plantEnvironment(signals, endpoints, anchor);
const submodelsOf = (idShort: string): readonly Submodel[] => {
  const shell = environment.assetAdministrationShells!.find((candidate) => candidate.idShort === idShort)!;
  return (shell.submodels ?? []).map(({ keys }) => environment.submodels!.find(({ id }) => id === keys[0]!.value)!);
};

test("[DP28] the engineering file of the site is a valid package that comes back as it was written", () => {
  expect(validate(environment)).toEqual([]);
  const content = readAasx(writeAasx(environment));
  expect(content.findings).toEqual([]);
  expect(content.environment).toEqual(environment);
});

test("[DP28] places name their level of ISA-95 and what stands in them, from the enterprise down to the last storage location", () => {
  const structures = environment.submodels!.filter(({ idShort }) => idShort === "HierarchicalStructures");
  const levels = Object.fromEntries(
    structures.map(({ id, submodelElements }) => {
      const level = submodelElements!.find(({ idShort }) => idShort === "EquipmentLevel");
      return [id.split(":").at(-2), level?.modelType === "Property" ? level.value : undefined];
    }),
  );
  expect(levels).toEqual({
    Enterprise: "Enterprise",
    Site: "Site",
    Hall2: "Area",
    Line3: "ProductionLine",
    Line4: "ProductionLine",
    Utilities: "UtilityNetwork",
    Warehouse: "StorageZone",
  });
  const children = structures.flatMap(({ submodelElements }) =>
    submodelElements!.flatMap((element) => (element.modelType === "Entity" ? (element.statements ?? []) : [])),
  );
  const assets = new Set(environment.assetAdministrationShells!.map(({ assetInformation }) => assetInformation.globalAssetId));
  const named = children.map((child) => (child.modelType === "Entity" ? child.globalAssetId : undefined));
  expect(new Set(named).size).toBe(named.length);
  for (const asset of named) expect(assets).toContain(asset);
});

test("[DP28] a reader of interfaces finds every signal of the site once, with its protocol and without a finding", () => {
  const read = environment.submodels!.filter(isAssetInterfaces).map((submodel) => readAssetInterfaces(submodel));
  expect(read.flatMap(({ findings }) => findings)).toEqual([]);
  const found = read.flatMap((one) => one.signals.map((signal) => `${one.connections[signal.connection]!.url} ${signal.address}`));
  expect(found).toHaveLength(signals.length);
  expect(new Set(found).size).toBe(found.length);
  expect(new Set(read.flatMap(({ connections }) => connections.map(({ protocol, url }) => `${protocol} ${url}`)))).toEqual(
    new Set([
      `opcua ${endpoints.opcua}`,
      `sparkplug ${endpoints.mqtt}`,
      `modbus ${endpoints.modbus}`,
      "push push:line-4",
      "push push:warehouse",
    ]),
  );
});

test("[DP28] Line 4's shells are like Line 3's, utilities and storage locations say what they are", () => {
  for (const id of line4Ids)
    expect(
      submodelsOf(id).map(({ idShort }) => idShort),
      id,
    ).toEqual(["Station", "Layout", "AssetInterfacesDescription", "StateMapping", "Installation"]);
  for (const [id, ...more] of [["Compressor2"], ["PowerFeed", "Metering"], ["WH-A01"]] as const)
    expect(submodelsOf(id).map(({ idShort }) => idShort)).toEqual(["TechnicalData", "Layout", "AssetInterfacesDescription", ...more]);
  expect(line4Stations.map(({ id }) => id)).toEqual([...line4Ids]);
});

test("[DP28] stations of both lines stand apart, on parts the 3D library has", () => {
  const places = [...Object.values(layout), ...Object.values(line4Layout)];
  for (const { kind } of Object.values(line4Layout)) expect(PART_KINDS).toContain(kind);
  for (const [i, a] of places.entries()) for (const b of places.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(3.5);
});

test("[DP8] what engineering says of Line 4 is 5 to 15 % off the truth as well, and hidden effects are not in it", () => {
  for (const row of line4Table) {
    const off = nominalRow(row).cycleS / row.cycleS - 1;
    expect(Math.abs(off), row.id).toBeGreaterThan(0.05);
    expect(Math.abs(off), row.id).toBeLessThan(0.15);
  }
  const words = JSON.stringify(environment).toLowerCase();
  for (const secret of ["afternoon", "cold-cells", "busy", "digits", "seed"]) expect(words).not.toContain(`"${secret}`);
});
