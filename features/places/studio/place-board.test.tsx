import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MINUTE } from "@doppelwerk/world";
import type { ReactNode } from "react";
import { afterEach, expect, test } from "vitest";
import { views as board } from "../../../packages/studio/src/board/views.ts";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import * as operations from "../contract.ts";
import { summary as operation, type AreaKpis, type Place, type Summary } from "../contract.ts";
import { isWithin, mapShapes, overlaps } from "./map-shapes.ts";
import PlaceBoard from "./place-board.tsx";
import { answerOfPlaces, idOf, NORMAL, places, summaryOf, T, TROUBLED } from "./recorded.fixture.ts";
import { shellOf } from "../site.fixture.ts";
import { views as own } from "./views.ts";

afterEach(closePages);

const views = [...board, ...own];

const open = (
  shown: string,
  summary: Summary | undefined,
  more: { answers?: Record<string, Recorded>; language?: "en" | "zh" } = {},
): Promise<Page> =>
  openPage(<PlaceBoard place={idOf(shown)} />, {
    views,
    address: `/board/${encodeURIComponent(idOf(shown))}`,
    now: T,
    language: more.language ?? "en",
    answers: {
      "GET /places": answerOfPlaces,
      ...(summary && { [`GET /places/${idOf(shown)}/summary`]: summary }),
      ...more.answers,
    },
  });
const rowOf = async (name: string): Promise<HTMLElement> => (await screen.findByRole("button", { name })).closest("tr")!;
const isPressed = (name: RegExp) => screen.getByRole("button", { name, pressed: true });

test("[PT13] the site: a row for each area with its lines below, the sums last, and the area that needs attention first is tinted", async () => {
  const summary = summaryOf("Site", TROUBLED);
  expect(operation.answer.parse(summary)).toEqual(summary);
  await open("Site", summary);
  const table = await screen.findByRole("table", { name: "Areas of Wuxi plant" });
  const heads = within(table)
    .getAllByRole("rowheader")
    .map(({ textContent }) => textContent);
  expect(heads).toEqual(["Hall 2Area", "Line 1", "Line 4", "UtilitiesUtility network", "WarehouseStorage zone", "Wuxi plantSum"]);
  expect((await rowOf("Utilities")).className).toContain("needs-first");
  expect((await rowOf("Hall 2")).className).not.toContain("needs-first");
  const line = (await rowOf("Line 4")).textContent!;
  for (const text of ["221", "/ 264", "380", "73.1", "65 starved 21"]) expect(line).toContain(text);
  const total = within(table).getAllByRole("row").at(-1)!;
  expect(total.textContent).toContain("556");
  expect(total.textContent).toContain("1212");
  // the forecast with its interval beside the plan
  expect(line).toContain("380forecast352–407, plan 470");
  // no OEE and no interval of several lines
  expect(within(total).getByTitle(/does not add up/).textContent).toBe("–");
  expect(within(total).getByText("942").parentElement!.title).toBe("942");
});

test("[PT6] [PT13] a site with a main meter names it, and a row has what the rows above do not meter; a forecast of several lines says why it has no interval", async () => {
  const meters = [...TROUBLED.meters, { shell: shellOf("Site"), kWh: 1_500 }];
  await open("Site", summaryOf("Site", { ...TROUBLED, meters }));
  const table = await screen.findByRole("table", { name: "Areas of Wuxi plant" });
  const [rest, total] = within(table).getAllByRole("row").slice(-2);
  // 1,500 - (412 + 288) - 446 - 66
  expect(rest!.textContent).toBe("Not metered separately288");
  expect(total!.textContent).toMatch(/1500main meter$/u);
  expect(within(total!).getByText("no interval for several lines").title).toContain("Sum of the medians of 2 lines");
  closePages();
  // the meter of the store is not known: what is left may be of it
  await open("Site", summaryOf("Site", { ...TROUBLED, meters: meters.map((each) => (each.kWh === 66 ? { shell: each.shell } : each)) }));
  expect((await screen.findByText("Not metered separately")).closest("tr")!.textContent).toBe("Not metered separately≤ 354");
  closePages();
  // without a main meter it is the sum of the rows
  await open("Site", summaryOf("Site", TROUBLED));
  await screen.findByRole("table", { name: "Areas of Wuxi plant" });
  expect(screen.queryByText("Not metered separately")).toBeNull();
});

