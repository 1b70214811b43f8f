import { screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { ViewOutlet } from "@doppelwerk/ui";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import { alarm, rules } from "./recorded.fixture.ts";
import { views } from "./views.ts";

afterEach(() => {
  vi.restoreAllMocks();
  closePages();
});

test("[AL21] [level: faults] a page that throws while it renders is fenced, says its name and why, and comes back when it is tried again", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const page = await openPage(
    <>
      <p>the rest of the studio</p>
      <ViewOutlet view={views.find(({ id }) => id === "alarms.page")! as never} />
    </>,
    {
      views,
      address: "/alarms",
      now: alarm.changed,
      answers: { "GET /alarm-rules": rules, "GET /alarm-occurrences": { occurrences: [] } },
    },
  );
  const show = (alarms: readonly object[]): void =>
    page.studio.snapshot.set({ instant: alarm.changed, live: true, stations: [], alarms } as never);
  show([{ ...alarm, state: "unacknowledged", title: undefined }]);
  const fence = await screen.findByText(/^Alarms: .*undefined/);
  expect(fence).toBeDefined();
  screen.getByText("the rest of the studio");
  show([{ ...alarm, state: "unacknowledged" }]);
  screen.getByRole("button", { name: "Try again" }).click();
  await screen.findByRole("button", { name: "Acknowledge" });
});
