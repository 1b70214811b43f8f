import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import { BadgeReader } from "./badge-reader.ts";
import TerminalBar from "./terminal-bar.tsx";
import { isTerminal, markTerminal } from "./terminal-mark.ts";

afterEach(closePages);

const NOW_S = Date.parse("2026-11-30T10:00:00Z") / 1_000;
const terminal = { name: "Packing 1" };
const otto = { id: "person:2", login: "otto", name: "Otto", roles: ["operator"], authenticator: false, recoveryCodes: 0, password: false };
const wrong = { status: 401, body: { error: { code: "DW_UNAUTHENTICATED", message: "name, PIN or badge do not fit" } } };

test("[U181] a badge reader is told from a hand by its speed", () => {
  const read = (text: string, gapMs: number) => {
    const reader = new BadgeReader();
    return [...text, "Enter"].map((key, at) => reader.key(key, at * gapMs)).find((number) => number !== undefined);
  };
  expect(read("04A22F1B", 5)).toBe("04A22F1B");
  expect(read("04A22F1B", 200)).toBeUndefined();
  expect(read("12", 5)).toBeUndefined();
  const reader = new BadgeReader();
  reader.key("x", 0);
  for (const [at, key] of [..."0815"].entries()) reader.key(key, 1_000 + at);
  expect(reader.key("Shift", 1_005)).toBeUndefined();
  expect(reader.key("Enter", 1_006)).toBe("0815");
});

test("[U181] who wants to sign in chooses the name and presses the digits of the PIN; a wrong one is told and typed again", async () => {
  const { asked, studio, accessibilityFindings } = await openPage(<TerminalBar />, {
    answers: {
      "GET /session": { accounts: true, terminal },
      "GET /terminal/people": { people: [{ id: "person:1", name: "Mara" }, otto] },
      "POST /terminal/session": wrong,
    },
  });
  const bar = within(await screen.findByRole("complementary", { name: "Shared terminal" }));
  expect(bar.getByText("nobody is signed in")).toBeTruthy();
  const user = userEvent.setup();
  await user.click(bar.getByRole("button", { name: "Sign in" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Who are you?" }));
  await user.click(await dialog.findByRole("button", { name: "Otto" }));
  const keys = within(await screen.findByRole("dialog", { name: "Otto" }));
  const enter = keys.getByRole("button", { name: "Sign in" });
  for (const digit of ["2", "5", "8"]) await user.click(keys.getByRole("button", { name: digit }));
  expect(enter).toHaveProperty("disabled", true);
  await user.click(keys.getByRole("button", { name: "Delete the last digit" }));
  await user.keyboard("81");
  expect(keys.getByLabelText("4 digits").textContent).toBe("●●●●");
  expect(await accessibilityFindings()).toEqual([]);
  await user.click(enter);
  expect(await keys.findByText(/do not fit/)).toBeTruthy();
  expect(keys.getByLabelText("0 digits")).toBeTruthy();
  expect(asked.at(-1)).toEqual({ route: "POST /terminal/session", body: { person: "person:2", pin: "2581" } });
  // a refusal on a terminal is no reason to ask for login and password
  expect(studio.needsLogin.get()).toBe(false);
});

test("[U181] a badge that was read asks for its PIN where the terminal wants one", async () => {
  const needsPin = { status: 401, body: { error: { code: "DW_UNAUTHENTICATED", message: "the PIN too", details: { needsPin: true } } } };
  const { asked } = await openPage(<TerminalBar />, {
    answers: {
      "GET /session": { accounts: true, terminal },
      "GET /terminal/people": { people: [] },
      "POST /terminal/session": ({ body }: { readonly body: object }) => ("pin" in body ? wrong : needsPin),
    },
  });
  await screen.findByText("nobody is signed in");
  // as fast as a reader types
  for (const key of [..."04A22F1B", "Enter"]) fireEvent.keyDown(document.body, { key });
  const dialog = within(await screen.findByRole("dialog", { name: "PIN of your badge" }));
  for (const key of [..."2580", "Enter"]) fireEvent.keyDown(document.body, { key });
  expect(await dialog.findByText(/do not fit/)).toBeTruthy();
  expect(asked.filter(({ route }) => route === "POST /terminal/session").map(({ body }) => body)).toEqual([
    { badge: "04A22F1B" },
    { badge: "04A22F1B", pin: "2580" },
  ]);
});

test("[U181] whoever is signed in sees until when, and stays by touching; a browser that is no terminal any more shows nothing", async () => {
  const { asked } = await openPage(<TerminalBar />, {
    now: NOW_S * 1_000_000,
    answers: {
      "GET /session": { accounts: true, person: otto, terminal: { ...terminal, until: (NOW_S + 12) * 1_000_000 } },
      "POST /terminal/session/stay": { accounts: true, person: otto, terminal: { ...terminal, until: (NOW_S + 90) * 1_000_000 } },
    },
  });
  expect((await screen.findByRole("timer")).textContent).toBe("signs off in 12 s");
  await userEvent.setup().click(screen.getByText("Otto"));
  await waitFor(() => expect(screen.getByRole("timer").textContent).toBe("signs off in 90 s"));
  expect(asked.filter(({ route }) => route.endsWith("/stay"))).toHaveLength(1);
  closePages();
  markTerminal("Packing 1");
  await openPage(<TerminalBar />, { answers: { "GET /session": { accounts: true } } });
  await waitFor(() => expect(isTerminal()).toBe(false));
  expect(screen.queryByRole("complementary")).toBeNull();
});
