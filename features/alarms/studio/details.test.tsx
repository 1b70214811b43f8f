import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { closePages } from "../../../packages/studio/src/app/page.fixture.tsx";
import { list, open } from "./alarms-page.fixture.tsx";
import { alarm } from "./recorded.fixture.ts";

afterEach(closePages);

test("[AL81] the title of an alarm opens its details, which stay open when it leaves the list; the row is not opened by it", async () => {
  const page = await open();
  list(page, alarm);
  fireEvent.click(await screen.findByRole("button", { name: alarm.title.en }));
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).getByText("State")).toBeDefined();
  expect(dialog.textContent).toContain(alarm.station);
  expect(page.studio.address.store.get().subject).toBeUndefined();
  page.studio.snapshot.set({ instant: alarm.changed, live: true, stations: [], alarms: [] } as never);
  await waitFor(() => expect(screen.getByRole("dialog")).toBeDefined());
  expect(await page.accessibilityFindings()).toEqual([]);
});
