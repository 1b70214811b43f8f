import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../../packages/studio/src/app/page.fixture.tsx";
import { RuleTrial as Shape } from "../../contract.ts";
import { rules } from "../recorded.fixture.ts";
import { views } from "../views.ts";
import { RuleTrial } from "./rule-trial.tsx";

afterEach(closePages);

const NOW = Date.UTC(2026, 10, 24, 9) * 1000;
const DAY = 86_400e6;
const [{ id, fields }] = rules as [(typeof rules)[0]];
const raisedAt = (daysAgo: number) => ({ rule: id, title: fields.title, at: NOW - daysAgo * DAY, priority: 2 as const, value: "5.4" });
const figures = (raised: number) => ({ raised, per10Min: 0, floods: 0, floodShare: 0, chattering: 0 });
const answer: Shape = {
  from: NOW - 7 * DAY,
  to: NOW,
  was: figures(40),
  would: figures(38),
  rules: [{ id, title: fields.title, was: 3, would: 1 }],
  wasRaised: [raisedAt(6), raisedAt(3.5), raisedAt(1)],
  raised: [raisedAt(3.5)],
  isWhole: true,
};

function open(answers: Record<string, Recorded>): Promise<Page> {
  return openPage(<RuleTrial id={id} fields={fields} />, { views, address: "/alarms", now: NOW, answers });
}

test("[AL43] the alarms of the rule before and after stand side by side: counts, a time axis, and when each was raised", async () => {
  const user = userEvent.setup();
  expect(Shape.parse(answer)).toEqual(answer);
  const page = await open({ "POST /alarm-rules/try": answer });
  await user.click(screen.getByRole("button", { name: "Test on the past" }));
  const row = (await screen.findByText("Alarms of this rule")).closest("tr")!;
  expect([...row.querySelectorAll(".is-number")].map(({ textContent }) => textContent)).toEqual(["3", "1"]);
  const lanes = screen.getByRole("img", { name: "Alarms of this rule over the span, before and after" });
  const ticks = [...lanes.querySelectorAll(".dw-trial-lane")].map((lane) => [...lane.querySelectorAll("i")].map(({ style }) => style.left));
  expect(ticks[0]).toHaveLength(3);
  expect(ticks[1]).toEqual(["50%"]);
  await user.click(screen.getByText("Before: 3 alarms; after: 1 alarm"));
  within(screen.getByRole("region", { name: "After (this rule)" })).getByText(/5\.4/);
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[AL43] while it is under way its progress is shown; cancelled, nothing more is said of it and it can be started again", async () => {
  const user = userEvent.setup();
  let free = (): void => {};
  const held = new Promise<void>((resolve) => (free = resolve));
  const page = await open({
    "POST /alarm-rules/try": async () => {
      await held;
      return answer;
    },
  });
  const start = screen.getByRole<HTMLButtonElement>("button", { name: "Test on the past" });
  await user.click(start);
  const { trial } = page.asked.find(({ route }) => route === "POST /alarm-rules/try")!.body as { readonly trial: string };
  page.answers[`GET /alarm-rules/try/${trial}`] = { progress: 0.42 };
  await screen.findByText("Testing: 42 % of the span");
  expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("42");
  expect(await page.accessibilityFindings()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  free();
  await waitFor(() => expect(start.disabled).toBe(false));
  expect([screen.queryByRole("progressbar"), screen.queryByText("Alarms of this rule")]).toEqual([null, null]);
});
