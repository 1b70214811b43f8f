import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MINUTE } from "@doppelwerk/world";
import { afterEach, expect, test } from "vitest";
import { views as board } from "../../../packages/studio/src/board/views.ts";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import * as operations from "../contract.ts";
import { summary as operation, type AreaKpis, type Place, type Summary } from "../contract.ts";
import { mapShapes, overlaps } from "./map-shapes.ts";
import PlaceBoard from "./place-board.tsx";
import { answerOfPlaces, idOf, NORMAL, places, summaryOf, T, TROUBLED } from "./recorded.fixture.ts";
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
  // no OEE and no interval of several lines
  expect(within(total).getByTitle(/does not add up/).textContent).toBe("–");
  expect(within(total).getByText("942").parentElement!.title).toBe("942");
});

test("[PT13] causes stand right, the most urgent first with its chain; a click selects its row, a button opens the place", async () => {
  const page = await open("Site", summaryOf("Site", TROUBLED));
  const causes = await screen.findByRole("complementary", { name: "Needs attention" });
  const [first, second] = within(causes)
    .getAllByRole("listitem")
    .filter(({ parentElement }) => parentElement!.className === "dw-causes");
  expect(first!.textContent).toContain("Compressor 2 stopped, overload");
  expect(first!.textContent).toMatch(/Air main below 5\.8 bar 5\.4 unacknowledged/);
  expect(first!.textContent).toContain("Line 4: Starved follows, inferred from the order in time");
  expect(first!.textContent).toContain("43 units behind");
  expect(first!.textContent).toContain("90 units at risk");
  expect(second!.textContent).toContain("Motors for 1.2 h");
  await userEvent.click(within(second!).getByRole("button"));
  isPressed(/Motors for 1\.2 h/);
  expect((await rowOf("Warehouse")).getAttribute("aria-current")).toBe("true");
  await userEvent.click(screen.getByRole("button", { name: "Open Utilities" }));
  expect(page.studio.address.store.get()).toMatchObject({ view: "board", detail: idOf("Energy") });
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
    stock: { locations: 14, occupied: 12, quantity: 4_210, unit: "1" },
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
  const states = screen.getByRole("table", { name: "Time in states" });
  expect(within(states).getAllByRole("row")[1]!.textContent).toMatch(/^Compressor 175\.0\u202f%Load 73 % \(.*\) · Failed 27 % \(/i);
  const heads = (name: string) =>
    within(screen.getByRole("table", { name }))
      .getAllByRole("columnheader")
      .map(({ textContent }) => textContent);
  expect(heads("Areas of Compressed air")).toEqual(["Area", "Last hour", "Values", "Signals", "Alarms", "kWh"]);
  closePages();
  await open("Site", summaryOf("Site", TROUBLED));
  await screen.findByRole("table", { name: "Areas of Wuxi plant" });
  expect(heads("Areas of Wuxi plant")).toContain("Good, of due by now");
  expect(screen.queryByRole("table", { name: "KPIs" })).toBeNull();
});

test("[PT5] while the past is read, what is not known is a dash that says why, and nothing is said to be well", async () => {
  const lines = NORMAL.lines.map(({ shell, figures }) => {
    const { good: _, oee: __, lostS: ___, ...unread } = figures;
    return { shell, figures: unread };
  });
  await open("Site", summaryOf("Site", { ...NORMAL, lines, meters: [] }, { reading: 0.7, priced: true }));
  const hall = await rowOf("Hall 2");
  expect(within(hall).getAllByTitle("Unknown until the history is read, 70 %.").length).toBeGreaterThanOrEqual(5);
  expect(hall.textContent).not.toMatch(/none|0\.0|€/u);
  expect(screen.queryByText("Nothing needs attention")).toBeNull();
  expect(screen.queryByText(/^No alarm of priority 1 to 3/u)).toBeNull();
  screen.getByText(/are unknown until the history is read \(70 %\)/u);
});

test("[PT5] of a shift of which a part is not known counts and times are lower bounds, and units at risk an upper one", async () => {
  const lines = TROUBLED.lines.map(({ shell, figures }) => ({ shell, figures: { ...figures, unknownS: 3_600 } }));
  await open("Site", summaryOf("Site", { ...TROUBLED, lines }));
  const hall = await rowOf("Hall 2");
  expect(
    within(hall)
      .getAllByTitle(/2 h of planned time is unknown/u)
      .map(({ textContent }) => textContent![0]),
  ).toEqual(["≥", "≥"]);
  screen.getAllByText(/^at most \d+ units at risk$/u);
});

test("[PT26] cost has a column where a price holds, and none where none does; hover says what it is made of", async () => {
  const prices = { currency: "EUR", prices: [{ from: T - 1_440 * MINUTE, energyPerKWh: 0.21, scrapPerPart: 88 }] };
  const cost = {
    prices: new Map(places.map(({ id }) => [id, prices])),
    spans: [{ from: TROUBLED.metersFrom, to: T, meters: TROUBLED.meters }],
    scrap: new Map([[places.find(({ name }) => name === "Line 1")!.shell, 3]]),
  };
  const summary = summaryOf("Site", { ...TROUBLED, cost });
  expect(operation.answer.parse(summary)).toEqual(summary);
  await open("Site", summary);
  const table = await screen.findByRole("table", { name: "Areas of Wuxi plant" });
  within(table).getByRole("columnheader", { name: "Cost" });
  // 700 kWh at 0.21 and 3 parts at 88; 1,212 kWh in all
  expect((await rowOf("Hall 2")).lastElementChild!.textContent).toBe("€411");
  expect((await rowOf("Line 1")).lastElementChild!.firstElementChild!.getAttribute("title")).toBe("energy €86.52 · scrap €264");
  expect((await rowOf("Line 4")).lastElementChild!.textContent).toBe("€60.48");
  expect(within(table).getAllByRole("row").at(-1)!.lastElementChild!.textContent).toBe("€519");
  closePages();
  await open("Site", summaryOf("Site", TROUBLED));
  await screen.findByRole("table", { name: "Areas of Wuxi plant" });
  expect(screen.queryByRole("columnheader", { name: "Cost" })).toBeNull();
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
  for (const words of ["无锡工厂", "2 号压缩机过载停机", "4 号线：待料", "落后 43 件", "主管压力"]) expect(text).toContain(words);
  expect(await chinese.accessibilityFindings()).toEqual([]);
});

test("[PT14] [PT20] the plan has an outline around each area whose places say where they are, and a label for each; without positions there is none", async () => {
  const shapes = mapShapes(places, idOf("Site"))!;
  expect(shapes.rows.map(({ place }) => place.name)).toEqual(["Hall 2", "Utilities", "Warehouse"]);
  for (const { x, y, width, height, row } of shapes.parts) {
    const around = shapes.rows.find(({ place }) => place.id === row)!;
    expect(x >= around.x && y >= around.y && x + width <= around.x + around.width && y + height <= around.y + around.height).toBe(true);
  }
  // y to the north: what lies further north is higher up
  const [s90, line4] = ["S90", "Line4"].map((name) => shapes.parts.find(({ place }) => place.id === idOf(name))!);
  expect(line4!.y).toBeLessThan(s90!.y);
  expect(mapShapes(places, idOf("S90"))).toBeUndefined();
  await open("Site", summaryOf("Site", TROUBLED));
  const plan = await screen.findByRole("img", { name: "Plan of Wuxi plant" });
  expect(plan.querySelectorAll(".dw-map-row.is-urgent")).toHaveLength(3);
  for (const [at, one] of shapes.rows.entries()) for (const other of shapes.rows.slice(at + 1)) expect(overlaps(one, other)).toBe(false);
  const label = [...document.querySelectorAll(".dw-map-label")].find(({ textContent }) => textContent === "Warehouse")!;
  await userEvent.click(label);
  expect((await rowOf("Warehouse")).getAttribute("aria-current")).toBe("true");
});

test("[PT24] without a place and a line the board is that of the site where it has several lines, and that of the line where it has one", async () => {
  const named = places.map((place) => ({
    ...place,
    ...(["Line1", "Line4"].some((name) => place.id === idOf(name)) && { line: place.name }),
  }));
  const board = (own: readonly Place[]) =>
    openPage(<PlaceBoard place={undefined}>the board of the line</PlaceBoard>, {
      views,
      address: "/board",
      now: T,
      answers: { "GET /places": { ...answerOfPlaces, places: own } },
    });
  const one = await board(named.map((place) => (place.id === idOf("Line4") ? { ...place, line: undefined } : place)));
  await screen.findByText("the board of the line");
  expect(one.studio.address.store.get().detail).toBeUndefined();
  closePages();
  const several = await board(named);
  await waitFor(() => expect(several.studio.address.store.get().detail).toBe(idOf("Site")));
});
