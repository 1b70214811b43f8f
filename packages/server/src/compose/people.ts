import { existsSync } from "node:fs";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { readSecretFile, writeSecretFile } from "../accounts/private-file.ts";
import type { Accounts } from "../http/person.ts";

const NAME = "people.json";

/** Names that people without accounts chose, by opaque id. The log keeps the id alone, so that a name can be erased here. */
export function openPeople(path: string, onFault: (error: unknown) => void): Accounts {
  const names = new Map<string, string>(existsSync(path) ? (JSON.parse(readSecretFile(path, NAME)) as [string, string][]) : []);
  const save = () => writeSecretFile(path, NAME, JSON.stringify([...names]));
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
      const name = names.get(id);
      if (!names.delete(id)) return;
      try {
        save();
      } catch (error) {
        names.set(id, name!);
        throw new DoppelwerkError("DW_UNAVAILABLE", message("server.nameCouldNotErased", { reason: (error as Error).message }));
      }
    },
  };
}
