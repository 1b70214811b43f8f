import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage, type Page, type Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Notification, NotificationRule, OnCallCalendar, Own } from "../contract.ts";
import CalendarsCard from "./calendars-card.tsx";
import ChannelsCard from "./channels-card.tsx";
import ListCard from "./list-card.tsx";
import NotifiedBlock from "./notified-block.tsx";
import OwnCard from "./own-card.tsx";
import RulesCard from "./rules-card.tsx";
import { views } from "./views.ts";

// The cards on what a real server answered.

afterEach(closePages);
const NOW = 1_796_069_458_000_000;
const titled = (en: string) => ({ en, zh: en });

const rule: NotificationRule = {
  id: "notificationRule:1",
  names: { "person:ada": "Ada" },
  fields: {
    name: "Urgent",
    isOn: true,
    priorities: [1, 2],
    place: "shell:press",
    rules: ["alarmRule:oil"],
    steps: [
      { afterMinutes: 0, to: [{ kind: "onCall", calendar: "onCallCalendar:1" }] },
      { afterMinutes: 15, to: [{ kind: "person", person: "person:ada" }] },
    ],
    repeats: 3,
    alsoReturned: false,
    alsoSimulated: false,
    maxPerHour: 20,
    expiresMinutes: 240,
  },
};
const calendar: OnCallCalendar = {
  id: "onCallCalendar:1",
  fields: {
    name: "Maintenance",
    timeZone: "Europe/Berlin",
    layers: [{ people: ["person:ada"], days: 7, from: "2026-11-02", at: 360, hours: [] }],
    exceptions: [],
  } as never,
  names: { "person:ada": "Ada" },
  spans: [{ from: NOW - 3_600e6, to: NOW + 86_400e6, person: "person:ada", layer: 0, isException: false }],
};
const fact = (type: Notification["type"], more: Partial<Notification> = {}): Notification => ({
  id: `event:${type}`,
  type,
  at: NOW - 60e6,
  rule: { id: rule.id, name: "Urgent" },
  person: { id: "person:ada", name: "Ada" },
  channel: { id: "channel:mail", name: "Mail" },
  alarms: [{ id: "alarmRule:oil", title: titled("Oil pressure too high") }],
  count: 1,
  ...more,
});
const own: Own = {
  addresses: { mail: ["ada@plant.example"], language: "en", timeZone: "Europe/Berlin", priorities: [1, 2, 3, 4] } as never,
  hasMail: true,
  reaches: [{ rule: { id: rule.id, name: "Urgent" }, step: 2, afterMinutes: 15 }],
};
const channel = {
  id: "channel:mail",
  fields: {
    kind: "smtp",
    name: "Mail",
    isOn: true,
    host: "mail.plant.example",
    port: 587,
    security: "starttls",
    from: "doppelwerk@plant.example",
    allowPrivate: true,
  },
  hasSecret: true,
};
const quiet = { followed: 0, beyond: 0, waiting: 0, failing: [], watchdogs: [] };
const answers: Record<string, Recorded> = {
  "GET /notification-rules": [rule],
  "GET /on-call-calendars": [calendar],
  "GET /notification-recipients": {
    people: [{ id: "person:ada", name: "Ada", isReachable: true }],
    channels: [{ id: "channel:teams", name: "Teams", kind: "teams", isOn: true }],
    alarms: [{ id: "alarmRule:oil", title: titled("Oil pressure too high") }],
  },
  "GET /notifications": { notifications: [fact("notification.sent"), fact("notification.failed", { isFinal: false })] },
  "GET /notifications/state": quiet,
  "GET /notifications/own": own,
  "GET /notification-channels": { channels: [channel], address: "https://plant.example:7800" },
  "GET /places": { places: [{ id: "shell:press", title: titled("Press") }], counts: {}, findings: [] },
};
const open = (card: React.ReactNode, more: Record<string, Recorded> = {}): Promise<Page> =>
  openPage(card, { views, address: "/settings/plant", now: NOW, answers: { ...answers, ...more } });

