import { screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../../packages/studio/src/app/page.fixture.tsx";
import Optimise from "../optimise/optimise.tsx";
import Decide from "./decide.tsx";
import { isOfLine } from "./use-follow-line.ts";
import { views } from "./views.ts";

afterEach(closePages);

const BRANCH = "branch:1";
const line = (id: string) => ({ id, title: { en: id, zh: id }, stations: [], timeZone: "UTC" });
const study = { branch: BRANCH, kind: "study", state: "done", done: 30, total: 60, seed: 7, replications: 30, diffHash: "" };
const run = (id: string, startedAt: number, of: object) => ({ ...study, id, startedAt, ...of });
const search = { branch: BRANCH, state: "done", goals: ["throughput"], spent: 1, budget: 1, judged: 1, seed: 1, by: "Ada" };
const optimisation = (id: string, startedAt: number, of: object) => ({ ...search, id, title: id, startedAt, ...of });
const RUNS = [run("run:3", 30, { line: "L3" }), run("run:4", 40, { line: "L4" }), run("run:5", 50, { lines: ["L3", "L5"] })];

function open(page: "decide" | "optimise", query: string, answers: Record<string, Recorded> = {}): Promise<Page> {
  const detail = page === "optimise" ? (query.split("?")[0] ?? "") : "";
  return openPage(page === "decide" ? <Decide /> : <Optimise branch={BRANCH} detail={detail} />, {
    views,
    address: page === "decide" ? `/decide?branch=${BRANCH}&${query}` : `/decide/${query}`,
    answers: {
      "GET /world": {
        revision: 5,
        line: true,
        snapshot: false,
        connections: [],
        timeZone: "UTC",
        backfill: { done: true },
        lines: ["L3", "L4", "L5"].map(line),
      },
      "GET /branches": [{ id: BRANCH, name: "other" }],
      "GET /lines": { lines: ["L3", "L4", "L5"].map(line), findings: [] },
      "GET /line": ({ url }: { readonly url: URL }) => ({ id: url.searchParams.get("line") ?? "L3", stations: [] }),
      [`GET /branches/${BRANCH}/runs`]: RUNS,
      [`GET /branches/${BRANCH}/factors`]: [],
      ...answers,
    },
  });
}
const lineOf = ({ studio }: Page) => studio.address.store.get().line;
const readRuns = ({ asked }: Page) => asked.map(({ route }) => route).filter((route) => route.startsWith("GET /runs/"));

test("[SV97] a run that names no line is of the first, one of several lines of each of them", () => {
  expect([isOfLine({}, undefined, "L3"), isOfLine({}, "L4", "L3"), isOfLine({ line: "L4" }, "L4", "L3")]).toEqual([true, false, true]);
  expect([isOfLine({ lines: ["L3", "L5"] }, "L5", "L3"), isOfLine({ lines: ["L3", "L5"] }, "L4", "L3")]).toEqual([true, false]);
});

test("[SV97] the newest run of the line that is shown is shown, not the newest of all", async () => {
  const page = await open("decide", "line=L4");
  await waitFor(() => expect(readRuns(page)).toEqual(["GET /runs/run:4"]));
  expect(lineOf(page)).toBe("L4");
});

test("[SV97] a link to a run of another line, or of several, takes the page to its line", async () => {
  const one = await open("decide", "line=L3&run=run:4");
  await waitFor(() => expect(lineOf(one)).toBe("L4"));
  expect(readRuns(one)).toEqual(["GET /runs/run:4"]);
  await waitFor(() => expect(one.studio.line.get()?.id).toBe("L4"));
  closePages();
  const several = await open("decide", "line=L4&run=run:5");
  await waitFor(() => expect(lineOf(several)).toBe("L3"));
  closePages();
  // of several lines one of which is shown the page stays
  const kept = await open("decide", "line=L5&run=run:5");
  await waitFor(() => expect(readRuns(kept)).toEqual(["GET /runs/run:5"]));
  expect(lineOf(kept)).toBe("L5");
});

test("[SV97] a branch without a run of the line that is shown takes the page to the line of its newest run", async () => {
  const page = await open("decide", "line=L3", { [`GET /branches/${BRANCH}/runs`]: [run("run:4", 40, { line: "L4" })] });
  await waitFor(() => expect(lineOf(page)).toBe("L4"));
});

test("[SV97] an optimisation of another line that is opened takes the page to it; without one named that of the line shown is", async () => {
  const list = [optimisation("optimisation:3", 1, {}), optimisation("optimisation:4", 2, { line: "L4" })];
  const answers = { [`GET /branches/${BRANCH}/optimisations`]: list };
  const named = await open("optimise", `optimise:line:optimisation:4?branch=${BRANCH}&line=L3`, answers);
  await waitFor(() => expect(lineOf(named)).toBe("L4"));
  closePages();
  const own = await open("optimise", `optimise?branch=${BRANCH}&line=L3`, answers);
  await waitFor(() => expect(own.asked.map(({ route }) => route)).toContain("GET /optimisations/optimisation:3"));
  expect(lineOf(own)).toBe("L3");
  closePages();
  await open("optimise", `optimise?branch=${BRANCH}&line=L5`, answers);
  await screen.findByText("No optimisation yet");
  // those of other lines are not hidden
  expect(screen.getByPlaceholderText("Optimisations of this branch")).toBeDefined();
});