test("[PT35] a shift without a forecast shows its plan and that the forecast is coming, or why there is none", async () => {
  const [first, second] = NORMAL.lines;
  const of = (noForecast: Summary["total"]["noForecast"]) => ({
    ...first!,
    figures: { ...first!.figures, ...(noForecast && { noForecast }) },
  });
  await open("Site", summaryOf("Site", { ...NORMAL, lines: [of({ isComing: true }), second!] }));
  expect((await rowOf("Line 1")).textContent).toContain("plan 620forecast is computed");
  expect(within(await rowOf("Line 1")).getByRole("status").textContent).toBe("forecast is computed");
  closePages();
  const why = { code: "places.noPlace", params: { id: "1" } };
  await open("Site", summaryOf("Site", { ...NORMAL, lines: [of({ isComing: false, why }), second!] }));
  expect((await rowOf("Line 1")).textContent).toMatch(/plan 620.*place.*1/u);
});

test("[PT13] [PT36] causes stand right, the most urgent first with its chain; a click selects its row, a button opens the place", async () => {
  const page = await open("Site", summaryOf("Site", TROUBLED));
  const causes = await screen.findByRole("complementary", { name: "Needs attention" });
  const [first, second] = within(causes)
    .getAllByRole("listitem")
    .filter(({ parentElement }) => parentElement!.className === "dw-causes");
  expect(first!.textContent).toContain("Compressor 2 stopped, overload");
  expect(first!.textContent).toMatch(/Air main below 5\.8 bar 5\.4 unacknowledged/);
  expect(first!.textContent).toContain("Line 4: Starved follows, inferred from the order in time");
  // 21 minutes at 54 s a unit
  expect(first!.textContent).toContain("23 units lost");
  // 09:42 less 22 and 21 minutes
  const chain = "L4-050 Press and rivet failed since 09:20 → L4-060 starved since 09:21";
  expect(first!.textContent).toContain(chain);
  expect((await rowOf("Line 4")).textContent).toContain(chain);
  expect(second!.textContent).toContain("Motors for 1.2 h");
  await userEvent.click(within(second!).getByRole("button", { name: /Motors for 1\.2 h/, pressed: false }));
  isPressed(/Motors for 1\.2 h/);
  expect((await rowOf("Warehouse")).getAttribute("aria-current")).toBe("true");
  await userEvent.click(screen.getByRole("button", { name: "Open Utilities" }));
  expect(page.studio.address.store.get()).toMatchObject({ view: "board", detail: idOf("Energy") });
});

test("[PT7] [PT38] every cause shows its number and opens its place; a line that is behind says what took most of its time, alarms lead to their station", async () => {
  const [one, four] = NORMAL.lines;
  const budget = [
    { state: "blocked", station: "S120", stationState: "failed", seconds: 900, units: 25 },
    { state: "blocked", station: "S90", stationState: "failed", seconds: 44, units: 1.2 },
  ];
  const behind = { ...one!, figures: { ...one!.figures, good: 300, budget } };
  const [, , failed] = TROUBLED.alarms;
  const at = (id: string) => ({
    shell: shellOf("S90"),
    began: failed!.alarm.since - MINUTE,
    alarm: { ...failed!.alarm, id, station: "S90", title: { en: id, zh: id } },
  });
  const summary = summaryOf("Site", { ...NORMAL, lines: [behind, four!], alarms: [at("S90 has failed"), at("S90 is hot")] });
  expect(operation.answer.parse(summary)).toEqual(summary);
  const page = await open("Site", summary);
  const causes = await screen.findByRole("complementary", { name: "Needs attention" });
  const [first, second] = within(causes)
    .getAllByRole("listitem")
    .filter(({ parentElement }) => parentElement!.className === "dw-causes");
  expect(first!.textContent).toContain("Line 1 is behind plan49 units behind");
  expect(first!.textContent).toContain("mostly blocked by S120: failed, 15 min, 25 units");
  expect(second!.textContent).toMatch(/^S90 has failed1 unit lost this shiftLine 1 · Hall 2 · for .+ · alarm after 1\smin/u);
  expect(
    [first!, second!].map((cause) =>
      within(cause)
        .getAllByRole("button", { name: /^Open / })
        .map(({ textContent }) => textContent),
    ),
  ).toEqual([["Open Line 1"], ["Open Line 1", "Open S90"]]);
  await userEvent.click(within(second!).getByRole("button", { name: "S90 is hot" }));
  expect(page.studio.address.store.get()).toMatchObject({ view: "board", detail: idOf("S90") });
  closePages();
  // where the line is known as one the station is selected on its board
  const withLine = { ...answerOfPlaces, places: places.map((place) => (place.name === "Line 1" ? { ...place, line: "line:1" } : place)) };
  const known = await open("Site", summary, { answers: { "GET /places": withLine } });
  await userEvent.click(await screen.findByRole("button", { name: "Open S90" }));
  expect(known.studio.address.store.get()).toMatchObject({ view: "board", line: "line:1", subject: "S90" });
  expect(known.studio.address.store.get().detail).toBeUndefined();
});

