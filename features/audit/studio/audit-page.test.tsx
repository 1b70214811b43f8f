import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { figureAuditShape, type AuditItem, type FigureAudit } from "@doppelwerk/ports";
import type { Snapshot } from "@doppelwerk/client";
import { closePages, openPage, type Page } from "../../../packages/studio/src/app/page.fixture.tsx";
import { snapshot } from "../../../apps/doppelwerk/src/studio/recorded.fixture.ts";
import { AuditInputs } from "../contract.ts";
import AuditPage from "./audit-page.tsx";
import { views } from "./views.ts";

afterEach(closePages);

const FROM = Date.UTC(2026, 10, 24, 6) * 1_000;
const HOUR = 3_600_000_000;
const text = (code: string, params = {}) => ({ code, params });

const availability: FigureAudit = {
  id: "oee.availability",
  group: "oee",
  title: text("shifts.audit.availability"),
  value: 23_320 / 25_800,
  unit: "ratio",
  from: FROM,
  to: FROM + 8 * HOUR,
  rule: text("shifts.audit.availabilityRule"),
  standard: "ISO 22400-2",
  operator: "quotient",
  terms: [
    { title: text("shifts.audit.actualProduction"), value: 23_320, unit: "s" },
    { title: text("shifts.audit.plannedBusy"), value: 25_800, unit: "s", figure: "oee.plannedBusy" },
  ],
  stations: ["S090"],
  notes: [],
};
const plannedBusy: FigureAudit = {
  ...availability,
  id: "oee.plannedBusy",
  title: text("shifts.audit.plannedBusy"),
  value: 25_800,
  unit: "s",
  operator: undefined,
  terms: [],
};
const inputs: AuditInputs = {
  figure: availability,
  signals: [],
  states: [{ station: "S090", spans: [{ from: FROM, to: FROM + HOUR, state: "working", word: "20" }], count: 1 }],
  plan: [{ kind: "planned", from: FROM, to: FROM + 8 * HOUR }],
  gaps: [{ station: "S090", from: FROM + HOUR, to: FROM + 8 * HOUR }],
  items: [],
  itemCount: 0,
  hidden: 0,
};
/** Two alarms of which one is shelved, counted at an instant. */
const alarms: FigureAudit = {
  ...availability,
  id: "alarms.active",
  group: "alarms",
  title: text("alarms.audit.active"),
  value: 1,
  unit: "alarms",
  from: FROM,
  to: FROM,
  rule: text("alarms.audit.activeRule"),
  operator: "sum",
  terms: [1, 2, 3, 4].map((priority) => ({
    title: text("alarms.audit.priority", { priority }),
    value: priority === 1 ? 1 : 0,
    unit: "alarms",
  })),
  stations: [],
  facts: [text("places.audit.unacknowledged", { count: 1 })],
};
const item = (title: string, more: Pick<AuditItem, "isCounted"> & Partial<AuditItem>) => ({
  title: text("alarms.audit.titleAt", { station: "S010", title: { en: title, zh: title }, named: "no" }),
  from: FROM,
  value: 1,
  unit: "alarms",
  ...more,
});
const pieces: AuditInputs = {
  ...inputs,
  figure: alarms,
  states: [],
  plan: undefined,
  gaps: [],
  items: [
    item("Failed", { isCounted: true, to: FROM + HOUR }),
    item("Door open", { isCounted: false, why: text("alarms.audit.shelved", { reason: "repair" }) }),
  ],
  itemCount: 2,
};

function open(query: string, language: "en" | "zh" = "en"): Promise<Page> {
  return openPage(<AuditPage />, {
    views,
    address: `/board${query}`,
    language,
    answers: {
      "GET /audit": { figures: [availability, plannedBusy], title: { en: "Line 3", zh: "3 号线" }, timeZone: "Etc/UTC" },
      "GET /audit/inputs": inputs,
    },
  });
}

