import { act, cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import type { ReactNode } from "react";
import { HOUR } from "@doppelwerk/world";
import { afterEach, beforeEach, expect, test } from "vitest";
import { switchLanguage } from "../../language/language.ts";
import { StudioContext } from "../../session/context.tsx";
import type { Studio } from "../../session/studio.ts";
import { createStore } from "../../store/store.ts";
import { Chart, type ChartProps } from "./chart.tsx";

// 24 November 2026, 06:00 in Berlin
const SIX = Date.UTC(2026, 10, 24, 5) * 1000;

beforeEach(() => switchLanguage("en"));
afterEach(cleanup);

async function draw(chart: ReactNode): Promise<HTMLElement> {
  const studio = { world: createStore({ timeZone: "Europe/Berlin" }) } as unknown as Studio;
  const { container } = render(<StudioContext value={studio}>{chart}</StudioContext>);
  await act(async () => undefined);
  return container;
}

const output: ChartProps = {
  label: "Good parts",
  height: 120,
  x: { kind: "time", from: SIX, to: SIX + 8 * HOUR },
  y: { kind: "number", name: "Good", unit: "parts", include: [0], isWhole: true },
  marks: [
    {
      kind: "line",
      name: "Made",
      tone: "text",
      points: [0, 40, undefined, 90, 130].map((y, hour) => ({ x: SIX + hour * HOUR, y })),
    },
    { kind: "rule", name: "Plan", tone: "faint", y: 200, isLabelled: true },
  ],
};

test("[U100] a chart has a table for screen readers: every value with its unit, in the plant's zone, unknown ones named", async () => {
  await draw(<Chart {...output} />);
  const table = screen.getByRole("table", { name: "Good parts" });
  const rows = within(table)
    .getAllByRole("row")
    .map((row) => row.textContent);
  expect(rows).toEqual([
    "TimeMade",
    "Tue 24 Nov, 06:000\u202fparts",
    "Tue 24 Nov, 07:0040\u202fparts",
    "Tue 24 Nov, 08:00no data",
    "Tue 24 Nov, 09:0090\u202fparts",
    "Tue 24 Nov, 10:00130\u202fparts",
  ]);
});

test("[U100] an unknown value is a gap in the line", async () => {
  const container = await draw(<Chart {...output} />);
  const path = container.querySelector(".dw-chart-line")!.getAttribute("d")!;
  expect(path.match(/M/g)).toHaveLength(2);
  expect(path.match(/L/g)).toHaveLength(2);
});

test("[U100] arrow keys read a chart from place to place, and leave it at its ends", async () => {
  const user = userEvent.setup();
  await draw(<Chart {...output} />);
  const plot = screen.getByRole("slider", { name: "Good parts" });
  await user.tab();
  expect(document.activeElement).toBe(plot);
  expect(plot.getAttribute("aria-valuetext")).toBe("Tue 24 Nov, 10:00, Made 130\u202fparts");
  await user.keyboard("{ArrowRight}{ArrowLeft}{ArrowLeft}");
  expect(plot.getAttribute("aria-valuetext")).toBe("Tue 24 Nov, 08:00, Made no data");
  within(plot).getByText("no data");
  await user.keyboard("{Home}");
  expect(plot.getAttribute("aria-valuetext")).toBe("Tue 24 Nov, 06:00, Made 0\u202fparts");
  await user.tab();
  expect(within(plot).queryByText("0\u202fparts")).toBeNull();
});

test("[U100] a point is chosen by keyboard, with the intervals of both of its values", async () => {
  const user = userEvent.setup();
  const chosen: number[] = [];
  await draw(
    <Chart
      label="What cannot be had together"
      height={200}
      readsPoints
      chosen={7}
      onChoose={(choice) => chosen.push(choice)}
      x={{ kind: "number", name: "Good", digits: 0 }}
      y={{ kind: "number", name: "WIP", unit: "parts", digits: 1 }}
      marks={[
        {
          kind: "point",
          name: "Found",
          tone: "hue",
          points: [
            { x: 610, y: 51, xReach: 4, yReach: 1.5, title: "two places", choice: 7 },
            { x: 598, y: 44, xReach: 3, yReach: 1, title: "one place", choice: 9 },
          ],
        },
        { kind: "point", name: "Now", tone: "muted", shape: "cross", points: [{ x: 590, y: 49 }] },
      ]}
    />,
  );
  await user.tab();
  const plot = screen.getByRole("slider");
  expect(plot.getAttribute("aria-valuetext")).toBe("two places, Good 610 ± 4, WIP 51.0\u202fparts ± 1.5");
  await user.keyboard("{ArrowLeft}{ArrowLeft}");
  expect(plot.getAttribute("aria-valuetext")).toBe("Now, Good 590, WIP 49.0\u202fparts");
  // what stands now is read, and is nothing to choose
  expect(chosen).toEqual([9]);
});

test("[U100] a chart without a value says so", async () => {
  await draw(<Chart {...output} marks={[{ kind: "line", name: "Made", tone: "text", points: [{ x: SIX, y: undefined }] }]} />);
  screen.getByText("No values to show");
  expect(screen.queryByRole("slider")).toBeNull();
});

test("[U100] axe finds nothing serious in a chart", async () => {
  const container = await draw(<Chart {...output} />);
  const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id }) => id)).toEqual([]);
});
