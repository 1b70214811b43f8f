import { documentChange, DoppelwerkError, message, readDocument, readersOfAll } from "@doppelwerk/kit";
import type { Open, PlantView } from "@doppelwerk/kit/server";
import type { BranchId, WorldRecord } from "@doppelwerk/world";
import type { Pin } from "../contract.ts";
import type { pins } from "../feature.ts";
import type {} from "../message-codes.ts";
import { pinnedDocument, type PinFields } from "../model/pin-kind.ts";
import { safeType } from "../model/safe-type.ts";

const MAX_BYTES = 25_000_000;
/** Of one world; more are refused. */
const MAX_PINS = 5_000;

const noPin = (id: string): DoppelwerkError => new DoppelwerkError("DW_NOT_FOUND", message("pins.noPin", { id: id.slice(0, 100) }));

function shellOf(view: PlantView, branch: BranchId, aasId: string): WorldRecord | undefined {
  return view.documents.reader(branch).query({ kind: "shell", index: { name: "aasId", value: aasId }, limit: 1 })[0];
}

/** Documents that are pinned to stations: who may read the shell of the station reads them. */
export const open: Open<typeof pins> = async (ctx) => {
  const shown = (view: PlantView, branch: BranchId, record: WorldRecord | undefined): Pin | undefined => {
    const stored = record?.kind === pinnedDocument.record ? readDocument(pinnedDocument, record) : undefined;
    if (record === undefined || stored === undefined || shellOf(view, branch, stored.shell) === undefined) return undefined;
    const { by, at, ...fields } = stored;
    return { id: record.id, fields, by: ctx.nameOf(by), at };
  };
  const all = (view: PlantView, branch: BranchId): Pin[] =>
    view.documents
      .reader(branch)
      .query({ kind: pinnedDocument.record })
      .flatMap((record) => shown(view, branch, record) ?? []);
  const add = async (view: PlantView, branch: BranchId, fields: PinFields): Promise<Pin> => {
    const shell = shellOf(view, branch, fields.shell);
    if (shell === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("pins.noShell", { shell: fields.shell.slice(0, 200) }));
    if (all(view, branch).length >= MAX_PINS) throw new DoppelwerkError("DW_CONFLICT", message("pins.tooMany", { count: MAX_PINS }));
    if (fields.content.kind === "file") {
      const found = await ctx.blobs.get(fields.content.hash);
      // the type is that of the bytes, not what somebody says
      if (found === undefined || safeType(found.bytes) !== fields.content.type)
        throw new DoppelwerkError("DW_NOT_FOUND", message("pins.noFile"));
    }
    const id = ctx.ids.next("pinnedDocument");
    const stored = { ...fields, by: view.principal.id, at: ctx.now() };
    const change = documentChange(pinnedDocument, id, undefined, stored, readersOfAll([shell]));
    await view.documents.apply({ branch, reason: message("pins.log.added", { station: fields.station }), changes: [change!] });
    return shown(view, branch, view.documents.reader(branch).get(id))!;
  };
  return {
    handlers: {
      "pins.list": async ({ view, branch, query: { station } }) =>
        all(view, branch).filter(({ fields }) => station === undefined || fields.station === station),
      "pins.add": ({ view, branch, body }) => add(view, branch, body.fields),
      "pins.remove": async ({ view, branch, params }) => {
        const record = view.documents.reader(branch).get(params.id);
        const pin = shown(view, branch, record);
        if (record === undefined || pin === undefined) throw noPin(params.id);
        const reason = message("pins.log.removed", { station: pin.fields.station });
        await view.documents.apply({ branch, reason, changes: [{ op: "delete", record }] });
      },
      "pins.addFile": async ({ body }) => {
        const bytes = await body.bytes();
        const type = safeType(bytes);
        if (type === undefined || bytes.length > MAX_BYTES) throw new DoppelwerkError("DW_INVALID", message("pins.fault.file"));
        return { hash: (await ctx.blobs.put(bytes, type)).hash, type, size: bytes.length };
      },
      "pins.file": async ({ view, branch, params }) => {
        const pin = shown(view, branch, view.documents.reader(branch).get(params.id));
        const content = pin?.fields.content;
        const found = content?.kind === "file" ? await ctx.blobs.get(content.hash) : undefined;
        const type = found && safeType(found.bytes);
        if (found === undefined || type === undefined) throw noPin(params.id);
        return { body: found.bytes, type };
      },
    },
    ports: {},
    close: async () => {},
  };
};
