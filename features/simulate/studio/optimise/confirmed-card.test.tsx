import { screen } from "@testing-library/react";
import type { ConfirmedGoal, Optimisation } from "@doppelwerk/client";
import { pairedDifference } from "@doppelwerk/sim";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import { ConfirmedCard } from "./confirmed-card.tsx";
import { keptOf } from "./unconfirmed.tsx";

afterEach(closePages);

const answer = {
  goals: ["throughput"],
  units: ["/shift"],
  better: ["higher"],
  run: "run:1",
  branch: "branch:1",
  title: "Buffers",
  request: { line: "Line3", factors: [{ key: "S090.buffer" }, { key: "S080.buffer" }] },
  chosen: 0,
  points: [{ values: { "S090.buffer": 9, "S080.buffer": 4 }, goals: [600] }],
  present: { values: { "S090.buffer": 8, "S080.buffer": 4 }, goals: [600] },
} as unknown as Optimisation;
const factors = [
  { key: "S090.buffer", element: "element:1", group: "buffer", value: 9 },
  { key: "S080.buffer", element: "element:2", group: "buffer", value: 4 },
  { key: "S090.places", element: "element:3", group: "places", value: 6 },
];

/** What 30 replications of both sides confirm: the branch makes `gain` more, spread so that the interval is ±`halfWidth`. */
function confirmed(gain: number, halfWidth: number): ConfirmedGoal {
  const live = Array.from({ length: 30 }, () => 600);
  const unit = pairedDifference(
    live,
    live.map((value, n) => value + (n % 2 === 0 ? 1 : -1)),
    "higher",
  ).halfWidth;
  const branch = live.map((value, n) => value + gain + ((n % 2 === 0 ? 1 : -1) * halfWidth) / unit);
  const { mean: difference, ...rest } = pairedDifference(live, branch, "higher", 0.005 * 600);
  return { goal: "throughput", live: 600, branch: 600 + gain, difference, ...rest };
}

const verdict = (): string | null => document.querySelector(".dw-optimise-verdict")!.textContent;

async function open(goal: ConfirmedGoal): Promise<string> {
  await openPage(<ConfirmedCard answer={answer} confirmed={[goal]} />, {
    address: "/decide/optimise?branch=branch:1",
    answers: { "GET /branches/branch:1/factors": factors },
  });
  const table = await screen.findByRole("table");
  expect(table.querySelector("svg")!.getAttribute("aria-label")).toBe(table.querySelector(".dw-verdict small")!.textContent);
  return `${table.querySelector(".dw-verdict b")!.textContent} | ${document.querySelector(".dw-note")?.textContent ?? ""}`;
}

// 0.5 % of 600 units a shift: what differs by less than 3 matters to nobody
test.each([
  [8, 2, /^better \| $/],
  [
    4,
    2,
    /^maybe too small to matter \| With new seeds there is a gain, because the interval excludes zero; but it may be smaller than 3\.0/,
  ],
  [1.5, 1, /^too small to matter \| With new seeds the difference is smaller than 3\.0/],
  [2, 4, /^no evidence \| With new seeds the interval of the difference includes zero/],
  // less than live by something that may matter: nothing is said of a gain
  [-4, 2, /^maybe too small to matter \| With new seeds no goal improves/],
  [-8, 2, /^worse \| With new seeds no goal improves/],
])("[OP13] a confirmed difference of %d ± %d: the verdict says what the interval beside it shows", async (gain, halfWidth, says) => {
  const goal = confirmed(gain, halfWidth);
  expect(goal.halfWidth).toBeCloseTo(halfWidth, 6);
  expect((await open(goal)).replace(/\s+/g, " ")).toMatch(says);
  expect(verdict()).toBe(
    goal.verdict === "better"
      ? "The winner is confirmed with new seeds: better than live in Good units."
      : "The winner is not confirmed with new seeds.",
  );
});

test("[SV145] after a winner that is not confirmed: no evidence, what to try next, and that its values are still on the branch, with Undo", async () => {
  await open(confirmed(1.5, 1));
  screen.getByText("There is no evidence of a setting that is better than the one before the search.");
  screen.getByText("What to try next");
  await screen.findByText("Other factors: Places");
  await screen.findByText(/^The values of this winner are on the branch/);
  screen.getByRole("button", { name: "Undo" });
  screen.getByText(/because the seeds are new/);
  closePages();
  await open(confirmed(8, 2));
  expect([screen.queryByText("What to try next"), screen.queryByRole("button", { name: "Undo" })]).toEqual([null, null]);
});

test("[SV145] Undo restores what still has the value of the winner, and nothing that was changed since", () => {
  expect(keptOf(answer, factors)).toEqual([{ element: "element:1", before: 8 }]);
  expect(keptOf(answer, [{ ...factors[0]!, value: 10 }])).toEqual([]);
  expect(keptOf({ ...answer, chosen: undefined }, factors)).toEqual([]);
});

test("[SV145] a difference is that of the two figures beside it", async () => {
  await open({ ...confirmed(1.5, 1), live: 590.64, branch: 590.78, difference: 0.14, halfWidth: 0.4 });
  const cells = [...document.querySelectorAll("tbody td.is-number")].map(({ textContent }) => textContent!);
  expect(cells[0]).toBe("590.6");
  expect(cells[1]).toBe("590.8");
  expect(cells[2]).toMatch(/\+0\.2 ± 0\.4$/);
});
