import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { OctetsAnswer, PlantView } from "@doppelwerk/kit/server";
import type { AlarmFold, ConcludedAlarm } from "@doppelwerk/ports";
import { LIVE, type Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { shortTime } from "../model/composed.ts";
import type { NotificationFact } from "../model/event-kinds.ts";
import { isAttended, occurrenceKey } from "../model/occurrence.ts";
import type { AddressStore } from "./address-store.ts";
import { LINK_HEADERS, linkPage, type LinkPage } from "./link-page.ts";
import type { LinkRecord, Links } from "./links.ts";
import type { People } from "./people.ts";

export interface LinkActsOptions {
  readonly links: Links;
  readonly people: People;
  readonly addresses: AddressStore;
  readonly alarms: AlarmFold;
  /** When an alarm was raised, as it was said first. */
  sinceOf(alarm: { readonly rule: string; readonly since: number }): number;
  /** Address of the list of alarms; absent where it is not known. */
  studio(): string | undefined;
  view(principal: Principal): PlantView;
  now(): number;
  record(facts: readonly NotificationFact[]): void;
}

/** What roles at places call it. */
const ACKNOWLEDGE = `${"alarms"}.acknowledge`;

type Found = LinkRecord & { readonly id: string };

/** What opens and presses the links of messages. */
export class LinkActs {
  readonly #options: LinkActsOptions;

  constructor(options: LinkActsOptions) {
    this.#options = options;
  }

  /** Programs that look into mails open every link: that acknowledges nothing. */
  async show(token: string): Promise<OctetsAnswer> {
    const found = this.#options.links.find(token);
    return this.#page(found, await this.#stands(found));
  }

  async acknowledge(token: string): Promise<OctetsAnswer> {
    const { links, alarms, now, record } = this.#options;
    const found = links.find(token);
    const stands = await this.#stands(found);
    if (found === undefined || stands !== "open") return this.#page(found, stands);
    // of two that are pressed at once one acts: it was perhaps used while it was looked at
    if (links.find(token)?.used !== undefined) return this.#page(found, "done");
    links.use(found);
    try {
      await alarms.act({ rule: found.occurrence.rule, action: "acknowledge", actor: found.person, reason: "acknowledged by link" });
    } catch (error) {
      links.release(found);
      if (error instanceof DoppelwerkError && error.code !== "DW_CONFLICT") return this.#page(found, "failed");
      return this.#page(found, await this.#stands(links.find(token)));
    }
    record([
      {
        type: "notification.acknowledged",
        key: `${found.id} ${occurrenceKey(found.occurrence)}`,
        at: now(),
        subject: found.occurrence.rule,
        alarms: [found.occurrence.rule],
        person: found.person,
        actor: found.person,
        payload: { byLink: true },
      },
    ]);
    return this.#page(found, "done");
  }

  /** What can be done by a link now. */
  async #stands(found: Found | undefined): Promise<Stand> {
    if (found === undefined) return "gone";
    const { people, alarms } = this.#options;
    const principal = people.principal(found.person);
    if (principal === undefined) return "gone";
    const { rule, since } = found.occurrence;
    const alarm = (await alarms.at()).find((each) => each.alarm.rule === rule && this.#options.sinceOf(each.alarm) === since);
    if (alarm === undefined) return "over";
    if (isAttended(alarm.alarm)) return found.used === undefined ? "attended" : "done";
    if (!people.mayRead(principal, alarm.inputs)) return "gone";
    return this.#mayAcknowledge(principal, alarm) ? "open" : "signIn";
  }

  /** What a plant acknowledges itself is a command, which somebody has to be there for; so is what his roles do not let him do here. */
  #mayAcknowledge(principal: Principal, { alarm, inputs }: ConcludedAlarm): boolean {
    if (alarm.atPlant !== undefined) return false;
    const { documents } = this.#options.view({ ...principal, doing: { action: "acknowledge", act: ACKNOWLEDGE } });
    return (inputs.length === 0 ? [alarm.rule] : inputs).every((subject) => documents.may("acknowledge", LIVE, subject).allowed);
  }

  #page(found: Found | undefined, stands: Stand): OctetsAnswer {
    const { addresses } = this.#options;
    const reader = (found && addresses.of(found.person)) ?? { language: "en" as const, timeZone: "UTC" };
    const url = this.#options.studio();
    const occurrence = stands === "gone" ? undefined : found?.occurrence;
    const page: LinkPage = {
      language: reader.language,
      title: TITLES[stands],
      text: TEXTS[stands],
      ...(occurrence && { alarm: { occurrence, since: shortTime(occurrence.since, reader.language, reader.timeZone) } }),
      ...((stands === "open" || stands === "failed") && { button: message("notifications.page.acknowledge") }),
      ...(url !== undefined && { studio: { url, text: message("notifications.openList") } }),
    };
    return { body: new TextEncoder().encode(linkPage(page)), headers: LINK_HEADERS };
  }
}

/** `open`: can be acknowledged; `attended`: somebody did; `over`: its condition returned, or it was raised again; `gone`: the link does not hold. */
type Stand = "open" | "done" | "attended" | "over" | "signIn" | "failed" | "gone";

const TITLES = {
  open: message("notifications.page.openTitle"),
  done: message("notifications.page.doneTitle"),
  attended: message("notifications.page.attendedTitle"),
  over: message("notifications.page.overTitle"),
  signIn: message("notifications.page.signInTitle"),
  failed: message("notifications.page.failedTitle"),
  gone: message("notifications.page.goneTitle"),
} as const;
const TEXTS = {
  open: message("notifications.page.openText"),
  done: message("notifications.page.doneText"),
  attended: message("notifications.page.attendedText"),
  over: message("notifications.page.overText"),
  signIn: message("notifications.page.signInText"),
  failed: message("notifications.page.failedText"),
  gone: message("notifications.page.goneText"),
} as const;
