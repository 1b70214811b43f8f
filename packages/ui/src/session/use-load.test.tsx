import { act, cleanup, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import type { ReactNode } from "react";
import { call } from "@doppelwerk/client";
import { afterEach, expect, test, vi } from "vitest";
import { closePages, openPage } from "../../../studio/src/app/page.fixture.tsx";
import type { Page } from "../../../studio/src/app/page.fixture.tsx";
import { useStudio } from "./context.tsx";
import { answerOf } from "./load.ts";
import { loadCacheOf } from "./load-cache.ts";
import { useScope } from "./scope.tsx";
import { useLoad } from "./use-load.ts";

const ROUTE = "GET /rules";
interface Rules {
  readonly route: typeof ROUTE;
  readonly query: { readonly _zod: { readonly input: { readonly branch: string; readonly page?: number } } };
  readonly answer: { readonly _zod: { readonly output: { readonly text: string } } };
}
const rules = call<Rules>(ROUTE, "json");
const KEPT = { kinds: ["alarmRule"] };

/** The socket of the newest live session. */
let socket: { onmessage?: (event: { readonly data: string }) => void; onclose?: () => void };
globalThis.WebSocket = class {
  readyState = 1;
  onmessage?: typeof socket.onmessage;
  onclose?: typeof socket.onclose;
  constructor() {
    socket = this as typeof socket;
  }
  send() {}
  close() {}
} as never;
const receive = (message: object): Promise<void> => act(async () => socket.onmessage?.({ data: JSON.stringify(message) }));
const WELCOME = {
  kind: "welcome",
  protocol: 2,
  self: { id: "p", name: "Ada" },
  revision: 1,
  now: 0,
  branches: [],
  signals: [],
  people: [],
};
const commitOf = (id: string) => ({
  kind: "commit",
  entry: { v: 1, revision: 2, time: 0, branch: "live", actor: "", reason: "", hash: "", changes: [{ op: "update", id, fields: {} }] },
});

afterEach(() => {
  vi.useRealTimers();
  cleanup();
  closePages();
});

interface CardProps {
  readonly everyMs?: number;
  readonly again?: unknown;
  readonly kept?: boolean;
}
function RulesCard({ everyMs, again, kept }: CardProps): ReactNode {
  const { branch } = useScope();
  const loaded = useLoad(answerOf(rules, { query: { branch } }, kept === true ? KEPT : undefined), { everyMs, again });
  return (
    <button type="button" onClick={loaded.reload}>
      {[loaded.kind, loaded.value?.text, loaded.kind === "failed" ? loaded.message : undefined].filter(Boolean).join(" ")}
    </button>
  );
}
const cards = (): readonly string[] => screen.queryAllByRole("button").map(({ textContent }) => textContent!);
const shows = (...texts: readonly string[]): Promise<void> => waitFor(() => expect(cards()).toEqual(texts));
const askedOf = ({ asked }: Page): number => asked.filter(({ route }) => route === ROUTE).length;

/** A page whose props the test changes. */
async function openChanging<Props>(draw: (props: Props) => ReactNode, first: Props, answers: Parameters<typeof openPage>[1]["answers"]) {
  let change!: (props: Props) => void;
  function Changing(): ReactNode {
    const [props, setProps] = useState(first);
    change = setProps;
    return draw(props);
  }
  const page = await openPage(<Changing />, { answers });
  return { page, change: (props: Props) => act(async () => change(props)) };
}

/** From now on the test answers the requests of the route, the oldest first. */
function holdAnswers() {
  const waiting: ((text: string) => void)[] = [];
  const signals: AbortSignal[] = [];
  const recorded = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    if (!String(input).includes("/rules")) return recorded(input, init);
    signals.push(init!.signal!);
    const text = await new Promise<string>((resolve) => waiting.push(resolve));
    return new Response(JSON.stringify({ text }));
  };
  return { signals, answer: (text: string) => act(async () => waiting.shift()!(text)), waiting };
}

