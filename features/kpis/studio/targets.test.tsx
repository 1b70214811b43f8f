import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { z } from "@doppelwerk/kit";
import { TargetMark } from "@doppelwerk/kit/studio";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import { KnownTargets } from "../contract.ts";
import { SHIPPED_TARGETS } from "../model/targets-in-force.ts";
import { draftsOf, faultOf, storedOf } from "./target-draft.ts";
import TargetsCard from "./targets-card.tsx";
import { views } from "./views.ts";

afterEach(closePages);

const place: KnownTargets = {
  id: "kpiTargets:1",
  title: { en: "Line 3", zh: "3 号线" },
  targets: SHIPPED_TARGETS,
  stored: {},
  shipped: SHIPPED_TARGETS,
};
const PUT = `PUT /kpi-targets/${place.id}`;
const BRANCH = { id: "branch:1", name: "Targets", parent: "live", baseRevision: 1, instant: 1, createdBy: "", createdAt: 1 };
const open = (answers: Record<string, Recorded> = {}, query = "", language: "en" | "zh" = "en"): Promise<Page> =>
  openPage(<TargetsCard />, { views, address: `/settings${query}`, language, answers: { "GET /kpi-targets": [place], ...answers } });

test("[KP4] the card stands with each KPI, its target and where it comes from", async () => {
  expect(z.array(KnownTargets).parse([place])).toEqual([place]);
  await open({
    "GET /kpi-targets": [{ ...place, stored: { oee: { target: 0.8, warning: 0.7 } }, targets: { oee: { target: 0.8, warning: 0.7 } } }],
  });
  const row = (await screen.findByText("OEE")).closest("tr")!;
  expect(row.textContent).toMatch(/80\s%.*70\s%.*changed/);
});

test("[KP6] on live an edit is proposed by keyboard: only what differs from the shipped targets is stored", async () => {
  const user = userEvent.setup();
  const page = await open({ "POST /branches": BRANCH, [PUT]: place });
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  const oee = screen.getByLabelText("Target of OEE");
  oee.focus();
  await user.keyboard("{Control>}a{/Control}80,5{Enter}");
  await waitFor(() => expect(page.studio.address.store.get().branch).toBe(BRANCH.id));
  expect(page.asked.find(({ route }) => route === PUT)?.body).toEqual({
    stored: { oee: { target: 0.805, warning: 0.75 } },
    expected: {},
  });
});

test("[KP6] what cannot be is named beside its field and stores nothing; a refusal says why and keeps what was typed", async () => {
  const user = userEvent.setup();
  const refusal = { status: 409, body: { error: { code: "DW_CONFLICT", message: "somebody changed it" } } };
  const page = await open({ [PUT]: refusal }, `?branch=${BRANCH.id}`);
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  const warning = screen.getByLabelText("Warning limit of OEE") as HTMLInputElement;
  await user.clear(warning);
  await user.type(warning, "90");
  within(screen.getByRole("group", { name: "OEE" })).getByText("Must not be above the target");
  const store = screen.getByRole("button", { name: "Save on this branch" }) as HTMLButtonElement;
  expect(store.disabled).toBe(true);
  await user.clear(warning);
  await user.type(warning, "60");
  await user.click(store);
  await waitFor(() => expect(page.studio.notices.get().at(-1)).toMatchObject({ detail: "somebody changed it" }));
  expect(warning.value).toBe("60");
});

test("[KP6] axe finds nothing serious in the card and in the form, in either language", async () => {
  const page = await open();
  await userEvent.click(await screen.findByRole("button", { name: "Edit" }));
  expect(await page.accessibilityFindings()).toEqual([]);
  closePages();
  const chinese = await open({}, "", "zh");
  await screen.findByRole("button", { name: "编辑" });
  expect(await chinese.accessibilityFindings()).toEqual([]);
});

test("[KP7] beside a KPI stands its target with the deviation, and in words whether it is reached", async () => {
  const target = { target: 0.85, warning: 0.75, better: 1 } as const;
  const mark = async (value: number | undefined, isShort = false) => {
    await openPage(<TargetMark value={value} target={target} factor={100} digits={1} isShort={isShort} />, { answers: {} });
    const text = document.querySelector(".dw-target")?.textContent;
    closePages();
    return text;
  };
  expect(await mark(0.9)).toMatch(/^target 85.0\s% ?● \+5.0on target$/);
  expect(await mark(0.8)).toMatch(/▲ −5.0below the target$/);
  expect(await mark(0.7, true)).toMatch(/^◆ −15.0beyond the warning limit$/);
  expect(await mark(undefined)).toMatch(/^target 85.0\s%$/);
  expect(await mark(undefined, true)).toBeUndefined();
});

test("[KP6] targets that are opened and stored unchanged are the same; a shipped one that is emptied is none", () => {
  expect(storedOf(draftsOf({}))).toEqual({});
  const stored = { oee: { target: 0.805, warning: 0.7 }, qualityRatio: "none" as const, leadTimeS: { target: 5_400, warning: 6_000 } };
  expect(storedOf(draftsOf(stored))).toEqual(stored);
  expect(faultOf("oee", { target: "101", warning: "90" })).toBe("ratio");
  expect(faultOf("oee", { target: "80", warning: "" })).toBe("number");
  expect(faultOf("leadTimeS", { target: "10", warning: "9" })).toBe("above");
});
