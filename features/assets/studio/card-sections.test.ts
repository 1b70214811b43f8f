import { expect, test } from "vitest";
import { cardSections, spacedName } from "./card-sections.ts";

const property = (path: string, value: string) => {
  const name = path.slice(path.lastIndexOf(".") + 1);
  return { path, value, unit: "", label: { en: name, zh: name } };
};

test("[AF13] a state mapping is a table of raw words with state and cause, also in its later versions; what is no list stays a line", () => {
  const sections = cardSections([
    property("Station/NumberOfPlaces", "7"),
    property("StateMapping/Version", "2"),
    property("StateMapping/Words[0].Word", "0"),
    property("StateMapping/Words[0].State", "off"),
    property("StateMapping/Words[1].Word", "14"),
    property("StateMapping/Words[1].State", "failed"),
    property("StateMapping/Words[1].Cause", "Air pressure"),
    property("StateMapping/BlockedBit", "true"),
    property("StateMapping/Versions[0].ValidFrom", "2026-11-01"),
    property("StateMapping/Versions[0].Words[0].Word", "0"),
  ]);
  const shown = sections.map(({ name, parts }) => [
    name,
    parts.map((part) =>
      part.kind === "facts"
        ? part.lines.map(({ path, value }) => `${path.split("/")[1]}=${value}`)
        : {
            [part.name]: [
              part.columns.map(({ field }) => field),
              ...part.rows.map((row) => part.columns.map(({ field }) => row.get(field)?.value)),
            ],
          },
    ),
  ]);
  expect(shown).toEqual([
    ["Station", [["NumberOfPlaces=7"]]],
    [
      "StateMapping",
      [
        ["Version=2"],
        {
          Words: [
            ["Word", "State", "Cause"],
            ["0", "off", undefined],
            ["14", "failed", "Air pressure"],
          ],
        },
        ["BlockedBit=true"],
        { Versions: [["ValidFrom"], ["2026-11-01"]] },
        { Words: [["Word"], ["0"]] },
      ],
    ],
  ]);
});

test("[AF13] names of submodels and lists are read as words", () => {
  expect(["StateMapping", "KPITargets", "ProductionLine", "Shifts"].map(spacedName)).toEqual([
    "State mapping",
    "KPI targets",
    "Production line",
    "Shifts",
  ]);
});
