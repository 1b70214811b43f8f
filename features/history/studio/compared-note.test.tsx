import { screen } from "@testing-library/react";
import { useStudio } from "@doppelwerk/kit/studio";
import type { ReactNode } from "react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import { ComparedNote } from "./compared-note.tsx";

afterEach(closePages);

const FROM = Date.UTC(2026, 10, 29, 2) * 1_000;
const earlier = { from: FROM, to: FROM + 8 * 3_600_000_000 };

const period = { from: FROM + 86_400_000_000, to: FROM + 86_400_000_000 + 8 * 3_600_000_000 };
const note = (mean: readonly (readonly (number | null)[])[], more: object = {}) => (
  <ComparedNote
    period={period}
    earlier={earlier}
    compared={mean.map((each, n) => ({ signal: `signal:${n}`, mean: each }))}
    isOverlaid={false}
    onDays={() => undefined}
    {...more}
  />
);

test("[HQ14] a period without a value is named, and so is a chart that compares nothing; a comparison with values needs no word", async () => {
  await openPage(note([[null, null], [null]]), { answers: {} });
  expect((await screen.findByRole("status")).textContent).toMatch(/No values to compare with, .*29 Nov/);
  closePages();
  await openPage(note([], { isOverlaid: true }), { answers: {} });
  expect(screen.getByRole("status").textContent).toContain("not compared");
  closePages();
  await openPage(note([[null, 1], [null]]), { answers: {} });
  expect(screen.queryByRole("status")).toBeNull();
  closePages();
  await openPage(note([], { earlier: undefined, isOverlaid: true }), { answers: {} });
  expect(screen.queryByRole("status")).toBeNull();
});

test("[HQ14] on a Monday, with nothing on Sunday, the last day with values at the same time is offered, and chosen by one button", async () => {
  const days: number[] = [];
  const asked: number[] = [];
  const show = (isKnown: (back: number) => boolean): Promise<unknown> => {
    function Recorded(): ReactNode {
      const studio = useStudio();
      studio.client.trend = (async (_: string, from: number) => {
        const back = (period.from - from) / 86_400_000_000;
        asked.push(back);
        return { signal: "signal:0", mean: isKnown(back) ? [null, 5.5] : [null, null] };
      }) as never;
      return note([[null, null]], { onDays: (count: number) => days.push(count) });
    }
    return openPage(<Recorded />, { answers: {} });
  };
  await show((back) => back >= 3);
  await userEvent.click(await screen.findByRole("button", { name: "Compare with Fri 27 Nov, the last day with values at this time" }));
  expect([days, asked]).toEqual([[3], [1, 2, 3]]);
  closePages();
  await show(() => false);
  await screen.findByText(/None of the 14 days before has values/);
});
