import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { newSigningKey, signingKeyOf } from "@doppelwerk/storage/tile-log";
import type { NoteKey, SignBytes } from "@doppelwerk/trust/log";
import { DoppelwerkError } from "@doppelwerk/world";
import { readSecretFile, writeSecretFile } from "../accounts/private-file.ts";

/** The folder of the log in a data folder. */
export const TRANSPARENCY = "transparency";

const KEY_FILE = `${TRANSPARENCY}/key.json`;

/** Where each part of it lies. */
export function partsOf(data: string) {
  const directory = join(data, TRANSPARENCY);
  return {
    directory,
    /** Tiles, journal and checkpoint. */
    log: join(directory, "log"),
    key: join(directory, "key.json"),
    salts: join(directory, "salts.json"),
    /** What others stated about checkpoints of it. */
    outside: join(directory, "outside.jsonl"),
    /** How far the log is; made again of its entries. */
    positions: join(directory, "positions.json"),
  };
}

export interface LogKey {
  /** Origin of the log. */
  readonly name: string;
  /** PKCS #8 in PEM. */
  readonly privateKey: string;
  readonly key: NoteKey;
  readonly sign: SignBytes;
}

/** The key that signs the log of a data folder, made when first needed. Errors: DW_DAMAGED, DW_UNAVAILABLE. */
export function openLogKey(data: string): LogKey {
  const { directory, key: path, log } = partsOf(data);
  if (!existsSync(path)) {
    // a log without its key cannot be gone on with
    if (existsSync(log)) throw new DoppelwerkError("DW_DAMAGED", message("server.transparencyKeyMissing", { path }));
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const made = { version: 1, name: `doppelwerk.log/${randomBytes(8).toString("hex")}`, privateKey: newSigningKey() };
    writeSecretFile(path, KEY_FILE, JSON.stringify(made));
  }
  return readLogKey(data);
}

/** Errors: DW_DAMAGED. */
export function readLogKey(data: string): LogKey {
  const { key: path } = partsOf(data);
  try {
    const { version, name, privateKey } = JSON.parse(readSecretFile(path, KEY_FILE)) as {
      version: number;
      name: string;
      privateKey: string;
    };
    if (version > 1) throw new DoppelwerkError("DW_FORMAT_NEWER", message("server.transparencyKeyNewer", { path }));
    if (version !== 1 || !/^[^\s+]+$/u.test(name)) throw new Error("name or version");
    return { name, privateKey, ...signingKeyOf(name, privateKey) };
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_DAMAGED", message("server.transparencyKeyUnreadable", { path, reason: (error as Error).message }));
  }
}
