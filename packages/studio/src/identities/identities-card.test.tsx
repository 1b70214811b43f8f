import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import type { ListedIdentity } from "@doppelwerk/client";
import { closePages, openPage } from "../app/page.fixture.tsx";
import IdentitiesCard from "./identities-card.tsx";

afterEach(closePages);

const person = { id: "person:1", login: "mara", name: "Mara", roles: ["administrator"], authenticator: false, recoveryCodes: 0 };
const own: ListedIdentity = {
  id: "session:s1",
  kind: "session",
  name: "Mara",
  person: "person:1",
  state: "open",
  roles: ["administrator"],
  places: [],
  since: "2026-11-30T08:00:00Z",
  proof: "passkey",
  seen: { time: "2026-11-30T10:00:00Z", address: "192.0.2.1" },
  agent: "Firefox 140",
  own: true,
};
const ben: ListedIdentity = {
  ...own,
  id: "session:s2",
  name: "Ben",
  person: "person:2",
  roles: ["operator"],
  proof: "password",
  own: false,
  places: [{ role: "engineer", place: "Hall 2", until: "2026-12-24T00:00:00Z" }, { role: "maintenance" }],
};
const robot: ListedIdentity = {
  id: "machine:1",
  kind: "machine",
  name: "Robot 4 (Partner)",
  state: "withheld",
  roles: ["viewer"],
  places: [],
  since: "2026-11-01T08:00:00Z",
  proof: "credential",
  did: "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
  issuer: "did:web:partner.example",
  open: 2,
};
const press: ListedIdentity = {
  id: "connection:default/connection:press",
  kind: "connector",
  name: "Press",
  state: "open",
  roles: [],
  places: [],
  proof: "none",
  did: "did:key:zDnaeUKTWUXc1HDpGfKbEK31nKLN19yX5aunFd7VK1CUMeyJu",
  place: "Werk 1",
  seen: { time: "2026-11-30T10:00:00Z", address: "192.0.2.7:4840" },
  switched: true,
};
const saw: ListedIdentity = {
  ...press,
  id: "connection:default/connection:saw",
  name: "Saw",
  state: "disabled",
  proof: "certificate",
  commands: true,
};
const broker: ListedIdentity = { ...press, id: "connection:default/mqtt", kind: "service", name: "mqtt://broker", state: "waiting" };
const customer: ListedIdentity = {
  ...press,
  id: "grant:1",
  kind: "link",
  name: "Customer",
  roles: ["viewer"],
  proof: "link",
  seen: undefined,
};
const avatar: ListedIdentity = {
  ...ben,
  id: "avatar:default/s3",
  kind: "avatar",
  name: "Ben",
  roles: [],
  places: [],
  proof: "session",
  session: "s2",
  did: "did:web:plant.example/people/2#default-s3",
};
const gone: ListedIdentity = {
  id: "session:s0",
  kind: "session",
  state: "ended",
  roles: ["viewer"],
  places: [],
  proof: "badge",
  seen: { time: "2026-09-30T10:00:00Z" },
  ended: { at: "2026-09-30T12:00:00Z", why: "administrator", by: "Mara" },
};
const listOf = (...identities: readonly ListedIdentity[]) => ({
  identities,
  total: identities.length,
  counts: { session: { now: 2, ended: 1 }, machine: { now: 1, ended: 0 } },
  rules: true,
  named: true,
});
const answers = { "GET /session": { accounts: true, person }, "GET /identities": listOf(own, ben, robot, press) };

test("[U196] of each identity stands who it is, what it may in plain words, how it proves itself, when and from where it spoke, and who enrolled it", async () => {
  const { asked, accessibilityFindings } = await openPage(<IdentitiesCard />, { answers });
  const row = within(await screen.findByRole("row", { name: /Ben/ }));
  row.getByText(/looks, comments, acknowledges, commands, forks and runs/);
  row.getByText(/engineer: Hall 2 · until Thu 24 Dec/);
  row.getByText("maintenance: everywhere");
  row.getByText("192.0.2.1");
  const machine = within(screen.getByRole("row", { name: /Robot 4/ }));
  machine.getByText(/credential of its company/);
  machine.getByText(/vouched for by did:web:partner\.example · since/);
  machine.getByText(/its credential does not hold/);
  expect(screen.getByText("3 now, 1 ended")).toBeTruthy();
  screen.getByText(/Access rules decide beside this/);
  // not what one looks with
  expect(within(screen.getByRole("row", { name: /this is you/ })).queryByRole("button")).toBeNull();
  expect(asked.some(({ route }) => route.startsWith("GET /identities"))).toBe(true);
  expect(await accessibilityFindings()).toEqual([]);
});

