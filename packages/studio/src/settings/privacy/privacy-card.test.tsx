import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../app/page.fixture.tsx";
import { BreachSheet } from "./breach-sheet.tsx";
import PrivacyCard from "./privacy-card.tsx";

afterEach(closePages);

const texts = (en: string, zh: string) => ({ en, zh });
const data = [
  {
    id: "kernel.accounts",
    feature: "kernel",
    what: texts("Account", "账户"),
    purpose: texts("to let people in", "允许人员进入"),
    basis: { code: "contract", text: texts("contract", "合同") },
    places: [{ kind: "file", name: "accounts.json" }],
    kept: texts("until the person is erased", "直至人员被擦除"),
    erasure: { code: "erased", text: texts("erased", "擦除") },
    exported: true,
  },
];
const person = { id: "person:1", login: "ada", name: "Ada", roles: ["administrator"], authenticator: false, recoveryCodes: 0 };
const otto = {
  ...person,
  id: "person:2",
  login: "otto",
  name: "Otto",
  roles: ["viewer"],
  state: "active",
  created: "2026-11-01T00:00:00Z",
  sessions: [],
};
const answers = {
  "GET /session": { accounts: true, person },
  "GET /privacy/inventory": { data },
  "GET /accounts": { accounts: [otto] },
  "GET /privacy/timers": {
    timers: { texts: 365 },
    ran: { at: 1_796_017_478_231_042, documents: 2, keys: 1, salts: 0, accounts: 0, notReached: [] },
  },
  "PUT /privacy/timers": { timers: { texts: 365, accounts: 30 } },
  "GET /privacy/breaches": { limitHours: 72, breaches: [] },
  "POST /privacy/people/person:2/erasure": { documents: 1, notReached: [] },
};

test("[U192] an administrator reads what is kept of people, what for, how long and what an erasure does, and erases somebody who asks for it", async () => {
  const { accessibilityFindings, asked } = await openPage(<PrivacyCard />, { answers });
  const row = within(await screen.findByRole("row", { name: /Account/ }));
  for (const text of ["to let people in", "until the person is erased", "erased"]) expect(row.getByText(text)).toBeTruthy();
  const erase = await screen.findByRole("button", { name: "Erase" });
  expect(erase).toHaveProperty("disabled", true);
  fireEvent.click(screen.getByRole("combobox", { name: "Person" }));
  fireEvent.click(await screen.findByRole("option", { name: "Otto (otto)", hidden: true }));
  expect(await accessibilityFindings()).toEqual([]);
  fireEvent.click(erase);
  const dialog = within(await screen.findByRole("dialog", { name: "Erase a person" }));
  expect(dialog.getByText(/^Account, name and sessions of Otto/)).toBeTruthy();
  fireEvent.click(dialog.getByRole("radio", { name: "leave them without a name" }));
  fireEvent.click(dialog.getByRole("button", { name: "Erase" }));
  await waitFor(() => expect(asked.map(({ route }) => route)).toContain("POST /privacy/people/person:2/erasure"));
  expect(asked.find(({ route }) => route.endsWith("/erasure"))?.body).toEqual({ texts: "keep" });
});

test("[U192] a server without accounts has nobody to choose", async () => {
  await openPage(<PrivacyCard />, { answers: { ...answers, "GET /session": { accounts: false } }, language: "zh" });
  expect(await screen.findByText("允许人员进入")).toBeTruthy();
  expect(screen.queryByRole("combobox")).toBeNull();
});

const NOON = Date.UTC(2026, 10, 30, 12) * 1_000;
const breach = (id: string, more: object) => ({
  id: `breach:${id}`,
  what: `case ${id}`,
  people: 12,
  categories: [],
  measures: "",
  opened: "2026-11-30T11:00:00Z",
  openedBy: "Ada",
  known: "2026-11-30T10:54:00Z",
  deadline: "2026-12-03T10:54:00Z",
  evidence: [],
  ...more,
});

test("[U193] days are set after which data goes, with when that was done last; breaches have the hours that are left or over, and a report", async () => {
  const breaches = [
    breach("a", { deadline: "2026-12-03T10:54:00Z" }),
    breach("b", { deadline: "2026-11-30T08:30:00Z" }),
    breach("c", { reported: "2026-11-30T11:00:00Z" }),
    breach("d", { closed: { at: "2026-11-30T00:00:00Z", by: "Ada", reason: "encrypted" } }),
  ];
  const { accessibilityFindings, asked } = await openPage(<PrivacyCard />, {
    now: NOON,
    answers: { ...answers, "GET /session": { accounts: false }, "GET /privacy/breaches": { limitHours: 72, breaches } },
  });
  expect(await screen.findByText(/^Last done .*, 3 items removed$/)).toBeTruthy();
  expect(screen.getByLabelText("Notes")).toHaveProperty("value", "365 days");
  const save = screen.getByRole("button", { name: "Save" });
  expect(save).toHaveProperty("disabled", true);
  fireEvent.change(screen.getByLabelText("Accounts that expired"), { target: { value: "30" } });
  fireEvent.click(save);
  await waitFor(() => expect(asked.find(({ route }) => route === "PUT /privacy/timers")?.body).toEqual({ texts: 365, accounts: 30 }));
  for (const [name, state] of [
    ["case a", "70 h 54 min left"],
    ["case b", "3 h 30 min over time"],
    ["case c", "authority notified"],
    ["case d", "closed"],
  ] as const)
    expect(within(await screen.findByRole("row", { name: new RegExp(name) })).getByText(state)).toBeTruthy();
  expect(screen.getAllByRole("button", { name: "Report" })).toHaveLength(4);
  expect(await accessibilityFindings()).toEqual([]);
});

