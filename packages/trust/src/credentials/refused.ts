import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** What is not in the form of its standard; `where` is the place in it, as `credentialSubject.id` or `header.alg`. */
export function malformed(why: Message, where: string): DoppelwerkError {
  return new DoppelwerkError("DW_INVALID", at(why, where), { where });
}

/** What is in the form of its standard and does not hold. */
export function notHeld(why: Message, where: string): DoppelwerkError {
  return new DoppelwerkError("DW_UNAUTHENTICATED", at(why, where), { where });
}

const at = (reason: Message, where: string): Message => (where === "" ? reason : message("trust.credentialAt", { where, reason }));