test("[U96] two cards that show the same share one request, and one in each period where both ask again by time", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  let count = 0;
  const both = [<RulesCard key="a" everyMs={1_000} />, <RulesCard key="b" everyMs={1_000} />];
  const page = await openPage(both, { answers: { [ROUTE]: () => ({ text: `n${++count}` }) } });
  await shows("ready n1", "ready n1");
  for (const period of [2, 3, 4]) {
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    await shows(`ready n${period}`, `ready n${period}`);
    expect(askedOf(page)).toBe(period);
  }
});

test("[U96] what changes while a request is under way is read once more after it, and what nothing waits for is cancelled", async () => {
  const draw = (again: number | undefined): ReactNode =>
    again === undefined ? null : [<RulesCard key="a" again={again} />, <RulesCard key="b" again={again} />];
  const { change } = await openChanging<number | undefined>(draw, undefined, {});
  const { waiting, answer, signals } = holdAnswers();
  await change(0);
  for (const again of [1, 2, 3]) await change(again);
  expect(waiting).toHaveLength(1);
  await answer("first");
  await shows("ready first", "ready first");
  expect(waiting).toHaveLength(1);
  await answer("second");
  await shows("ready second", "ready second");
  expect(waiting).toHaveLength(0);
  await change(4);
  await waitFor(() => expect(waiting).toHaveLength(1));
  expect(signals[2]!.aborted).toBe(false);
  await change(undefined);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, true]);
});

test("[U97] after a change of branch or person nothing of the one before is shown", async () => {
  const seen = new Set<string>();
  let person = "ada";
  function Watched(): ReactNode {
    const studio = useStudio();
    const { branch } = useScope();
    const { value } = useLoad(answerOf(rules, { query: { branch } }, KEPT));
    if (value !== undefined) seen.add(`${branch} ${studio.preferences.get().personId} sees ${value.text}`);
    return <b>{value?.text}</b>;
  }
  const page = await openPage(<Watched />, {
    answers: { [ROUTE]: ({ url }: { readonly url: URL }) => ({ text: `${url.searchParams.get("branch")} ${person}` }) },
  });
  await receive(WELCOME);
  const become = (name: string): Promise<void> =>
    act(async () => {
      person = name;
      page.studio.preferences.update((held) => ({ ...held, personId: name }));
    });
  await become("ada");
  await screen.findByText("live ada");
  seen.clear();
  await act(async () => page.studio.address.go({ branch: "branch:1" }));
  await screen.findByText("branch:1 ada");
  await become("eve");
  await screen.findByText("branch:1 eve");
  await act(async () => page.studio.address.go({ branch: "live" }));
  await screen.findByText("live eve");
  expect([...seen]).toEqual(["branch:1 ada sees branch:1 ada", "branch:1 eve sees branch:1 eve", "live eve sees live eve"]);
});

test("[U98] a request that is refused is not repeated by itself, and the value stays until one succeeds", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const refusal = { status: 403, body: { error: { code: "DW_FORBIDDEN", message: "not yours" } } };
  const page = await openPage(<RulesCard everyMs={1_000} />, { answers: { [ROUTE]: refusal } });
  await shows("failed not yours");
  expect(askedOf(page)).toBe(1);
  const { answer } = holdAnswers();
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  await shows("failed not yours");
  await answer("there");
  await shows("ready there");
  globalThis.fetch = async () => new Response(JSON.stringify(refusal.body), { status: 403 });
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  await shows("failed there not yours");
  const again = holdAnswers();
  await act(async () => screen.getByRole("button").click());
  await shows("loading there");
  await again.answer("new");
  await shows("ready new");
});

test("[U98] a hidden window asks for nothing by time, and once when it is shown again", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  let visibility = "hidden";
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => visibility as DocumentVisibilityState);
  let count = 0;
  await openPage(<RulesCard everyMs={1_000} />, { answers: { [ROUTE]: () => ({ text: `n${++count}` }) } });
  await shows("ready n1");
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  await shows("ready n1");
  visibility = "visible";
  await act(async () => void window.dispatchEvent(new Event("visibilitychange")));
  await shows("ready n2");
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  await shows("ready n3");
  expect(count).toBe(3);
  vi.restoreAllMocks();
});

