import { endpoint, instant, localText, topic, z } from "@doppelwerk/kit";
import { alarmShape, messageShape } from "@doppelwerk/ports";
import { ChannelFields, OwnAddresses } from "./model/channel-kind.ts";
import { NOTIFICATION_EVENTS } from "./model/event-kinds.ts";
import { OnCallFields } from "./model/on-call-kind.ts";
import { NotificationRuleFields } from "./model/rule-kind.ts";
import type {} from "./message-codes.ts";

const id = z.string().min(1).max(300);
const branch = z.object({ branch: z.string().max(200).default("live") });
const withReason = branch.extend({ reason: z.string().trim().max(500).optional() });
const edit = { action: "edit", branch: "query.branch" } as const;
const Name = z.object({ id: z.string(), name: z.string() });

// what became of notifications

export const Notification = z.object({
  id: z.string(),
  type: z.enum(NOTIFICATION_EVENTS),
  at: instant,
  /** The notification rule; absent where it is gone. */
  rule: Name.optional(),
  /** To whom. */
  person: Name.optional(),
  channel: Name.optional(),
  /** Alarms that it was about, as far as they may be read. */
  alarms: z.array(z.object({ id: z.string(), title: localText })),
  count: z.int(),
  step: z.int().optional(),
  /** Why it was not delivered. */
  reason: messageShape.optional(),
  /** It will not be tried again. */
  isFinal: z.boolean().optional(),
  /** Who acknowledged, and by what. */
  by: z.string().optional(),
  byLink: z.boolean().optional(),
});
export type Notification = z.output<typeof Notification>;

export const list = endpoint({
  id: "notifications.list",
  route: "GET /notifications",
  people: { as: "roster" },
  summary: "What was sent, failed, expired and was acknowledged by a link, newest first, page by page; with `alarm` of one alarm",
  action: "read",
  query: z.object({
    alarm: id.optional(),
    from: instant.optional(),
    to: instant.optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    cursor: z.string().max(300).optional(),
  }),
  answer: z.object({ notifications: z.array(Notification), next: z.string().optional() }),
  tool: {
    name: "notifications",
    effect: "read",
    description:
      "Notifications of alarms: to whom and by which channel each was sent, what failed and why, what expired, who acknowledged by a link.",
  },
});

export const state = endpoint({
  id: "notifications.state",
  route: "GET /notifications/state",
  summary: "What is on its way: alarms that are followed, messages that wait, channels that take nothing and why",
  action: "read",
  answer: z.object({
    followed: z.int(),
    /** Alarms that are not followed, because too many are. */
    beyond: z.int(),
    waiting: z.int(),
    failing: z.array(z.object({ channel: Name, since: instant, next: instant, attempts: z.int(), reason: messageShape })),
    /** Watchdogs that asked lately, and those that stopped asking. */
    watchdogs: z.array(z.object({ name: z.string(), at: instant, isSilent: z.boolean() })),
  }),
});

export const changed = topic({
  id: "notifications.changed",
  summary: "Something was sent, failed, expired or was acknowledged, or other alarms are on screen",
  action: "read",
  payload: z.object({ at: instant }),
  queue: { bound: 1, overflow: "dropOldest" },
});

export const onScreen = endpoint({
  id: "notifications.onScreen",
  route: "GET /notifications/on-screen",
  people: { as: "author" },
  summary: "Unacknowledged alarms that a notification rule tells who asks, the most urgent first",
  action: "read",
  answer: z.object({ alarms: z.array(alarmShape), count: z.int() }),
});

// documents

export const OnCallCalendar = z.object({
  id: z.string(),
  fields: OnCallFields,
  /** Names of the people in it, by their ids. */
  names: z.record(z.string(), z.string()),
  /** Who is on call in the next two weeks. */
  spans: z.array(
    z.object({ from: instant, to: instant, person: z.string().optional(), layer: z.int().optional(), isException: z.boolean() }),
  ),
});
export type OnCallCalendar = z.output<typeof OnCallCalendar>;

