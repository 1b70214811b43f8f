import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { testOnSharedData } from "../../../scripts/shared-data.ts";
import { EpcisDocument } from "./epcis-event.ts";
import { trackedBy } from "./links.ts";

testOnSharedData(
  "[TK9] every document of events of GS1 is read, and says what things it names",
  "mes/epcis2-examples.tar.gz",
  (archive) => {
    const folder = mkdtempSync(join(tmpdir(), "doppelwerk-epcis-"));
    execFileSync("tar", ["xzf", archive, "-C", folder]);
    const files = (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith(".jsonld"));
    const read = new Map<string, number>();
    for (const file of files) {
      const json = JSON.parse(readFileSync(join(folder, file), "utf8")) as { readonly type: string };
      const result = EpcisDocument.safeParse(json);
      if (json.type !== "EPCISDocument") expect(result.success, file).toBe(false);
      else {
        expect(result.error?.issues ?? [], file).toEqual([]);
        const events = result.data!.epcisBody.eventList;
        read.set(
          file,
          events.reduce((sum, event) => sum + trackedBy(event, "event").things.length, 0),
        );
        for (const event of events) expect(Number.isFinite(trackedBy(event, "event").at), file).toBe(true);
      }
    }
    rmSync(folder, { recursive: true, force: true });
    expect(read.size).toBeGreaterThanOrEqual(18);
    const transformed = [...read].find(([file]) => file.endsWith("JSON/Example_9.6.4-TransformationEvent.jsonld"));
    // five inputs of two kinds, four outputs, and the event itself where they meet
    expect(transformed?.[1]).toBe(10);
  },
);
