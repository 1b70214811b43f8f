import { MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import type { StationSpans } from "./loss-causes.ts";
import { waitChain } from "./wait-chain.ts";
import { station } from "./station-spans.fixture.ts";

const flows = [
  { from: "A", to: "B", kind: "main" },
  { from: "B", to: "C", kind: "main" },
  { from: "C", to: "D", kind: "main" },
  { from: "B", to: "R", kind: "reject" },
] as const;

const chain = (of: string, ...stations: readonly StationSpans[]) =>
  waitChain(of, stations, flows).map(({ station: id, state, since, cause }) =>
    [id, state, since === undefined ? "?" : since / MINUTE, cause].filter((part) => part !== undefined).join(" "),
  );

test("[O122] a chain of waits leads over every station to the one that does not wait, each with the beginning of its state", () => {
  const behind = [station("B", "working 7, blocked 23"), station("C", "working 5, blocked 25"), station("D", "working 2, failed 28")];
  expect(chain("A", station("A", "working 10, blocked 20"), ...behind)).toEqual([
    "A blocked 10",
    "B blocked 7",
    "C blocked 5",
    "D failed 2",
  ]);
  // C waits for B, which itself is blocked by its rework station
  expect(chain("C", station("B", "working 7, blocked 23"), station("C", "working 9, starved 21"), station("R", "failed 30"))).toEqual([
    "C starved 9",
    "B blocked 7",
    "R failed ?",
  ]);
  // a pause between two spans of one state is none of its beginning
  expect(chain("B", station("B", "working 7, starved 3, starved 20"), station("A", "idle 12, failed 18"))).toEqual([
    "B starved 7",
    "A failed 12",
  ]);
});

test("[O122] it ends where a machine says what it lacks, at the end of the line, in a circle, and at what does not wait", () => {
  expect(chain("B", station("A", "working 10, starved 20 material"), station("B", "working 12, starved 18"))).toEqual([
    "B starved 12",
    "A starved 10 material",
  ]);
  expect(chain("B", station("A", "working 10, starved 20"), station("B", "working 12, starved 18"))).toEqual([
    "B starved 12",
    "A starved 10 outside",
  ]);
  expect(chain("D", station("D", "working 10, failed 20"))).toEqual(["D failed 10"]);
  // of a neighbour nothing is known
  expect(chain("B", station("B", "working 12, starved 18"))).toEqual(["B starved 12", "A unknown ?"]);
  const circle = [
    { from: "A", to: "B", kind: "main" },
    { from: "B", to: "A", kind: "return" },
  ] as const;
  const both = [station("A", "starved 30"), station("B", "starved 30")];
  expect(waitChain("A", both, circle).map(({ station: id, cause }) => [id, cause])).toEqual([
    ["A", undefined],
    ["B", "outside"],
  ]);
});