export const calendars = endpoint({
  id: "notifications.calendars",
  route: "GET /on-call-calendars",
  people: { as: "roster" },
  summary: "On-call calendars of a branch, with who is on call in the next two weeks",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(OnCallCalendar),
});

const calendarBody = z.object({ fields: OnCallFields, expected: OnCallFields.optional() });
export const addCalendar = endpoint({
  id: "notifications.addCalendar",
  route: "POST /on-call-calendars",
  people: { as: "roster" },
  summary: "Add an on-call calendar",
  ...edit,
  query: withReason,
  body: calendarBody.pick({ fields: true }),
  answer: OnCallCalendar,
  status: 201,
});
export const storeCalendar = endpoint({
  id: "notifications.storeCalendar",
  route: "PUT /on-call-calendars/:id",
  people: { as: "roster" },
  summary: "Change an on-call calendar; with `expected` it is refused when another one holds by then",
  ...edit,
  subject: "params.id",
  query: withReason,
  body: calendarBody,
  answer: OnCallCalendar,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});
export const removeCalendar = endpoint({
  id: "notifications.removeCalendar",
  route: "DELETE /on-call-calendars/:id",
  summary: "Remove an on-call calendar that no notification rule names",
  ...edit,
  subject: "params.id",
  query: withReason,
  answer: undefined,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const NotificationRule = z.object({ id: z.string(), fields: NotificationRuleFields, names: z.record(z.string(), z.string()) });
export type NotificationRule = z.output<typeof NotificationRule>;

export const rules = endpoint({
  id: "notifications.rules",
  route: "GET /notification-rules",
  people: { as: "roster" },
  summary: "Notification rules of a branch: which alarms are told to whom, and to whom next where nobody acknowledges them",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(NotificationRule),
});
const ruleBody = z.object({ fields: NotificationRuleFields, expected: NotificationRuleFields.optional() });
export const addRule = endpoint({
  id: "notifications.addRule",
  route: "POST /notification-rules",
  people: { as: "roster" },
  summary: "Add a notification rule",
  ...edit,
  query: withReason,
  body: ruleBody.pick({ fields: true }),
  answer: NotificationRule,
  status: 201,
  errors: ["DW_NOT_FOUND"],
});
export const storeRule = endpoint({
  id: "notifications.storeRule",
  route: "PUT /notification-rules/:id",
  people: { as: "roster" },
  summary: "Change a notification rule; with `expected` it is refused when another one holds by then",
  ...edit,
  subject: "params.id",
  query: withReason,
  body: ruleBody,
  answer: NotificationRule,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});
export const removeRule = endpoint({
  id: "notifications.removeRule",
  route: "DELETE /notification-rules/:id",
  summary: "Remove a notification rule: what it has under way ends",
  ...edit,
  subject: "params.id",
  query: withReason,
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const recipients = endpoint({
  id: "notifications.recipients",
  route: "GET /notification-recipients",
  people: { as: "roster" },
  summary: "People, channels and alarms that rules and calendars may name, and whether each can be reached",
  action: "read",
  answer: z.object({
    people: z.array(Name.extend({ isReachable: z.boolean() })),
    channels: z.array(Name.extend({ kind: z.string(), isOn: z.boolean() })),
    /** Alarms of live that who asks may read. */
    alarms: z.array(z.object({ id: z.string(), title: localText })),
  }),
});

// channels, for administrators

/** Without what is secret in it: of an address that is itself a secret the host alone is shown. */
export const Channel = z.object({
  id: z.string(),
  fields: ChannelFields,
  hasSecret: z.boolean(),
  /** Host of a web address. */
  host: z.string().optional(),
});
export type Channel = z.output<typeof Channel>;
const administer = { action: "administer" } as const;

export const channels = endpoint({
  id: "notifications.channels",
  route: "GET /notification-channels",
  summary:
    "Mail servers, chats, programs and brokers that notifications are sent by, without their secrets; and what this server is called in links",
  ...administer,
  answer: z.object({ channels: z.array(Channel), address: z.string().optional() }),
});
export const addChannel = endpoint({
  id: "notifications.addChannel",
  route: "POST /notification-channels",
  summary: "Add a channel",
  ...administer,
  body: ChannelFields,
  answer: Channel,
  status: 201,
  errors: ["DW_CONFLICT"],
});
export const changeChannel = endpoint({
  id: "notifications.changeChannel",
  route: "PUT /notification-channels/:channel",
  summary: "Change a channel; secrets that are not given stay, unless it is of another host now",
  ...administer,
  body: ChannelFields,
  answer: Channel,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});
export const removeChannel = endpoint({
  id: "notifications.removeChannel",
  route: "DELETE /notification-channels/:channel",
  summary: "Remove a channel with its secrets; what waits for it is dropped",
  ...administer,
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});
export const testChannel = endpoint({
  id: "notifications.testChannel",
  route: "POST /notification-channels/:channel/test",
  summary: "Send a test by a channel, of a mail server to the addresses of who asks; the error says what failed and what to do",
  ...administer,
  answer: undefined,
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE", "DW_CONFLICT", "DW_TOO_OFTEN"],
});
export const setAddress = endpoint({
  id: "notifications.setAddress",
  route: "PUT /notification-address",
  summary: "What this server is called in the links of messages; without one they have none",
  ...administer,
  body: z.object({
    address: z
      .url({ protocol: /^https?$/ })
      .max(300)
      .optional(),
  }),
  answer: undefined,
});

// one's own

export const Own = z.object({
  addresses: OwnAddresses.optional(),
  /** Whether there is a mail server to send by. */
  hasMail: z.boolean(),
  reaches: z.array(
    z.object({ rule: Name, step: z.int(), afterMinutes: z.number(), calendar: Name.optional(), isOnCall: z.boolean().optional() }),
  ),
});
export type Own = z.output<typeof Own>;

export const own = endpoint({
  id: "notifications.own",
  route: "GET /notifications/own",
  people: { as: "self" },
  summary: "How who asks is reached, and by which rules and calendars",
  action: "read",
  answer: Own,
});
export const setOwn = endpoint({
  id: "notifications.setOwn",
  route: "PUT /notifications/own",
  people: { as: "self" },
  summary: "Set how who asks is reached: mail addresses, language, priorities, quiet hours",
  action: "read",
  body: OwnAddresses,
  answer: OwnAddresses,
  errors: ["DW_FORBIDDEN"],
});
export const removeOwn = endpoint({
  id: "notifications.removeOwn",
  route: "DELETE /notifications/own",
  summary: "Remove the addresses of who asks: nothing is sent there any more",
  action: "read",
  answer: undefined,
});
export const testOwn = endpoint({
  id: "notifications.testOwn",
  route: "POST /notifications/own/test",
  summary: "Send a test to one's own addresses",
  action: "read",
  answer: undefined,
  errors: ["DW_CONFLICT", "DW_UNAVAILABLE", "DW_TOO_OFTEN"],
});

// by a link

const token = { answer: { octets: "text/html; charset=utf-8" }, action: "read", isPublic: true } as const;
export const link = endpoint({
  id: "notifications.link",
  route: "GET /alarm-links/:token",
  summary:
    "The page that a link of a message opens: one occurrence of an alarm, and how to acknowledge it. Nothing is acknowledged by opening it",
  ...token,
});
export const acknowledgeByLink = endpoint({
  id: "notifications.acknowledgeByLink",
  route: "POST /alarm-links/:token",
  summary: "Acknowledge the occurrence of a link, once, as the person whom it was sent to",
  ...token,
});

// watchdogs

export const watch = endpoint({
  id: "notifications.watch",
  route: "GET /notifications/watch",
  summary: "For a watchdog: how old the newest values of each plant are. Who asks once is missed when he stops asking",
  action: "read",
  query: z.object({
    /** What the watchdog is called. */
    name: z.string().trim().min(1).max(60),
    /** How often it asks. */
    everyS: z.coerce.number().min(1).max(3_600),
  }),
  answer: z.object({
    now: instant,
    inputs: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        state: z.string(),
        /** Of its newest value; absent before the first. */ at: instant.optional(),
      }),
    ),
  }),
});
