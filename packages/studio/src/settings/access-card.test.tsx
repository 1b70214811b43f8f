import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import AccessCard from "./access-card.tsx";

afterEach(closePages);

const person = { id: "person:1", login: "mara", name: "Mara", roles: ["administrator"], authenticator: false, recoveryCodes: 0 };
const session = { accounts: true, person };
const partners = { id: "accessRules:1", name: "Partners", text: "ACCESSRULE: …", enabled: true, rules: 3 };

test("[U176] rules are saved only after a check that says who would read more or less", async () => {
  const otto = {
    id: "person:2",
    name: "Otto Müller",
    gained: 0,
    lost: 12,
    examples: [{ id: "urn:aas:oven", kind: "shell", change: "lost" }],
  };
  const { asked, accessibilityFindings } = await openPage(<AccessCard />, {
    answers: {
      "GET /session": session,
      "GET /access/sets": { sets: [partners] },
      "POST /access/preview": { people: [otto] },
      "PUT /access/sets/accessRules%3A1": { ...partners, name: "Suppliers" },
    },
  });
  expect(await screen.findByText(/does not exist for others/)).toBeTruthy();
  const user = userEvent.setup();
  await user.click(within(screen.getByRole("row", { name: /Partners/ })).getByRole("button", { name: "Edit" }));
  const dialog = within(await screen.findByRole("dialog"));
  const name = dialog.getByRole("textbox", { name: "Name" });
  await user.clear(name);
  await user.type(name, "Suppliers");
  expect(dialog.queryByRole("button", { name: "Save" })).toBeNull();
  await user.click(dialog.getByRole("button", { name: "Check" }));
  const row = within(await dialog.findByRole("row", { name: /Otto Müller/ }));
  expect([row.getByText("12"), row.getByText("− urn:aas:oven")]).toHaveLength(2);
  expect(asked.find(({ route }) => route === "POST /access/preview")?.body).toEqual({
    sets: [{ name: "Suppliers", text: partners.text, enabled: true }],
  });
  expect(await accessibilityFindings()).toEqual([]);
  await user.click(dialog.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(asked.some(({ route }) => route.startsWith("PUT /access/sets"))).toBe(true));
});

test("[U176] what is wrong with the rules is said with its place, and nothing is saved", async () => {
  await openPage(<AccessCard />, {
    answers: {
      "GET /session": session,
      "GET /access/sets": { sets: [] },
      "POST /access/preview": {
        status: 400,
        body: { error: { code: "DW_INVALID", message: "the access rules at line 3, column 5: READ is expected here" } },
      },
    },
  });
  expect(await screen.findByText(/Everybody who is logged in reads every asset/)).toBeTruthy();
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Add access rules" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.type(dialog.getByRole("textbox", { name: "Name" }), "Plant");
  await user.click(dialog.getByRole("button", { name: "Check" }));
  expect(await dialog.findByText(/line 3, column 5/)).toBeTruthy();
  expect(dialog.queryByRole("button", { name: "Save" })).toBeNull();
});
