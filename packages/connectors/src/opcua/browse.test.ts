import { message } from "@doppelwerk/messages";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { MAX_NAMED_VALUES, quality, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import { createRecorder } from "../samples/recorder.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { browseServer } from "./browse.ts";
import { createOpcuaSource } from "./opcua-source.ts";
import { startTestServer, TEST_NAMESPACE } from "./test-server.ts";

const folder = mkdtempSync(join(tmpdir(), "dw-browse-"));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

describe("browse of an OPC UA server", () => {
  test("[C43] every readable scalar variable becomes a proposal with URI, unit, range and enumeration, within the limits of the server", async () => {
    const server = await startTestServer({
      pkiFolder: join(folder, "pki"),
      variables: [
        { name: "Temperatur", unit: "°C", range: [-20, 80] },
        { name: "空压", value: 3 },
        { name: "State", dataType: "Int32", enumeration: ["Off", "On", "Fault"] },
        { name: "Count", dataType: "UInt16", archiveLength: 3 },
        { name: "Byte", dataType: "Byte", value: 1 },
        { name: "Long", dataType: "UInt32", value: 1 },
        { name: "Signed", dataType: "Int16", value: 1 },
        { name: "Valve", dataType: "Boolean", value: true, twoStates: ["cerrada", "abierta"] },
        { name: "Codes", dataType: "UInt16", value: 7, enumeration: Array.from({ length: 10_000 }, (_, n) => `${n} ${"x".repeat(300)}`) },
        { name: "Flag", dataType: "Boolean", value: false },
        { name: "Serial", dataType: "String", value: "x" },
        { name: "Since", dataType: "DateTime", value: new Date(0) },
        ...Array.from({ length: 40 }, (_, i) => ({ name: `v${i}` })),
      ],
      operationLimits: { maxNodesPerBrowse: 7, maxNodesPerRead: 9 },
    });
    try {
      const result = await browseServer(server.url, { dataDir: folder });
      const plant = result.drafts.filter((draft) => draft.address.startsWith("nsu=urn:test"));
      expect(result.namespaces).toContain(TEST_NAMESPACE);
      expect(plant).toHaveLength(51);
      const of = (name: string) => plant.find((draft) => draft.name === name);
      expect(of("Temperatur")).toMatchObject({
        path: ["Plant", "Temperatur"],
        address: "nsu=urn:test:plant%3Bwith%25signs;s=Temperatur",
        valueType: "double",
        unit: "°C",
        low: -20,
        high: 80,
        hasHistory: true,
        writable: false,
      });
      expect(of("空压")?.unit).toBeUndefined();
      expect(of("空压")?.low).toBeUndefined();
      expect(of("State")).toMatchObject({
        valueType: "enumeration",
        enumeration: [
          { value: 0, name: "Off" },
          { value: 1, name: "On" },
          { value: 2, name: "Fault" },
        ],
      });
      expect(of("Valve")).toMatchObject({
        valueType: "boolean",
        enumeration: [
          { value: 0, name: "cerrada" },
          { value: 1, name: "abierta" },
        ],
      });
      expect(of("Codes")?.valueType).toBe("enumeration");
      expect(of("Codes")?.enumeration).toHaveLength(MAX_NAMED_VALUES);
      expect(of("Codes")?.enumeration?.[7]?.name).toMatch(/^7 x{97}…$/);
      expect(of("Count")?.valueType).toBe("integer");
      expect(["Byte", "Count", "Long"].map((name) => of(name)?.unsignedBits)).toEqual([8, 16, 32]);
      for (const name of ["Signed", "Codes", "Temperatur", "Flag"]) expect(of(name)).not.toHaveProperty("unsignedBits");
      expect(of("Flag")?.valueType).toBe("boolean");
      expect(of("Serial")?.valueType).toBe("string");
      expect(of("Since")).toBeUndefined();
      expect(result.skipped).toContainEqual({ reason: message("connectors.valueOfType", { type: "DateTime" }), count: 1 });
      expect(result.truncated).toBe(false);
      expect((await browseServer(server.url, { dataDir: folder, mostNodes: 5 })).truncated).toBe(true);
    } finally {
      await server.stop();
    }
  });

  test("[C44] elements of arrays and fields of structures are proposed each, and are read and monitored as values of their own", async () => {
    const server = await startTestServer({
      pkiFolder: join(folder, "pki"),
      variables: [{ name: "x" }],
      inner: [
        { name: "Zones", array: [200.5, 210, 220] },
        { name: "Unit", unit: "绿 A" },
        { name: "Curve", array: Array.from({ length: 500 }, (_, i) => i) },
      ],
    });
    try {
      const result = await browseServer(server.url, { dataDir: folder });
      const inside = result.drafts.filter((draft) => draft.address.includes("#/"));
      const of = (end: string) => inside.find((draft) => draft.address.endsWith(end));
      expect(of("s=Zones#/1")).toMatchObject({ name: "Zones.1", valueType: "double", path: ["Zones", "1"] });
      expect(of("s=Unit#/displayName")).toMatchObject({ name: "Unit.DisplayName", valueType: "string" });
      expect(of("s=Unit#/unitId")?.valueType).toBe("integer");
      expect(inside.some((draft) => draft.address.includes("s=Curve"))).toBe(false);
      const signals = inside.map((draft): SignalRecord => ({
        id: `signal:${draft.address}`,
        kind: "signal",
        name: draft.name,
        valueType: draft.valueType,
        address: draft.address,
      }));
      const connection: ConnectionRecord = {
        id: "connection:1",
        kind: "connection",
        name: "p",
        protocol: "opcua",
        url: server.url,
        enabled: true,
      };
      const source = createOpcuaSource(connection, signals, { clock: wallClock, dataDir: folder });
      const recorder = createRecorder();
      await source.start(recorder);
      const last = (end: string) => recorder.of(signals.findIndex((signal) => signal.address!.endsWith(end))).at(-1);
      await recorder.until(() => signals.every((_, at) => recorder.of(at).length > 0), "all values");
      expect([0, 1, 2].map((n) => last(`s=Zones#/${n}`)?.value)).toEqual([200.5, 210, 220]);
      expect(last("s=Unit#/displayName")).toMatchObject({ text: "绿 A", quality: quality.good });
      await source.close();
    } finally {
      await server.stop();
    }
  });
});
