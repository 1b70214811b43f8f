import { layOutLine, layOutSite, SAMPLE_LINE, type Stage } from "@doppelwerk/scene";

/** A made-up site for the gallery and for tests: halls with two lines of 16 stations each, and an area of machines; never used by the product. */
export function sampleSite(lines: number, rows = 2): Stage {
  const halls = Array.from({ length: Math.ceil(lines / 2) }, (_, hall) => ({
    id: `hall-${hall + 1}`,
    title: `Hall ${hall + 1}`,
    position: undefined,
    lines: [0, 1].slice(0, lines - hall * 2).map((at) => ({
      id: `line-${hall * 2 + at + 1}`,
      title: `Line ${hall * 2 + at + 1}`,
      stage: layOutLine({ ...SAMPLE_LINE, rows }),
      positions: [],
    })),
    things: [],
  }));
  const things = ["Compressor 1", "Compressor 2", "Dryer"].map((title) => ({
    id: title,
    title,
    kind: "machine" as const,
    position: undefined,
  }));
  return layOutSite([...halls, { id: "utilities", title: "Utilities", position: undefined, lines: [], things }]).stage;
}
