import { expect, test } from "vitest";
import { likenessOf, type PlacedValue } from "./like-assets.ts";

const value = (path: string, valueType = "double"): PlacedValue => ({ signal: path, connection: "c", path: path.split("/"), valueType });

test("[AH2] folders built alike are proposed, those that lack something last, and what is another kind of thing is not", () => {
  const all = [
    ...["K1", "K2", "K10"].flatMap((kiln) => [
      value(`Plant/${kiln}/Temp zone 1`),
      value(`Plant/${kiln}/Temp zone 2`),
      value(`Plant/${kiln}/${kiln} fan`),
    ]),
    value("Plant/K3/Temp zone 1"),
    value("Plant/K3/Temp zone 2"),
    value("Plant/Office/Temp zone 1"),
    value("Other hall/K7/Temp zone 1"),
    value("Other hall/K7/Temp zone 2"),
    value("Other hall/K7/K7 fan"),
    value("Plant/K4/Temp zone 1", "string"),
    value("Plant/K4/Temp zone 2"),
    value("Plant/K4/K4 fan", "boolean"),
  ];
  const { name, columns, like } = likenessOf(all, all.slice(0, 3));
  expect([name, columns]).toEqual(["K1", ["Temp zone 1", "Temp zone 2", "fan"]]);
  expect(like.map(({ name: each }) => each)).toEqual(["K7", "K2", "K10", "K3"]);
  expect(like[1]!.signals).toEqual(["Plant/K2/Temp zone 1", "Plant/K2/Temp zone 2", "Plant/K2/K2 fan"]);
  expect(like[3]!.signals).toEqual(["Plant/K3/Temp zone 1", "Plant/K3/Temp zone 2", undefined]);
});

test("[AH2] in a flat list the numbered word at the beginning names the asset, in any script", () => {
  const all = ["工位1_温度", "工位1_状态", "工位2_温度", "工位2_状态", "炉1_温度", "炉1_状态", "总电能"].map((name) => value(`D/${name}`));
  const { name, columns, like } = likenessOf(all, all.slice(0, 2));
  expect([name, columns]).toEqual(["工位1", ["温度", "状态"]]);
  expect(like).toEqual([{ key: "D\u001f工位2", name: "工位2", signals: ["D/工位2_温度", "D/工位2_状态"] }]);
});

test("[AH2] a folder that repeats its name before each value is compared without it", () => {
  const all = ["ST010", "ST020"].flatMap((each) => [value(`L/${each}/${each}_Zähler`), value(`L/${each}/${each}_Takt`)]);
  const { name, columns, like } = likenessOf(all, all.slice(0, 2));
  expect([name, columns]).toEqual(["ST010", ["Zähler", "Takt"]]);
  expect(like.map(({ name: each, signals }) => [each, signals])).toEqual([["ST020", ["L/ST020/ST020_Zähler", "L/ST020/ST020_Takt"]]]);
});

test("[AH2] values below several folders of one asset are found again below those of another", () => {
  const all = ["A", "B"].flatMap((each) => [value(`Root/${each}/In/T`), value(`Root/${each}/Out/T`)]);
  const { name, columns, like } = likenessOf(all, all.slice(0, 2));
  expect([name, columns]).toEqual(["A", ["In T", "Out T"]]);
  expect(like.map(({ signals }) => signals)).toEqual([["Root/B/In/T", "Root/B/Out/T"]]);
});

test("[AH2] a value is called by its last name, by its folder too where another has that name, and never by the number of an element alone", () => {
  const all = ["Data/State", "Data/Good", "Process/In/T", "Process/Out/T", "Process/Times/0", "Process/Times/1"].map((each) =>
    value(`M/${each}`),
  );
  expect(likenessOf(all, all).columns).toEqual(["State", "Good", "In T", "Out T", "Times 0", "Times 1"]);
});

test("[AH2] machines that each hold a folder of one name are called by the folder above it in which they differ", () => {
  const all = ["Mixer", "Oven", "Packer"].flatMap((each) => [value(`Hall/${each}/PLC/Data/State`), value(`Hall/${each}/PLC/Data/Good`)]);
  const { name, columns, like } = likenessOf(all, all.slice(0, 2));
  expect([name, columns]).toEqual(["Mixer", ["State", "Good"]]);
  expect(like.map(({ name: each, signals }) => [each, signals[1]])).toEqual([
    ["Oven", "Hall/Oven/PLC/Data/Good"],
    ["Packer", "Hall/Packer/PLC/Data/Good"],
  ]);
});

test("[AH2] values that share nothing have nothing like them, and one value alone is named by its folder", () => {
  const all = [value("T"), value("X/Y"), value("X/Z/Y")];
  expect(likenessOf(all, all.slice(0, 2))).toEqual({ name: "T", columns: ["T", "X Y"], like: [] });
  expect(likenessOf(all, [all[1]!])).toMatchObject({ name: "X", columns: ["Y"] });
  expect(likenessOf([value("P1/T"), value("P2/T")], [value("P1/T")]).like.map(({ name }) => name)).toEqual(["P2"]);
});

test("[AH2] hostile names: empty, endless and special ones do no harm", () => {
  const names = ["", " ", "$&", "\\d+", "..", "x".repeat(5_000), "constructor", "__proto__"];
  const all = names.flatMap((name) => [value(`${name}/a`), value(`${name}/b`)]);
  for (let i = 0; i < all.length; i += 2) {
    const { like } = likenessOf(all, all.slice(i, i + 2));
    expect(like.every(({ signals }) => signals.length === 2)).toBe(true);
  }
});
