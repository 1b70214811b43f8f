import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../../packages/studio/src/app/page.fixture.tsx";
import { packing, stations } from "./recorded.fixture.ts";
import StatesLink from "./states-link.tsx";
import States from "./states.tsx";
import { views } from "../views.ts";

afterEach(closePages);

const open = (answers: Record<string, Recorded> = {}): Promise<Page> =>
  openPage(<States detail="states:S120" />, {
    views,
    address: "/connect/states:S120",
    answers: {
      "GET /states": stations,
      "GET /raw-states": { codes: [], rows: [], more: 0 },
      "GET /states/S120": packing,
      "POST /states/S120/effect": { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "busy" } } },
      ...answers,
    },
  });
const rowOf = async (word: string): Promise<HTMLElement> => (await screen.findByText(word)).closest("tr")!;
/** The plant says a word that nobody gave a meaning. */
const unmapped = {
  ...packing,
  words: [
    ...packing.words,
    { word: "999", by: "nothing", state: "unknown", cause: "unknown", count: 7, seconds: 3_600, last: 0, readAs: [] },
  ],
};

test("[ST1] the raw words of a machine stand with how often they stood and what they mean", async () => {
  await open();
  const row = await rowOf("121");
  expect(row.textContent).toContain("241");
  expect(within(row).getByRole<HTMLInputElement>("combobox", { name: /state/i }).value).toBe("Starved");
  expect(screen.getAllByRole("button", { name: /S090|S110|S120/ })).toHaveLength(3);
});

test("[ST1] [ST3] a word without a meaning comes first; one click gives it one, and storing sends it with the version it was read from", async () => {
  const user = userEvent.setup();
  const page = await open({ "GET /states/S120": unmapped, "PATCH /states/S120": { version: 2, changed: true } });
  const row = await rowOf("999");
  expect(row.parentElement!.firstElementChild).toBe(row);
  await user.click(within(row).getByRole("button", { name: "Failed" }));
  await user.click(screen.getByRole("button", { name: /^Save/ }));
  await waitFor(() => expect(page.asked.map(({ route }) => route)).toContain("PATCH /states/S120"));
  const { body } = page.asked.find(({ route }) => route === "PATCH /states/S120")!;
  expect(body).toMatchObject({ words: { "999": { state: "failed" } }, expected: 1 });
});

test("[ST6] the station that is shown stays with its draft when another one becomes the first of the list", async () => {
  const user = userEvent.setup();
  const longest = (id: string) => stations.map((each) => (each.station === id ? { ...each, unmapped: 1, unmappedS: 9_000 } : each));
  const page = await openPage(<States detail={undefined} />, {
    answers: { "GET /states": longest("S120"), "GET /states/S120": unmapped, "PATCH /states/S120": { version: 2, changed: true } },
  });
  await user.click(within(await rowOf("999")).getByRole("button", { name: "Failed" }));
  page.answers["GET /states"] = longest("S090");
  await user.click(screen.getByRole("button", { name: /^Save/ }));
  // stored, the list is read again
  await waitFor(() => expect(screen.getAllByRole("button", { name: /^S(090|110|120)/ })[0]!.textContent).toContain("S090"));
  expect(screen.getByRole("button", { current: true }).textContent).toContain("S120");
  await rowOf("999");
});

test("[ST6] the page opens with the station that is selected, not with the first of the list", async () => {
  const first = stations.map((each) => (each.station === "S090" ? { ...each, unmapped: 1, unmappedS: 9_000 } : each));
  await openPage(<States detail={undefined} />, {
    address: "/connect/states?subject=S120",
    answers: { "GET /states": first, "GET /states/S120": packing },
  });
  await rowOf("121");
  expect(screen.getByRole("button", { current: true }).textContent).toContain("S120");
});

test("[ST7] a number stands with its name, and one click takes what the name proposes; one that did not occur yet too", async () => {
  const user = userEvent.setup();
  const nobodys = { by: "nothing", state: "unknown", cause: "unknown", last: 0, readAs: [] };
  const named = {
    ...packing,
    words: [
      ...packing.words,
      { ...nobodys, word: "999", name: "Avería", proposed: { state: "failed", cause: "internal" }, count: 7, seconds: 60 },
    ],
    unseen: [{ ...nobodys, word: "998", name: "Limpieza", count: 0, seconds: 0 }],
  };
  const page = await open({ "GET /states/S120": named, "PATCH /states/S120": { version: 2, changed: true } });
  const row = await rowOf("999");
  expect(row.textContent).toContain("Avería");
  expect((await rowOf("998")).textContent).toContain("Limpieza");
  expect(within(await rowOf("998")).queryByRole("button", { name: /Proposed/ })).toBeNull();
  await user.click(within(row).getByRole("button", { name: "Proposed: Failed" }));
  await user.click(screen.getByRole("button", { name: /^Save/ }));
  await waitFor(() => expect(page.asked.map(({ route }) => route)).toContain("PATCH /states/S120"));
  const { body } = page.asked.find(({ route }) => route === "PATCH /states/S120")!;
  expect(body).toMatchObject({ words: { "999": { state: "failed", cause: "internal" } } });
});

