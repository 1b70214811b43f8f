import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import type { ListedAccount } from "@doppelwerk/client";
import { closePages, openPage } from "../app/page.fixture.tsx";
import AccountsCard from "./accounts-card.tsx";
import AuthenticatorCard from "./authenticator-card.tsx";
import YouCard from "./you-card.tsx";

afterEach(closePages);

const NOW = Date.parse("2026-11-30T10:00:00Z") * 1_000;
const mara: ListedAccount = {
  id: "person:1",
  login: "mara",
  name: "Mara Lindqvist",
  roles: ["administrator"],
  state: "active",
  created: "2026-11-01T10:00:00Z",
  sessions: [{ id: "s1", begun: NOW, seen: NOW, agent: "Firefox", address: "192.0.2.1" }],
};
const me = { ...mara, authenticator: false, recoveryCodes: 0, password: true };
const otto: ListedAccount = {
  ...mara,
  id: "person:2",
  login: "otto",
  name: "Otto Müller",
  roles: ["viewer"],
  state: "invited",
  sessions: [],
};
const answers = { "GET /session": { accounts: true, person: me }, "GET /accounts": { accounts: [mara, otto] } };

test("[U162] an administrator sees who may log in, and invites somebody by a link that is shown once", async () => {
  const { asked, accessibilityFindings } = await openPage(<AccountsCard />, {
    answers: { ...answers, "POST /accounts": { account: { ...otto, id: "person:3", login: "ida", name: "Ida" }, token: "T0KEN" } },
  });
  const own = within(await screen.findByRole("row", { name: /Mara Lindqvist/ }));
  expect(own.getByText(/1 browser, last seen/)).toBeTruthy();
  expect(own.queryByRole("button", { name: "Remove" })).toBeNull();
  expect(within(screen.getByRole("row", { name: /Otto/ })).getByText(/invited/)).toBeTruthy();
  const user = userEvent.setup();
  await user.type(screen.getByRole("textbox", { name: "Login" }), "ida");
  await user.type(screen.getByRole("textbox", { name: "Name" }), "Ida");
  await user.click(screen.getByRole("button", { name: "Invite" }));
  expect(await screen.findByRole("textbox", { name: /Link for Ida/ })).toHaveProperty("value", `${location.origin}/join#T0KEN`);
  expect(screen.getByRole("img", { name: "For the phone of Ida: scan it with the camera" }).querySelector("path")).toBeTruthy();
  expect(asked.find(({ route }) => route === "POST /accounts")?.body).toEqual({ login: "ida", name: "Ida", roles: ["viewer"] });
  expect(await accessibilityFindings()).toEqual([]);
});

test("[U182] a guest is invited until the end of a day, and is shown as one", async () => {
  const until = new Date("2031-03-05T23:59:59").toISOString();
  const guest: ListedAccount = { ...otto, id: "person:3", login: "ida", name: "Ida", expires: until };
  const { asked } = await openPage(<AccountsCard />, {
    answers: { ...answers, "GET /accounts": { accounts: [mara, guest] }, "POST /accounts": { account: guest, token: "T0KEN" } },
  });
  expect((await screen.findByRole("row", { name: /Ida/ })).textContent).toMatch(/invited · guest until 5 Mar 2031/u);
  const user = userEvent.setup();
  await user.type(screen.getByRole("textbox", { name: "Login" }), "ida");
  await user.type(screen.getByRole("textbox", { name: "Name" }), "Ida");
  await user.type(screen.getByLabelText("Guest until"), "2031-03-05");
  await user.click(screen.getByRole("button", { name: "Invite" }));
  await waitFor(() => expect(asked.find(({ route }) => route === "POST /accounts")?.body).toMatchObject({ login: "ida", expires: until }));
});

test("[U162] an account is disabled at once, and removed after a question", async () => {
  const { asked } = await openPage(<AccountsCard />, {
    answers: { ...answers, "PATCH /accounts/person:2": { ...otto, state: "disabled" }, "DELETE /accounts/person:2": {} },
  });
  const row = within(await screen.findByRole("row", { name: /Otto/ }));
  const user = userEvent.setup();
  await user.click(row.getByRole("button", { name: "Disable" }));
  await waitFor(() => expect(asked.find(({ route }) => route.startsWith("PATCH"))?.body).toEqual({ disabled: true }));
  await user.click(row.getByRole("button", { name: "Remove" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByText(/can no longer log in/)).toBeTruthy();
  await user.click(dialog.getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(asked.some(({ route }) => route === "DELETE /accounts/person:2")).toBe(true));
});

test("[U162] who is logged in sees the own account instead of a chosen name", async () => {
  const viewer = { accounts: true, person: { ...me, ...otto, roles: ["viewer"] } };
  await openPage(<YouCard />, { answers: { "GET /session": viewer } });
  expect(await screen.findByRole("button", { name: "Log out" })).toBeTruthy();
  expect(screen.queryByRole("textbox", { name: "Your name" })).toBeNull();
  closePages();
  await openPage(<YouCard />, { answers: { "GET /session": { accounts: false } } });
  expect(await screen.findByRole("textbox", { name: "Your name" })).toBeTruthy();
});

test("[U163] an authenticator is added with the password, its picture and a code; recovery codes are shown once", async () => {
  let person = me;
  const { asked, accessibilityFindings } = await openPage(<AuthenticatorCard />, {
    answers: {
      "GET /session": () => ({ accounts: true, person }),
      "POST /session/authenticator": { secret: "JBSWY3DPEHPK3PXP", address: "otpauth://totp/Doppelwerk:mara?secret=JBSWY3DPEHPK3PXP" },
      "PUT /session/authenticator": { recoveryCodes: ["AAAA-BBBB-CCCC", "DDDD-EEEE-FFFF"] },
    },
  });
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Add an authenticator" }));
  await user.type(screen.getAllByLabelText("Present password", { selector: "input" }).at(-1)!, "seven green pumps{Enter}");
  expect(await screen.findByRole("img", { name: /QR code/ })).toBeTruthy();
  expect(screen.getByText("JBSWY3DPEHPK3PXP")).toBeTruthy();
  await user.type(screen.getByRole("textbox", { name: "Code of the authenticator" }), "123456{Enter}");
  expect(await screen.findByText("DDDD-EEEE-FFFF")).toBeTruthy();
  expect(await accessibilityFindings()).toEqual([]);
  person = { ...me, authenticator: true, recoveryCodes: 2 };
  await user.click(screen.getByRole("button", { name: "Done" }));
  expect(await screen.findByText(/2 recovery codes are left/)).toBeTruthy();
  expect(screen.queryByText("DDDD-EEEE-FFFF")).toBeNull();
  expect(asked.filter(({ route }) => route.endsWith("/authenticator")).map(({ body }) => body)).toEqual([
    { password: "seven green pumps" },
    { code: "123456" },
  ]);
});
