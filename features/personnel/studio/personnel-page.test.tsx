import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import { OwnData, Roster, SkillMatrix } from "../contract.ts";
import PersonnelPage from "./personnel-page.tsx";
import { dayBeside } from "./use-day.ts";
import { views } from "./views.ts";

afterEach(closePages);

const T = Date.UTC(2026, 10, 30, 9) * 1000;
const roster: Roster = {
  isKeeper: true,
  from: "2026-11-30",
  to: "2026-11-30",
  withheld: 0,
  hints: [{ kind: "rest", worker: "P1", name: "Abrecht, Ada", hours: 8, from: T, to: T + 8 * 3_600e6 }],
  shifts: [
    {
      date: "2026-11-30",
      shift: "Early",
      from: T,
      to: T + 8 * 3_600e6,
      edition: 2,
      people: 1,
      places: [
        { line: "Line1", station: "S10", role: "operator", worker: "P1", name: "Abrecht, Ada", isMe: true },
        { line: "Line1", station: "S20", role: "operator", isMe: false },
      ],
      findings: [
        { kind: "uncovered", station: "S20", skill: "weld", level: 2, needed: 1, have: 0 },
        { kind: "emptyPlace", station: "S20", needed: 1 },
      ],
    },
  ],
};
const skill = {
  skill: "weld",
  title: { en: "Welding", zh: "焊接" },
  isRetired: false,
  id: "skill:1",
  people: 1,
  expiring: 1,
  expired: 1,
  stations: ["S20"],
};
const cell = (worker: string, validity: "expiring" | "expired", validUntil: string) => ({
  skill: "weld",
  level: 3,
  validity,
  fields: { worker, skill: "weld", level: 3, validUntil },
});
const matrix: SkillMatrix = {
  isKeeper: true,
  date: "2026-11-30",
  withheld: 0,
  skills: [skill],
  rows: [
    { worker: "P1", name: "Abrecht, Ada", team: "A", isMe: false, cells: [cell("P1", "expiring", "2026-12-15")] },
    { worker: "P2", name: "Quist, Bo", isMe: false, cells: [cell("P2", "expired", "2026-11-01")] },
  ],
};
const own: OwnData = {
  worker: "P1",
  name: "Abrecht, Ada",
  team: "A",
  qualifications: [{ worker: "P1", skill: "weld", level: 3, validUntil: "2026-12-15" }],
  shifts: [{ date: "2026-11-30", shift: "Early", from: T, to: T + 8 * 3_600e6, station: "S10", role: "operator" }],
  hints: [],
};
const open = (detail: string, answers: Record<string, Recorded> = {}, language: "en" | "zh" = "en"): Promise<Page> =>
  openPage(<PersonnelPage />, {
    views,
    address: `/personnel${detail}`,
    language,
    now: T,
    answers: { "GET /personnel/roster": roster, "GET /personnel/skills": matrix, "GET /personnel/own": own, ...answers },
  });

test("[PE15] the roster of today shows what is open before who is where, and another day by keyboard", async () => {
  expect([Roster.parse(roster), SkillMatrix.parse(matrix), OwnData.parse(own)]).toEqual([roster, matrix, own]);
  const user = userEvent.setup();
  await open("");
  await screen.findByText("S20: 0 of 1 have “weld” from level 2");
  expect(screen.getByText("S20: 1 place is empty")).toBeDefined();
  expect(within(screen.getByRole("table", { name: "Line1" })).getByText("Abrecht, Ada").textContent).toContain("Abrecht, Ada");
  expect(screen.getByText(/8.0 h of rest before .* less than 11 h/)).toBeDefined();
  const day = (): string => (screen.getByLabelText("Day") as HTMLInputElement).value;
  const before = dayBeside(day(), -1);
  screen.getByRole("button", { name: "Day before" }).focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(day()).toBe(before), { timeout: 60_000 });
});

test("[PE15] the matrix marks what runs out and what ran out, in words too, and shows only these on request", async () => {
  const user = userEvent.setup();
  await open("/skills");
  await screen.findByRole("button", { name: "Abrecht, Ada: Welding, level 3, runs out within 30 days: until 2026-12-15" });
  screen.getByRole("button", { name: "Quist, Bo: Welding, level 3, ran out: until 2026-11-01" });
  await user.type(screen.getByLabelText("Worker or skill"), "Quist");
  await waitFor(() => expect(screen.queryByText("Abrecht, Ada")).toBeNull());
});

test("[PE8] [PE15] who does not keep the roster sees the own row, how many are not shown, and all that is kept of oneself, in Chinese too", async () => {
  const [first] = matrix.rows;
  const foreign = { ...matrix, isKeeper: false, withheld: 1, rows: [{ ...first!, isMe: true }] };
  await open("/skills", { "GET /personnel/skills": foreign });
  await screen.findByText(/Rows of 1 other person/);
  expect(screen.queryByRole("button", { name: /^Abrecht, Ada:/ })).toBeNull();
  closePages();
  await open("/own", {}, "zh");
  await screen.findByText("编号 P1 · 班组 A");
  await screen.findByText("我的班次");
});
