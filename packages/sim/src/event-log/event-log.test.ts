import { isMessage, message, textOf, type Message } from "@doppelwerk/messages";
import { expect, test } from "vitest";
import { replicationKey, streamOf, uniformAt } from "../random/philox.ts";
import { planFlow } from "../components/flow-experiment.ts";
import { runFlow } from "../components/flow-run.ts";
import { validateFlowModel } from "../components/validate-flow.ts";
import { forecastOfLog, lineOfLog, periodOf, readEventLog, rowsOfXes } from "./index.ts";
import type { EventLog } from "./index.ts";

const rows = (text: string): string[][] => text.split("\n").map((line) => line.split(";"));
const read = (text: string, offset = 0): EventLog => {
  const log = readEventLog(rows(text), offset);
  if (isMessage(log)) throw new Error(textOf(log));
  return log;
};
const T = Date.UTC(2026, 0, 12, 8) * 1000;
const MINUTE = 60_000_000;

test("[L1] the same visits, whatever the columns are called and however times are written", () => {
  const expected = [
    { case: "1", activity: "Saw", start: T, end: T + 30 * MINUTE },
    { case: "1", activity: "Drill", start: T + 60 * MINUTE, end: T + 70 * MINUTE },
  ];
  const shapes: [string, string][] = [
    [
      "Case ID;Activity;Start Timestamp;Complete Timestamp",
      "1;Saw;2026-01-12T08:00:00Z;2026-01-12T08:30Z\n1;Drill;2026-01-12 09:00:00.000;2026/01/12 09:10:00",
    ],
    [
      "case:concept:name;concept:name;start_timestamp;time:timestamp",
      "1;Saw;2026-01-12T09:00:00+01:00;2026-01-12T08:30:00.000000+00:00\n1;Drill;2026-01-12T04:00:00-0500;2026-01-12T09:10:00Z",
    ],
    [
      "Auftragsnummer;Arbeitsgang;Startzeit;Endzeit",
      "1;Saw;12.01.2026 08:00;12.01.2026 08:30\n1;Drill;12.01.2026 09:00:00;12.01.2026 09:10:00",
    ],
    ["工单号;工序;开始时间;结束时间", "1;Saw;2026-01-12 08:00;2026-01-12 08:30\n1;Drill;2026-01-12 09:00;2026-01-12 09:10"],
    ["job;task;start;end", `1;Saw;${T / 1e6};${(T + 30 * MINUTE) / 1e6}\n1;Drill;${(T + 60 * MINUTE) / 1e3};${T + 70 * MINUTE}`],
    [
      "order id;operation;started at;finished at",
      "1;Saw;1/12/2026 8:00:00 AM;1/12/2026 8:30:00 AM\n1;Drill;1/12/2026 9:00:00 AM;1/12/2026 9:10:00 AM\n1;Drill;1/13/2026 9:00:00 AM;?",
    ],
    [
      "case;activity;timestamp;lifecycle:transition",
      "1;Saw;2026-01-12T08:00Z;START\n1;Saw;2026-01-12T08:30Z;complete\n1;Drill;2026-01-12T09:00Z;start\n1;Drill;2026-01-12T09:10Z;COMPLETE",
    ],
  ];
  const [from, to] = ["1;Saw;", "\n1;Drill;"];
  shapes.push(
    [
      "Export of 12.01.2026\n\ncase;activity;start;end",
      `${from}12-Jan-2026 08:00;12 Jan 2026 08:30:00${to}Jan 12, 2026 9:00 AM;Jan 12 2026 09:10AM`,
    ],
    ["OrderNo;ProductionStep;timestamp_start;timestamp_end", `${from}20260112080000;20260112T083000Z${to}12.01.26 09:00;46034.3819444`],
    [
      "case;activity;date;time;lifecycle",
      `${from}2026-01-12;08:00;start${from.replace("1", "\n1")}2026-01-12;08:30;complete${to}2026-01-12;09:00;start${to}2026-01-12;09:10;complete`,
    ],
  );
  for (const [header, body] of shapes) expect(read(`${header}\n${body}`).visits, header).toEqual(expected);
  // a zone for times that name none
  expect(read("case;activity;start;end\n1;Saw;2026-01-12 09:00;2026-01-12 09:30", 60).visits).toEqual(expected.slice(0, 1));
});

