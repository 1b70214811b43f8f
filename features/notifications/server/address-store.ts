import type { PersonalHolder, PersonalTexts } from "@doppelwerk/kit/server";
import { z } from "@doppelwerk/kit";
import { OwnAddresses } from "../model/channel-kind.ts";
import { PrivateJson } from "./private-json.ts";

const stored = z.object({ version: z.literal(1), people: z.array(z.object({ person: z.string(), sealed: z.string() })) });

/** How people are reached, each sealed with a key of the person: beside the log, and gone with the person. */
export class AddressStore implements PersonalHolder {
  readonly #file: PrivateJson<typeof stored>;
  readonly #texts: PersonalTexts;
  readonly #known = new Map<string, OwnAddresses>();

  /** Errors: DW_DAMAGED, DW_FORBIDDEN. */
  constructor(folder: string, texts: PersonalTexts) {
    this.#file = new PrivateJson(folder, "addresses.json", stored);
    this.#texts = texts;
    for (const { person, sealed } of this.#file.read()?.people ?? []) {
      const text = texts.open(sealed);
      // who was erased left a text that nobody can read
      if (text !== undefined) this.#known.set(person, OwnAddresses.parse(JSON.parse(text)));
    }
  }

  people(): readonly string[] {
    return [...this.#known.keys()];
  }

  of(person: string): OwnAddresses | undefined {
    return this.#known.get(person);
  }

  /** Errors: DW_UNAVAILABLE. */
  set(person: string, addresses: OwnAddresses): void {
    this.#write(new Map(this.#known).set(person, addresses));
  }

  erase(person: string): void {
    if (!this.#known.has(person)) return;
    this.#write(new Map([...this.#known].filter(([id]) => id !== person)));
  }

  exported(person: string): unknown {
    const found = this.#known.get(person);
    return found && { notifications: found };
  }

  /** Keys of texts are changed, and old ones may be thrown away: what is kept is sealed with the newest. */
  sealAgain(): void {
    if (this.#known.size > 0) this.#write(this.#known);
  }

  #write(next: ReadonlyMap<string, OwnAddresses>): void {
    const people = [...next].map(([person, addresses]) => ({ person, sealed: this.#texts.seal(person, JSON.stringify(addresses)) }));
    this.#file.write({ version: 1, people });
    if (next === this.#known) return;
    this.#known.clear();
    for (const [person, addresses] of next) this.#known.set(person, addresses);
  }
}
