import { message } from "@doppelwerk/kit";
import type { Mails } from "@doppelwerk/ports";
import type {} from "../message-codes.ts";
import type { AddressStore } from "./address-store.ts";
import type { ChannelStore } from "./channel-store.ts";
import { sendFiles } from "./channels/smtp-channel.ts";
import type { People } from "./people.ts";

/** Mail of other features to people, by the mail server that notifications go by and at the addresses that people gave. */
export function mailsOf({
  channels,
  addresses,
  people,
}: {
  readonly channels: ChannelStore;
  readonly addresses: AddressStore;
  readonly people: People;
}): Mails {
  return {
    async recipient(person) {
      const [own, principal] = [addresses.of(person), people.principal(person)];
      if (channels.mail() === undefined || principal === undefined || own === undefined || own.mail.length === 0) return undefined;
      return { principal, language: own.language };
    },
    async send(mail) {
      const [channel, own] = [channels.mail(), addresses.of(mail.person)];
      if (channel === undefined) return { kind: "later", reason: message("notifications.noMailServer") };
      if (own === undefined || own.mail.length === 0 || people.principal(mail.person) === undefined)
        return { kind: "refused", reason: message("notifications.noAddress") };
      const link =
        channels.address === undefined || mail.path === undefined ? "" : `\n\n${channels.address.replace(/\/$/, "")}${mail.path}`;
      const outcome = await sendFiles(channel.fields, own.mail, mail, `${mail.text}${link}\n`);
      // sent again it may arrive twice, which is better than never
      if (outcome.kind === "sent") return outcome;
      return { kind: outcome.kind === "refused" ? "refused" : "later", reason: outcome.reason };
    },
  };
}
