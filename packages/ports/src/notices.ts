import type { LocalText } from "@doppelwerk/operations";
import type { BranchId, Instant, Principal } from "@doppelwerk/world";
import { port } from "./token.ts";

/** Whom a notice reaches: who is on call, a person, or everybody at a channel; the ids are those of `GET /notification-recipients` and of calendars. */
export type NoticeRecipient =
  | { readonly kind: "onCall"; readonly calendar: string }
  | { readonly kind: "person"; readonly person: string }
  | { readonly kind: "channel"; readonly channel: string };

/** Something that people are told beside alarms. */
export interface Notice {
  /** Of what it is about: told once to a target and step, however often it is sent. */
  readonly id: string;
  readonly at: Instant;
  readonly title: LocalText;
  readonly station: string;
  readonly priority: 1 | 2 | 3 | 4;
  readonly value?: string;
  /** From 1. */
  readonly step: number;
}

/** A recipient by the name that people know it by. */
export interface NamedRecipient {
  readonly recipient: NoticeRecipient;
  readonly name: string;
}

/** Tells people by their channels, with quiet hours, limits and digests as of alarms. */
export interface Notices {
  /** Returns how many targets it is on its way to; 0: nobody can be reached so. On disk when it resolves. */
  send(notice: Notice, to: readonly NoticeRecipient[]): Promise<number>;
  /** Whom a notice can name: calendars of the branch that the principal may read, people and channels. */
  recipients(principal: Principal, branch: BranchId): readonly NamedRecipient[];
  /** Nobody has to be told of it any more. */
  withdraw(notice: Pick<Notice, "id" | "at">): Promise<void>;
}

export const notices = port<Notices>("notifications.notices", 1);
