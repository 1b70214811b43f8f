import type { PlantView } from "@doppelwerk/kit/server";
import type { KnownPeople } from "@doppelwerk/ports";
import { LIVE, type Principal, type RecordId } from "@doppelwerk/world";
import type { OwnAddresses } from "../model/channel-kind.ts";
import type { AddressStore } from "./address-store.ts";

export interface PeopleOptions {
  readonly known: KnownPeople;
  readonly addresses: AddressStore;
  view(principal: Principal): PlantView;
  nameOf(actor: string): string;
}

/** Who reads a chat is not known: no more is told there than a viewer may read. */
const READERS: Principal = { id: "notifications:channel", name: "", verified: true, roles: ["viewer"] };

/** The people whom notifications reach, with the rights that they have now. */
export class People {
  readonly #options: PeopleOptions;

  constructor(options: PeopleOptions) {
    this.#options = options;
  }

  /** Those with an account; without accounts, those who said how they are reached. */
  list(): readonly { readonly id: string; readonly name: string; readonly isReachable: boolean }[] {
    const { known, addresses } = this.#options;
    const listed = known.isRequired ? known.list() : addresses.people().flatMap((id) => this.principal(id) ?? []);
    return listed
      .map(({ id, name }) => ({ id, name, isReachable: (addresses.of(id)?.mail.length ?? 0) > 0 }))
      .toSorted((a, b) => a.name.localeCompare(b.name, "en"));
  }

  /** Undefined for who has no account any more, may not use it now, or was erased. */
  principal(person: string): Principal | undefined {
    const { known } = this.#options;
    if (known.isRequired) return known.list().find(({ id }) => id === person);
    const name = known.nameOf(person);
    return name === undefined ? undefined : { id: person, name, verified: false, roles: ["administrator"] };
  }

  /** Addresses of who may be told of what is concluded from these signals; undefined where nothing is sent. */
  reachable(person: string, inputs: readonly RecordId[]): OwnAddresses | undefined {
    const found = this.#options.addresses.of(person);
    const principal = found && this.principal(person);
    return principal !== undefined && this.mayRead(principal, inputs) ? found : undefined;
  }

  mayRead(principal: Principal, inputs: readonly RecordId[]): boolean {
    const view = this.#options.view(principal);
    return view.documents.may("read", LIVE).allowed && inputs.every((signal) => view.mayReadSignal(signal));
  }

  /** Whether everybody who reads a channel may be told of it. */
  mayAllRead(inputs: readonly RecordId[]): boolean {
    return this.mayRead(READERS, inputs);
  }

  /** Names by ids, for what names people by their ids. */
  names(people: readonly string[]): Readonly<Record<string, string>> {
    return Object.fromEntries(people.map((person) => [person, this.principal(person)?.name ?? this.#options.nameOf(person)]));
  }
}
