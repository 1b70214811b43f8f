import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import type { ListedAccount } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import { faultsOf } from "@doppelwerk/messages/faults";
import { closePages, openPage } from "../app/page.fixture.tsx";
import AccountsCard from "./accounts-card.tsx";
import MachinesCard from "./machines-card.tsx";

afterEach(closePages);

const person = {
  id: "person:0",
  login: "mara",
  name: "Mara",
  roles: ["administrator"],
  authenticator: false,
  recoveryCodes: 0,
  password: true,
};
const account = (at: number): ListedAccount => ({
  id: `person:${at}`,
  login: `login${at}`,
  name: at === 499 ? `Wolfeschlegelsteinhausen-${"berger".repeat(5)}` : `Person ${String(at).padStart(3, "0")}`,
  roles: ["viewer"],
  state: "active",
  created: "2026-11-01T10:00:00Z",
  sessions: [],
});
const session = { accounts: true, person };
const many = { "GET /session": session, "GET /accounts": { accounts: Array.from({ length: 500 }, (_, at) => account(at)) } };
const shown = () => within(screen.getByRole("table", { name: "Accounts" })).getAllByRole("row").length - 1;

test("[U210] of 500 people 20 are shown, the others by pages; a filter finds by every word, and says how many", async () => {
  const page = await openPage(<AccountsCard />, { answers: many });
  await screen.findByText("1 to 20 of 500");
  expect(shown()).toBe(20);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Next" }));
  await screen.findByText("21 to 40 of 500");
  screen.getByText("Person 020");
  await user.type(screen.getByRole("textbox", { name: "Filter: Accounts" }), "viewer login49");
  await screen.findByText("11 of 500");
  expect(shown()).toBe(11);
  expect(screen.queryByRole("button", { name: "Next" })).toBeNull();
  await user.type(screen.getByRole("textbox", { name: "Filter: Accounts" }), " nobody");
  await screen.findByText("Nothing matches “viewer login49 nobody”.");
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[U210] a card says that it is on its way, why it is not to be had, and beside what was read before that it could not be read again", async () => {
  const fails = { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "the disk is full" } } };
  let answer = (): unknown => fails;
  const page = await openPage(<MachinesCard />, { answers: { "GET /session": session, "GET /machines": () => answer() } });
  await screen.findByText("the disk is full");
  expect(screen.queryByRole("button", { name: "Add machine" })).toBeNull();
  answer = () => ({ machines: [] });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByText(/connectors, edge boxes/);
  expect(page.asked.filter(({ route }) => route === "GET /machines").length).toBeGreaterThan(1);
});

test("[U210] what the server refuses stands at the field that it names, else below the form, with its code; what was typed stays", async () => {
  const tooLong = { code: "too_big", path: ["login"], message: "", origin: "string", maximum: 64 } as const;
  const reason = message("messages.faultsOf", { subject: "POST /accounts", faults: faultsOf([tooLong], { login: "ida k" }) });
  let refusal: object = { code: "DW_INVALID", message: "not one", reason };
  await openPage(<AccountsCard />, {
    answers: { ...many, "POST /accounts": () => ({ status: 400, body: { error: refusal } }) },
  });
  const user = userEvent.setup();
  const login = await screen.findByRole("textbox", { name: "Login" });
  await user.type(login, "ida k");
  await user.type(screen.getByRole("textbox", { name: "Name" }), "Ida{Enter}");
  await waitFor(() => expect(login.getAttribute("aria-invalid")).toBe("true"));
  screen.getByText(/64/);
  expect(screen.queryByRole("alert")).toBeNull();
  refusal = { code: "DW_CONFLICT", message: "somebody else has this login" };
  await user.click(screen.getByRole("button", { name: "Invite" }));
  const alert = within(await screen.findByRole("alert"));
  alert.getByText("somebody else has this login");
  alert.getByRole("link", { name: "DW_CONFLICT" });
  expect(login).toHaveProperty("value", "ida k");
});
