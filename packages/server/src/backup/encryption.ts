import { readFileSync } from "node:fs";
import { Decrypter, Encrypter } from "age-encryption";
import { message, verbatim } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { decryptAge, encryptAge, passphraseIdentity, passphraseRecipient } from "./age-stream.ts";

/** For whom a backup is encrypted: keys, or a passphrase. */
export type Recipients = { readonly recipients: readonly string[] } | { readonly passphrase: string };

/** What opens one. */
export interface Keys {
  readonly identities: readonly string[];
  readonly passphrases: readonly string[];
}

/** A shorter one is guessed by who has the backup. */
const MIN_PASSPHRASE = 12;
const MAX_FILE_BYTES = 1_000_000;

/** As options of a command say it. Errors: DW_INVALID for neither or both, a key that is none, a passphrase that is too short. */
export function recipientsFrom({
  recipient = [],
  passphraseFile,
}: {
  readonly recipient?: readonly string[];
  readonly passphraseFile?: string;
}): Recipients {
  if (recipient.length > 0 === (passphraseFile !== undefined)) throw invalid("server.backupRecipientOrPassphrase");
  if (passphraseFile === undefined) {
    for (const key of recipient) encrypterTo({ recipients: [key] });
    return { recipients: recipient };
  }
  const passphrase = passphraseIn(passphraseFile);
  if (passphrase.length < MIN_PASSPHRASE)
    throw new DoppelwerkError("DW_INVALID", message("server.backupPassphraseShort", { min: MIN_PASSPHRASE, path: passphraseFile }));
  return { passphrase };
}

/** Errors: DW_INVALID. */
export function keysFrom({
  identity = [],
  passphraseFile,
}: {
  readonly identity?: readonly string[];
  readonly passphraseFile?: string;
}): Keys {
  if (identity.length === 0 && passphraseFile === undefined) throw invalid("server.backupIdentityOrPassphrase");
  const identities = identity.flatMap((path) => {
    const keys = textIn(path)
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#"));
    if (keys.length === 0 || keys.some((key) => !key.startsWith("AGE-SECRET-KEY-")))
      throw new DoppelwerkError("DW_INVALID", message("server.backupNoIdentity", { path }));
    return keys;
  });
  return { identities, passphrases: passphraseFile === undefined ? [] : [passphraseIn(passphraseFile)] };
}

/** In the format of age (age-encryption.org/v1). */
export function encrypted(bytes: AsyncIterable<Uint8Array>, to: Recipients): AsyncGenerator<Uint8Array> {
  return encryptAge(bytes, encrypterTo(to));
}

/** Errors: DW_FORBIDDEN where no key fits, DW_DAMAGED where the bytes were changed or cut short. */
export async function* decrypted(
  bytes: AsyncIterable<Uint8Array>,
  { identities, passphrases }: Keys,
  name: string,
): AsyncGenerator<Uint8Array> {
  const decrypter = new Decrypter();
  for (const identity of identities) {
    try {
      decrypter.addIdentity(identity);
    } catch {
      throw new DoppelwerkError("DW_INVALID", message("server.backupNoIdentity", { path: name }));
    }
  }
  for (const passphrase of passphrases) decrypter.addIdentity(passphraseIdentity(passphrase));
  try {
    yield* decryptAge(bytes, decrypter);
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    const reason = (error as Error).message;
    // thrown where none of the keys is one that the file was encrypted for
    if (/no identity matched/.test(reason)) throw new DoppelwerkError("DW_FORBIDDEN", message("server.backupKeyDoesNotFit", { name }));
    throw new DoppelwerkError("DW_DAMAGED", message("server.backupFileDamaged", { name, reason: verbatim(reason) }));
  }
}

function encrypterTo(to: Recipients): Encrypter {
  const encrypter = new Encrypter();
  if ("passphrase" in to) encrypter.addRecipient(passphraseRecipient(to.passphrase));
  else
    for (const recipient of to.recipients) {
      try {
        encrypter.addRecipient(recipient);
      } catch {
        throw new DoppelwerkError("DW_INVALID", message("server.backupNoRecipient", { recipient: recipient.slice(0, 100) }));
      }
    }
  return encrypter;
}

/** Its first line. */
export function passphraseIn(path: string): string {
  return textIn(path).split(/\r?\n/)[0]!.trim();
}

function textIn(path: string): string {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > MAX_FILE_BYTES) throw Object.assign(new Error(), { code: "EFBIG" });
    return bytes.toString("utf8");
  } catch (error) {
    throw new DoppelwerkError(
      "DW_INVALID",
      message("server.cannotReadFile", { code: (error as NodeJS.ErrnoException).code ?? "", file: path }),
    );
  }
}

function invalid(code: "server.backupRecipientOrPassphrase" | "server.backupIdentityOrPassphrase"): DoppelwerkError {
  return new DoppelwerkError("DW_INVALID", message(code));
}
