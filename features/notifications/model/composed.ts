import { message, textIn, type Language, type Message } from "@doppelwerk/kit";
import type { Instant } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import type { Occurrence } from "./occurrence.ts";

/** What a message tells, before it is put in the form of a channel. */
export interface MessageContent {
  /** The same however often it is sent. */
  readonly id: string;
  readonly made: Instant;
  readonly alarms: readonly {
    readonly occurrence: Occurrence;
    readonly what: "raised" | "returned";
    readonly step: number;
    readonly link?: string;
  }[];
  /** Alarms beyond these. */
  readonly more: number;
  /** Alarms that expired before they could be delivered. */
  readonly expired: number;
  readonly isTest: boolean;
  /** The list of alarms of this server; absent where it is not known what the server is called. */
  readonly list?: string;
  /** Of the plant. */
  readonly world: string;
  /** What is said in place of alarms. */
  readonly notice?: { readonly subject: Message; readonly text: readonly Message[] };
}

export interface Reader {
  readonly language: Language;
  readonly timeZone: string;
}

/** Alarms that one message names. */
export const MAX_LISTED = 20;

export interface ComposedAlarm {
  readonly priority: number;
  readonly title: string;
  /** Where, which value, since when, which step. */
  readonly facts: string;
  readonly link?: string;
}

export interface Composed {
  readonly subject: string;
  readonly intro: string;
  readonly alarms: readonly ComposedAlarm[];
  /** What is not listed, and why. */
  readonly notes: readonly string[];
  readonly list?: { readonly text: string; readonly url: string };
  /** What the link of an alarm is for. */
  readonly linkText: string;
  readonly foot: string;
}

/** A message in the language and by the clock of who reads it. */
export function compose(told: MessageContent, { language, timeZone }: Reader): Composed {
  const t = (text: Message): string => textIn(text, language);
  const raised = told.alarms.filter(({ what }) => what === "raised");
  const count = told.alarms.length + told.more;
  const [first] = told.alarms;
  const isSimulated = told.alarms.some(({ occurrence }) => occurrence.isSimulated === true);
  const listed = told.alarms.slice(0, MAX_LISTED);
  const beyond = count - listed.length;
  const notes = [
    ...(beyond > 0 ? [t(message("notifications.andMore", { count: beyond }))] : []),
    ...(told.expired > 0 ? [t(message("notifications.expiredBefore", { count: told.expired }))] : []),
  ];
  const one = first?.occurrence.title[language] ?? "";
  const subject = told.notice?.subject ?? subjectOf(told, one, count);
  const intro =
    told.notice === undefined
      ? told.isTest
        ? message("notifications.introTest", { world: told.world })
        : message("notifications.intro", { world: told.world, count, raised: raised.length + told.more })
      : undefined;
  return {
    subject: oneLine(`${isSimulated ? `${t(message("notifications.simulated"))}: ` : ""}${t(subject)}`).slice(0, 200),
    intro: intro === undefined ? told.notice!.text.map(t).join("\n") : t(intro),
    alarms: listed.map(({ occurrence, what, step, link }) => ({
      priority: occurrence.priority,
      title: oneLine(occurrence.title[language]),
      facts: oneLine(
        [
          occurrence.station,
          occurrence.value ?? "",
          occurrence.isSimulated === true ? t(message("notifications.simulated")) : "",
          t(
            message(what === "returned" ? "notifications.returnedSince" : "notifications.raisedAt", {
              time: shortTime(occurrence.since, language, timeZone),
            }),
          ),
          step > 1 && what === "raised" ? t(message("notifications.step", { step })) : "",
        ]
          .filter((fact) => fact !== "")
          .join(" · "),
      ),
      ...(link !== undefined && { link }),
    })),
    notes,
    ...(told.list !== undefined && { list: { text: t(message("notifications.openList")), url: told.list } }),
    linkText: t(message("notifications.acknowledgeLink")),
    foot: t(message(told.notice === undefined ? "notifications.foot" : "notifications.footWatchdog")),
  };
}

function subjectOf({ isTest, world, alarms }: MessageContent, title: string, count: number): Message {
  if (isTest) return message("notifications.subjectTest", { world });
  const [first] = alarms;
  if (first === undefined || count !== 1)
    return message("notifications.subjectMany", { count, priority: first?.occurrence.priority ?? 4, title });
  const { priority, station } = first.occurrence;
  if (station === "")
    return message(first.what === "returned" ? "notifications.subjectReturnedPlain" : "notifications.subjectOnePlain", { priority, title });
  return message(first.what === "returned" ? "notifications.subjectReturned" : "notifications.subjectOne", { priority, title, station });
}

/** `30 Nov 2026, 16:20:05 Europe/Berlin`. */
export function shortTime(instant: Instant, language: Language, timeZone: string): string {
  const options = { dateStyle: "medium", timeStyle: "medium" } as const;
  const [locale, date] = [language === "zh" ? "zh-CN" : "en-GB", new Date(instant / 1_000)];
  const isKnown = isZone(timeZone);
  const text = new Intl.DateTimeFormat(locale, { ...options, timeZone: isKnown ? timeZone : "UTC" }).format(date);
  return `${text} ${isKnown ? timeZone : "UTC"}`;
}

function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** Names of a plant may have anything in them; a header or a row has one line. */
// oxlint-disable-next-line no-control-regex -- control characters are what it removes
const oneLine = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ").trim();
