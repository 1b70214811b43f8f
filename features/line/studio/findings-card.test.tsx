import { cleanup, screen, within } from "@testing-library/react";
import { message } from "@doppelwerk/messages";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page } from "../../../packages/studio/src/app/page.fixture.tsx";
import { list, type KnownLine } from "../contract.ts";
import FindingsCard from "./findings-card.tsx";
import { views } from "./views.ts";

afterEach(closePages);

const lineOf = (id: string, findings: KnownLine["findings"]): KnownLine => ({
  id,
  title: { en: `Line ${id}`, zh: `${id} 号线` },
  shell: `urn:test:${id}`,
  path: [],
  timeZone: "Europe/Berlin",
  stations: [],
  findings,
});
const said = (en: string, zh: string) => message("line.finding.ofShells", { text: { en, zh } });
const open = (answer: ReturnType<typeof list.answer.parse>, language: "en" | "zh" = "en"): Promise<Page> =>
  openPage(<FindingsCard />, { views, language, address: "/connect", answers: { "GET /lines": list.answer.parse(answer) } });

const answer = {
  lines: [
    lineOf("1", []),
    lineOf("2", [
      said("a flow leads to no station of the line: S1 to S9", "物流的起点或终点不是该产线的工位：S1 至 S9"),
      message("line.finding.sharedStation", { station: "2.S1", line: "1" }),
    ]),
  ],
  findings: [said("the submodel urn:x describes a line and belongs to no shell", "子模型 urn:x 描述了一条产线，但不属于任何管理壳")],
};

test("[LN50] Connect lists what documents say of lines and cannot be, by line, in both languages; a line without findings is not listed", async () => {
  const page = await open(answer);
  const second = within(await screen.findByRole("region", { name: "Line 2" }));
  expect(second.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual([
    "a flow leads to no station of the line: S1 to S9",
    "2.S1 is also a station of the line 1: its alarms are raised there",
  ]);
  within(screen.getByRole("region", { name: "Not readable as a line" })).getByText(/belongs to no shell/);
  expect(screen.queryByRole("region", { name: "Line 1" })).toBe(null);
  expect(await page.accessibilityFindings()).toEqual([]);
  closePages();
  await open(answer, "zh");
  within(await screen.findByRole("region", { name: "2 号线" })).getByText("2.S1 也是产线 1 的工位，其报警归该产线");
  screen.getByText(/不属于任何管理壳/);
});

test("[LN50] without findings there is no card; many of one line are counted", async () => {
  const page = await open({ lines: [lineOf("1", [])], findings: [] });
  await expect.poll(() => page.asked.map(({ route }) => route)).toContain("GET /lines");
  expect(screen.queryByRole("heading")).toBe(null);
  cleanup();
  closePages();
  const many = Array.from({ length: 27 }, (_, at) => said(`finding ${at}`, `问题 ${at}`));
  await open({ lines: [lineOf("1", many)], findings: [] });
  const items = within(await screen.findByRole("region", { name: "Line 1" })).getAllByRole("listitem");
  expect(items).toHaveLength(21);
  expect(items.at(-1)!.textContent).toBe("7 more");
});
