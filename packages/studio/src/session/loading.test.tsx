import { act, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import type { Page } from "../app/page.fixture.tsx";

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
