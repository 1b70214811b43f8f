import { HOME_WORLD } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { isReadable } from "../http/readable-name.ts";

export const MAX_WORLD_NAME = 63;
export const MAX_WORLD_TITLE = 200;

/** A part of addresses and the name of a folder on every file system: as in a DNS label, so that case makes no difference. */
const NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
/** Devices of Windows. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

export function isWorldName(name: string): boolean {
  return name.length <= MAX_WORLD_NAME && NAME.test(name) && !RESERVED.test(name);
}

/** Errors: DW_INVALID, DW_CONFLICT for the name of the default world, which always exists. */
export function checkNewName(name: string): void {
  if (!isWorldName(name))
    throw new DoppelwerkError("DW_INVALID", message("server.worldNameInvalid", { name: name.slice(0, 100), max: MAX_WORLD_NAME }));
  if (name === HOME_WORLD) throw new DoppelwerkError("DW_CONFLICT", message("server.worldExists", { name }));
}

/** Errors: DW_INVALID. */
export function checkTitle(title: string): string {
  const text = title.trim();
  // oxlint-disable-next-line no-control-regex -- a title is one line
  if (text === "" || [...text].length > MAX_WORLD_TITLE || !isReadable(text))
    throw new DoppelwerkError("DW_INVALID", message("server.worldTitleInvalid", { max: MAX_WORLD_TITLE }));
  return text;
}

export function noWorld(name: string): DoppelwerkError {
  return new DoppelwerkError("DW_NOT_FOUND", message("server.noWorld", { name: name.slice(0, 100) }));
}
