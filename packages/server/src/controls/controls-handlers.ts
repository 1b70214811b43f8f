import { readFile } from "node:fs/promises";
import type { HandlersOf } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { controlReport } from "./control-report.ts";
import { readProvenLists } from "./control-lists.ts";
import type { controlsContract } from "./controls-contract.ts";

/** `npm run package` puts it at the root of what it makes. */
const BILL = new URL("../../../../bom.cdx.json", import.meta.url);

export function controlsHandlers(version: string, bill: URL = BILL): HandlersOf<typeof controlsContract> {
  return {
    "controls.lists": async () => readProvenLists(),
    "controls.report": async () => ({
      body: Buffer.from(controlReport(readProvenLists(), version)),
      headers: { "content-disposition": 'attachment; filename="doppelwerk-controls.html"' },
    }),
    "controls.billOfMaterials": async () => {
      const body = await readFile(bill).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
        throw new DoppelwerkError("DW_NOT_FOUND", message("server.noBillOfMaterials"));
      });
      return { body, headers: { "content-disposition": 'attachment; filename="bom.cdx.json"' } };
    },
  } as HandlersOf<typeof controlsContract>;
}
