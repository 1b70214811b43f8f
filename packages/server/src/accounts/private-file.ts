import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { message } from "@doppelwerk/messages";
import { openedFromDisk, sealedForDisk } from "@doppelwerk/storage/sealing";
import { DoppelwerkError } from "@doppelwerk/world";

/** Replaces a file that only the user of the server reads: there whole or as before, and durable once it returns. Errors: DW_UNAVAILABLE. */
export function writePrivateFile(path: string, text: string): void {
  const next = `${path}.new`;
  try {
    // one that was left behind keeps the rights that it had
    rmSync(next, { force: true });
    const file = openSync(next, "wx", 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(next, path);
    syncFolder(dirname(path));
  } catch (error) {
    throw new DoppelwerkError("DW_UNAVAILABLE", message("server.fileNotWritten", { reason: (error as Error).message, path }));
  }
}

/** The same, sealed where secrets of the data folder are. `name` is its path in its folder, with `/`. Errors: DW_UNAVAILABLE. */
export function writeSecretFile(path: string, name: string, text: string): void {
  writePrivateFile(path, sealedForDisk(name, text));
}

/** What it says, sealed or not. Errors: DW_FORBIDDEN (no key, another key), DW_DAMAGED (its seal is broken), and as node:fs throws them. */
export function readSecretFile(path: string, name: string): string {
  return openedFromDisk(name, readFileSync(path, "utf8"));
}

function syncFolder(path: string): void {
  // Windows makes names durable by itself
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
