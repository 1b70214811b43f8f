import { existsSync } from "node:fs";
import { HOME_WORLD } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import {
  captureChangeLog,
  captureEvents,
  captureHistory,
  captureRest,
  captureTileLog,
  segmentStamps,
  type CapturedFile,
  type CapturedHead,
  type IsKnown,
  type Staging,
} from "@doppelwerk/storage/capture";
import { DoppelwerkError } from "@doppelwerk/world";
import { partsOf } from "../transparency/folder.ts";
import { WorldFolders } from "../worlds/world-folders.ts";

export interface CapturedWorld extends CapturedHead {
  readonly id: string;
  readonly name: string;
}

/** A data folder as it was at an instant. */
export interface CapturedFolder {
  /** Everything that was acknowledged before is in it: ISO 8601. */
  readonly instant: string;
  readonly worlds: readonly CapturedWorld[];
  readonly files: readonly CapturedFile[];
}

/** Other parts capture these; sessions end with the server; the rest is made again of what is captured. */
const SKIPPED =
  /^(worlds\/[^/]+\/)?(changes|changes\.checkpoint\.json|history|events|derived|lease\.sqlite.*|records\.sqlite.*)$|^(worlds|backup|sessions\.json|transparency\/log|transparency\/outside\.jsonl|transparency\/positions\.json)$/;
/** What a folder may still have of the time before its world was in PostgreSQL. */
const SHARED = /^(worlds\/[^/]+\/)?(blobs\.sqlite.*|blobs-files)$/;
const MAX_ATTEMPTS = 10;

/** The change logs of the worlds are in PostgreSQL, perhaps with samples and events: these are captured elsewhere, as they were when `begin` was called. */
export interface SharedLogs {
  readonly hasHistory: boolean;
  begin(): Promise<ReadonlyMap<string, CapturedHead>>;
}

/**
 * Captures a data folder while a server writes to it, without asking the server: every store of it is whole after a process was killed at any moment, and what
 * refers to others is captured before what it refers to. Errors: those of `Staging`; DW_DAMAGED; DW_UNAVAILABLE.
 */
export async function captureDataFolder(data: string, staging: Staging, isKnown: IsKnown, shared?: SharedLogs): Promise<CapturedFolder> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const captured = await captureOnce(data, staging, isKnown, shared);
    if (captured !== undefined) return captured;
  }
  throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.captureFolderChanges", { directory: data }));
}

/** The default world and those beside it. */
export function worldFoldersOf(data: string): readonly { readonly name: string; readonly id: string; readonly directory: string }[] {
  const beside = new WorldFolders(data, "backup").list();
  return [
    { name: HOME_WORLD, id: HOME_WORLD, directory: data },
    ...beside.map(({ name, directory, file }) => ({ name, directory, id: file instanceof DoppelwerkError ? name : file.id })),
  ];
}

/** Undefined where a segment was written anew under its name meanwhile: the transparency log may have another hash of it than the one captured. */
// oxlint-disable-next-line max-params -- what is captured, where to, and what is elsewhere
async function captureOnce(
  data: string,
  staging: Staging,
  isKnown: IsKnown,
  shared: SharedLogs | undefined,
): Promise<CapturedFolder | undefined> {
  const folders = worldFoldersOf(data);
  const isShared = shared?.hasHistory === true;
  const segments = (): readonly (readonly CapturedFile[])[] =>
    isShared ? [] : folders.map(({ directory }) => captureHistory(directory, staging));
  const before = segments();
  const instant = new Date().toISOString();
  const { outside, log: transparency } = partsOf(data);
  // what others stated is about entries that the log must have
  const stated = existsSync(outside) ? staging.file(outside, true) : undefined;
  const files: CapturedFile[] = [...(stated === undefined ? [] : [stated]), ...captureTileLog(transparency, staging)];
  const worlds: CapturedWorld[] = [];
  const heads = await shared?.begin();
  for (const { name, id, directory } of folders) {
    const { files: log, head } = heads === undefined ? captureChangeLog(directory, staging) : { files: [], head: headOf(heads, id, data) };
    worlds.push({ name, id, ...head });
    files.push(...log);
  }
  const after = segments();
  if (after.some((each, at) => hasChangedUnderName(segmentStamps(before[at]!), segmentStamps(each)))) return undefined;
  files.push(...after.flat());
  for (const { directory } of folders) {
    if (!isShared) files.push(...(await captureEvents(directory, staging, isKnown)));
    const top = staging.nameOf(directory);
    files.push(
      ...(await captureRest(
        directory,
        staging,
        (path) => path !== top && (SKIPPED.test(path) || (shared !== undefined && SHARED.test(path))),
        isKnown,
      )),
    );
  }
  return { instant, worlds, files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** Errors: DW_UNAVAILABLE for a world that was made since the backup began. */
function headOf(heads: ReadonlyMap<string, CapturedHead>, world: string, directory: string): CapturedHead {
  const head = heads.get(world);
  if (head === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.captureFolderChanges", { directory }));
  return head;
}

function hasChangedUnderName(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): boolean {
  return [...after].some(([path, stamp]) => before.has(path) && before.get(path) !== stamp);
}
