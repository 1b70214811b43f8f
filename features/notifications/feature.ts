import { feature } from "@doppelwerk/kit";
import { alarmFold, connections, knownPeople, livePlaces, mails, notices } from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { notificationEvents } from "./model/event-kinds.ts";
import { onCallKind } from "./model/on-call-kind.ts";
import { notificationRuleKind } from "./model/rule-kind.ts";

export const notifications = feature({
  id: "notifications",
  perWorld: true,
  needs: { ports: [alarmFold, knownPeople], may: [connections, livePlaces] },
  offers: { ports: [mails, notices], slots: [] },
  contract: [
    contract.list,
    contract.state,
    contract.onScreen,
    contract.calendars,
    contract.addCalendar,
    contract.storeCalendar,
    contract.removeCalendar,
    contract.rules,
    contract.addRule,
    contract.storeRule,
    contract.removeRule,
    contract.recipients,
    contract.channels,
    contract.addChannel,
    contract.changeChannel,
    contract.removeChannel,
    contract.testChannel,
    contract.setAddress,
    contract.own,
    contract.setOwn,
    contract.removeOwn,
    contract.testOwn,
    contract.link,
    contract.acknowledgeByLink,
    contract.watch,
  ],
  topics: [contract.changed],
  kinds: [onCallKind, notificationRuleKind],
  events: notificationEvents,
  folds: [],
  jobs: [],
  personal: [
    {
      id: "notifications.addresses",
      what: "notifications.personalAddresses",
      purpose: "privacy.purpose.together",
      basis: "legitimateInterests",
      places: [{ kind: "file", path: "notifications" }],
      kept: "untilErased",
      erasure: "erased",
      exported: true,
    },
    {
      id: "notifications.record",
      what: "notifications.personalRecord",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [
        { kind: "documents", record: onCallKind.record },
        { kind: "documents", record: notificationRuleKind.record },
        { kind: "events", type: "notification.sent" },
        { kind: "events", type: "notification.failed" },
        { kind: "events", type: "notification.expired" },
        { kind: "events", type: "notification.acknowledged" },
      ],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});
