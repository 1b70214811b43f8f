import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { browseServer } from "./browse.ts";
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
      expect(plant).toHaveLength(46);
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
      expect(of("Count")?.valueType).toBe("integer");
      expect(of("Flag")?.valueType).toBe("boolean");
      expect(of("Serial")?.valueType).toBe("string");
      expect(of("Since")).toBeUndefined();
      expect(result.skipped).toContainEqual({ reason: "a structure", count: expect.any(Number) });
      expect(result.truncated).toBe(false);
      expect((await browseServer(server.url, { dataDir: folder, mostNodes: 5 })).truncated).toBe(true);
    } finally {
      await server.stop();
    }
  });
});
