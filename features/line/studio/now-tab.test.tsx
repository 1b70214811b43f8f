import { act, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Snapshot } from "@doppelwerk/client";
import { line, snapshot } from "../../../apps/doppelwerk/src/studio/recorded.fixture.ts";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import NowTab from "./now-tab.tsx";
import { views } from "./views.ts";

afterEach(closePages);

test("[LN57] the inspector says how many of the good units of a station were so at the first pass", async () => {
  const { id } = line.stations[0]!;
  const page = await openPage(<NowTab />, { views, address: `/world?subject=${id}`, answers: {} });
  const show = (reworked: number): Promise<void> =>
    act(async () => {
      page.studio.line.set(line);
      const stations = snapshot.stations.map((station) => (station.id === id ? { ...station, good: 373, reworked } : station));
      page.studio.snapshot.set({ ...snapshot, stations } as unknown as Snapshot);
    });
  await show(22);
  expect(screen.getByText("373, of these 351 at the first pass")).toBeDefined();
  await show(0);
  expect(screen.getByText("373")).toBeDefined();
});
