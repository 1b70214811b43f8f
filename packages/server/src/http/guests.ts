import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Principal } from "@doppelwerk/world";
import type { FastifyRequest } from "fastify";
import type { GuestBook, KnownGuest } from "@doppelwerk/kit/server";

/** The key of a guest, as a bearer token (RFC 6750) or in a hello; no other token looks like one. */
const KEY = /^dwk_[\w-]{20,200}$/;

/** Answers who has a key of its own; undefined: it has given out no such key, or it does not hold any more. */
export type FindGuest = (key: string) => Principal | undefined;

/** A guest that is no more, and who ended it. */
export type OnEndedGuest = (guest: KnownGuest, by: string) => void;

/** Principals that features let into a world by keys of theirs. Each has a scope, and reads nothing beyond it. */
export class Guests {
  readonly #finders = new Map<FindGuest, GuestBook>();
  readonly #onWithdrawn: (principal: string) => void;
  readonly #onEnded: OnEndedGuest;

  constructor(onWithdrawn: (principal: string) => void, onEnded: OnEndedGuest = () => {}) {
    this.#onWithdrawn = onWithdrawn;
    this.#onEnded = onEnded;
  }

  /** Returns how to stop. */
  admit(find: FindGuest, book: GuestBook): () => void {
    this.#finders.set(find, book);
    return () => void this.#finders.delete(find);
  }

  list(): readonly KnownGuest[] {
    return [...this.#finders.values()].flatMap((book) => book.list());
  }

  /** Its key holds no more. False where nobody gave it one. */
  async end(principal: string, by: string): Promise<boolean> {
    const book = [...this.#finders.values()].find((each) => each.list().some(({ id }) => id === principal));
    await book?.end(principal, by);
    return book !== undefined;
  }

  ended(guest: KnownGuest, by: string): void {
    this.#onEnded(guest, by);
  }

  /** Ends what the principal has open. From when on its key does not hold is decided by who gave it out. */
  withdraw(principal: string): void {
    this.#onWithdrawn(principal);
  }

  /** Undefined where the text is no key at all. Errors: DW_FORBIDDEN for a key that does not hold here. */
  of(text: string | undefined): Principal | undefined {
    if (text === undefined || !KEY.test(text)) return undefined;
    for (const find of this.#finders.keys()) {
      const guest = find(text);
      if (guest !== undefined) return guest;
    }
    throw new DoppelwerkError("DW_FORBIDDEN", message("server.keyDoesNotHold"));
  }
}

/** The key that came with a request; who brings one is judged by the world that gave it out. */
export function keyOf({ headers: { authorization } }: Pick<FastifyRequest, "headers">): string | undefined {
  const token = authorization === undefined ? undefined : /^Bearer (.+)$/.exec(authorization)?.[1];
  return token !== undefined && KEY.test(token) ? token : undefined;
}

/** What a guest may not ask for, whatever its scope. Errors: DW_FORBIDDEN. */
export function refuseGuests({ scope }: Principal): void {
  if (scope !== undefined) throw new DoppelwerkError("DW_FORBIDDEN", message("server.notForKeys"));
}
