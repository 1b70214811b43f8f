import { MINUTE } from "@doppelwerk/world";
import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page } from "../../../packages/studio/src/app/page.fixture.tsx";
import LineAheadCard from "./line-ahead-card.tsx";
import { answerOfPlaces, idOf, NORMAL, places, summaryOf, T, TROUBLED } from "./recorded.fixture.ts";

afterEach(closePages);

const summary = `GET /places/${idOf("Line4")}/summary`;
const world = { revision: 5, line: true, snapshot: false, lines: [], connections: [], timeZone: "UTC", backfill: { done: true } };

const open = (facts = TROUBLED, address = "/board?line=Line4"): Promise<Page> =>
  openPage(<LineAheadCard />, {
    address,
    now: T,
    answers: {
      "GET /world": world,
      "GET /branches": [],
      "GET /line": { id: "Line4", stations: [] },
      "GET /places": {
        ...answerOfPlaces,
        places: places.map((place) => ({ ...place, ...(place.id === idOf("Line4") && { line: "Line4" }) })),
      },
      [summary]: summaryOf("Line4", facts),
    },
  });
const text = (): string => document.querySelector(".dw-line-ahead")?.textContent?.replace(/\s+/gu, " ") ?? "";

test("[PT37] the board of a line has the forecast of its shift with its interval and plan, and why the line waits", async () => {
  const page = await open();
  await screen.findByText(/^End of shift at 13:00, good units/);
  expect(text()).toContain("380forecast352–407, plan 470");
  expect(text()).toMatch(/forecast of 09:32, 10\s?min ago(?!, before)/);
  expect(text()).toMatch(/Why it waits: L4-050 Press and rivet failed since 09:20 → L4-060 starved since 09:21/);
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[PT37] while the first forecast is made it says so, and that a line does not wait and when it last did", async () => {
  const [first, second] = NORMAL.lines;
  await open({ ...NORMAL, lines: [first!, { ...second!, figures: { ...second!.figures, noForecast: { isComing: true } } }] });
  expect((await screen.findByRole("status")).textContent).toBe("forecast is computed");
  expect(text()).toMatch(/S90 does not wait, and has not in this shift/);
  closePages();
  const states = [
    { from: T - 60 * MINUTE, state: "working" },
    { from: T - 30 * MINUTE, state: "starved" },
    { from: T - 24 * MINUTE, state: "working" },
  ];
  await open({ ...NORMAL, lines: [first!, { ...second!, figures: { ...second!.figures, states } }] });
  await waitFor(() => expect(text()).toMatch(/S90 does not wait; last starved from 09:12, 6\s?min/));
});

test("[PT36] when a constraint last waited names the station that it waited for, and leads to that instant", async () => {
  const [first, second] = NORMAL.lines;
  const lastWait = {
    state: "starved",
    from: T - 30 * MINUTE,
    to: T - 24 * MINUTE,
    because: { station: "L4-050", state: "failed", since: T - 31 * MINUTE },
  };
  const page = await open({ ...NORMAL, lines: [first!, { ...second!, figures: { ...second!.figures, lastWait } }] });
  const last = await screen.findByRole("button", { name: /S90 does not wait; last starved from 09:12, 6\s?min: L4-050 failed/u });
  await act(async () => last.click());
  expect(page.studio.time.instant()).toBe(T - 30 * MINUTE + 1_000_000);
});

test("[PT37] of the past there is no forecast, but why the line waited; on a branch nothing is asked", async () => {
  const past = new Date(T / 1000 - 60_000).toISOString();
  const page = await open(TROUBLED, `/board?line=Line4&t=${past}`);
  page.studio.time.goTo(T - 60e6);
  await waitFor(() => expect(text()).toMatch(/^Now.*Why it waits/));
  expect(text()).not.toContain("forecast");
  closePages();
  const branch = await open(TROUBLED, "/board?line=Line4&branch=branch:1");
  await waitFor(() => expect(branch.studio.line.get()?.id).toBe("Line4"));
  expect(branch.asked.map(({ route }) => route)).not.toContain(summary);
});

test("[PT41] in a break the board of a line says so, and of a stop it is in how long it was without the break", async () => {
  const [first, second] = NORMAL.lines;
  const breaks = [
    { from: T - 12 * MINUTE, to: T + 18 * MINUTE },
    { from: T + 180 * MINUTE, to: T + 190 * MINUTE },
  ];
  const page = await open({ ...NORMAL, lines: [first!, { ...second!, figures: { ...second!.figures, breaks } }] });
  await waitFor(() => expect(text()).toContain("Break from 09:30 to 10:00"));
  await act(async () => {
    page.studio.line.set({ id: "Line4", constraint: "", stations: [{ id: "L4-050", name: { en: "Press and rivet" } }] } as never);
    const station = { id: "L4-050", state: "break", since: T - 12 * MINUTE, held: { state: "failed", since: T - 22 * MINUTE }, places: [] };
    page.studio.snapshot.set({ instant: T, live: true, stations: [station], alarms: [] } as never);
  });
  expect(text()).toMatch(/L4-050 Press and rivet failed since 09:20, 10\s?min and 12\s?min of break/u);
});

test("[PT37] the board of a line says which station is stopped and since when; where none is, which was last", async () => {
  const page = await open();
  await screen.findByText(/^End of shift at 13:00, good units/);
  const station = (id: string, state: string, since: number) => ({ id, state, since, places: [] });
  const show = (...stations: readonly object[]): Promise<void> =>
    act(async () => {
      page.studio.line.set({
        id: "Line4",
        constraint: "",
        stations: [{ id: "L4-050", name: { en: "Press and rivet", zh: "压铆" } }],
      } as never);
      page.studio.snapshot.set({ instant: T, live: true, stations, alarms: [] } as never);
    });
  await show(station("L4-050", "failed", T - 22 * MINUTE), station("L4-060", "starved", T - 21 * MINUTE));
  expect(text()).toMatch(/L4-050 Press and rivet failed since 09:20, 22\s?min/);
  expect(text()).not.toContain("No station is stopped");
  // the forecast of 09:32 knows that stop, and not one of 09:40; what stands for seconds changes none
  expect(text()).not.toContain("before the present stop");
  await show(station("L4-050", "failed", T - MINUTE / 2));
  expect(text()).not.toContain("before the present stop");
  await show(station("L4-050", "failed", T - 2 * MINUTE));
  expect(text()).toMatch(/forecast of 09:32, 10\s?min ago, before the present stop/);
  await show(station("L4-050", "failed", T - 22 * MINUTE), station("L4-060", "starved", T - 21 * MINUTE));
  await act(async () => screen.getByText("L4-050 Press and rivet failed").click());
  expect(page.studio.address.store.get()).toMatchObject({ subject: "L4-050", inspector: true });
  await show(station("L4-050", "working", T - MINUTE));
  expect(text()).toContain("No station is stopped");
  await show(station("L4-050", "working", T - MINUTE), station("L4-060", "unknown", T));
  expect(text()).toContain("No station is known to be stopped; 1 is unknown");
});
