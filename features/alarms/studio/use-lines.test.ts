import type { ListedLine } from "@doppelwerk/client";
import type { AlarmItem } from "@doppelwerk/sync";
import { expect, test } from "vitest";
import { alarmsOf } from "./use-lines.ts";

const line = (id: string, ...stations: readonly string[]): ListedLine => {
  const title = { en: id, zh: id };
  return { id, title, shell: "urn:line", stations: stations.map((station) => ({ id: station, title, shell: station })) };
};
const alarm = (id: string, station: string) => ({ id, station }) as AlarmItem;
const idsOf = (alarms: readonly AlarmItem[]) => alarms.map(({ id }) => id);

test("[AL26] alarms of a line are those of its stations; a shared station is of the first of its lines, what is of no line of the first line", () => {
  const lines = [line("Glas", "Filler", "Packer"), line("PET", "PET.Filler", "Packer")];
  const all = [alarm("a", "Filler"), alarm("b", "PET.Filler"), alarm("c", ""), alarm("d", "Packer")];
  expect(idsOf(alarmsOf(all, lines, "Glas"))).toEqual(["a", "c", "d"]);
  expect(idsOf(alarmsOf(all, lines, "PET"))).toEqual(["b"]);
  expect(idsOf(alarmsOf(all, lines, undefined))).toEqual(["a", "b", "c", "d"]);
  // with one line everything is its own
  expect(idsOf(alarmsOf(all, lines.slice(0, 1), "Glas"))).toEqual(["a", "b", "c", "d"]);
});
