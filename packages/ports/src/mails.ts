import type { Message } from "@doppelwerk/messages";
import type { Principal } from "@doppelwerk/world";
import { port } from "./token.ts";

export interface MailFile {
  readonly name: string;
  /** Media type. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A mail to one person. The same `id` is the same mail: a mail server that has it already drops it. */
export interface OutgoingMail {
  readonly id: string;
  readonly person: string;
  readonly subject: string;
  readonly text: string;
  /** Of this server, `/boards/…`: it is written below the text where people gave the server an address. */
  readonly path?: string;
  readonly files: readonly MailFile[];
}

/** `later`: it may be sent again; `refused`: sending it again would be refused again. */
export type MailOutcome = { readonly kind: "sent" } | { readonly kind: "later" | "refused"; readonly reason: Message };

/** Mail to people by the mail server of a world. */
export interface Mails {
  /** Who would be written to, with the rights that they have now; undefined: no mail server, no address, no account that may be used. */
  recipient(person: string): Promise<{ readonly principal: Principal; readonly language: "en" | "zh" } | undefined>;
  /** Never rejects. */
  send(mail: OutgoingMail): Promise<MailOutcome>;
}

export const mails = port<Mails>("notifications.mails", 1);
