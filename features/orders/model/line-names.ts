import type { KnownLine } from "@doppelwerk/ports";

/** Lines by the names that other systems have for them: id, title, or the last part of the id of the shell, without case, blanks and marks. */
export class LineNames {
  readonly #byName = new Map<string, KnownLine>();

  constructor(lines: readonly KnownLine[]) {
    for (const line of lines)
      for (const name of [line.id, line.title.en, line.title.zh, line.shell.split(/[/:#]/).at(-1) ?? ""]) {
        const plain = plainName(name);
        if (plain !== "" && !this.#byName.has(plain)) this.#byName.set(plain, line);
      }
  }

  of(name: string): KnownLine | undefined {
    return this.#byName.get(plainName(name));
  }
}

const plainName = (name: string): string => name.toLowerCase().replaceAll(/[\s_.-]+/g, "");
