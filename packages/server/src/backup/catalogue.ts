import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writePrivateFile } from "../accounts/private-file.ts";
import { backupsIn, namesOf } from "./backup-folder.ts";

/** What is known of a backup in a folder without opening it. */
export interface CataloguedBackup {
  /** Everything that was acknowledged before is in it: ISO 8601. */
  readonly instant: string;
  /** Archives that it needs, its own among them. */
  readonly archives: readonly string[];
  /** When it was last restored as a whole and everything in it was verified: ISO 8601. */
  readonly verified?: string;
}

const NAME = "catalogue.json";

/**
 * Which backup of a folder needs which archives, and which was verified: so that the server, which cannot open its backups, knows what may go. It is in plain
 * text and nobody relies on it for what is restored. Of a backup that is not in it nothing is known.
 */
export class Catalogue {
  readonly #path: string;
  readonly #folder: string;
  #backups: Map<string, CataloguedBackup>;

  constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, NAME);
    this.#backups = new Map(Object.entries(read(this.#path)));
  }

  of(id: string): CataloguedBackup | undefined {
    return this.#backups.get(id);
  }

  /** Those that a backup needs which is there. Undefined where there is one of which nothing is known. */
  neededArchives(ids: readonly string[]): ReadonlySet<string> | undefined {
    const needed = new Set<string>();
    for (const id of ids) {
      const known = this.#backups.get(id);
      if (known === undefined) return undefined;
      for (const archive of known.archives) needed.add(archive);
    }
    return needed;
  }

  /** Errors: DW_UNAVAILABLE. */
  add(id: string, backup: CataloguedBackup): void {
    this.#backups = new Map(Object.entries(read(this.#path))).set(id, backup);
    this.#save();
  }

  /** It was restored as a whole. Errors: DW_UNAVAILABLE. */
  noteVerified(id: string, instant: string, archives: readonly string[]): void {
    this.add(id, { instant, archives, verified: new Date().toISOString() });
  }

  /** Removes backups: first what makes them backups, then archives that no other needs. Names of the archives that are gone. Errors: DW_UNAVAILABLE. */
  remove(ids: readonly string[]): readonly string[] {
    this.#backups = new Map(Object.entries(read(this.#path)));
    for (const id of ids) rmSync(join(this.#folder, namesOf(id).manifest), { force: true });
    const left = backupsIn(this.#folder);
    const needed = this.neededArchives(left);
    const archives = new Set(ids.flatMap((id) => this.#backups.get(id)?.archives ?? []));
    for (const id of ids) this.#backups.delete(id);
    const gone = needed === undefined ? [] : [...archives].filter((name) => !needed.has(name) && existsSync(join(this.#folder, name)));
    for (const name of gone) rmSync(join(this.#folder, name), { force: true });
    this.#save();
    return gone;
  }

  #save(): void {
    writePrivateFile(this.#path, `${JSON.stringify({ format: 1, backups: Object.fromEntries(this.#backups) }, undefined, 1)}\n`);
  }
}

function read(path: string): Readonly<Record<string, CataloguedBackup>> {
  try {
    const { format, backups } = JSON.parse(readFileSync(path, "utf8")) as {
      readonly format: number;
      readonly backups: Readonly<Record<string, CataloguedBackup>>;
    };
    return format === 1 ? backups : {};
  } catch {
    // nothing is known then, and nothing goes
    return {};
  }
}