test("[L1] exports of ERP systems: days and times of day in columns of their own, what was done before what was planned, decimal commas, Han, bare zones", () => {
  const [from, to] = ["1;Saw;", "\n1;Drill;"];
  const shapes: readonly (readonly [string, string])[] = [
    [
      "Auftrag;Vorgang;Startdatum;Startuhrzeit;Enddatum;Enduhrzeit",
      `${from}12.01.2026;08:00:00;12.01.2026;08:30:00${to}12.01.2026;09:00:00;12.01.2026;09:10:00`,
    ],
    [
      "Order;Operation;Start date;Start time;Act. start date;Act. start time;Act. finish date;Act. finish time",
      `${from}01/02/2026;01:00;01/12/2026;08:00:00;01/12/2026;08:30:00${to}01/02/2026;01:00;01/12/2026;09:00:00;01/12/2026;09:10:00\n2;;;;01/13/2026;08:00;;`,
    ],
    ["Ordre de fabrication;Opération;Début;Fin", `${from}12/01/2026 08:00;12/01/2026 08:30${to}12/01/2026 09:00;12/01/2026 09:10`],
    [
      "生产订单;工序;开始时间;结束时间",
      `${from}2026年1月12日 08:00:00;2026年1月12日 8时30分${to}2026/1/12 上午 9:00:00;2026年01月12日 09时10分00秒`,
    ],
    ["case_id;activity;start;end", `${from}2026-01-12 09:00:00+01;2026-01-12 08:30:00 UTC${to}2026-01-12T04:00-05;2026-01-12 09:10 GMT`],
    ["Auftrag;Vorgang;Beginn;Ende", `${from}46034,3333333;46034,3541667${to}${T / 1e6 + 3600},000;${(T + 70 * MINUTE) / 1e6},0`],
  ];
  for (const [header, body] of shapes) {
    const log = read(`${header}\n${body}`);
    expect(
      log.visits.map(({ activity, start, end }) => [activity, (start - T) / MINUTE, (end - T) / MINUTE]),
      header,
    ).toEqual([
      ["Saw", 0, 30],
      ["Drill", 60, 70],
    ]);
    expect(log.assumptions, header).toEqual([]);
  }
  expect(
    readEventLog([
      ["Case", "Activity", "End"],
      ["1", "Saw", "31.02.2026 08:00"],
    ]),
  ).toSatisfy(isMessage);
});

test("[L1] where nothing tells a day from a month the log says what was taken, and a person says which column is what", () => {
  expect(read("case;activity;end\n1;Saw;03/04/2026 08:00").assumptions[0]).toEqual(message("sim.eventLogMonthFirst"));
  for (const told of ["03/04/2026 8:00 AM", "03.04.2026 08:00", "05/05/2026 08:00", "03/13/2026 08:00"])
    expect(read(`case;activity;end\n1;Saw;${told}`).assumptions, told).not.toContainEqual(message("sim.eventLogMonthFirst"));
  const table = [
    ["Teil", "Schritt", "von", "bis"],
    ["1", "Saw", "12.01.2026 08:00", "12.01.2026 08:30"],
  ];
  expect(readEventLog(table)).toSatisfy(isMessage);
  const chosen = { case: "Teil", activity: "Schritt" };
  expect(readEventLog(table, 0, chosen)).toMatchObject({
    visits: [{ case: "1", activity: "Saw", start: T, end: T + 30 * MINUTE }],
    columns: { start: "von", end: "bis" },
  });
  // said that there is none
  expect((readEventLog(table, 0, { ...chosen, start: "" }) as EventLog).columns).toEqual({ case: "Teil", activity: "Schritt", end: "bis" });
});

test("[L1] with one time a row the other end is what came before, or what comes next, and the log says so", () => {
  const ends = read("case;activity;resource;timestamp\n1;Saw;A;2026-01-12T08:30Z\n2;Saw;A;2026-01-12T09:00Z\n1;Drill;B;2026-01-12T09:10Z");
  expect(ends.visits.map(({ case: id, start, end }) => [id, (start - T) / MINUTE, (end - T) / MINUTE])).toEqual([
    ["1", 30, 30],
    ["1", 30, 70],
    ["2", 60, 60],
  ]);
  expect(ends.assumptions).toContainEqual(message("sim.eventLogEndsOnly"));
  const starts = read("case;activity;start\n1;Saw;2026-01-12T08:00Z\n1;Drill;2026-01-12T09:00Z");
  expect(starts.visits[0]).toMatchObject({ start: T, end: T + 60 * MINUTE });
});

