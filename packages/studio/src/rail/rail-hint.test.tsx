import { screen } from "@testing-library/react";
import { act } from "react";
import { HOUR } from "@doppelwerk/world";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import { RailHint } from "./rail-hint.tsx";

afterEach(closePages);

const NOW = 1_795_500_000_000_000;

test("[U147] the figures of a shift under the pointer are those of the whole shift, of the one that runs those so far", async () => {
  const shift = { name: "Early", good: 417, oee: 0.867 };
  const open = async (from: number, to: number): Promise<string> => {
    const hit = { kind: "band" as const, instant: from + HOUR, segment: undefined, shift: { ...shift, from, to } };
    const page = await openPage(<RailHint hit={hit} x={10} y={10} />, { answers: {}, now: NOW });
    await act(async () =>
      page.studio.rail.set({ from: NOW - 9 * HOUR, to: NOW, now: NOW, band: [], shifts: [], alarms: [], changes: [], lanes: [] }),
    );
    const text = (await screen.findByText(/Early shift/)).textContent!;
    closePages();
    return text;
  };
  expect(await open(NOW - 5 * HOUR, NOW)).toBe("Early shift · whole shift so far: 417 good, OEE 86.7 %");
  expect(await open(NOW - 13 * HOUR, NOW - 5 * HOUR)).toBe("Early shift · whole shift: 417 good, OEE 86.7 %");
});
