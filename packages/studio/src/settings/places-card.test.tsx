import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import { assignmentsOf, rolesOf, textOfAssignments, textOfRoles } from "./place-lines.ts";
import PlacesCard from "./places-card.tsx";

afterEach(closePages);

const person = { id: "person:1", login: "mara", name: "Mara", roles: ["administrator"], authenticator: false, recoveryCodes: 0 };
const session = { accounts: true, person };
const accounts = [
  { id: "person:1", login: "mara", name: "Mara", roles: ["administrator"], state: "active", sessions: [] },
  { id: "person:2", login: "ida", name: "Ida", roles: ["engineer"], state: "active", sessions: [] },
];
const places = [
  { id: "shell:1", name: "Hall 1", kind: "area" },
  { id: "shell:2", name: "Hall 2", kind: "area" },
];
const halls = {
  id: "placeRoles:1",
  name: "Halls",
  roles: [
    { name: "shift lead", actions: ["acknowledge", "command"] },
    { name: "quality", actions: ["edit", "alarms.shelve"], classes: ["Quality"] },
  ],
  assignments: [{ who: "person:2", role: "shift lead", place: "shell:1" }],
  enabled: true,
  otherwise: "roles",
};
const ACTIONS = ["edit", "propose", "approve", "acknowledge", "command", "enter"];
const shelve = {
  id: "alarms.shelve",
  feature: "alarms",
  action: "acknowledge",
  title: { en: "Shelve and unshelve", zh: "搁置与解除搁置" },
  operations: ["alarms.shelve", "alarms.unshelve"],
};
const answers = {
  "GET /session": session,
  "GET /accounts": { accounts },
  "GET /machines": { machines: [] },
  "GET /place-roles/actions": { actions: ACTIONS, acts: [shelve] },
  "GET /places": { places, counts: {}, findings: [] },
};

test("[U185] roles and assignments are written one a line with names, checked, and saved", async () => {
  const { asked, accessibilityFindings } = await openPage(<PlacesCard />, {
    answers: {
      ...answers,
      "GET /place-roles": { sets: [halls] },
      "POST /place-roles/preview": {
        people: [{ id: "person:2", name: "Ida", gained: 0, lost: 12, examples: [{ id: "edit · Hall 2", kind: "place", change: "lost" }] }],
      },
      "PUT /place-roles/placeRoles%3A1": halls,
    },
  });
  expect(await screen.findByText(/they give beside the roles of the server/)).toBeTruthy();
  const user = userEvent.setup();
  const edit = within(screen.getByRole("row", { name: /Halls/ })).getByRole<HTMLButtonElement>("button", { name: "Edit" });
  await waitFor(() => expect(edit.disabled).toBe(false));
  await user.click(edit);
  const dialog = within(await screen.findByRole("dialog"));
  const [roles, given] = ["Roles", "Assignments"].map((name) => dialog.getByRole<HTMLTextAreaElement>("textbox", { name }));
  expect([roles!.value, given!.value]).toEqual([
    "shift lead: acknowledge, command\nquality: edit, alarms.shelve [Quality]",
    "ida; shift lead; Hall 1",
  ]);
  await user.click(dialog.getByText("Actions of features"));
  expect(within(dialog.getByRole("row", { name: /alarms\.shelve/ })).getByText("Shelve and unshelve")).toBeTruthy();
  await user.click(dialog.getByRole("switch", { name: /Refuse what no assignment gives/ }));
  await user.type(given!, "\nida; shift lead; Hall 9");
  await dialog.findByText(/line 2 names nobody/);
  expect(dialog.getByRole<HTMLButtonElement>("button", { name: "Check" }).disabled).toBe(true);
  await user.type(given!, "{Backspace}2; 2026-12-31T22:00:00Z");
  expect(dialog.queryByRole("button", { name: "Save" })).toBeNull();
  await user.click(dialog.getByRole("button", { name: "Check" }));
  await dialog.findByText("− edit · Hall 2");
  expect(await accessibilityFindings()).toEqual([]);
  await user.click(dialog.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(asked.some(({ route }) => route.startsWith("PUT /place-roles"))).toBe(true));
  expect(asked.find(({ route }) => route.startsWith("PUT"))?.body).toEqual({
    name: "Halls",
    roles: halls.roles,
    assignments: [...halls.assignments, { who: "person:2", role: "shift lead", place: "shell:2", until: "2026-12-31T22:00:00.000Z" }],
    enabled: true,
    otherwise: "deny",
  });
});

test("[U185] without roles at places the card says what they are for", async () => {
  await openPage(<PlacesCard />, { answers: { ...answers, "GET /place-roles": { sets: [] } } });
  await screen.findByText(/count everywhere/);
});

test("[U185] lines are read as they are written; of two with one name the id is", () => {
  const names = { who: [{ id: "person:2", name: "ida" }], places: [...places, { id: "shell:3", name: "Hall 2" }] };
  const assignments = [
    { who: "person:2", role: "lead", place: "shell:1" },
    { who: "role:engineer", role: "engineer", place: "*" },
    { who: "machine:7", role: "lead", place: "shell:2", until: "2026-12-31T22:00:00.000Z" },
  ];
  const text = textOfAssignments(assignments, names);
  expect(text.split("\n")[2]).toBe("machine:7; lead; shell:2; 2026-12-31T22:00:00.000Z");
  expect(assignmentsOf(text, names)).toEqual(assignments);
  for (const wrong of [
    "ida; lead",
    "otto; lead; Hall 1",
    "ida; ; Hall 1",
    "ida; lead; Hall 2",
    "ida; lead; *; soon",
    "ida; lead; *; 2026-12-31; x",
  ])
    expect(assignmentsOf(`\n${wrong}`, names), wrong).toEqual({ line: 2 });
  expect(rolesOf(textOfRoles(halls.roles), new Set([...ACTIONS, shelve.id]))).toEqual(halls.roles);
  for (const wrong of ["lead", "lead: fly", "a@b: edit", ": edit"]) expect(rolesOf(wrong, new Set(ACTIONS)), wrong).toEqual({ line: 1 });
});