test("[PT13] all normal: no row is tinted, no shape of an alarm is drawn, and it says when something needed attention last", async () => {
  const last = { title: { en: "Air main low", zh: "主管压力低" }, place: idOf("Energy"), at: T - 90 * MINUTE };
  const page = await open("Site", summaryOf("Site", NORMAL, { last }));
  await screen.findByText("Nothing needs attention");
  screen.getByText(/Last: Air main low, Utilities, returned to normal Tue 24 Nov, \d\d:12\./);
  expect(document.querySelectorAll(".needs-first, .dw-alarm-shape, .is-urgent, .is-outside")).toHaveLength(0);
  page.answers[`GET /places/${idOf("Site")}/summary`] = summaryOf("Site", NORMAL);
});

test("[PT8] an area without a flow shows values against limits, with the limit where it is passed", async () => {
  await open("Site", summaryOf("Site", TROUBLED));
  expect((await rowOf("Utilities")).textContent).toContain("5.40\u202fbar Air main limit 5.80\u202fbar");
  expect((await rowOf("Utilities")).textContent).toContain("2 signals, all good");
  closePages();
  await open("Air", summaryOf("Air", TROUBLED));
  const values = await screen.findByRole("table", { name: "Values against limits" });
  expect(within(values).getAllByRole("row")[1]!.textContent).toContain("alarm limit");
});