test("[U196] an administrator ends an identity after a question, and reads what ended, when, why and by whom", async () => {
  let ended = false;
  const { asked, accessibilityFindings } = await openPage(<IdentitiesCard />, {
    answers: {
      ...answers,
      "GET /identities": () => (ended ? listOf(gone) : listOf(own, ben, robot)),
      "DELETE /accounts/person:2/sessions/s2": {},
      "DELETE /machines/machine:1": {},
    },
  });
  const user = userEvent.setup();
  for (const [name, route, text] of [
    [/Ben/, "DELETE /accounts/person:2/sessions/s2", /logged out there within a second/],
    [/Robot 4/, "DELETE /machines/machine:1", /its credentials are revoked/],
  ] as const) {
    await user.click(within(await screen.findByRole("row", { name })).getByRole("button", { name: "End" }));
    const dialog = within(await screen.findByRole("dialog"));
    dialog.getByText(text);
    await user.click(dialog.getByRole("button", { name: "End everywhere" }));
    await waitFor(() => expect(asked.some((each) => each.route === route)).toBe(true));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  }
  ended = true;
  await user.click(screen.getByRole("radio", { name: "Ended" }));
  const row = within(await screen.findByRole("row", { name: /somebody who is gone/ }));
  row.getByText("ended by an administrator · Mara");
  row.getByText("address deleted after 30 days");
  expect(row.queryByRole("button")).toBeNull();
  expect(await accessibilityFindings()).toEqual([]);
});

test("[U215] connections that the server opens, links and avatars stand with what they do, their DID and their state; a connection that was ended is opened again", async () => {
  const { asked, accessibilityFindings } = await openPage(<IdentitiesCard />, {
    answers: {
      ...answers,
      "GET /identities": listOf(press, saw, broker, customer, avatar),
      "PUT /identities/connection:default/connection:press/open": {},
      "PUT /identities/connection:default/connection:saw/open": {},
      "PUT /identities/connection:default/connection:saw/published": {},
      "PUT /identities/grant:1/open": {},
      "DELETE /accounts/person:2/sessions/s2": {},
    },
  });
  const user = userEvent.setup();
  const row = (name: RegExp) => within(screen.getByRole("row", { name }));
  await screen.findByRole("row", { name: /Press/ });
  row(/Press/).getByText(/Connection to a plant · Werk 1 · did:key/);
  row(/Press/).getByText(/nothing; the other side asks for none/);
  row(/Press/).getByText("connected");
  row(/Saw/).getByText("reads a plant, and writes commands that are confirmed");
  row(/Saw/).getByText("ended; stays closed until it is opened");
  row(/mqtt:/).getByText("publishes what is live");
  row(/Customer/).getByText("reads what the link shares");
  row(/Ben/).getByText("is seen in the world by whoever is there");
  for (const [name, route, text] of [
    [
      /Press/,
      "PUT /identities/connection:default/connection:press/open",
      /stays closed, over a restart too, until somebody opens it again/,
    ],
    [/Customer/, "PUT /identities/grant:1/open", /reads nothing more within a second/],
    [/Ben/, "DELETE /accounts/person:2/sessions/s2", /logged out there within a second/],
  ] as const) {
    await user.click(row(name).getByRole("button", { name: "End" }));
    const dialog = within(await screen.findByRole("dialog"));
    dialog.getByText(text);
    await user.click(dialog.getByRole("button", { name: /^End (everywhere|the connection)$/ }));
    await waitFor(() => expect(asked.some((each) => each.route === route)).toBe(true));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  }
  await user.click(row(/Saw/).getByRole("button", { name: "Open" }));
  await user.click(row(/Saw/).getByRole("button", { name: "Publish its DID" }));
  await waitFor(() =>
    expect(asked.filter(({ route }) => /connection:saw/.test(route)).map(({ body }) => body)).toEqual([
      { open: true },
      { published: true },
    ]),
  );
  expect(await accessibilityFindings()).toEqual([]);
});
