import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type FlowModel, runFlow, validateFlowModel } from "@doppelwerk/sim";
import { expect, test } from "vitest";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { eventLogReport } from "./event-log-report.ts";
import { eventLogOf } from "../../../../packages/connectors/src/event-log/read-log.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
testOnSharedData(
  "[SV73] a real log of a metal shop gives a line that runs, a bottleneck, and a forecast whose error is reported",
  "eventlog/production.csv",
  async (path) => {
    const folder = mkdtempSync(join(tmpdir(), "event-log-"));
    const run = (...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> =>
      new Promise((resolve) =>
        execFile(
          process.execPath,
          ["--disable-warning=ExperimentalWarning", join(root, "apps/doppelwerk/src/main.ts"), "simulate", ...args],
          { maxBuffer: 1e8 },
          (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
        ),
      );
    const model = join(folder, "line.json");
    const { code, out, err } = await run(path, "--json", "--replications", "4", "--line", model);
    expect(err).toBe("");
    expect(code).toBe(0);
    const report = JSON.parse(out) as ReturnType<typeof eventLogReport>;
    expect(report).toMatchObject({
      visits: 4503,
      cases: 225,
      bottleneck: "Turning & Milling",
      forecast: { periodS: 604_800, score: { n: 8 } },
    });
    // of some 350 visits a week
    expect(report.forecast.score.meanAbsoluteError).toBeLessThan(60);
    expect(Math.abs(report.forecast.score.bias)).toBeLessThan(30);
    const kept = JSON.parse(readFileSync(model, "utf8")) as FlowModel;
    expect(validateFlowModel(kept)).toEqual([]);
    const ran = runFlow(kept, { seed: 1, durationS: 600_000 });
    expect(ran.conservation.balanced && ran.littlesLaw.holds).toBe(true);
    const bad = await run(join(root, "package.json").replace("package.json", "README.csv"));
    expect(bad).toMatchObject({ code: 1 });
    expect(bad.err).toContain("cannot be read");
    rmSync(folder, { recursive: true });
  },
);

test("[SV73] a spreadsheet's own line for its delimiter, and a title above the header, are no rows", () => {
  const rows = "Case;Activity;Time\n1;Saw, big;2026-01-01 08:00\n1;Drill;2026-01-01 09:00\n";
  for (const above of ["", "sep=;\r\n", "Export, MES\n\n"])
    expect(
      eventLogOf(above + rows).visits.map(({ activity }) => activity),
      above,
    ).toEqual(["Saw, big", "Drill"]);
});

test("[SV73] what is no event log is refused in one sentence", () => {
  const options = { name: "x", replications: 2, seed: 1, utcOffsetMinutes: 0 };
  for (const [text, message] of [
    ["", /column for the case/],
    ["<html></html>", /<html>/],
    ["case;activity;time\n1;a;2026-01-01\n", /1 visits gives no line/],
    ["a,b,c\n1,2,3\n", /none among a, b, c/],
    ['case,activity,time\n"1,a', /./],
  ] as const)
    expect(() => eventLogReport(text, options), text).toThrow(message);
});