test("[AU4] ?audit shows each figure with its formula in numbers; one opens with rule, terms, states and gaps, and a term leads to its figure", async () => {
  expect(figureAuditShape.array().parse([availability, plannedBusy])).toHaveLength(2);
  expect(AuditInputs.parse(inputs).states).toHaveLength(1);
  const user = userEvent.setup();
  const page = await open("?audit");
  const row = await screen.findByRole("button", { name: /^Availability/ });
  expect(row.textContent).toMatch(/23,320\ss ÷ 25,800\ss = 90\.4\s%/);
  await user.click(row);
  expect(page.studio.address.store.get().audit).toBe("oee.availability");
  expect(await screen.findByText("Rule (ISO 22400-2)")).toBeDefined();
  expect((await screen.findByRole("table", { name: /States of S090/ })).textContent).toMatch(/Running.*20.*3,600\.0\ss/);
  expect(screen.getByText(/^S090: nothing is known from/).textContent).toMatch(/7\sh/);
  expect(await page.accessibilityFindings()).toEqual([]);
  const terms = screen.getByRole("list", { name: "Actual production time ÷ Planned busy time" });
  await user.click(within(terms).getByRole("button", { name: "Planned busy time" }));
  expect(page.studio.address.store.get().audit).toBe("oee.plannedBusy");
  page.studio.address.go({ view: "alarms" });
  expect(page.studio.address.store.get().audit).toBe(undefined);
});

test.each(["en", "zh"] as const)(
  "[AU3] an open figure lists its pieces, also those that are not counted with the reason, and what else it was computed with, in %s",
  async (language) => {
    expect(AuditInputs.parse(pieces).items).toHaveLength(2);
    const answers = { "GET /audit": { figures: [alarms], timeZone: "Etc/UTC" }, "GET /audit/inputs": pieces };
    const page = await openPage(<AuditPage />, { views, address: "/board?audit=alarms.active", language, answers });
    const name = language === "en" ? "Made up of 1 of 2" : "由 2 项中的 1 项组成";
    const rows = within(await screen.findByRole("table", { name })).getAllByRole("row");
    expect(rows.slice(1).map((row) => row.textContent)).toEqual([
      expect.stringMatching(language === "en" ? /S010: Failed.*1 alarm.*yes$/ : /S010：Failed.*1 条报警.*是$/),
      expect.stringMatching(
        language === "en" ? /S010: Door open.*still active.*no: shelved: repair$/ : /仍在持续.*否：?:? ?已搁置：repair$/,
      ),
    ]);
    expect(screen.getByText(language === "en" ? "1 of them is unacknowledged." : "其中 1 条未确认。")).toBeDefined();
    // an instant has no duration
    expect(screen.queryByText(/0\s?s\)/)).toBeNull();
    expect(await page.accessibilityFindings()).toEqual([]);
  },
);

test("[AU2] a formula of one unit has it once, takes away what is below zero, and names how many terms it leaves out", async () => {
  const term = (value: number) => ({ title: text("shifts.audit.notObserved"), value, unit: "s" });
  const sum = (id: string, values: readonly number[]): FigureAudit => ({
    ...plannedBusy,
    id,
    operator: "sum",
    value: values.reduce((total, value) => total + value, 0),
    terms: values.map(term),
  });
  const figures = [sum("a", [16_744, -2_400]), sum("b", [751]), sum("c", [1, 2, 3, 4, 5, 6, 1_000])];
  await openPage(<AuditPage />, { views, address: "/board?audit", answers: { "GET /audit": { figures } } });
  const rows = (await screen.findAllByRole("button", { name: /^Planned busy time/ })).map((row) => row.textContent);
  expect(rows).toEqual([
    expect.stringMatching(/16,744 − 2,400 = 14,344\ss$/),
    expect.stringMatching(/751\ss$/),
    expect.stringMatching(/1 \+ 2 \+ 3 \+ 4 \+ 5 \+ 2 more = 1,021\ss$/),
  ]);
  expect(rows[1]).not.toContain("=");
});

test("[AU8] the page is printed by its button", async () => {
  const print = vi.spyOn(window, "print").mockImplementation(() => {});
  await open("?audit");
  await userEvent.setup().click(await screen.findByRole("button", { name: "Print" }));
  expect(print).toHaveBeenCalledTimes(1);
});

test("[AU4] a link opens its figure, in Chinese too", async () => {
  await open("?audit=oee.availability", "zh");
  expect(await screen.findByText("规则（ISO 22400-2）")).toBeDefined();
});

test("[AU4] while the history is read the page says that the figures of the shift are not complete", async () => {
  const page = await open("?audit");
  await screen.findByRole("heading", { name: "How the figures of Line 3 are computed" });
  expect(screen.queryByRole("status")).toBeNull();
  act(() => page.studio.snapshot.update(() => ({ ...snapshot, reading: 0.9 }) as Snapshot));
  expect(screen.getByRole("status").textContent).toContain("90 %");
  expect(await page.accessibilityFindings()).toEqual([]);
});
