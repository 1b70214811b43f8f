import { act, screen, waitFor, within } from "@testing-library/react";
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

test("[AU9] a shift is chosen from a list or by one step; on a day without a shift a heading says which one is shown", async () => {
  const user = userEvent.setup();
  const early = { name: "Early", from: FROM, to: FROM + 8 * HOUR };
  const late = { name: "Late", from: early.to, to: early.to + 8 * HOUR };
  const figuresOf = ({ from, to }: typeof early) => [{ ...availability, from, to }];
  const page = await openPage(<AuditPage />, {
    views,
    address: "/board?audit",
    // Tuesday, 23:00: two hours after the late shift
    now: late.to + HOUR,
    answers: { "GET /audit": { figures: figuresOf(late), shifts: [late, early], timeZone: "Etc/UTC" } },
  });
  expect((await screen.findByRole("heading", { name: /No shift runs at this time/ })).textContent).toMatch(
    /Late.*Tue 24 Nov.* 14:00–22:00/,
  );
  const choice = screen.getByRole<HTMLSelectElement>("combobox", { name: "Shift" });
  expect([...choice.options].map(({ text: option }) => option)).toEqual([
    expect.stringMatching(/^Late.* 14:00–22:00$/),
    expect.stringMatching(/^Early.* 06:00–14:00$/),
  ]);
  expect(screen.getByRole("button", { name: "Next shift" })).toHaveProperty("disabled", true);
  page.answers["GET /audit"] = { figures: figuresOf(early), shifts: [late, early], timeZone: "Etc/UTC" };
  await user.click(screen.getByRole("button", { name: "Previous shift" }));
  await vi.waitFor(() => expect(choice.value).toBe(String(early.from)));
  expect(screen.queryByRole("heading", { name: /No shift runs/ })).toBeNull();
  expect(screen.getByRole("button", { name: "Previous shift" })).toHaveProperty("disabled", true);
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[AU9] a shift that runs is told as such, and no heading says that none does", async () => {
  const early = { name: "Early", from: FROM, to: FROM + 4 * HOUR };
  const page = await openPage(<AuditPage />, {
    views,
    address: "/board?audit",
    now: early.to + 1_000_000,
    answers: { "GET /audit": { figures: [{ ...availability, from: early.from, to: early.to }], shifts: [early], timeZone: "Etc/UTC" } },
  });
  const choice = await screen.findByRole<HTMLSelectElement>("combobox", { name: "Shift" });
  const shift = { name: "Early", from: early.from, to: FROM + 8 * HOUR };
  await act(async () => page.studio.snapshot.set({ instant: early.to, stations: [], buffers: [], shift } as unknown as Snapshot));
  expect(choice.options[0]!.text).toMatch(/^Early.* 06:00 until now, 10:00$/);
  expect(screen.queryByRole("heading", { name: /No shift runs/ })).toBeNull();
});

test("[AU9] production outside of any shift is stepped over like a shift and says what it lacks; the address keeps what was chosen", async () => {
  const user = userEvent.setup();
  const friday = { name: "Late", from: FROM + 80 * HOUR, to: FROM + 88 * HOUR };
  const saturday = { name: "unplanned", from: FROM + 96 * HOUR, to: FROM + 104 * HOUR, unplanned: { units: 682 } };
  const monday = { name: "Early", from: FROM + 144 * HOUR, to: FROM + 152 * HOUR };
  const asked: (string | null)[] = [];
  const answer = ({ url }: { readonly url: URL }) => {
    const shift = url.searchParams.get("shift");
    asked.push(shift);
    const { from, to } = [friday, saturday, monday].find((each) => String(each.from) === shift) ?? monday;
    return { figures: [{ ...availability, from, to }], shifts: [monday, saturday, friday], timeZone: "Etc/UTC" };
  };
  const page = await openPage(<AuditPage />, { views, address: "/board?audit", now: monday.to, answers: { "GET /audit": answer } });
  await user.click(await screen.findByRole("button", { name: "Previous shift" }));
  expect((await screen.findByRole("note")).textContent).toMatch(/^Produced outside of any planned shift/);
  const choice = screen.getByRole<HTMLSelectElement>("combobox", { name: "Shift" });
  expect(choice.selectedOptions[0]!.textContent).toBe("Unplanned, Sat 28 Nov 06:00–14:00: 682 units, no plan, no ratios");
  expect(page.studio.address.store.get().shift).toBe(saturday.from);
  expect(new URLSearchParams(location.search).get("shift")).toBe("2026-11-28T06:00:00.000Z");
  await user.click(screen.getByRole("button", { name: "Previous shift" }));
  await waitFor(() => expect(asked).toContain(String(friday.from)));
  expect(screen.queryByRole("note")).toBeNull();
  page.studio.address.go({ view: "alarms" });
  expect(page.studio.address.store.get().shift).toBe(undefined);
});

test("[AU9] a link with a shift shows that shift", async () => {
  const asked: (string | null)[] = [];
  const early = { name: "Early", from: FROM, to: FROM + 8 * HOUR };
  const late = { name: "Late", from: FROM + 8 * HOUR, to: FROM + 16 * HOUR };
  const answer = ({ url }: { readonly url: URL }) => {
    asked.push(url.searchParams.get("shift"));
    return { figures: [availability], shifts: [late, early], timeZone: "Etc/UTC" };
  };
  await openPage(<AuditPage />, {
    views,
    address: "/board?audit&shift=2026-11-24T06:00:00Z",
    now: late.to,
    answers: { "GET /audit": answer },
  });
  expect((await screen.findByRole<HTMLSelectElement>("combobox", { name: "Shift" })).value).toBe(String(FROM));
  expect(new Set(asked)).toEqual(new Set([String(FROM)]));
});

test("[AU3] an open figure lists what a signal of texts held at the beginning and each change of it", async () => {
  const product = {
    signal: "signal:product",
    title: text("shifts.audit.signal", { station: "S090", role: "Product" }),
    name: "Product",
    samples: 1,
    bad: 0,
    texts: [
      { at: FROM - HOUR, text: "WM7" },
      { at: FROM + HOUR, text: "WM8" },
    ],
    textCount: 2,
  };
  const answers = {
    "GET /audit": { figures: [{ ...availability, signals: [{ signal: product.signal, title: product.title, isHeld: true }] }] },
    "GET /audit/inputs": { ...inputs, signals: [product] },
  };
  await openPage(<AuditPage />, { views, address: "/board?audit=oee.availability", answers });
  const table = await screen.findByRole("table", { name: /^S090: product: 2 values$/ });
  const rows = within(table).getAllByRole("row").slice(1);
  expect(rows.map((row) => within(row).getAllByRole("cell")[1]!.textContent)).toEqual(["WM7, held at the beginning", "WM8"]);
  const [, first] = within(screen.getByRole("table", { name: "Inputs" })).getAllByRole("row");
  expect(first!.textContent).toMatch(/WM7 · .*WM8 · /);
});
