import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { FittedParameter } from "@doppelwerk/client";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import { fittedParameter } from "../../model/run-shapes.ts";
import FittedNote from "./fitted-note.tsx";
import { ParametersCard } from "./parameters-card.tsx";

afterEach(closePages);

const SHELL = "urn:plant:S090";
const title = { en: "Leak test", zh: "泄漏测试" };
const lines = [
  { id: "Line3", title: { en: "Line 3", zh: "3 号线" }, stations: [{ id: "S010", title, shell: "urn:plant:S010" }] },
  { id: "Line4", title: { en: "Line 4", zh: "4 号线" }, stations: [{ id: "S090", title, shell: SHELL }] },
];
const failures: FittedParameter = {
  station: "S090",
  name: "stopBetween/failure",
  unit: "min",
  distribution: "exponential",
  mean: 2_135.97,
  low: 1_474.9,
  high: 3_369.5,
  n: 21,
  pooled: false,
  source: "fitted",
  nominal: 1_640,
  overMin: 45_847,
  fit: "exponential, 21 events",
  counted: {
    from: Date.UTC(2026, 10, 16, 6) * 1000,
    to: Date.UTC(2026, 10, 30, 11, 23) * 1000,
    places: 6,
    signals: ["signal:a", "signal:b"],
  },
};
const other: FittedParameter = { ...failures, station: "S010", mean: 900, n: 0, source: "nominal", nominal: 900, overMin: undefined };

const noteOf = (name: string, parameters: readonly FittedParameter[], language: "en" | "zh" = "en") =>
  openPage(<FittedNote shell={SHELL} name={name} />, {
    address: "/assets",
    language,
    answers: { "GET /lines": { lines }, "GET /branches/live/parameters": parameters },
  });

test("[SV99] beside a declared time between failures stands the fitted one with its interval, count and span; it leads to the model of its line", async () => {
  expect(fittedParameter.parse(failures)).toEqual(failures);
  const page = await noteOf("MeanOperatingTimeBetweenFailures", [other, failures]);
  const link = await screen.findByRole("button", { name: "value in the model" });
  // 45,847 min are 31.8 d
  expect(link.parentElement!.textContent).toMatch(
    /^fitted from history: 2136\smin \(95 % 1475–3370\), n = 21, 31\.8 place-days \(6 places\), 16–30 Nov/u,
  );
  await userEvent.click(link);
  expect(page.studio.address.store.get()).toMatchObject({ view: "decide", line: "Line4", subject: "S090" });
  closePages();
  // another name of the same figure, nothing observed
  await noteOf("MTTF", [{ ...failures, n: 0, source: "nominal" }]);
  await screen.findByText(/^nothing observed yet: the model takes the declared value/);
  closePages();
  await noteOf("MeanOperatingTimeBetweenFailures", [failures], "zh");
  expect((await screen.findByText(/由历史拟合/u)).textContent).not.toMatch(/history|fitted/u);
});

test("[SV99] the parameters of a model show what is declared beside what is fitted and lead to its documents; those of the selected station are first", async () => {
  const page = await openPage(<ParametersCard parameters={[other, failures]} />, {
    address: "/decide?subject=S090",
    answers: { "GET /lines": { lines } },
  });
  const rows = within(await screen.findByRole("table"))
    .getAllByRole("row")
    .slice(1);
  expect(rows.map((row) => within(row).getAllByRole("cell")[0]!.textContent!.slice(0, 4))).toEqual(["S090", "S010"]);
  expect(rows[0]!.textContent).toMatch(/2136 min1475–33701640 min21 failures in 31\.8 place-days \(6 places\), 16–30 Nov/u);
  screen.getByText(/^fitted to what was recorded until Mon 30 Nov, \d\d:23$/u);
  await userEvent.click(within(rows[0]!).getByRole("button", { name: /^21 failures in/u }));
  const { view, detail } = page.studio.address.store.get();
  expect([view, new URLSearchParams(detail).get("s")]).toEqual(["trends", "signal:a,signal:b"]);
  expect(new URLSearchParams(detail).get("r")).toBe(`${failures.counted!.from}-${failures.counted!.to}`);
  await userEvent.click(within(rows[0]!).getByRole("button", { name: /^1640\smin, declared by the documents of S090/u }));
  expect(page.studio.address.store.get()).toMatchObject({ subject: "S090", inspector: true, tab: "documents" });
  expect(await page.accessibilityFindings()).toEqual([]);
});
