import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { parsePlace, shell, view, type View } from "@doppelwerk/ui";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import Palette, { togglePalette } from "./palette.tsx";

afterEach(closePages);

const station = (id: string, en: string, zh: string) => ({ id, title: { en, zh }, shell: `urn:plant:${id}` });
const lines = [
  { id: "Line3", title: { en: "Line 3", zh: "3 号线" }, stations: [station("S090", "S090 Leak test", "S090 泄漏测试")] },
  { id: "Line4", title: { en: "Line 4", zh: "4 号线" }, stations: [station("L4-060", "Weld", "焊接")] },
];

async function open(views: readonly View[] = []) {
  const page = await openPage(<Palette actions={[]} />, { views, address: "/board", answers: { "GET /lines": { lines } } });
  act(() => togglePalette());
  await screen.findByRole("button", { name: /^L4-060 Weld/ });
  return page;
}

test("[U160] the search finds stations of every line, names the line, and opens the station on it", async () => {
  const page = await open();
  expect(screen.getByRole("button", { name: /^S090 Leak test/ }).textContent).toBe("S090 Leak testLine 3");
  await userEvent.type(screen.getByPlaceholderText("Search or run a command"), "焊接");
  await userEvent.click(screen.getByRole("button", { name: /^L4-060 Weld/ }));
  expect(page.studio.address.store.get()).toMatchObject({ line: "Line4", subject: "L4-060", inspector: true });
});

test("[U160] the search finds the documents of a station of any line", async () => {
  const page = await open();
  await userEvent.type(screen.getByPlaceholderText("Search or run a command"), "urn:plant:L4");
  await userEvent.click(await screen.findByRole("button", { name: /^Documents of L4-060 Weld/ }));
  const { view, detail } = page.studio.address.store.get();
  expect([view, parsePlace(detail)?.shell]).toEqual(["assets", "urn:plant:L4-060"]);
});

test("[U167] what a feature finds for what was typed is the last of the entries, and is loaded to be opened", async () => {
  const opened: string[] = [];
  const finder = view(shell.finder, "test.find", {
    title: "frame.close",
    asks: /^part (?<asked>\d+)$/,
    order: 1,
    load: () => Promise.resolve({ default: (_: unknown, asked: string) => void opened.push(asked) }),
  });
  await open([finder]);
  const field = screen.getByPlaceholderText("Search or run a command");
  await userEvent.type(field, "part 12");
  await userEvent.click(await screen.findByRole("button", { name: "Close 12" }));
  await waitFor(() => expect(opened).toEqual(["12"]));
});
