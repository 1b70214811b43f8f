import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { z } from "zod";

/** Who may read the twin over OPC UA: a name, and the role whose rights he has. */
export interface OutReader {
  readonly name: string;
  readonly role: string;
}

/** People and programs that log in at the OPC UA server; of their passwords only a hash is kept. Processes that share the folder see each other's changes. */
export interface OutReaders {
  list(): readonly OutReader[];
  /** Throws DW_INVALID for a bad name or a short password. */
  put(name: string, password: string, role: string): Promise<void>;
  /** Whether there was one. */
  remove(name: string): boolean;
  /** The role, undefined = no such name or another password. Takes the same time either way. */
  check(name: string, password: string): Promise<string | undefined>;
}

const entry = z.strictObject({ name: z.string(), role: z.string(), salt: z.string(), hash: z.string() });
const entries = z.array(entry);
type Entry = z.infer<typeof entry>;

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,63}$/u;
const LEAST_PASSWORD = 8;
const MAX_PASSWORD = 200;
/** Memory 16 MB and some 50 ms a try: guessing is slow, logging in is not. */
const COST = { N: 16_384, r: 8, p: 1 };
const hashOf = promisify<string, Buffer, number, typeof COST, Buffer>(scrypt);

export function openOutReaders(dataDir: string): OutReaders {
  const file = join(dataDir, "opcua-readers.json");
  const read = (): readonly Entry[] => {
    let text: string;
    try {
      text = readFileSync(file, "utf8");
    } catch {
      return [];
    }
    return entries.parse(JSON.parse(text));
  };
  const write = (all: readonly Entry[]): void => {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify(all), { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  };
  return {
    list: () => read().map(({ name, role }) => ({ name, role })),
    async put(name, password, role) {
      // the server takes one who logs in as "anonymous" for nobody (Part 4, 7.40.3)
      if (!NAME.test(name) || name.toLowerCase() === "anonymous")
        throw new DoppelwerkError("DW_INVALID", message("connectors.nameLetters", { name: name.slice(0, 64) }));
      if (password.length < LEAST_PASSWORD || password.length > MAX_PASSWORD)
        throw new DoppelwerkError("DW_INVALID", message("connectors.passwordCharacters", { min: LEAST_PASSWORD, max: MAX_PASSWORD }));
      const salt = randomBytes(16);
      const hash = await hashOf(password, salt, 32, COST);
      const added: Entry = { name, role, salt: salt.toString("base64"), hash: hash.toString("base64") };
      write([...read().filter((other) => other.name !== name), added]);
    },
    remove(name) {
      const all = read();
      const rest = all.filter((other) => other.name !== name);
      if (rest.length < all.length) write(rest);
      return rest.length < all.length;
    },
    async check(name, password) {
      const known = read().find((other) => other.name === name);
      const salt = Buffer.from(known?.salt ?? "AAAAAAAAAAAAAAAAAAAAAA==", "base64");
      const hash = await hashOf(password.slice(0, MAX_PASSWORD + 1), salt, 32, COST);
      return known !== undefined && timingSafeEqual(hash, Buffer.from(known.hash, "base64")) ? known.role : undefined;
    },
  };
}
