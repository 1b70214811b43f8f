import { act, screen, waitFor } from "@testing-library/react";
import { shell, useStore, useStudio, view } from "@doppelwerk/ui";
import type { Address, PageData } from "@doppelwerk/ui";
import type { ReactNode } from "react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import type { Page, Recorded } from "../app/page.fixture.tsx";
import { Inspector } from "../inspector/inspector.tsx";

afterEach(closePages);

const page = (name: string, order: number, more: Partial<PageData> = {}) =>
  view(shell.page, `${name}.page`, {
    path: `/${name}`,
    title: "view.board",
    about: "view.boardAbout",
    guide: "kpi-targets",
    icon: "box",
    order,
    load: async () => ({ default: () => null }),
    ...more,
  });
const views = [
  page("board", 1, { isOfSite: true }),
  page("alarms", 2, { isOfSite: true, detailOfLine: (line) => `of ${line}` }),
  page("world", 3),
  view(shell.placeBoard, "places.board", { order: 1, load: async () => ({ default: () => null }) }),
];
const T = 1_700_000_000_000_000;
const titled = (id: string) => ({ id, title: { en: id, zh: id }, path: [{ en: id, zh: id }], timeZone: "UTC" });
const world = (lines: readonly string[]) => ({
  title: { en: "Plant", zh: "Plant" },
  path: [],
  revision: 5,
  line: true,
  snapshot: true,
  lines: lines.map(titled),
  connections: [],
  timeZone: "UTC",
  backfill: { done: true },
});
const lineIn = (url: URL, lines: readonly string[]): unknown => {
  const id = url.searchParams.get("line") ?? lines[0];
  return lines.includes(id!)
    ? { id, branch: "live", name: { en: id, zh: id }, taktS: 30, stations: [] }
    : { status: 404, body: { error: { code: "DW_NOT_FOUND", message: "no such line" } } };
};

function open(
  address: string,
  lines: readonly string[] = ["A", "B", "C"],
  more: Record<string, Recorded> = {},
  shown: ReactNode = null,
): Promise<Page> {
  return openPage(shown, {
    views,
    address,
    answers: {
      "GET /world": world(lines),
      "GET /branches": [],
      "GET /line": ({ url }: { readonly url: URL }) => lineIn(url, lines),
      "GET /snapshot": ({ url }: { readonly url: URL }) => ({ instant: T, stations: [], alarms: [], of: url.searchParams.get("line") }),
      ...more,
    } as Record<string, Recorded>,
  });
}
const at = ({ studio }: Page): Partial<Address> => {
  const { view: name, line, detail, subject } = studio.address.store.get();
  return { view: name, ...(line && { line }), ...(detail && { detail }), ...(subject && { subject }) };
};
const ready = ({ studio }: Page) => waitFor(() => expect(studio.line.get()).toBeDefined());

test("[U150] the line that is shown is kept from page to page, in the address, and a link without a line opens the one shown last", async () => {
  const first = await open("/board?line=B");
  await ready(first);
  first.studio.openPage("world");
  expect(at(first)).toEqual({ view: "world", line: "B" });
  expect(location.search).toBe("?line=B");
  first.studio.openPage("alarms");
  expect(at(first)).toEqual({ view: "alarms", line: "B", detail: "of B" });
  first.studio.openPage("board");
  expect(at(first)).toEqual({ view: "board", line: "B" });

  history.replaceState(null, "", "/");
  const again = await openAgain("/world");
  expect(at(again)).toEqual({ view: "world", line: "B" });
  // nothing was asked of the first line meanwhile
  await ready(again);
  expect(again.studio.line.get()?.id).toBe("B");
});

/** Another window of the same browser. */
async function openAgain(address: string, lines?: readonly string[]): Promise<Page> {
  const held = localStorage.getItem("doppelwerk.lines")!;
  closePages();
  localStorage.setItem("doppelwerk.lines", held);
  return open(address, lines);
}

test("[U150] a world that does not have that line any more shows the first, and a world of one line names none", async () => {
  const first = await open("/world?line=C");
  await ready(first);
  const gone = await openAgain("/world", ["A", "B"]);
  await ready(gone);
  await waitFor(() => expect(at(gone)).toEqual({ view: "world" }));
  expect(gone.studio.line.get()?.id).toBe("A");
  closePages();
  const single = await open("/world", ["A"]);
  await ready(single);
  expect(at(single)).toEqual({ view: "world" });
  // a link to what is not there is no line that was shown
  closePages();
  const wrong = await open("/world?line=Z");
  await waitFor(() => expect(wrong.studio.line.get()?.id).toBe("A"));
  expect(at(wrong)).toEqual({ view: "world" });
});