test("[ST4] who may not edit sees the meanings and can change none", async () => {
  await open({ "GET /states/S120": { ...packing, mayEdit: false, mayAdminister: false } });
  const row = await rowOf("121");
  for (const box of within(row).getAllByRole<HTMLInputElement>("combobox")) expect(box.disabled).toBe(true);
  expect(screen.queryByRole("button", { name: /^Save/ })).toBeNull();
});

test("[ST4] without a line, and when the server fails, the page says so instead of an empty table", async () => {
  await open({ "GET /states": [] });
  await screen.findByText("No line yet");
  closePages();
  await open({ "GET /states/S120": { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "the history is away" } } } });
  const alert = await screen.findByRole("alert");
  within(alert).getByText("the history is away");
});

test("[ST1] axe finds nothing serious on the meanings of a machine", async () => {
  const page = await open({ "GET /states/S120": unmapped });
  await rowOf("999");
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[ST9] a code is looked for without knowing the station: meaning, mapping, author and reason of each that has it, in the address", async () => {
  const row = { code: "7", state: "setUp", cause: "internal", by: "mapping", count: 17, seconds: 2_066, version: 1 };
  const written = { revision: 1, at: 1_795_000_000_000_000, name: "Doppelwerk", reason: "" };
  const answer = {
    codes: [{ code: "7", stations: 2 }],
    more: 0,
    rows: [
      { ...row, station: "S120", label: "S120 Packing", written },
      {
        ...row,
        station: "S090",
        label: "S090 Leak test",
        state: "failed",
        version: 3,
        written: { ...written, name: "Ann", reason: "checked at the panel" },
      },
      { code: "7", station: "S110", label: "S110 Camera", state: "unknown", cause: "unknown", by: "nothing", count: 1, seconds: 60 },
    ],
  };
  const user = userEvent.setup();
  const page = await open({ "GET /raw-states": answer });
  await user.type(await screen.findByRole("combobox", { name: /Code of the raw state/ }), "7");
  const table = await screen.findByRole("table", { name: "7 at 3 stations" });
  const texts = within(table)
    .getAllByRole("row")
    .map((each) => each.textContent ?? "");
  expect(texts[1]).toMatch(/S120 Packing.*Set-up.*internal.*version 1, from the beginning of the history.*Doppelwerk.*no reason given/i);
  expect(texts[2]).toMatch(/S090 Leak test.*Failed.*version 3.*Ann.*checked at the panel/);
  expect(texts[3]).toMatch(/S110 Camera.*Unknown.*not mapped: counts as unknown/);
  expect(page.studio.address.store.get().detail).toBe("states:code=7");
  expect(await page.accessibilityFindings()).toEqual([]);
  await user.click(within(table).getByRole("button", { name: "S120 Packing" }));
  expect(page.studio.address.store.get().detail).toBe("states:S120");
});

test("[ST9] the search of the frame knows codes of raw states", () => {
  const finder = views.find(({ at }) => at === "shell.finder@1") as unknown as { readonly data: { readonly asks: RegExp } };
  const asked = (text: string): string | undefined => {
    const match = finder.data.asks.exec(text);
    return match === null ? undefined : (match.groups?.["asked"] ?? "");
  };
  expect(["7", "state 7", "raw state 7", "What does the raw state -12", "状态 7", "状态7", "raw", "code"].map(asked)).toEqual([
    "7",
    "7",
    "7",
    "-12",
    "7",
    "7",
    "",
    "",
  ]);
  expect(["S090", "leak", "7 a", "L4-060"].map(asked)).toEqual([undefined, undefined, undefined, undefined]);
});

test("[ST8] a station leads to what its raw states mean", async () => {
  const line = { id: "L", stations: [{ id: "S120", shell: "urn:s120", name: { en: "Packing", zh: "包装" } }] };
  const page = await openPage(<StatesLink />, {
    views,
    address: "/world?subject=S120",
    answers: { "GET /world": { line: true, lines: [], connections: [], backfill: { done: true } }, "GET /branches": [], "GET /line": line },
  });
  await userEvent.click(await screen.findByRole("link", { name: "What the raw states of S120 mean" }));
  expect(page.studio.address.store.get()).toMatchObject({ view: "connect", detail: "states:S120" });
});
