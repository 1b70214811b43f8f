import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { openedFromDisk, sealedForDisk } from "@doppelwerk/storage/sealing";
import { DoppelwerkError } from "@doppelwerk/world";
import { z } from "zod";
import { fault, faultsOf } from "@doppelwerk/messages/faults";

/** Keys that this server made for a connection, with what its authorities say of them; never given by a person. */
const identityShape = z.strictObject({
  did: z.string(),
  certificate: z.string(),
  privateKey: z.string(),
  /** For OPC UA: of the application. A chain. */
  opcua: z.strictObject({ certificate: z.string(), privateKey: z.string() }),
  until: z.string(),
  renew: z.string(),
});

/** What a plant wants to see before it speaks. PEM texts for certificates and keys. */
export const secretShape = z
  .strictObject({
    identity: identityShape.optional(),
    username: z.string().max(1_000).optional(),
    password: z.string().max(10_000).optional(),
    token: z.string().max(20_000).optional(),
    certificate: z.string().max(100_000).optional(),
    privateKey: z.string().max(100_000).optional(),
  })
  .refine((secret) => Object.values(secret).some((value) => value !== undefined), fault(message("connectors.faultSecretEmpty")));
export type Secret = z.infer<typeof secretShape>;

/** As it is sealed: its path in the folder of its world. */
const sealedName = (name: string): string => `connectors/secrets/${name}.json`;

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/**
 * Secrets by name, one file each below a folder that only its owner may enter (files 0600, folder 0700). Documents hold the name and nothing else,
 * so that no log, export or history can tell the secret.
 */
export interface SecretStore {
  names(): readonly string[];
  /** Throws DW_INVALID for a bad name or a bad secret. */
  put(name: string, secret: Secret): void;
  /** Whether there was one. */
  remove(name: string): boolean;
  /** Throws DW_NOT_FOUND, naming the secret. */
  read(name: string): Secret;
}

export function openSecretStore(dataDir: string): SecretStore {
  const folder = join(dataDir, "secrets");
  const fileOf = (name: string): string => {
    if (!NAME.test(name))
      throw new DoppelwerkError("DW_INVALID", message("connectors.nameSecretSmallLetters", { name: name.slice(0, 64) }));
    return join(folder, `${name}.json`);
  };
  return {
    names() {
      try {
        return readdirSync(folder)
          .flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -5)] : []))
          .toSorted();
      } catch {
        return [];
      }
    },
    put(name, secret) {
      const file = fileOf(name);
      const parsed = secretShape.safeParse(secret);
      // the faults name fields, never values
      if (!parsed.success)
        throw new DoppelwerkError("DW_INVALID", message("connectors.secret", { name, issues: faultsOf(parsed.error.issues, secret) }));
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      chmodSync(folder, 0o700);
      writeFileSync(`${file}.new`, sealedForDisk(sealedName(name), JSON.stringify(parsed.data)), { mode: 0o600, flush: true });
      chmodSync(`${file}.new`, 0o600);
      renameSync(`${file}.new`, file);
    },
    remove(name) {
      const there = this.names().includes(name);
      if (there) rmSync(fileOf(name), { force: true });
      return there;
    },
    read(name) {
      const file = fileOf(name);
      let text: string;
      try {
        text = readFileSync(file, "utf8");
      } catch {
        throw new DoppelwerkError("DW_NOT_FOUND", message("connectors.noSecretNameStore", { name }));
      }
      return secretShape.parse(JSON.parse(openedFromDisk(sealedName(name), text)));
    },
  };
}
