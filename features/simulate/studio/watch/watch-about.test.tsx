import { act, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { RunResult } from "@doppelwerk/client";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import { WatchAbout } from "./watch-about.tsx";
import { createWatchClock } from "./watch-clock.ts";
import WatchView from "./watch-view.tsx";

afterEach(closePages);

const NOW = 1_795_880_710_000_000;
const branches = [{ id: "branch:1", name: "seventh place", parent: "live", baseRevision: 1, instant: NOW }];
const world = { revision: 5, line: false, snapshot: false, lines: [], connections: [], timeZone: "UTC", backfill: { done: true } };
const answers = { "GET /world": world, "GET /branches": branches };

test("[SI11] one line says what is beside what, from when, simulated, and whether it plays", async () => {
  const clock = createWatchClock(0, true);
  const run = { branch: "branch:1" } as RunResult["run"];
  await openPage(<WatchAbout run={run} from={NOW} endS={3_600} clock={clock} />, { address: "/decide/watch?branch=branch:1", answers });
  await screen.findByText(
    /The plant as it is and the branch “seventh place”, side by side: both simulated from .*, with the same random numbers\./,
  );
  const state = screen.getByRole("status");
  expect(state.textContent).toMatch(/^Playing at 60× real time/);
  act(() => clock.toggle());
  expect(state.textContent).toMatch(/^Paused\. Press Play/);
  act(() => clock.goTo(3_600));
  expect(state.textContent).toMatch(/^The end is reached/);
});

test("[SI11] a branch without a finished run says what will be here and leads to it", async () => {
  const { studio } = await openPage(<WatchView branch="branch:1" />, {
    address: "/decide/watch?branch=branch:1",
    answers: { ...answers, "GET /branches/branch:1/runs": [] },
  });
  await screen.findByText("Nothing to watch yet");
  act(() => screen.getByRole("button", { name: "Change a value and run" }).click());
  expect(studio.address.store.get()).toMatchObject({ detail: undefined, branch: "branch:1" });
});