test("[U206] a case is opened with what is known, followed with the time that is left and evidence, notified, closed, and printed", async () => {
  const known = breach("a", { evidence: [{ file: "e.json", from: 3, to: 9, sha256: "ab12", at: "2026-11-30T11:30:00Z" }] });
  const printed: string[] = [];
  window.print = () => printed.push(document.querySelector(".dw-breach-sheet")?.textContent ?? "");
  const { accessibilityFindings, asked } = await openPage(<PrivacyCard />, {
    now: NOON,
    answers: {
      ...answers,
      "GET /session": { accounts: false },
      "GET /privacy/breaches": { limitHours: 72, breaches: [known] },
      "POST /privacy/breaches": known,
      "PATCH /privacy/breaches/breach:a": known,
      "POST /privacy/breaches/breach:a/evidence": known,
      "POST /privacy/breaches/breach:a/closing": known,
      "GET /privacy/breaches/breach:a/report": "# Breach\n\n- **Known**: today\n",
    },
  });
  const bodyOf = (route: string): unknown => asked.find((one) => decodeURIComponent(one.route) === route)?.body;
  fireEvent.click(await screen.findByRole("button", { name: "Open a case" }));
  let dialog = within(await screen.findByRole("dialog", { name: "Open a case" }));
  expect(dialog.getByRole("button", { name: "Open" })).toHaveProperty("disabled", true);
  fireEvent.change(dialog.getByLabelText("What happened"), { target: { value: "a lost laptop" } });
  fireEvent.change(dialog.getByLabelText("People concerned"), { target: { value: "7" } });
  expect(await accessibilityFindings()).toEqual([]);
  fireEvent.click(dialog.getByRole("button", { name: "Open" }));
  await waitFor(() =>
    expect(bodyOf("POST /privacy/breaches")).toEqual({
      known: new Date(NOON / 1_000).toISOString(),
      what: "a lost laptop",
      categories: [],
      people: 7,
      measures: "",
    }),
  );
  fireEvent.click(within(await screen.findByRole("row", { name: /case a/ })).getByRole("button", { name: "Follow" }));
  dialog = within(await screen.findByRole("dialog", { name: "Breach of personal data" }));
  expect(dialog.getByRole("status").textContent).toMatch(/70 h 54 min left · the authority is notified by/);
  expect(dialog.getByText("3–9")).toBeTruthy();
  expect(await accessibilityFindings()).toEqual([]);
  fireEvent.change(dialog.getByLabelText("From entry"), { target: { value: "4" } });
  fireEvent.click(dialog.getByRole("button", { name: "Keep as evidence" }));
  await waitFor(() => expect(bodyOf("POST /privacy/breaches/breach:a/evidence")).toEqual({ from: 4, to: 4 }));
  fireEvent.click(dialog.getByRole("button", { name: "The authority was notified now" }));
  await waitFor(() => expect(bodyOf("PATCH /privacy/breaches/breach:a")).toEqual({ reported: true }));
  expect(dialog.getByRole("button", { name: "Close the case" })).toHaveProperty("disabled", true);
  fireEvent.change(dialog.getByLabelText("Why the case is closed"), { target: { value: "it was encrypted" } });
  fireEvent.click(dialog.getByRole("button", { name: "Close the case" }));
  await waitFor(() => expect(bodyOf("POST /privacy/breaches/breach:a/closing")).toEqual({ reason: "it was encrypted" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  fireEvent.click(within(await screen.findByRole("row", { name: /case a/ })).getByRole("button", { name: "Print" }));
  await waitFor(() => expect(printed).toHaveLength(1));
});

test("[U206] the report on paper has its headings, its lines and what it lists, and goes once it was printed", async () => {
  window.print = () => {};
  let gone = 0;
  const text = "# Breach\n\n- **Known**: today\n  - accounts\n\n## What happened\n\na lost laptop\n";
  await openPage(<BreachSheet text={text} onPrinted={() => gone++} />, { answers });
  const sheet = document.querySelector(".dw-breach-sheet")!;
  expect([...sheet.querySelectorAll("h1, h2, p")].map(({ textContent }) => textContent)).toEqual([
    "Breach",
    "Known: today",
    "· accounts",
    "What happened",
    "a lost laptop",
  ]);
  window.dispatchEvent(new Event("afterprint"));
  expect(gone).toBe(1);
});