test("[L1] XES is read with its extensions, and what is none is told in a sentence", () => {
  const event = (name: string, time: string, step: string): string =>
    `<event><string key="concept:name" value="${name}"/><date key="time:timestamp" value="${time}"/><string key="lifecycle:transition" value="${step}"/></event>`;
  const xes = `<?xml version="1.0"?><log xes.version="1.0" xmlns="http://www.xes-standard.org/"><global scope="event"><string key="concept:name" value="?"/></global><trace><string key="concept:name" value="1"/>${event("Saw", "2026-01-12T09:00:00+01:00", "start")}${event("Saw", "2026-01-12T08:30:00Z", "complete")}</trace></log>`;
  const table = rowsOfXes(xes);
  expect(isMessage(table) ? table : (readEventLog(table) as EventLog).visits).toEqual([
    { case: "1", activity: "Saw", start: T, end: T + 30 * MINUTE },
  ]);
  expect(textOf(rowsOfXes("<AAS/>") as Message)).toContain("<AAS>");
  for (const bad of [
    "<log><trace>",
    "<log><trace></log>",
    "<log></log><log/>",
    `<log a="1<2"/>`,
    "<log><!-- ",
    "<log/>\n<",
    `<log>${"<a>".repeat(200)}`,
  ])
    expect(textOf(rowsOfXes(bad) as Message), bad).toContain("Not well-formed");
  expect(textOf(rowsOfXes("<!DOCTYPE log [<!ENTITY a 'b'>]><log/>") as Message)).toContain("DOCTYPE");
});

test("[L1] of XES the attributes of an event itself count, whatever is nested in them, in which order they stand, and how they are written", () => {
  const rows = rowsOfXes(`<?xml version='1.0'?><!-- made by hand > --><x:log xmlns:x="u"><x:trace><!-- <event> -->
    <event><string key='concept:name' value='A &amp; &#66; &lt;&#x43;&gt; &nbsp;'><string key="concept:name" value="no"/></string>
      <list key="l"><values><string key="time:timestamp" value="no"/></values></list><date value="2026-01-12T08:00:00Z" key="time:timestamp"></date></event>
    <string key="concept:name" value="after"/></x:trace><trace><event/></trace></x:log>`);
  expect(rows).toEqual([
    ["case:concept:name", "concept:name", "time:timestamp"],
    ["after", "A & B <C> &nbsp;", "2026-01-12T08:00:00Z"],
    ["trace 2", "", ""],
  ]);
});

test("[L1] of steps besides start and complete a log says how many, and where none is either, every row is an end", () => {
  const life = "case;activity;time;lifecycle:transition";
  const both = read(`${life}\n1;Saw;2026-01-12T08:00Z;start\n1;Saw;2026-01-12T08:10Z;suspend\n1;Saw;2026-01-12T08:30Z;complete`);
  expect(both.visits).toEqual([{ case: "1", activity: "Saw", start: T, end: T + 30 * MINUTE }]);
  expect(both.assumptions.map(textOf)).toEqual(["1 row of another step than start or complete is left out"]);
  const words = read(`${life}\n1;Saw;2026-01-12T08:00Z;In Progress\n1;Drill;2026-01-12T08:30Z;Closed`);
  expect(words.visits.map(({ activity }) => activity)).toEqual(["Saw", "Drill"]);
  expect(words.assumptions[0]).toEqual(message("sim.eventLogNoLifecycle"));
});