test("[PT25] an area without a flow shows its KPIs with their units; what is not known is a dash that says so", async () => {
  const air = { place: idOf("Air"), title: { en: "Compressor 1", zh: "1 号空压机" } };
  const kpis: AreaKpis = {
    from: T - 220 * MINUTE,
    at: T,
    energy: { kWh: 446.4, from: T - 220 * MINUTE },
    counts: [
      { ...air, signal: "signal:Air.Volume", name: "Air delivered", names: { zh: "累计供气量" }, unit: "m3", value: 1_240 },
      { ...air, signal: "signal:Air.Hours", name: "Hours under load", unit: "h" },
    ],
    assets: [
      {
        ...air,
        signal: "signal:Air.State",
        name: "State",
        availability: 0.75,
        unknownS: 0,
        states: [
          { word: "Load", seconds: 9_000 },
          { word: "Trip", state: "failed", seconds: 900 },
          { word: "Fault", state: "failed", seconds: 2_400 },
        ],
      },
    ],
    stock: {
      locations: 14,
      occupied: 12,
      quantity: 4_210,
      unit: "1",
      materials: [
        {
          material: "MOTOR",
          title: { en: "Drive motor", zh: "驱动电机" },
          quantity: 360,
          locations: [
            { place: "shell:A1", title: { en: "A01", zh: "A01" }, quantity: 240 },
            { place: "shell:A2", title: { en: "A02", zh: "A02" }, quantity: 120 },
          ],
        },
        { quantity: 7, locations: [{ place: "shell:A5", title: { en: "A05", zh: "A05" }, quantity: 7 }] },
      ],
    },
  };
  expect(operations.kpis.answer.parse(kpis)).toEqual(kpis);
  await open("Air", summaryOf("Air", TROUBLED), { answers: { [`GET /places/${idOf("Air")}/kpis`]: kpis } });
  const table = await screen.findByRole("table", { name: "KPIs" });
  const rows = within(table)
    .getAllByRole("row")
    .slice(1)
    .map(({ textContent }) => textContent);
  expect(rows).toEqual([
    "Energy446\u202fkWh",
    "Stock, units4210",
    "Storage locations in use12 of 14",
    "Air delivered Compressor 11240\u202fm³",
    "Hours under load Compressor 1–",
  ]);
  within(table).getByTitle("Unknown");
  const materials = within(screen.getByRole("table", { name: "Stock by material" }))
    .getAllByRole("row")
    .slice(1);
  expect(materials.map(({ textContent }) => textContent)).toEqual([
    "Drive motor MOTOR360 unitsA01: 240 units · A02: 120 units",
    "Not named by its locations7 unitsA05: 7 units",
  ]);
  // only storage begins with what lies where
  expect(screen.queryByRole("table", { name: "Stock by storage location" })).toBeNull();
  const states = screen.getByRole("table", { name: "Time in states" });
  expect(within(states).getAllByRole("row")[1]!.textContent).toMatch(/^Compressor 175\.0\u202f%Load 73 % \(.*\) · Failed 27 % \(/i);
  const heads = (name: string) =>
    within(screen.getByRole("table", { name }))
      .getAllByRole("columnheader")
      .map(({ textContent }) => textContent);
  expect(heads("Areas of Compressed air")).toEqual(["Area", "Last hour", "Values measured", "Signals", "Alarms", "kWh measured"]);
  closePages();
  await open("Site", summaryOf("Site", TROUBLED));
  await screen.findByRole("table", { name: "Areas of Wuxi plant" });
  expect(heads("Areas of Wuxi plant")).toContain("Good, of due by now derived");
  expect(screen.queryByRole("table", { name: "KPIs" })).toBeNull();
  closePages();
  await open("Store", summaryOf("Store", TROUBLED), { answers: { [`GET /places/${idOf("Store")}/kpis`]: kpis } });
  const stock = await screen.findByRole("table", { name: "Stock by storage location" });
  const inStock = within(stock).getAllByRole("row").slice(1);
  expect(inStock.map(({ textContent }) => textContent)).toEqual([
    "A01Drive motor MOTOR240 units",
    "A02Drive motor MOTOR120 units",
    "A05Not named by its locations7 units",
  ]);
  screen.getByText("12 of 14 storage locations in use");
  // above everything else of the page
  expect(stock.compareDocumentPosition(screen.getByRole("table", { name: /^Areas of/ }))).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
});

test("[PT5] while the past is read, what is not known is a dash that says why, and nothing is said to be well", async () => {
  const lines = NORMAL.lines.map(({ shell, figures }) => {
    const { good: _, oee: __, lostS: ___, ...unread } = figures;
    return { shell, figures: unread };
  });
  await open("Site", summaryOf("Site", { ...NORMAL, lines, meters: [] }, { reading: 0.7, alarmsUnknownBefore: 1, priced: true }));
  const hall = await rowOf("Hall 2");
  expect(within(hall).getAllByTitle("Unknown until the history is read, 70 %.").length).toBeGreaterThanOrEqual(4);
  within(hall).getByTitle("Earlier alarms are unknown until the history is read");
  expect(hall.textContent).not.toMatch(/none|0\.0|€/u);
  expect(screen.queryByText("Nothing needs attention")).toBeNull();
  expect(screen.queryByText(/^No alarm of priority 1 to 3/u)).toBeNull();
  screen.getByText(/While the history is read \(70 %\), earlier alarms and units lost are unknown/u);
});

test("[PT5] of a shift of which a part is not known counts and times are lower bounds, and that a line is behind is not said", async () => {
  const lines = TROUBLED.lines.map(({ shell, figures }) => ({ shell, figures: { ...figures, good: 100, unknownS: 3_600 } }));
  await open("Site", summaryOf("Site", { ...TROUBLED, lines }));
  const hall = await rowOf("Hall 2");
  expect(
    within(hall)
      .getAllByTitle(/2 h of planned time is unknown/u)
      .map(({ textContent }) => textContent![0]),
  ).toEqual(["≥", "≥"]);
  expect(screen.queryByText(/units behind/u)).toBeNull();
});

test("[PT26] cost has a column where a price holds, and none where none does; hover says what it is made of", async () => {
  const prices = { currency: "EUR", prices: [{ from: T - 1_440 * MINUTE, energyPerKWh: 0.21, scrapPerPart: 88 }] };
  const cost = {
    prices: new Map(places.map(({ id }) => [id, prices])),
    spans: [{ from: TROUBLED.metersFrom, to: T, meters: TROUBLED.meters.map(({ shell, kWh = 0 }) => ({ shell, kWh })) }],
    scrap: new Map([[places.find(({ name }) => name === "Line 1")!.shell, 3]]),
  };
  const summary = summaryOf("Site", { ...TROUBLED, cost });
  expect(operation.answer.parse(summary)).toEqual(summary);
  await open("Site", summary);
  const table = await screen.findByRole("table", { name: "Areas of Wuxi plant" });
  within(table).getByRole("columnheader", { name: /^Cost/ });
  // 700 kWh at 0.21 and 3 parts at 88; 1,212 kWh in all
  expect((await rowOf("Hall 2")).lastElementChild!.textContent).toBe("€411");
  expect((await rowOf("Line 1")).lastElementChild!.querySelector("[title]")!.getAttribute("title")).toBe("energy €86.52 · scrap €264");
  expect((await rowOf("Line 4")).lastElementChild!.textContent).toBe("€60.48");
  expect(within(table).getAllByRole("row").at(-1)!.lastElementChild!.textContent).toBe("€519");
  closePages();
  await open("Site", summaryOf("Site", TROUBLED));
  await screen.findByRole("table", { name: "Areas of Wuxi plant" });
  expect(screen.queryByRole("columnheader", { name: /^Cost/ })).toBeNull();
});

test("[PT6] [PT26] energy says since when it is counted where that is later than the shift, and how many meters are unknown; cost is then a lower bound or a dash, never nothing", async () => {
  const prices = { currency: "EUR", prices: [{ from: T - 1_440 * MINUTE, energyPerKWh: 0.21, scrapPerPart: 88 }] };
  const since = T - 45 * MINUTE;
  const meters = [{ shell: shellOf("Line1") }, { shell: shellOf("Energy"), kWh: 446, since }, { shell: shellOf("Store"), kWh: 66 }];
  const cost = {
    prices: new Map(places.map(({ id }) => [id, prices])),
    spans: [
      {
        from: TROUBLED.metersFrom,
        to: T,
        meters: [
          { shell: shellOf("Energy"), kWh: 446 },
          { shell: shellOf("Store"), kWh: 66 },
        ],
      },
    ],
    scrap: new Map([[shellOf("Line1"), 0]]),
    incomplete: new Set([shellOf("Line1"), shellOf("Energy")]),
  };
  const summary = summaryOf("Site", { ...TROUBLED, meters, cost });
  expect(operation.answer.parse(summary)).toEqual(summary);
  await open("Site", summary);
  const cells = async (name: string) => [...(await rowOf(name)).children].slice(-2).map(({ textContent }) => textContent);
  expect(await cells("Line 1")).toEqual(["–", "–"]);
  within(await rowOf("Line 1")).getByTitle("Energy of the shift as far as it is known: 1 meter unknown");
  expect(await cells("Utilities")).toEqual([expect.stringMatching(/^446since \d\d:\d\d$/u), "≥ €93.66"]);
  expect(await cells("Warehouse")).toEqual(["66", "€13.86"]);
  const all = within(screen.getByRole("table", { name: "Areas of Wuxi plant" }))
    .getAllByRole("row")
    .at(-1)!;
  expect([...all.children].slice(-2).map(({ textContent }) => textContent)).toEqual(["≥ 5121 meter began later1 meter unknown", "≥ €108"]);
});

test("[PT6] [PT13] energy and cost that came without an amount are a dash, and a row that cannot be shown leaves the rest of the board", async () => {
  const prices = { currency: "EUR", prices: [{ from: T - 1_440 * MINUTE, energyPerKWh: 0.21 }] };
  const held = new Map(places.map(({ id }) => [id, prices]));
  const spans = [{ from: TROUBLED.metersFrom, to: T, meters: TROUBLED.meters.map(({ shell, kWh = 0 }) => ({ shell, kWh })) }];
  const summary = summaryOf("Site", { ...TROUBLED, cost: { prices: held, spans, scrap: new Map() } });
  // as JSON made of a number that is none
  const nameless = (cost: Summary["total"]["cost"]) => ({ ...cost!, amount: null, energy: null }) as never;
  const [hall, utilities, ...others] = summary.rows;
  const lines = hall!.lines.map((each) =>
    each.title.en === "Line 4" ? { ...each, energy: { ...each.energy!, kWh: null as never }, cost: nameless(hall!.cost) } : each,
  );
  const broken = { ...utilities!, values: null as never };
  await open("Site", { ...summary, rows: [{ ...hall!, lines, cost: nameless(hall!.cost) }, broken, ...others] });
  const cells = async (name: string) => [...(await rowOf(name)).children].slice(-2).map(({ textContent }) => textContent);
  expect(await cells("Line 4")).toEqual(["–", "–"]);
  expect(await cells("Hall 2")).toEqual([expect.stringContaining("700"), "–"]);
  expect(await cells("Warehouse")).toEqual(["66", "€13.86"]);
  const alert = await screen.findByText(/^Utilities: .* the rest of the board is complete/u);
  expect(alert.closest("tr")!.textContent).toContain("Try again");
  await screen.findByRole("complementary", { name: "Needs attention" });
});

test("[PT36] the row of a line begins with its station that is failed, before what its constraint does; a chain that goes back to it says it once", async () => {
  const stopped = { station: "S120", title: { en: "Packing", zh: "包装" }, state: "failed", since: T - 6 * MINUTE };
  const [first, second] = NORMAL.lines;
  const chain = [stopped, { station: "S90", state: "blocked", since: T - MINUTE }];
  const lines = [
    { ...first!, figures: { ...first!.figures, stopped } },
    { ...second!, figures: { ...second!.figures, stopped, state: "blocked", waits: chain } },
  ];
  await open("Site", summaryOf("Site", { ...NORMAL, lines }));
  const said = async (name: string) => [...(await rowOf(name)).querySelectorAll(".dw-place-waits")].map(({ textContent }) => textContent);
  expect(await said("Line 1")).toEqual(["S120 Packing failed since 09:36", expect.stringMatching(/^S90 does not wait/u)]);
  expect(await said("Line 4")).toEqual(["S120 Packing failed since 09:36 → S90 blocked since 09:41"]);
});

test("[PT15] on its way there is the outline; a place that is not there says so and has a way out; a failure can be tried again", async () => {
  const never = await open("Site", undefined, {
    answers: {
      [`GET /places/${idOf("Site")}/summary`]: () => ({
        status: 503,
        body: { error: { code: "DW_UNAVAILABLE", message: "the disk is full" } },
      }),
    },
  });
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("the disk is full");
  never.answers[`GET /places/${idOf("Site")}/summary`] = summaryOf("Site", NORMAL);
  await userEvent.click(within(alert).getByRole("button"));
  await screen.findByText("Nothing needs attention");
  closePages();
  const page = await openPage(<PlaceBoard place="shell:gone" />, {
    views,
    address: "/board/shell%3Agone",
    now: T,
    answers: { "GET /places": answerOfPlaces },
  });
  await screen.findByText("There is no such place");
  await userEvent.click(screen.getByRole("button", { name: "Show the outermost place" }));
  expect(page.studio.address.store.get().detail).toBe(idOf("Enterprise"));
});

test("[PT15] what could not be read again is said beside what was read", async () => {
  const page = await open("Site", summaryOf("Site", NORMAL));
  await screen.findByText("Nothing needs attention");
  page.answers[`GET /places/${idOf("Site")}/summary`] = {
    status: 503,
    body: { error: { code: "DW_UNAVAILABLE", message: "the server is away" } },
  };
  // who comes back to the window sees what is so now
  globalThis.dispatchEvent(new Event("visibilitychange"));
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("the server is away"));
  screen.getByText("Nothing needs attention");
});