test("[NT20] the card of rules says of each which alarms it is about and where, and whom its steps reach", async () => {
  const page = await open(<RulesCard />);
  const row = (await screen.findByText("Urgent")).closest("tr")!;
  await waitFor(() => expect(row.textContent).toContain("at Press"));
  expect(row.textContent).toContain("Oil pressure too high");
  expect(row.textContent).toContain("Maintenance");
  expect(row.textContent).toContain("Ada");
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[NT20] the form of a rule begins with its place and its alarms; what is chosen is sent, and a place that is gone keeps its id", async () => {
  const asked: unknown[] = [];
  const stored = ({ body }: { readonly body: unknown }) => {
    asked.push(body);
    return rule;
  };
  const gone = { ...rule, fields: { ...rule.fields, place: "shell:gone" } };
  await openPage(<RulesCard />, {
    views,
    address: "/settings/plant?branch=b1",
    now: NOW,
    answers: { ...answers, "GET /notification-rules": [gone], [`PUT /notification-rules/${rule.id}`]: stored },
  });
  await screen.findByText("Urgent");
  fireEvent.click(screen.getByRole("button", { name: /Change/ }));
  const dialog = await screen.findByRole("dialog");
  const place = within(dialog).getByLabelText("Place") as HTMLSelectElement;
  expect(place.value).toBe("shell:gone");
  await waitFor(() => expect(within(place).getByText("Press")).toBeDefined());
  fireEvent.change(place, { target: { value: "shell:press" } });
  fireEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0]).toMatchObject({ fields: { place: "shell:press", rules: ["alarmRule:oil"] }, expected: { place: "shell:gone" } });
});

test("[NT20] without rules, calendars or notifications each card says that there are none", async () => {
  await open(<RulesCard />, { "GET /notification-rules": [] });
  await screen.findByRole("button", { name: "Add a notification rule" });
  expect(screen.queryByText("Urgent")).toBeNull();
  closePages();
  await open(<CalendarsCard />, { "GET /on-call-calendars": [] });
  await screen.findByRole("button", { name: "Add an on-call calendar" });
  closePages();
  await open(<ListCard />, { "GET /notifications": { notifications: [] } });
  await screen.findByText("Notifications");
});

test("[NT20] the card of calendars says who is on call now", async () => {
  const page = await open(<CalendarsCard />);
  await screen.findByText("Maintenance");
  expect(screen.getAllByText(/Ada/).length).toBeGreaterThan(0);
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[NT20] the list says to whom, by which channel and about what; a channel that takes nothing and why comes first", async () => {
  const failing = [
    {
      channel: { id: "channel:mail", name: "Mail" },
      since: NOW - 60e6,
      next: NOW,
      attempts: 3,
      reason: { code: "notifications.noAddress", params: {} },
    },
  ];
  const page = await open(<ListCard />, { "GET /notifications/state": { ...quiet, failing } });
  await screen.findByRole("status");
  expect(screen.getAllByText(/Oil pressure too high/).length).toBe(2);
  expect(screen.getAllByText("Ada · Mail").length).toBe(2);
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[NT20] the card of one's own has the addresses and which rules reach one; a failed load says why and offers to try again", async () => {
  await open(<OwnCard />);
  await screen.findByDisplayValue(/ada@plant\.example/);
  expect(screen.getByText(/Urgent/)).toBeDefined();
  closePages();
  await open(<OwnCard />, { "GET /notifications/own": { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "not now" } } } });
  await screen.findByRole("button", { name: "Try again" });
});

test("[NT20] [NT13] the card of channels shows that there is a secret, and never the secret", async () => {
  const page = await open(<ChannelsCard />);
  await screen.findByText("Mail");
  expect(document.body.textContent).not.toContain('password":');
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[NT21] beside an alarm stands who was notified of this annunciation, when, by which channel, and who acknowledged by a link", async () => {
  const asked: URL[] = [];
  const answer = ({ url }: { readonly url: URL }) => {
    asked.push(url);
    return { notifications: [fact("notification.acknowledged", { by: "Ada", byLink: true }), fact("notification.sent")] };
  };
  await open(<NotifiedBlock alarm={{ rule: "alarmRule:oil", raised: NOW - 300e6, isWaiting: true }} />, { "GET /notifications": answer });
  const table = await screen.findByRole("table", { name: "Who was notified" });
  expect(within(table).getAllByRole("row")).toHaveLength(3);
  expect(table.textContent).toContain("by a link");
  expect(asked[0]!.searchParams.get("alarm")).toBe("alarmRule:oil");
  expect(Number(asked[0]!.searchParams.get("from"))).toBeGreaterThan(NOW - 600e6);
  closePages();
  await open(<NotifiedBlock alarm={{ rule: "alarmRule:oil", raised: NOW, isWaiting: true }} />, {
    "GET /notifications": { notifications: [] },
  });
  await screen.findByText("Nobody was notified of it yet.");
});