test("[L2] what is no event log is one sentence; hostile values make nothing throw", () => {
  expect(textOf(readEventLog([]) as Message)).toContain("column for the case");
  expect(textOf(readEventLog(rows("case;activity\n1;Saw")) as Message)).toContain("column of times");
  expect(textOf(readEventLog(rows("case;activity;time\n1;Saw;soon")) as Message)).toContain('no time that can be read ("soon")');
  const spoilt = read(
    "case;activity;start;end\n1;Saw;2026-01-12T08:00Z;2026-01-12T07:00Z\n;x;2026-01-12T08:00Z;2026-01-12T09:00Z\n2;Saw;2026-13-45;99:99\n2;__proto__;2026-01-12T08:00Z;2026-01-12T09:00Z",
  );
  expect(spoilt.visits.map(({ activity, start, end }) => [activity, end - start])).toEqual([
    ["Saw", 0],
    ["__proto__", 60 * MINUTE],
  ]);
  expect(spoilt.left.rows).toBe(2);
  expect(spoilt.left.first).toEqual({ code: "sim.rowNoCase", params: { row: 3 } });
  const signs = ["", "=1+1", "a,b", "\u0000", "__proto__", "constructor", "  ", "é", "x".repeat(500)];
  for (let seed = 1; seed <= 60; seed++) {
    const u = (index: number): number => uniformAt(replicationKey(seed, 0), streamOf("L2", "fuzz"), index);
    const table = [
      ["case", "activity", "resource", "start", "end"],
      ...Array.from({ length: 40 }, (_, row) => [
        signs[Math.floor(u(row * 5) * signs.length)]!,
        signs[Math.floor(u(row * 5 + 1) * signs.length)]!,
        signs[Math.floor(u(row * 5 + 2) * signs.length)]!,
        String(Math.floor(u(row * 5 + 3) * 4e9)),
        String(Math.floor(u(row * 5 + 4) * 4e9)),
      ]),
    ];
    const log = readEventLog(table);
    if (isMessage(log)) continue;
    const line = lineOfLog(log, "fuzz");
    if (line !== undefined)
      expect(
        validateFlowModel(line.model).filter(({ severity }) => severity === "error"),
        `seed ${seed}`,
      ).toEqual([]);
  }
});

/** A log of a line that is known: arrivals every 10 min, Saw 6 min on one place, Drill 9 min on one, a fifth goes back to Saw. */
function knownLog(hours: number): EventLog {
  const u = (stream: string, index: number): number => uniformAt(replicationKey(11, 0), streamOf("L3", stream), index);
  const visits: { case: string; activity: string; start: number; end: number }[] = [];
  const free = { Saw: 0, Drill: 0 };
  const queue: { at: number; id: number; activity: "Saw" | "Drill"; visit: number }[] = [];
  let at = 0;
  for (let id = 0; at < hours * 60; id++) queue.push({ at: (at += 20 * u("arrival", id)), id, activity: "Saw", visit: 0 });
  while (queue.length > 0) {
    queue.sort((a, b) => a.at - b.at);
    const { at: ready, id, activity, visit } = queue.shift()!;
    const start = Math.max(ready, free[activity]);
    const end = start + (activity === "Saw" ? 6 : 9) * (0.7 + 0.6 * u(activity, id * 20 + visit));
    free[activity] = end;
    visits.push({ case: String(id), activity, start: T + Math.round(start * MINUTE), end: T + Math.round(end * MINUTE) });
    if (activity === "Saw") queue.push({ at: end, id, activity: "Drill", visit: visit + 1 });
    else if (visit < 15 && u("again", id * 20 + visit) < 0.05) queue.push({ at: end, id, activity: "Saw", visit: visit + 1 });
  }
  return { visits: visits.toSorted((a, b) => a.start - b.start), columns: {}, left: { rows: 0 }, assumptions: [] };
}

test("[L3] a line comes back out of the log of one that is known: places, times, ways, bottleneck, throughput", () => {
  const log = knownLog(400);
  const line = lineOfLog(log, "known")!;
  expect(line.bottleneck).toBe("Drill");
  const [drill, saw] = line.stations as [(typeof line.stations)[number], (typeof line.stations)[number]];
  expect([drill.activity, drill.places, saw.activity, saw.places]).toEqual(["Drill", 1, "Saw", 1]);
  expect(Math.abs(drill.serviceMeanS / 540 - 1)).toBeLessThan(0.02);
  expect(Math.abs(saw.serviceMeanS / 360 - 1)).toBeLessThan(0.02);
  // all waiting is for a busy place: none of it is left over
  expect(drill.delayMeanS).toBeLessThan(0.02 * drill.waitMeanS + 1);
  expect(validateFlowModel(line.model)).toEqual([]);
  expect(isMessage(planFlow(line.model, {}))).toBe(false);
  const result = runFlow(line.model, { seed: 1, durationS: 300 * 3600, warmUpS: 20 * 3600 });
  expect(Math.abs(result.throughputPerHour / 6 - 1)).toBeLessThan(0.08);
  expect(result.conservation.balanced && result.littlesLaw.holds).toBe(true);
});

