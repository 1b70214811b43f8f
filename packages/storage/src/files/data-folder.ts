import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { createFileLease } from "./lease.ts";
import { makeFolder } from "./make-folder.ts";
import { nodeFileLayer } from "./node-file-layer.ts";

/**
 * The format of the folder as a whole; each part also has its own version. 2: frames of the change log may be compressed. 3: samples of the history carry
 * their origin.
 */
export const DATA_FORMAT = 3;

export interface DataFolder {
  readonly directory: string;
  readonly format: number;
  /** For `WorldOptions.leaseEpoch`. */
  readonly epoch: number;
  /** Where each part lives. `changes`, `history`, `events` are folders, the others files. */
  readonly paths: {
    readonly changes: string;
    readonly records: string;
    readonly blobs: string;
    readonly history: string;
    readonly events: string;
  };
  /** Gives the folder free for another process. */
  close(): Promise<void>;
}

/**
 * Creates or opens a data folder and takes it for this process. Errors, each one clear line: DW_UNAVAILABLE (cannot be written; owned by another
 * process), DW_INVALID (a folder with other things in it), DW_DAMAGED (`format.json` unreadable), DW_FORMAT_NEWER (nothing touched).
 */
export async function openDataFolder(directory: string, options: { readonly owner: string }): Promise<DataFolder> {
  const root = resolve(directory);
  const format = readDataFormat(root);
  createFolder(root);
  const lease = createFileLease(join(root, "lease.sqlite"));
  const { epoch } = await lease.acquire(options.owner);
  // Before anything is written that an older one would take for damage.
  if (format !== DATA_FORMAT) writeFormat(root);
  return {
    directory: root,
    format: DATA_FORMAT,
    epoch,
    paths: {
      changes: join(root, "changes"),
      records: join(root, "records.sqlite"),
      blobs: join(root, "blobs.sqlite"),
      history: join(root, "history"),
      events: join(root, "events"),
    },
    close: () => lease.release(),
  };
}

/** Undefined for a folder that does not exist yet or is empty. Errors: DW_INVALID, DW_DAMAGED, DW_FORMAT_NEWER. */
export function readDataFormat(root: string): number | undefined {
  const path = join(root, "format.json");
  if (!existsSync(path)) {
    // A first start that was killed leaves only its lease behind, and whether secrets are sealed.
    const isOwn = (name: string): boolean => name.startsWith("lease.sqlite") || name === "format.json.new" || name === "sealed.json";
    const others = existsSync(root) ? listed(root).filter((name) => !isOwn(name)) : [];
    if (others.length > 0)
      throw new DoppelwerkError("DW_INVALID", message("storage.folderHoldsOtherThings", { others: others.slice(0, 3).join(", "), root }));
    return undefined;
  }
  let format: unknown;
  try {
    format = (JSON.parse(readFileSync(path, "utf8")) as { format?: unknown }).format;
  } catch (error) {
    throw new DoppelwerkError("DW_DAMAGED", message("storage.formatFileCannotRead", { reason: (error as Error).message, path }));
  }
  if (typeof format !== "number" || !Number.isInteger(format) || format < 1)
    throw new DoppelwerkError("DW_DAMAGED", message("storage.formatFileNamesNoFormat", { path }));
  if (format > DATA_FORMAT)
    throw new DoppelwerkError(
      "DW_FORMAT_NEWER",
      message("storage.folderWrittenNewerDoppelwerkFormat", { format, dataFormat: DATA_FORMAT, path }),
    );
  return format;
}

function listed(root: string): readonly string[] {
  try {
    return readdirSync(root);
  } catch (error) {
    throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.dataFolderCannotRead", { reason: (error as Error).message, root }));
  }
}

function createFolder(root: string): void {
  const probe = join(root, `.write-test-${process.pid}`);
  try {
    makeFolder(root);
    closeSync(openSync(probe, "w"));
    rmSync(probe);
  } catch (error) {
    throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.dataFolderCannotWritten", { reason: (error as Error).message, root }));
  }
}

function writeFormat(root: string): void {
  const path = join(root, "format.json");
  const file = openSync(`${path}.new`, "w");
  try {
    writeSync(file, JSON.stringify({ product: "doppelwerk", format: DATA_FORMAT }) + "\n");
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
  nodeFileLayer.fsyncDirectory(root);
}
