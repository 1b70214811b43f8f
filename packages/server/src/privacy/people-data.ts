import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE, type Principal, type RecordReader, type WorldRecord } from "@doppelwerk/world";
import type { Identities } from "../accounts/account-routes.ts";
import { NOBODY } from "../http/person.ts";
import { inventoryOf, type KeptData } from "./inventory.ts";
import type { PeopleWorld, PeopleWorlds } from "./people-worlds.ts";

/** Where the data of people is on a server. */
export interface PeopleDataOptions {
  readonly worlds: PeopleWorlds;
  /** Undefined on a server without accounts. */
  readonly identities: Pick<Identities, "accounts" | "further"> | undefined;
}

export interface Erased {
  readonly documents: number;
  readonly notReached: readonly string[];
}

const PERSON = "person:";

/** Everything that is kept of one person, wherever: to be handed to him, and to be erased. */
export class PeopleData {
  readonly #options: PeopleDataOptions;

  constructor(options: PeopleDataOptions) {
    this.#options = options;
  }

  get inventory(): readonly KeptData[] {
    return inventoryOf(this.#options.worlds.home.features.features);
  }

  /** Errors: DW_FORBIDDEN for machines and whoever has no id of his own. */
  requirePerson(principal: Principal): string {
    if (principal.machine === true || principal.id === NOBODY.id || !principal.id.startsWith(PERSON))
      throw new DoppelwerkError("DW_FORBIDDEN", message("privacy.onlyPeople"));
    return principal.id;
  }

  /** Errors: DW_NOT_FOUND for an id of which this server has neither account nor name nor entries. */
  requireKnown(person: string): string {
    const { worlds, identities } = this.#options;
    const { accounts, transparency } = worlds.home;
    const isKnown =
      identities?.accounts.byId(person) !== undefined || accounts.nameOf(person) !== undefined || transparency?.salts.has(person) === true;
    if (!isKnown || !person.startsWith(PERSON) || person === NOBODY.id)
      throw new DoppelwerkError("DW_NOT_FOUND", message("server.noAccount", { id: person.slice(0, 200) }));
    return person;
  }

  /**
   * Erases a person. What is in documents goes first, then the keys of texts, then the account, and last what tells whose entries are, so that one that
   * was interrupted is done again. The caller ends the sessions, once it is answered. Errors: DW_CONFLICT for the last who administers, DW_UNAVAILABLE.
   */
  async erase(person: string, texts: "erase" | "keep"): Promise<Erased> {
    const { worlds, identities } = this.#options;
    const { home, registry } = worlds;
    identities?.accounts.requireRemovable(person);
    const notReached: string[] = [];
    let documents = 0;
    for (const { name, title, state } of registry.list()) {
      if (state === "archived") {
        notReached.push(title);
        continue;
      }
      const { world, leave } = await registry.enter(name);
      try {
        if (texts === "erase") documents += await eraseDocuments(world, person, this.inventory);
        for (const holder of world.personal.holders) await holder.erase(person);
        await world.personal.settled();
      } finally {
        leave();
      }
    }
    if (texts === "erase") home.personal.texts.erase(person);
    else home.personal.texts.release(person);
    identities?.further.removed(person);
    if (identities?.accounts.byId(person) !== undefined) identities.accounts.remove(person);
    home.accounts.erase(person);
    return { documents, notReached };
  }
}

/** Documents of live that are a person's own and may be taken back; those of branches are of the branch, and their texts cannot be read any more. */
async function eraseDocuments(world: PeopleWorld, person: string, inventory: readonly KeptData[]): Promise<number> {
  const view = world.personal.view();
  const own = ownDocuments(view.reader(LIVE), person, inventory);
  if (own.length > 0)
    await view.apply({
      branch: LIVE,
      reason: message("privacy.logErased", { count: own.length }),
      changes: own.map((record) => ({ op: "delete", record })),
    });
  return own.length;
}

function ownDocuments(reader: RecordReader, person: string, inventory: readonly KeptData[]): readonly WorldRecord[] {
  return inventory
    .filter(({ erasure }) => erasure === "choice")
    .flatMap(({ places }) => places)
    .flatMap((place) =>
      place.kind === "documents" && place.person !== undefined
        ? reader.query({ kind: place.record }).filter((record) => record[place.person!] === person)
        : [],
    );
}