test("[PT13] [PT15] in Chinese everything is, and axe finds nothing serious in either language", async () => {
  const english = await open("Site", summaryOf("Site", TROUBLED));
  await screen.findByText("Needs attention");
  expect(await english.accessibilityFindings()).toEqual([]);
  closePages();
  const chinese = await open("Site", summaryOf("Site", TROUBLED), { language: "zh" });
  await screen.findByText("需要处理");
  const text = document.body.textContent!;
  for (const words of ["无锡工厂", "2 号压缩机过载停机", "4 号线：待料", "主管压力"]) expect(text).toContain(words);
  expect(await chinese.accessibilityFindings()).toEqual([]);
});

test("[PT14] [PT20] the plan has an outline around each area whose places say where they are, and a label for each; without positions there is none", async () => {
  const shapes = mapShapes(places, idOf("Site"))!;
  expect(shapes.rows.map(({ place }) => place.name)).toEqual(["Hall 2", "Utilities", "Warehouse"]);
  for (const { x, y, width, height, row } of shapes.parts) {
    const around = shapes.rows.find(({ place }) => place.id === row)!;
    expect(x >= around.x && y >= around.y && x + width <= around.x + around.width && y + height <= around.y + around.height).toBe(true);
  }
  for (const { row, ...line } of shapes.centres)
    expect(
      isWithin(
        line,
        shapes.rows.find(({ place }) => place.id === row)!,
      ),
    ).toBe(true);
  // y to the north: what lies further north is higher up
  const [s90, line4] = ["S90", "Line4"].map((name) => shapes.parts.find(({ place }) => place.id === idOf(name))!);
  expect(line4!.y).toBeLessThan(s90!.y);
  expect(mapShapes(places, idOf("S90"))).toBeUndefined();
  const page = await open("Site", summaryOf("Site", TROUBLED));
  const plan = await screen.findByRole("img", { name: "Plan of Wuxi plant" });
  expect(plan.querySelectorAll(".dw-map-row.is-urgent")).toHaveLength(3);
  for (const [at, one] of shapes.rows.entries()) for (const other of shapes.rows.slice(at + 1)) expect(overlaps(one, other)).toBe(false);
  const label = [...document.querySelectorAll(".dw-map-label")].find(({ textContent }) => textContent === "Warehouse")!;
  await userEvent.click(plan.querySelectorAll(".dw-map-row")[2]!);
  expect((await rowOf("Warehouse")).getAttribute("aria-current")).toBe("true");
  await userEvent.click(label);
  expect(page.studio.address.store.get()).toMatchObject({ view: "board", detail: idOf("Store") });
});

