import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { z } from "@doppelwerk/kit";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import { Command, CommandTarget } from "../contract.ts";
import Commands from "./commands.tsx";
import { RECORDED_AT, commands, targets } from "./recorded.fixture.ts";
import WaitingBanner from "./waiting-banner.tsx";

afterEach(closePages);

const [waiting, refused] = [commands[0]!, commands[1]!];
const open = (answers: Record<string, Recorded> = {}): Promise<Page> =>
  openPage(<Commands />, { now: RECORDED_AT, answers: { "GET /commands/targets": targets, "GET /commands": [refused], ...answers } });

test("[CM2] what the page was drawn from is what the contract says today", () => {
  expect(z.array(CommandTarget).parse(targets)).toEqual(targets);
  expect(z.array(Command).parse(commands)).toEqual(commands);
});

test("[CM2] a value is asked for by keyboard alone: signal, value, reason, Enter; then the form is empty again", async () => {
  const user = userEvent.setup();
  const page = await open({ "POST /commands": waiting });
  await user.click(await screen.findByRole("combobox", { name: "Signal" }));
  await user.keyboard("Air{ArrowDown}{Enter}");
  const button = screen.getByRole<HTMLButtonElement>("button", { name: "Request" });
  expect(button.disabled).toBe(true);
  await user.click(screen.getByLabelText("Value"));
  await user.keyboard("4");
  expect(button.disabled).toBe(true);
  await user.click(screen.getByLabelText("Why"));
  await user.keyboard("second trial{Enter}");
  await waitFor(() => expect(page.asked.filter(({ route }) => route === "POST /commands")).toHaveLength(1));
  expect(page.asked.find(({ route }) => route === "POST /commands")?.body).toEqual({
    signal: waiting.signal,
    value: 4,
    reason: "second trial",
  });
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>("Value").value).toBe(""));
});

test("[CM4] [CM10] a safety function, a plant that is away and a condition that does not stand cannot be asked for, and say so", async () => {
  const [first] = targets;
  const cases: readonly [Partial<CommandTarget>, RegExp][] = [
    [{ safety: true }, /safety/i],
    [{ connected: false }, /not connected/i],
    [{ conditions: [{ signal: "signal:mode", name: "Mode", equals: "setup", value: "run", holds: false }] }, /Mode.*setup.*run/],
  ];
  for (const [change, told] of cases) {
    const user = userEvent.setup();
    const page = await open({ "GET /commands/targets": [{ ...first!, ...change }] });
    await user.click(await screen.findByRole("combobox", { name: "Signal" }));
    await user.keyboard("{ArrowDown}{Enter}");
    await screen.findByText(told);
    await user.type(screen.getByLabelText("Value"), "4");
    await user.type(screen.getByLabelText("Why"), "a trial{Enter}");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Request" }).disabled).toBe(true);
    expect(page.asked.some(({ route }) => route === "POST /commands")).toBe(false);
    closePages();
  }
});

test("[CM2] what waits is confirmed only by repeating its value", async () => {
  const user = userEvent.setup();
  const page = await open({ "GET /commands": [waiting], [`POST /commands/${waiting.id}/confirm`]: { ...waiting, state: "done" } });
  const confirm = await screen.findByRole<HTMLButtonElement>("button", { name: /Confirm/ });
  expect(confirm.disabled).toBe(true);
  const field = screen.getByLabelText(/Repeat/);
  await user.type(field, "5");
  expect(confirm.disabled).toBe(true);
  await user.clear(field);
  await user.type(field, "4{Enter}");
  await waitFor(() => expect(page.asked.find(({ route }) => route.endsWith("/confirm"))?.body).toEqual({ value: 4 }));
});

test("[CM5] a request whose time is over cannot be confirmed any more", async () => {
  await openPage(<Commands />, {
    now: waiting.expiresAt,
    answers: { "GET /commands/targets": targets, "GET /commands": [waiting] },
  });
  await userEvent.type(await screen.findByLabelText(/Repeat/), "4");
  expect(screen.getByRole<HTMLButtonElement>("button", { name: /Confirm/ }).disabled).toBe(true);
});

