import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import { Inspector } from "./inspector.tsx";

globalThis.WebSocket = class {
  send() {}
  close() {}
} as never;
const WORLD = { revision: 5, line: true, snapshot: false, lines: [], connections: [], backfill: { done: true } };

afterEach(closePages);

test("[U149] while its line is read the inspector says so; where it cannot be read it says why and tries again", async () => {
  const page = await openPage(<Inspector />, { answers: { "GET /world": WORLD, "GET /branches": [] } });
  // the line is answered 404
  const again = await screen.findByRole("button", { name: "Try again" });
  page.answers["GET /line"] = { id: "L", name: { en: "Line 3" }, stations: [], takt: 0 };
  // a welcome and then a commit: the first of them is no news
  await act(async () => page.studio.commits.set(1));
  await act(async () => again.click());
  await waitFor(() => expect(screen.getByRole("heading").textContent).toBe("Line 3"));
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
});

test("[U149] a world without a line has no line on its way", async () => {
  await openPage(<Inspector />, { answers: { "GET /world": { ...WORLD, line: false, title: { en: "Works" } }, "GET /branches": [] } });
  await waitFor(() => expect(screen.getByRole("heading").textContent).toBe("Works"));
  expect(screen.queryByRole("status")).toBeNull();
});

test("[U149] before the world is known the outline of the inspector is there", async () => {
  await openPage(<Inspector />, { answers: { "GET /world": () => new Promise(() => undefined), "GET /branches": [] } });
  expect(screen.getByRole("status").textContent).toBe("Loading");
});