test("[PT24] without a place and a line the board is that of the site where it has several lines, and that of the line where it has one", async () => {
  const named = places.map((place) => ({
    ...place,
    ...(["Line1", "Line4"].some((name) => place.id === idOf(name)) && { line: place.name }),
  }));
  const board = (own: readonly Place[], line: ReactNode = "the board of the line") =>
    openPage(<PlaceBoard place={undefined}>{line}</PlaceBoard>, {
      views,
      address: "/board",
      now: T,
      answers: { "GET /places": { ...answerOfPlaces, places: own } },
    });
  const one = await board(named.map((place) => (place.id === idOf("Line4") ? { ...place, line: undefined } : place)));
  await screen.findByText("the board of the line");
  expect(one.studio.address.store.get().detail).toBeUndefined();
  closePages();
  // nothing is read for the board of a line that is not shown
  let wasDrawn = false;
  function LineBoard(): ReactNode {
    wasDrawn = true;
    return null;
  }
  const several = await board(named, <LineBoard />);
  await waitFor(() => expect(several.studio.address.store.get().detail).toBe(idOf("Site")));
  expect(wasDrawn).toBe(false);
});

test("[PT39] [PT40] [PT36] a board says where its figures are from, what the shift used and cost, and that a line does not wait", async () => {
  const page = await open("Site", summaryOf("Site", NORMAL, { priced: true }));
  const legend = await screen.findByRole("list", { name: "Where figures are from" });
  expect(
    within(legend)
      .getAllByRole("listitem")
      .map(({ textContent }) => textContent),
  ).toEqual([
    "measured values, energy, stock",
    "derived states, counts, OEE, losses, cost",
    "forecast end of shift",
    "entered plan, targets, prices",
  ]);
  const total = [...document.querySelectorAll(".dw-places .is-total td")].map(({ textContent }) => textContent);
  const head = document.querySelector(".dw-place-head-energy")!.textContent!;
  const [energy] = total.at(-2)!.match(/^[≥ ]*[\d.,]+/u) ?? [];
  expect(energy).toBeDefined();
  expect(head).toContain(`energy ${energy} kWh`);
  expect(head).toMatch(/cost /);
  expect((await rowOf("Line 1")).textContent).toMatch(/S90 does not wait/);
  await act(async () => page.studio.world.set({ demo: true, lines: [] } as never));
  expect(within(legend).getAllByRole("listitem")[0]!.textContent).toMatch(/^simulated machine values, energy, stock/);
  expect(legend.textContent).not.toMatch(/^measured/);
  // each mark says on hover what it means, also in the heads of the columns
  expect(within(legend).getByText("simulated machine").title).toMatch(/^sent by a simulated machine/);
  const heads = [...document.querySelectorAll(".dw-places thead th")].map(({ textContent }) => textContent);
  expect(heads.slice(-2)).toEqual(["kWh simulated machine", "Cost derived"]);
  closePages();
  await open("Site", summaryOf("Site", NORMAL, { priced: true }), { language: "zh" });
  expect((await screen.findByRole("list", { name: "数值来源" })).textContent).toContain("预测");
  // the run of a model, not a machine and not a forecast
  expect(document.body.textContent).not.toContain("仿真");
});
