import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { usedKey } from "@doppelwerk/storage/sealing";
import { DoppelwerkError } from "@doppelwerk/world";
import { readSecretFile, writeSecretFile } from "./private-file.ts";

/** Where it is kept in a data folder. */
export const PEPPER_FILE = "password-pepper.json";
const VERSION = 1;
const BYTES = 32;

/**
 * The secret of the verifier that passwords are kept with, beside the salt of each (OWASP ASVS 4.0.3, 2.4.5): random, and sealed with the key that lies
 * outside of the data folder, so that it is sealed anew when that key is exchanged. Where nothing is sealed there is none: it would lie beside the
 * passwords. Once made it is used, also where the folder was unsealed since. Errors: DW_DAMAGED, DW_FORBIDDEN, DW_UNAVAILABLE.
 */
export function openPepper(data: string): Uint8Array | undefined {
  const path = join(data, PEPPER_FILE);
  if (existsSync(path)) return pepperOf(path);
  if (usedKey() === undefined) return undefined;
  const pepper = randomBytes(BYTES);
  writeSecretFile(path, PEPPER_FILE, JSON.stringify({ version: VERSION, pepper: pepper.toString("base64") }));
  return pepper;
}

function pepperOf(path: string): Uint8Array {
  const text = readSecretFile(path, PEPPER_FILE);
  const damaged = (): DoppelwerkError => new DoppelwerkError("DW_DAMAGED", message("server.pepperNotRead", { path }));
  let stored: { readonly version?: unknown; readonly pepper?: unknown };
  try {
    stored = Object(JSON.parse(text)) as typeof stored;
  } catch {
    throw damaged();
  }
  const pepper = typeof stored.pepper === "string" ? Buffer.from(stored.pepper, "base64") : Buffer.alloc(0);
  if (stored.version !== VERSION || pepper.length !== BYTES) throw damaged();
  return pepper;
}
