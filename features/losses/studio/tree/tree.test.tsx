import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage, type Page, type Recorded } from "../../../../packages/studio/src/app/page.fixture.tsx";
import type { KnownReason } from "../../contract.ts";
import { reasonsInForce } from "../../model/reason-tree.ts";
import { views } from "../views.ts";
import { movedBefore } from "./moved-reason.ts";
import ReasonsCard from "./reasons-card.tsx";

afterEach(closePages);

const REASONS: readonly KnownReason[] = reasonsInForce(new Map()).map((held) => ({ id: `lossReason:${held.code}`, ...held }));
const open = (answers: Record<string, Recorded> = {}, language: "en" | "zh" = "en"): Promise<Page> =>
  openPage(<ReasonsCard />, {
    views,
    address: "/settings/plant",
    language,
    answers: { "GET /loss-reasons": REASONS, ...answers },
  });
const stored = (page: Page) =>
  page.asked.filter(({ route }) => route.startsWith("PUT /loss-reasons")).map(({ route, body }) => [route, body]);

test("[LS18] a reason is edited in both languages with its element, and retired", async () => {
  const forked = { id: "branch:n", name: "n", parent: "live", revision: 1, instant: 1, status: "open", createdBy: "person:a" };
  const page = await open({ "POST /branches": forked, "PUT /loss-reasons/technical.jam": REASONS[1]! });
  await userEvent.click(await screen.findByTitle("Edit Jam"));
  const dialog = await screen.findByRole("dialog");
  const title = within(dialog).getByLabelText(/Title, English/);
  await userEvent.clear(title);
  expect(within(dialog).getByRole("button", { name: /Propose|Store/ })).toHaveProperty("disabled", true);
  await userEvent.type(title, "Jammed");
  await userEvent.selectOptions(within(dialog).getByLabelText("Element of the time model"), "ADOT");
  await userEvent.click(within(dialog).getByRole("switch", { name: /Retired/ }));
  expect(await page.accessibilityFindings()).toEqual([]);
  await userEvent.click(within(dialog).getByRole("button", { name: "Propose" }));
  const { fields } = REASONS.find(({ code }) => code === "technical.jam")!;
  await waitFor(() =>
    expect(stored(page)).toEqual([
      [
        "PUT /loss-reasons/technical.jam",
        { fields: { ...fields, title: { en: "Jammed", zh: "卡料" }, element: "ADOT", isRetired: true }, expected: fields },
      ],
    ]),
  );
});

test("[LS18] reasons move among those of their group, and nothing else is stored", () => {
  const jam = REASONS.find(({ code }) => code === "technical.jam")!;
  const moved = movedBefore(REASONS, jam, 1);
  expect(moved.map(({ code }) => code).toSorted()).toEqual([jam.code, REASONS[REASONS.indexOf(jam) + 1]!.code].toSorted());
  const after = reasonsInForce(new Map(moved.map(({ code, fields }) => [code, fields])));
  const own = after.filter(({ group }) => group === "technical").map(({ code }) => code);
  expect(own.indexOf("technical.jam")).toBe(1);
  expect(movedBefore(REASONS, jam, -1)).toEqual([]);
});

test("[LS18] a new code is checked before it is stored; it reads in Chinese", async () => {
  await open();
  const [add] = await screen.findAllByRole("button", { name: "Add a reason" });
  await userEvent.click(add!);
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(within(dialog).getByLabelText(/^Code/), "jam");
  await within(dialog).findByText("There is a reason technical.jam already");
  closePages();
  const page = await open({}, "zh");
  await waitFor(() => screen.getByRole("button", { name: "添加分组" }));
  expect(stored(page)).toEqual([]);
  expect(await page.accessibilityFindings()).toEqual([]);
});