test("[CM3] the journal shows who, when, before and after, and why the plant refused", async () => {
  await open();
  const row = (await screen.findByText("BadNotWritable")).closest("tr")!;
  for (const shown of ["Air pressure", "trial", "Ada Fischer"])
    expect(within(row).getAllByText(new RegExp(shown)).length).toBeGreaterThan(0);
  expect(row.textContent).toContain("6.49 → –");
});

test("[CM1] without anything that may be commanded the page says what to do; without a journal it says that nothing was written", async () => {
  await open({ "GET /commands/targets": [], "GET /commands": [] });
  await screen.findByText("No machine accepts commands");
  expect(screen.queryByRole("combobox", { name: "Signal" })).toBeNull();
  expect(screen.queryByRole("table")).toBeNull();
});

test("[CM2] a server that fails is named with a way to try again, a refused request beside its form", async () => {
  const user = userEvent.setup();
  const unavailable = { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "the disk is full" } } };
  const page = await open({ "GET /commands": unavailable });
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("the disk is full");
  Object.assign(page.answers, { "GET /commands": [refused], "POST /commands": unavailable });
  await user.click(within(alert).getByRole("button"));
  await user.click(await screen.findByRole("combobox", { name: "Signal" }));
  await user.keyboard("Air{ArrowDown}{Enter}");
  await user.type(screen.getByLabelText("Value"), "4");
  await user.type(screen.getByLabelText("Why"), "a trial{Enter}");
  await screen.findByText("the disk is full");
  // what was typed stays
  expect(screen.getByLabelText<HTMLInputElement>("Why").value).toBe("a trial");
});

test("[CM10] axe finds nothing serious on the page, waiting or empty", async () => {
  const page = await open({ "GET /commands": commands });
  await screen.findByText("BadNotWritable");
  expect(await page.accessibilityFindings()).toEqual([]);
});

const MINUTE = 60_000_000;
const classed: Command = {
  ...waiting,
  state: "requested",
  expiresAt: RECORDED_AT + 5 * MINUTE,
  requestedByName: "Otto",
  confirmations: [{ by: "person:1", name: "Ida", at: RECORDED_AT - MINUTE }],
  lacking: [{ class: "Machines", roles: ["engineer"], approvers: 2, missing: 1 }],
  mayConfirm: false,
};

test("[U205] a command that lacks confirmations says whose it has, how many of whom it needs and until when; who may not confirm it withdraws it alone", async () => {
  const page = await open({ "GET /commands": [classed] });
  await screen.findByText(/confirmed by Ida/);
  await screen.findByText(/Machines: 1 more confirmation by other people \(engineer\) until/);
  expect(screen.queryByRole("button", { name: "Confirm and write" })).toBeNull();
  expect(screen.getByRole("button", { name: "Withdraw" })).toBeTruthy();
  expect(await page.accessibilityFindings()).toEqual([]);
  closePages();
  await open({ "GET /commands": [{ ...classed, mayConfirm: true }] });
  expect(await screen.findByRole("button", { name: "Confirm and write" })).toBeTruthy();
});

test("[U205] whoever may confirm a command of somebody else finds it on every page, with the way there", async () => {
  const page = await openPage(<WaitingBanner />, {
    now: RECORDED_AT,
    answers: { "GET /commands/waiting": [{ ...classed, mayConfirm: true }] },
  });
  const banner = await screen.findByRole("status");
  expect(banner.textContent).toMatch(/Otto asks you to confirm .* → .* until/);
  await userEvent.setup().click(within(banner).getByRole("button", { name: "Open" }));
  await waitFor(() => expect(page.studio.address.store.get()).toMatchObject({ view: "connect", detail: "commands" }));
  closePages();
  await openPage(<WaitingBanner />, { now: RECORDED_AT, answers: { "GET /commands/waiting": [] } });
  expect(screen.queryByRole("status")).toBeNull();
});
