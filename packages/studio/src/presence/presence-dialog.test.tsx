import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import AccountsCard from "../settings/accounts-card.tsx";
import { PresenceHost } from "./presence-host.tsx";

afterEach(closePages);

const mara = { id: "person:1", login: "mara", name: "Mara Lindqvist", roles: ["administrator"] };
const asks = { status: 403, body: { error: { code: "DW_PRESENCE", message: "this needs a fresh proof", details: { maxAgeS: 900 } } } };
const listed = { ...mara, id: "person:2", login: "otto", name: "Otto", state: "active", created: "2026-11-01T10:00:00Z", sessions: [] };

async function disable(answers: Record<string, unknown>) {
  let proved = false;
  const page = await openPage(
    <>
      <AccountsCard />
      <PresenceHost />
    </>,
    {
      answers: {
        "GET /session": { accounts: true, person: { ...mara, authenticator: true, recoveryCodes: 3, password: true } },
        "GET /accounts": { accounts: [listed] },
        "PATCH /accounts/person:2": () => (proved ? { ...listed, state: "disabled" } : asks),
        "POST /session/presence/options": { ways: ["code"] },
        "POST /session/presence": () => {
          proved = true;
          return {};
        },
        ...answers,
      },
    },
  );
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Disable" }));
  return { ...page, user, dialog: within(await screen.findByRole("dialog")) };
}

test("[U180] what needs a fresh proof of presence is asked for in one dialog, and sent again after it", async () => {
  const { asked, user, dialog, accessibilityFindings } = await disable({});
  const go = await dialog.findByRole("button", { name: "Confirm" });
  expect(go).toHaveProperty("disabled", true);
  expect(dialog.queryByLabelText("Password")).toBeNull();
  expect(await accessibilityFindings()).toEqual([]);
  await user.type(dialog.getByRole("textbox", { name: /authenticator/ }), "123456{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(asked.filter(({ route }) => route.startsWith("PATCH") || route === "POST /session/presence")).toEqual([
    { route: "PATCH /accounts/person:2", body: { disabled: true } },
    { route: "POST /session/presence", body: { code: "123456" } },
    { route: "PATCH /accounts/person:2", body: { disabled: true } },
  ]);
});

test("[U180] a proof that is wrong is told at its field; who gives up is told what was refused, and nothing was sent again", async () => {
  const wrong = { status: 400, body: { error: { code: "DW_INVALID", message: "the present password is wrong" } } };
  const { studio, asked, user, dialog } = await disable({
    "POST /session/presence/options": { ways: ["password"] },
    "POST /session/presence": wrong,
  });
  await user.type(await dialog.findByLabelText("Password", { selector: "input" }), "seven green pumps{Enter}");
  expect(await dialog.findByText(/the present password is wrong/)).toBeTruthy();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(studio.notices.get().map(({ code }) => code)).toEqual(["DW_PRESENCE"]);
  expect(asked.filter(({ route }) => route.startsWith("PATCH"))).toHaveLength(1);
});
