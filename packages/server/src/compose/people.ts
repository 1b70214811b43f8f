import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Accounts } from "../http/person.ts";

/** Names that people without accounts chose, by opaque id; the only place where such a name lives, so that it can be erased. */
export function openPeople(path: string, onFault: (error: unknown) => void): Accounts & { erase(id: string): void } {
  const names = new Map<string, string>(existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as [string, string][]) : []);
  const save = () => {
    writeFileSync(`${path}.new`, JSON.stringify([...names]), { flush: true });
    renameSync(`${path}.new`, path);
  };
  return {
    remember(id, name) {
      if (names.get(id) === name) return;
      names.set(id, name);
      try {
        save();
      } catch (error) {
        // the name is known until the end of the process, and written with the next one
        onFault(error);
      }
    },
    nameOf: (id) => names.get(id),
    erase(id) {
      if (names.delete(id)) save();
    },
  };
}
