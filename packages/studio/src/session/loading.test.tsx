import { act, waitFor } from "@testing-library/react";
import type { Snapshot } from "@doppelwerk/client";
import { HOUR, SECOND } from "@doppelwerk/world";
import { afterEach, expect, test, vi } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import type { Page } from "../app/page.fixture.tsx";
import { railLoader } from "./loading.ts";

let socket: { onmessage?: (event: { readonly data: string }) => void };
globalThis.WebSocket = class {
  readyState = 1;
  onmessage?: typeof socket.onmessage;
  constructor() {
    socket = this as typeof socket;
  }
  send() {}
  close() {}
} as never;
const receive = (message: object): Promise<void> => act(async () => socket.onmessage?.({ data: JSON.stringify(message) }));
const welcome = (revision: number) => ({
  kind: "welcome",
  protocol: 2,
  self: { id: "p", name: "Ada" },
  revision,
  now: 0,
  branches: [],
  signals: [],
  people: [],
});
const READ_FIRST = ["GET /world", "GET /branches", "GET /line"];
const countsOf = ({ asked }: Page): readonly number[] => READ_FIRST.map((route) => asked.filter((each) => each.route === route).length);

afterEach(closePages);

async function open(): Promise<Page> {
  const world = { revision: 5, line: true, snapshot: false, lines: [], connections: [], backfill: { done: true } };
  const page = await openPage(null, { answers: { "GET /world": world, "GET /branches": [], "GET /line": { id: "L", stations: [] } } });
  await waitFor(() => expect(countsOf(page)).toEqual([1, 1, 1]));
  return page;
}

test("[U135] what a window reads first is read once: the welcome of its connection is no news of the revision that was read", async () => {
  const page = await open();
  await receive(welcome(5));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(countsOf(page)).toEqual([1, 1, 1]);
  // a later welcome ends a time without a connection
  await receive(welcome(5));
  await waitFor(() => expect(countsOf(page)).toEqual([2, 2, 2]));
});

test("[U135] what was committed between the first answers and the welcome is read", async () => {
  const page = await open();
  await receive(welcome(6));
  await waitFor(() => expect(countsOf(page)).toEqual([2, 2, 2]));
});

test("[U148] recorded states are asked for again after 15 s, not with each answer that is behind the clock of the window", async () => {
  const page = await open();
  const { studio } = page;
  const client = studio.client as { window: unknown };
  const nothing = { count: 0, signals: [], sourceTimes: [], values: [], texts: new Map() };
  client.window = async () => nothing;
  const signal = { index: 1, id: "signal:1", name: "S010 state", role: "State", source: "S010", type: "xs:string" };
  await receive({ ...welcome(5), signals: [signal] });
  const now = studio.now();
  let asked = 0;
  client.window = async () => {
    asked += 1;
    return nothing;
  };
  const show = (instant: number): Promise<void> =>
    act(async () => studio.snapshot.set({ instant, stations: [], buffers: [] } as unknown as Snapshot));
  await show(now - 2 * SECOND);
  await waitFor(() => expect(asked).toBe(1));
  for (const behind of [1.5, 1, 0.5]) await show(now - behind * SECOND);
  expect(asked).toBe(1);
  await show(now - 60 * SECOND);
  await waitFor(() => expect(asked).toBe(2));
  await show(now + 20 * SECOND);
  await waitFor(() => expect(asked).toBe(3));
});

test("[U165] a clock asks a server that refuses less and less often; what somebody does asks at once", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout", "Date"], shouldAdvanceTime: true });
  try {
    const refusal = { status: 403, body: { error: { code: "DW_FORBIDDEN", message: "not yours" } } };
    const world = { revision: 5, line: true, snapshot: true, lines: [], connections: [], backfill: { done: true } };
    const page = await openPage(null, {
      answers: {
        "GET /world": world,
        "GET /branches": [],
        "GET /line": { id: "L", stations: [] },
        "GET /snapshot": refusal,
        "GET /rail": refusal,
      },
    });
    const asksOf = (route: string): number => page.asked.filter((each) => each.route === route).length;
    const failures: (string | undefined)[] = [];
    const rail = railLoader(page.studio, (failure) => failures.push(failure?.code));
    try {
      rail.range(page.studio.now() - HOUR, page.studio.now());
      await act(async () => vi.advanceTimersByTimeAsync(60_000));
      // after 2, 4, 8, 16 and 32 s, where it asked each second before
      for (const route of ["GET /snapshot", "GET /rail"])
        expect([route, asksOf(route) >= 3, asksOf(route) <= 7]).toEqual([route, true, true]);
      expect(new Set(failures)).toEqual(new Set(["DW_FORBIDDEN"]));
      const before = asksOf("GET /rail");
      rail.again();
      await act(async () => vi.advanceTimersByTimeAsync(200));
      expect(asksOf("GET /rail")).toBe(before + 1);
      page.answers["GET /rail"] = {
        from: 0,
        to: page.studio.now(),
        now: page.studio.now(),
        changes: [],
        band: [],
        shifts: [],
        alarms: [],
        lanes: [],
      };
      rail.again();
      await act(async () => vi.advanceTimersByTimeAsync(200));
      expect(failures.at(-1)).toBe(undefined);
    } finally {
      rail.stop();
    }
  } finally {
    vi.useRealTimers();
  }
});
