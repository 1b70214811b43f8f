import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { openedFromDisk, sealedForDisk } from "./sealing.ts";

/** Secrets by name: in a file that the user of the server alone reads, sealed where secrets of the data folder are. They are never answered. */
export class SealedSecrets {
  readonly #path: string;
  readonly #sealedName: string;
  #secrets: Readonly<Record<string, string>>;

  /** Throws where the file is none of secrets. */
  constructor(folder: string, file: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#path = join(folder, file);
    this.#sealedName = `${basename(folder)}/${file}`;
    this.#secrets = existsSync(this.#path) ? secretsIn(openedFromDisk(this.#sealedName, readFileSync(this.#path, "utf8")), this.#path) : {};
  }

  of(name: string): string | undefined {
    return this.#secrets[name];
  }

  /** On disk once it returns; without a text it is forgotten. */
  set(name: string, secret: string | undefined): void {
    const { [name]: _, ...others } = this.#secrets;
    const next = secret === undefined ? others : { ...others, [name]: secret };
    writeFileSync(`${this.#path}.new`, sealedForDisk(this.#sealedName, JSON.stringify(next)), { mode: 0o600, flush: true });
    renameSync(`${this.#path}.new`, this.#path);
    this.#secrets = next;
  }
}

function secretsIn(text: string, path: string): Readonly<Record<string, string>> {
  const found = JSON.parse(text) as unknown;
  const isOne = typeof found === "object" && found !== null && Object.values(found).every((value) => typeof value === "string");
  if (!isOne || Array.isArray(found)) throw new Error(`${path}: no file of secrets`);
  return found as Readonly<Record<string, string>>;
}
