import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PersonalHolder } from "@doppelwerk/kit/server";
import type { WorldView } from "@doppelwerk/world";
import type { ErasableTexts } from "./sealed-texts.ts";

/** What a world keeps of people beside its documents. */
export interface WorldPersonal {
  readonly texts: ErasableTexts;
  /** Its documents and events, as the server itself sees them: what is of a person is his, whatever he may read now. */
  view(): WorldView;
  /** What a journal of a feature has, as it stands there. */
  journal(name: string): readonly unknown[];
  /** What open features keep in files of their own. */
  readonly holders: ReadonlySet<PersonalHolder>;
  /** Returns how to stop. */
  keep(holder: PersonalHolder): () => void;
  /** What was done until now is in the transparency log: no commitment of it is made later. */
  settled(): Promise<void>;
}

export interface WorldPersonalOptions {
  readonly directory: string;
  readonly texts: ErasableTexts;
  view(): WorldView;
  settled(): Promise<void>;
}

export function worldPersonal({ directory, texts, view, settled }: WorldPersonalOptions): WorldPersonal {
  const holders = new Set<PersonalHolder>();
  return {
    texts,
    view,
    settled,
    holders,
    keep(holder) {
      holders.add(holder);
      return () => void holders.delete(holder);
    },
    journal(name) {
      const path = join(directory, `${name}.jsonl`);
      if (!existsSync(path)) return [];
      const items = new Map<unknown, unknown>();
      const whole = readFileSync(path, "utf8").split("\n").slice(0, -1);
      // a later line of an item is what it became
      for (const line of whole) {
        const item = JSON.parse(line) as { readonly id?: unknown };
        items.set(item.id, item);
      }
      return [...items.values()];
    },
  };
}
