import type { AlarmPerformance, DatabaseAlarm, Philosophy } from "../contract.ts";
import type { EntryFields } from "../model/entry-kind.ts";
import { SHIPPED_PHILOSOPHY } from "../model/philosophy-kind.ts";

// What a server answered, cut to a few alarms.

export const NOW = 1_796_069_458_000_000;
const HOUR = 3_600e6;
const titled = (en: string) => ({ en, zh: en });

export const DECIDED: EntryFields = {
  cause: titled("The pump runs against a closed valve"),
  consequence: titled("The seal is destroyed"),
  response: titled("Open valve V12, else stop the pump"),
  timeToRespondS: 600,
  severity: "major",
  priority: 2,
  priorityBasis: "",
  class: "equipment",
  setpoint: 50,
  setpointBasis: "data sheet of the seal: 55 bar at most",
  deadband: 1,
  onDelayS: 0,
  offDelayS: 5,
  mayChange: "maintenance",
  reviewBy: "2030-01-01",
};

export const oil: DatabaseAlarm = {
  id: "alarmRule:oil",
  title: titled("Oil pressure too high"),
  station: "S10",
  state: "changed",
  unit: "bar",
  fields: DECIDED,
  written: { by: "Eva", at: NOW - HOUR },
  approved: { by: "Emil", at: NOW - HOUR / 2 },
  running: {
    priority: 3,
    setpoint: 60,
    deadband: 1,
    onDelayS: 0,
    offDelayS: 5,
    timeToRespondS: 600,
    cause: DECIDED.cause,
    consequence: DECIDED.consequence,
    response: DECIDED.response,
    enabled: true,
  },
  differences: [
    { field: "priority", decided: 2, running: 3 },
    { field: "setpoint", decided: 50, running: 60 },
  ],
  byMatrix: 2,
  isReviewDue: false,
};

export const water: DatabaseAlarm = {
  id: "alarmRule:water",
  title: titled("Water flow too low"),
  station: "S20",
  state: "notRationalised",
  unit: "l/min",
  running: { ...oil.running!, priority: 2, setpoint: 4, response: titled("Check the filter") },
  differences: [],
  isReviewDue: false,
};

export const philosophy: Philosophy = { fields: SHIPPED_PHILOSOPHY, isStored: false };

const counted = {
  rule: oil.id,
  title: oil.title,
  station: "S10",
  priority: 2 as const,
  count: 48,
  share: 0.8,
  chattering: 12,
  fleeting: 30,
  last: NOW - 60e6,
};
const aim = [0.05, 0.15, 0.8];

export const performance: AlarmPerformance = {
  from: NOW - 7 * 24 * HOUR,
  to: NOW,
  positions: [
    { key: "", title: titled("Whole plant"), raised: 60, per10Min: 0.06, peak: 14, floodShare: 0.002 },
    { key: "press", title: titled("Press"), raised: 50, per10Min: 0.05, peak: 14, floodShare: 0.002 },
  ],
  figures: [
    { id: "rate", clause: "16.5.2", unit: "per10Min", value: 0.06, most: 1, verdict: "within", count: 60, below: 1_008, base: "windows" },
    { id: "peak", clause: "16.5.3", unit: "alarms", value: 14, most: 10, verdict: "beyond", count: 14, base: "span" },
    {
      id: "windowsOver",
      clause: "16.5.3",
      unit: "share",
      value: 0.001,
      most: 0.01,
      verdict: "within",
      count: 1,
      below: 1_008,
      base: "windows",
    },
    {
      id: "floodShare",
      clause: "16.5.4",
      unit: "share",
      value: 0.002,
      most: 0.01,
      verdict: "within",
      count: 0.3,
      below: 168,
      base: "hours",
    },
    { id: "topShare", clause: "16.5.5", unit: "share", value: 0.8, most: 0.01, verdict: "beyond", count: 48, below: 60, base: "alarms" },
    { id: "chattering", clause: "16.5.6", unit: "alarms", value: 1, most: 0, verdict: "beyond", count: 1, base: "rules" },
    { id: "fleeting", clause: "16.5.6", unit: "alarms", value: 1, most: 0, verdict: "beyond", count: 1, base: "rules" },
    { id: "stale", clause: "16.5.7", unit: "alarms", value: 1, most: 4, verdict: "within", count: 1, base: "span" },
  ],
  raised: 60,
  peak: { count: 14, at: NOW - HOUR },
  columns: Array.from({ length: 252 }, (_, n) => ({ at: NOW - 7 * 24 * HOUR + n * 40 * 60e6, most: n === 240 ? 14 : n % 5 })),
  columnWidth: 40 * 60e6,
  floods: [
    { from: NOW - HOUR, to: NOW - HOUR + 1_200e6, count: 14, first: [{ rule: oil.id, title: oil.title, priority: 2, at: NOW - HOUR }] },
  ],
  floodCount: 1,
  top: [counted],
  chattering: [counted],
  fleeting: [counted],
  stale: [{ rule: water.id, title: water.title, station: "S20", priority: 2, since: NOW - 30 * HOUR }],
  staleCount: 1,
  byPriority: ([1, 2, 3, 4] as const).map((priority) => ({
    priority,
    count: priority * 6,
    ...(priority < 4 && { share: priority / 6, aim: aim[priority - 1]! }),
  })),
  aside: [
    { rule: water.id, title: water.title, priority: 2, how: "shelved", from: NOW - HOUR, until: NOW + HOUR, by: "Ada", reason: "flutters" },
  ],
  asideCount: 1,
  asideHours: { shelved: 1, suppressedByDesign: 0, outOfService: 0 },
  rules: { chatter: SHIPPED_PHILOSOPHY.chatter, fleetingS: 10, staleH: 24 },
};
