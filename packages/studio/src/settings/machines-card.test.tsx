import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import type { ListedMachine } from "@doppelwerk/client";
import { closePages, openPage } from "../app/page.fixture.tsx";
import MachinesCard from "./machines-card.tsx";

afterEach(closePages);

const edge: ListedMachine = {
  id: "machine:1",
  name: "Edge box 3",
  kind: "edge",
  published: false,
  roles: ["operator"],
  state: "active",
  credential: "key",
  did: "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
  created: "2026-11-01T10:00:00Z",
  createdBy: "Mara Lindqvist",
  seen: { time: "2026-11-30T10:00:00Z", address: "192.0.2.7" },
  open: 2,
};
const scada: ListedMachine = {
  id: "machine:2",
  name: "SCADA",
  kind: "machine",
  published: false,
  roles: ["viewer"],
  state: "active",
  credential: "token",
  created: "2026-11-01T10:00:00Z",
  expires: "2027-11-01T10:00:00Z",
  open: 0,
};
const person = { id: "person:1", login: "mara", name: "Mara", roles: ["administrator"], authenticator: false, recoveryCodes: 0 };
const answers = { "GET /session": { accounts: true, person }, "GET /machines": { machines: [edge, scada] } };

test("[U164] an administrator sees which machines connect, since when and by whom, and adds one by a command that is shown once", async () => {
  const added = { ...edge, id: "machine:3", name: "Gateway", state: "waiting", codeUntil: "2026-11-30T10:15:00Z" };
  const { asked, accessibilityFindings } = await openPage(<MachinesCard />, {
    answers: {
      ...answers,
      "POST /machines": added,
      "POST /machines/machine:3/code": { machine: added, code: "ABCD-EFGH-JKMN-PQRS" },
    },
  });
  const row = within(await screen.findByRole("row", { name: /Edge box 3/ }));
  expect(row.getByText(/last seen .* from 192\.0\.2\.7 · 2 open now · added by Mara Lindqvist/)).toBeTruthy();
  expect(row.getByText(/did:key:z6Mkhaxg|did:key:z6MkhaXg/)).toBeTruthy();
  expect(within(screen.getByRole("row", { name: /SCADA/ })).getByText(/never seen · expires/)).toBeTruthy();
  const user = userEvent.setup();
  await user.type(screen.getByRole("textbox", { name: "Name of the machine" }), "Gateway");
  await user.click(screen.getByRole("button", { name: "Add machine" }));
  const command = await screen.findByRole("textbox", { name: /Run on Gateway, once, until/ });
  expect(command).toHaveProperty("value", `doppelwerk machines enrol ABCD-EFGH-JKMN-PQRS --server ${location.origin} --key machine.jwk`);
  expect(asked.find(({ route }) => route === "POST /machines")?.body).toEqual({ name: "Gateway", roles: ["viewer"] });
  expect(await accessibilityFindings()).toEqual([]);
});

test("[U164] a machine is disabled at once, gets another token, and is removed after a question", async () => {
  const { asked } = await openPage(<MachinesCard />, {
    answers: {
      ...answers,
      "PATCH /machines/machine:1": { ...edge, state: "disabled" },
      "POST /machines/machine:2/token": { machine: scada, token: "dwm_T0KEN" },
      "DELETE /machines/machine:1": {},
    },
  });
  const row = within(await screen.findByRole("row", { name: /Edge box 3/ }));
  const user = userEvent.setup();
  await user.click(row.getByRole("button", { name: "Disable" }));
  await waitFor(() => expect(asked.find(({ route }) => route.startsWith("PATCH"))?.body).toEqual({ disabled: true }));
  await user.click(within(screen.getByRole("row", { name: /SCADA/ })).getByRole("button", { name: "New token" }));
  expect(await screen.findByRole("textbox", { name: /Access token of SCADA/ })).toHaveProperty("value", "dwm_T0KEN");
  await user.click(row.getByRole("button", { name: "Remove" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByText(/can no longer connect/)).toBeTruthy();
  await user.click(dialog.getByRole("button", { name: "Remove machine" }));
  await waitFor(() => expect(asked.some(({ route }) => route === "DELETE /machines/machine:1")).toBe(true));
});

test("[U199] certificates of a machine are shown with until when they hold, and revoked at once", async () => {
  const certificates = [
    { kind: "tls", until: "2027-02-28T10:00:00Z" },
    { kind: "opcua", until: "2027-03-01T10:00:00Z" },
  ] as const;
  const { asked } = await openPage(<MachinesCard />, {
    answers: {
      ...answers,
      "GET /machines": { machines: [{ ...edge, certificates }, scada] },
      "DELETE /machines/machine:1/certificates": { revoked: 2 },
    },
  });
  const row = within(await screen.findByRole("row", { name: /Edge box 3/ }));
  expect(row.getByText(/certificate until 28 Feb 2027.* · OPC UA certificate until 1 Mar 2027/)).toBeTruthy();
  expect(within(screen.getByRole("row", { name: /SCADA/ })).queryByRole("button", { name: "Revoke certificates" })).toBeNull();
  await userEvent.setup().click(row.getByRole("button", { name: "Revoke certificates" }));
  await waitFor(() => expect(asked.some(({ route }) => route === "DELETE /machines/machine:1/certificates")).toBe(true));
});

test("[U164] without machines the card says what they are", async () => {
  await openPage(<MachinesCard />, { answers: { ...answers, "GET /machines": { machines: [] } } });
  expect(await screen.findByText(/connectors, edge boxes, SCADA clients/)).toBeTruthy();
});

test("[U198] a machine that came in by a credential is said to be of its issuer, with the reason while that does not hold, and gets no code", async () => {
  const robot: ListedMachine = {
    ...edge,
    name: "Robot 4 (Partner)",
    state: "withheld",
    issuer: "did:web:partner.example",
    withheld: { since: "2026-11-30T10:00:00Z", reason: "the credential was revoked" },
  };
  await openPage(<MachinesCard />, { answers: { ...answers, "GET /machines": { machines: [robot] } } });
  const row = within(await screen.findByRole("row", { name: /Robot 4/ }));
  row.getByText(/credential of did:web:partner\.example/);
  row.getByText(/the credential was revoked · last seen/);
  expect(row.queryByRole("button", { name: "New code" })).toBeNull();
  row.getByRole("button", { name: "Disable" });
});