test("[U150] from the board of a place another page shows the line that was shown last if it is in there, else the first of it, and the board is come back to", async () => {
  const shown = await open("/board/hall");
  await ready(shown);
  const { studio } = shown;
  act(() => studio.railLines.set([titled("C"), titled("B")]));
  studio.openPage("world");
  expect(at(shown)).toEqual({ view: "world", line: "B" });
  studio.openPage("board");
  expect(at(shown)).toEqual({ view: "board", detail: "hall" });
  studio.openPage("alarms");
  expect(at(shown)).toEqual({ view: "alarms" });
  studio.openPage("board");
  expect(at(shown)).toEqual({ view: "board", detail: "hall" });
  studio.openPage("world");
  studio.address.go({ line: "C" });
  studio.openPage("board");
  // another line was chosen since
  expect(at(shown)).toEqual({ view: "board", line: "C" });
  studio.address.go({ view: "board", detail: "hall", line: undefined });
  studio.openPage("world");
  expect(at(shown)).toEqual({ view: "world", line: "C" });
  studio.address.go({ subject: "S1" });
  studio.openPage("board");
  expect(at(shown)).toEqual({ view: "board", line: "C", subject: "S1" });
});

test("[U151] after a switch nothing of the line before is shown, and what answers late of it is not taken", async () => {
  const late = Promise.withResolvers<unknown>();
  const held = Promise.withResolvers<unknown>();
  const answers: Record<string, Recorded> = {
    "GET /line": ({ url }: { readonly url: URL }) =>
      url.searchParams.get("line") === "B" ? late.promise : url.searchParams.get("line") === "C" ? held.promise : lineIn(url, ["A"]),
  };
  const shown = await open("/world?line=A", undefined, answers, <Inspector />);
  await ready(shown);
  const { studio } = shown;
  await screen.findByRole("heading", { name: "A" });
  await waitFor(() => expect(studio.snapshot.get()).toMatchObject({ of: "A" }));
  act(() => studio.address.go({ line: "B" }));
  expect(studio.line.get()).toBeUndefined();
  expect(studio.snapshot.get()).toBeUndefined();
  // it says which one is read, not what the plant as a whole is
  await screen.findByRole("heading", { name: "B" });
  await screen.findByRole("status");
  act(() => studio.address.go({ line: "C" }));
  await act(async () => late.resolve({ id: "B", branch: "live", name: { en: "B", zh: "B" }, taktS: 30, stations: [] }));
  expect(studio.line.get()).toBeUndefined();
  await act(async () => held.resolve({ id: "C", branch: "live", name: { en: "C", zh: "C" }, taktS: 30, stations: [] }));
  await waitFor(() => expect(studio.line.get()?.id).toBe("C"));
  await waitFor(() => expect(studio.snapshot.get()).toMatchObject({ of: "C" }));
  // the same line by another address is no switch
  act(() => studio.address.go({ line: "A" }));
  await waitFor(() => expect(studio.line.get()?.id).toBe("A"));
  act(() => studio.address.go({ view: "board", line: undefined }));
  expect(studio.line.get()?.id).toBe("A");
});

function Lines(): ReactNode {
  return <>{String(useStore(useStudio().address.store).line)}</>;
}

test("[U150] the line of a station that is selected is shown with it, on pages without a choice of lines too", async () => {
  const stations = [{ id: "S9", shell: "shell:9", name: { en: "S9", zh: "S9" } }];
  const { useLineOfSubject } = await import("../frame/use-line-of-subject.ts");
  const Follow = (): ReactNode => {
    useLineOfSubject();
    return <Lines />;
  };
  const shown = await open(
    "/alarms",
    undefined,
    {
      "GET /lines": {
        lines: [
          { ...titled("A"), stations: [] },
          { ...titled("B"), stations },
        ],
        findings: [],
      },
    },
    <Follow />,
  );
  await ready(shown);
  act(() => shown.studio.address.go({ subject: "S9" }));
  await screen.findByText("B");
});
