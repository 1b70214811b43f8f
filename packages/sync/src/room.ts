import { message as messageOf } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { BranchId } from "@doppelwerk/world";
import type { ClientMessage, Person, Presence, ServerMessage } from "./message.ts";
import { OLDEST_PROTOCOL, PROTOCOL_VERSION } from "./message.ts";

/** One connected client as the room knows it. */
export interface Seat {
  readonly id: string;
  readonly person: Person;
  readonly branch: BranchId;
}

/** Hues for people, chosen so that none is an alarm colour; the same person keeps the same hue everywhere. */
const personColors = ["#0b8a8f", "#b0557a", "#5b6b86", "#7a6a1f", "#3b6fb6", "#7d58a8", "#2f7d55", "#8a5a3c"] as const;

/**
 * Who is here and what they look at. Pure: it is told what arrives and says what to send through `send`; documents and samples pass beside it.
 * A seat is one window; one person with two windows has two seats.
 */
export class Room {
  readonly #send: (seat: string, message: ServerMessage) => void;
  readonly #seats = new Map<string, Seat>();

  constructor(send: (seat: string, message: ServerMessage) => void) {
    this.#send = send;
  }

  /** Seats a client; throws DW_INVALID for another protocol version or a name that is empty or longer than 60 characters. */
  join(
    seat: string,
    hello: Extract<ClientMessage, { kind: "hello" }>,
    identity: { readonly id: string; readonly name: string; readonly verified: boolean },
  ): Seat {
    if (hello.protocol < OLDEST_PROTOCOL || hello.protocol > PROTOCOL_VERSION)
      throw new DoppelwerkError(
        "DW_INVALID",
        messageOf("sync.serverSpeaksProtocol", { protocolVersion: PROTOCOL_VERSION, protocol: hello.protocol }),
      );
    const name = identity.name;
    if (name === "" || [...name].length > 60) throw new DoppelwerkError("DW_INVALID", messageOf("sync.name160Characters"));
    const person: Person = {
      id: `${identity.id}/${seat}`,
      name,
      verified: identity.verified,
      color: colorOf(identity.id),
      presence: { branch: hello.branch },
    };
    const joined: Seat = { id: seat, person, branch: hello.branch };
    this.#seats.set(seat, joined);
    this.#tellOthers(seat, { kind: "person", person });
    return joined;
  }

  setPresence(seat: string, presence: Presence): void {
    const before = this.#seats.get(seat);
    if (!before) return;
    const person: Person = { ...before.person, presence };
    this.#seats.set(seat, { ...before, person, branch: presence.branch });
    this.#tellOthers(seat, { kind: "person", person });
  }

  leave(seat: string): void {
    const before = this.#seats.get(seat);
    if (!before) return;
    this.#seats.delete(seat);
    this.#tellOthers(seat, { kind: "left", id: before.person.id });
  }

  seat(id: string): Seat | undefined {
    return this.#seats.get(id);
  }

  /** Everyone here, in order of arrival. */
  people(): readonly Person[] {
    return [...this.#seats.values()].map((seat) => seat.person);
  }

  tellAll(message: ServerMessage): void {
    for (const seat of this.#seats.keys()) this.#send(seat, message);
  }

  #tellOthers(seat: string, message: ServerMessage): void {
    for (const other of this.#seats.keys()) if (other !== seat) this.#send(other, message);
  }
}

function colorOf(identity: string): string {
  let hash = 0;
  for (const character of identity) hash = (Math.imul(hash, 31) + character.codePointAt(0)!) | 0;
  return personColors[Math.abs(hash) % personColors.length]!;
}