test("[L4] forecasts are made from what came before only, are scored against what came, and are near it on a line that is known", () => {
  const log = knownLog(24 * 11);
  const periodS = periodOf(log);
  expect(periodS).toBe(86_400);
  const whole = forecastOfLog(log, { periodS, replications: 12, seed: 1 });
  expect(whole.score.n).toBeGreaterThanOrEqual(6);
  expect(Math.abs(whole.score.bias)).toBeLessThan(30);
  expect(whole.score.meanAbsoluteError).toBeLessThan(40);
  expect(whole.ahead!.mid).toBeGreaterThan(150);
  // A log cut off after a week gives the same forecasts for that week.
  const until = log.visits[0]!.start + 7 * 86_400_000_000;
  const week = forecastOfLog({ ...log, visits: log.visits.filter(({ start }) => start < until) }, { periodS, replications: 12, seed: 1 });
  const asked = week.points.filter(({ origin }) => origin < until - periodS * 1_000_000);
  expect(asked.length).toBeGreaterThan(1);
  for (const point of asked) expect(whole.points).toContainEqual(point);
});

test("[L4] of a process that is no line with steady arrivals the forecast leans on the periods before it, and its interval holds", () => {
  const day = 86_400 * 1e6;
  const u = (index: number): number => uniformAt(replicationKey(5, 0), streamOf("L4", "office"), index);
  // batches of very different size, worked off the same day: a line of steady arrivals says too little of it
  const visits = Array.from({ length: 36 }, (_, n) =>
    Array.from({ length: 5 + Math.floor(40 * u(n) ** 3) }, (__, i) => {
      const start = T + n * day + (8 + 0.05 * i) * 3.6e9;
      return [
        { case: `${n}.${i}`, activity: "Check", start, end: start + 6e8 },
        { case: `${n}.${i}`, activity: "Pay", start: start + 9e8, end: start + 12e8 },
      ];
    }).flat(),
  ).flat();
  const log = { visits: visits.toSorted((a, b) => a.start - b.start), columns: {}, left: { rows: 0 }, assumptions: [] };
  const { score } = forecastOfLog(log, { periodS: 86_400, replications: 6, seed: 1 });
  expect(score.n).toBeGreaterThan(20);
  expect(score.coverage90).toBeGreaterThanOrEqual(0.85);
  expect(score.skill).toBeGreaterThan(-0.15);
});

test("[L4] a log of years is forecast in months or quarters, and no more than two hundred periods are scored", () => {
  const day = 86_400 * 1e6;
  const visits = (days: number): EventLog["visits"] =>
    Array.from({ length: 60 }, (_, i) => ({
      case: String(i % 20),
      activity: `A${i % 3}`,
      start: T + (i * days * day) / 60,
      end: T + (i * days * day) / 60 + 3e9,
    }));
  const log = (days: number): EventLog => ({ visits: visits(days), columns: {}, left: { rows: 0 }, assumptions: [] });
  expect([80, 800, 3650, 40_000].map((days) => periodOf(log(days)) / 86_400)).toEqual([7, 28, 91, expect.closeTo(655.6, 0)]);
  expect(forecastOfLog(log(400), { periodS: 86_400, replications: 2, seed: 1 }).points.length).toBeLessThanOrEqual(200);
});

test("[L1] everything that had to be assumed to read a log is a message with its figure", () => {
  const [a, b, c] = ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z", "2026-01-01T02:00:00Z"];
  const assumed = (...rows: readonly string[]): readonly Message[] => read(rows.join("\n").replaceAll(",", ";")).assumptions;
  expect(assumed("case,activity,start,end", `1,x,${b},${a}`, `1,y,${b},${c}`, `2,x,${a},`)).toEqual([
    message("sim.eventLogRowsEndBeforeStart", { count: 1 }),
    message("sim.eventLogRowsWithoutTimes", { count: 1 }),
  ]);
  const life = "case,activity,time,lifecycle:transition";
  expect(assumed(life, `1,x,${a},start`, `1,x,${b},complete`, `2,x,${b},complete`, `3,x,${b},start`)).toEqual([
    message("sim.eventLogEndsWithoutStart", { count: 1 }),
    message("sim.eventLogStartsWithoutEnd", { count: 1 }),
  ]);
  expect(assumed(life, `1,x,${a},Closed`, `1,y,${b},In Progress`)).toEqual([
    message("sim.eventLogNoLifecycle"),
    message("sim.eventLogEndsOnly"),
  ]);
  expect(assumed("case,activity,start", `1,x,${a}`, `1,y,${b}`)).toEqual([message("sim.eventLogStartsOnly")]);
});