test("[U99] an answer of documents is kept, and asked for again once where a commit wrote records of its kinds", async () => {
  let count = 0;
  const draw = (shown: number): ReactNode => Array.from({ length: shown }, (_, index) => <RulesCard key={index} kept />);
  const { page, change } = await openChanging<number>(draw, 0, { [ROUTE]: () => ({ text: `n${++count}` }) });
  await receive(WELCOME);
  await change(2);
  await shows("ready n1", "ready n1");
  await change(0);
  await change(2);
  await shows("ready n1", "ready n1");
  await receive(commitOf("submodel:1"));
  expect(askedOf(page)).toBe(1);
  await receive(commitOf("alarmRule:1"));
  await shows("ready n2", "ready n2");
  expect(askedOf(page)).toBe(2);
  // unseen, it is forgotten
  await change(0);
  await receive(commitOf("alarmRule:1"));
  await change(1);
  await shows("ready n3");
  // what changed while the connection was lost is not known
  const lost = socket;
  await act(async () => lost.onclose?.());
  await change(0);
  await change(1);
  await shows("ready n4");
  await waitFor(() => expect(socket).not.toBe(lost));
  await receive(WELCOME);
  await shows("ready n5");
  expect(askedOf(page)).toBe(5);
});

/** A window whose world was read at revision 5, with a card of an answer of documents that has been read too. */
async function openRead(world: unknown): Promise<{ readonly page: Page; readonly change: (shown: number) => Promise<void> }> {
  let count = 0;
  const draw = (shown: number): ReactNode => Array.from({ length: shown }, (_, index) => <RulesCard key={index} kept />);
  const opened = await openChanging<number>(draw, 1, { [ROUTE]: () => ({ text: `n${++count}` }) });
  opened.page.studio.world.set(world as never);
  await shows("ready n1");
  return opened;
}

test("[U99] the first welcome asks for nothing again that was read at the revision it says; another one does, and every later welcome", async () => {
  const { page, change } = await openRead({ revision: 5, lines: [] });
  // a second view of it comes while the window is still connecting
  await change(2);
  await shows("ready n1", "ready n1");
  await receive({ ...WELCOME, revision: 5 });
  await change(1);
  await shows("ready n1");
  expect(askedOf(page)).toBe(1);
  await receive({ ...WELCOME, revision: 5 });
  await shows("ready n2");
});

test("[U99] what was committed between the answer and the first welcome is read", async () => {
  await openRead({ revision: 5, lines: [] });
  await receive({ ...WELCOME, revision: 6 });
  await shows("ready n2");
});

test.each([
  [5, "ready n1"],
  [4, "ready n2"],
])("[U99] where the world is read after the welcome, its revision %d decides", async (revision, then) => {
  const { page } = await openRead(undefined);
  await receive({ ...WELCOME, revision: 5 });
  await act(async () => page.studio.world.set({ revision, lines: [] } as never));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await shows(then);
});

test("[U99] at most 200 answers are kept that nothing shows, and none that no commit would change", async () => {
  function Numbered({ number, kept }: { readonly number: number; readonly kept: boolean }): ReactNode {
    const { branch } = useScope();
    const { value } = useLoad(answerOf(rules, { query: { branch, page: number } }, kept ? KEPT : undefined));
    return value === undefined ? null : <b>{number}</b>;
  }
  const draw = (numbers: readonly number[]): ReactNode =>
    numbers.map((number) => <Numbered key={number} number={number} kept={number % 2 === 0} />);
  const { page, change } = await openChanging<readonly number[]>(draw, [], { [ROUTE]: { text: "there" } });
  await receive(WELCOME);
  const size = (): number => loadCacheOf(page.studio).client.getQueryCache().getAll().length;
  const numbers = Array.from({ length: 500 }, (_, index) => index);
  await change(numbers);
  await waitFor(() => expect(document.querySelectorAll("b")).toHaveLength(500));
  expect(size()).toBe(500);
  await change([]);
  await waitFor(() => expect(size()).toBe(200));
});
