import { answerOf, inLanguage, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Recipient } from "../model/rule-kind.ts";

export interface KnownRecipients {
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly channels: readonly { readonly id: string; readonly name: string; readonly kind: string }[];
  readonly calendars: readonly { readonly id: string; readonly name: string }[];
  readonly alarms: readonly { readonly id: string; readonly name: string }[];
}

/** Whom rules may name: calendars of the branch entered, people, and channels that many read. */
export function useRecipients(): KnownRecipients {
  const studio = useStudio();
  const { branch } = useStore(studio.address.store);
  const { language } = useWords();
  const known = useLoad(answerOf(calls.recipients, {})).value;
  const calendars = useLoad(answerOf(calls.calendars, { query: { branch } }, { kinds: ["onCallCalendar"] })).value;
  return {
    people: known?.people ?? [],
    // mail goes to people
    channels: (known?.channels ?? []).filter(({ kind }) => kind !== "smtp"),
    calendars: (calendars ?? []).map(({ id, fields }) => ({ id, name: fields.name })),
    alarms: (known?.alarms ?? []).map(({ id, title }) => ({ id, name: inLanguage(title, language) })),
  };
}

/** `onCall:ID`, as a list of choices has it. */
export function valueOf(recipient: Recipient): string {
  if (recipient.kind === "onCall") return `onCall:${recipient.calendar}`;
  return recipient.kind === "person" ? `person:${recipient.person}` : `channel:${recipient.channel}`;
}

export function recipientOf(value: string): Recipient {
  const id = value.slice(value.indexOf(":") + 1);
  if (value.startsWith("onCall:")) return { kind: "onCall", calendar: id };
  return value.startsWith("person:") ? { kind: "person", person: id } : { kind: "channel", channel: id };
}

/** By the name that it has now; one that is gone by its id. */
export function recipientText(recipient: Recipient, known: KnownRecipients, names: Readonly<Record<string, string>>): string {
  const nameIn = (list: readonly { readonly id: string; readonly name: string }[], id: string): string =>
    list.find((one) => one.id === id)?.name ?? names[id] ?? id;
  if (recipient.kind === "onCall") return nameIn(known.calendars, recipient.calendar);
  return recipient.kind === "person" ? nameIn(known.people, recipient.person) : nameIn(known.channels, recipient.channel);
}
