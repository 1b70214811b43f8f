import type { HandlersOf } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { distrustKey, fingerprintGiven, listTrustedKeys, trustKey } from "../trusted-keys.ts";
import type { addKey, addUpload, listKeys, removeKey, uploadPack } from "./pack-admin-api.ts";
import { PackUploads } from "./pack-uploads.ts";

type Contract = readonly [typeof listKeys, typeof addKey, typeof removeKey, typeof uploadPack, typeof addUpload];

/** Packs of the server, for administrators; `data`: its data folder. Without one there is nothing to add to. */
export function packAdminHandlers(data: string | undefined): HandlersOf<Contract> {
  const folder = (): string => {
    if (data === undefined) throw new DoppelwerkError("DW_CONFLICT", message("packs.noFolder"));
    return data;
  };
  let uploads: PackUploads | undefined;
  const waiting = (): PackUploads => (uploads ??= new PackUploads(folder(), () => Date.now()));
  return {
    "kernel.packKeys": async () => ({ keys: data === undefined ? [] : [...listTrustedKeys(data)] }),
    "kernel.trustPackKey": async ({ body }) => trustKey(folder(), fingerprintGiven(body.key), body.name, new Date()),
    "kernel.distrustPackKey": async ({ params }) => distrustKey(folder(), params.key),
    "kernel.uploadPack": async ({ principal, body }) => waiting().look(principal.id, await body.bytes()),
    "kernel.addUploadedPack": async ({ principal, params }) => waiting().add(principal.id, params.id),
  };
}
