import { expect, test } from "vitest";
import { codeText, isMessage, message, textOf, verbatim, type Message } from "./index.ts";
import { rendererOf, withFormerCodes } from "./icu.ts";

const made = (code: string, params: Message["params"] = {}): Message => ({ code, params });
const words = {
  "a.branch": "no such branch: {id}",
  "a.count": "{count, plural, one {# conflict} other {# conflicts}} on {branch}",
  "a.why": "not stored: {why}",
  "a.broken": "no {end",
};

test("[ME1] a message is its code with its parameters; one that does not fit the catalogues does not compile", () => {
  expect(message("world.noBranch", { id: "b1" })).toEqual({ code: "world.noBranch", params: { id: "b1" } });
  expect(message("world.worldClosed")).toEqual({ code: "world.worldClosed", params: {} });
  // @ts-expect-error a code of no catalogue
  message("world.never", {});
  // @ts-expect-error a missing parameter
  message("world.noBranch", {});
  // @ts-expect-error an unknown parameter
  message("world.noBranch", { id: "b1", name: "x" });
  expect([isMessage(made("a.b")), isMessage({ code: "a.b" }), isMessage("a.b"), isMessage(null), isMessage({ en: "x", zh: "y" })]).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

test("[ME2] messages in messages, lists of them and texts of the data are rendered in one language", () => {
  const render = rendererOf(words, "en");
  const inner = made("a.branch", { id: "b1" });
  expect(render(made("a.why", { why: inner }))).toBe("not stored: no such branch: b1");
  expect(render(made("a.why", { why: [inner, verbatim("EIO")] }))).toBe("not stored: no such branch: b1; EIO");
  expect(render(made("a.count", { count: 2, branch: "b" }))).toBe("2 conflicts on b");
  const label = { en: "Cycle", zh: "节拍" };
  expect(render(made("a.why", { why: label }))).toBe("not stored: Cycle");
  expect(rendererOf({ "a.why": "未保存：{why}" }, "zh")(made("a.why", { why: [made("a.why", { why: label }), verbatim("x")] }))).toBe(
    "未保存：未保存：节拍；x",
  );
});

test("[ME6] in Chinese a value that begins or ends with a Latin letter or a digit is set apart from the Chinese around it", () => {
  const chinese = rendererOf({ open: "打开{place}", at: "自{clock}起", kind: "{place, select, none {没有} other {在{place}中}}" }, "zh-CN");
  const of = (code: string, params: Record<string, string>): string => chinese(made(code, params));
  expect(of("open", { place: "3 号总装线" })).toBe("打开 3 号总装线");
  expect(of("open", { place: "仓库" })).toBe("打开仓库");
  expect(of("open", { place: "“A”" })).toBe("打开“A”");
  expect(of("at", { clock: "10:44" })).toBe("自 10:44 起");
  expect([of("kind", { place: "none" }), of("kind", { place: "L4" })]).toEqual(["没有", "在L4中"]);
  expect(rendererOf({ open: "open{place}" }, "en")(made("open", { place: "3" }))).toBe("open3");
});

test("[ME3] whatever a parameter holds stands as it is", () => {
  const render = rendererOf(words, "en");
  for (const id of ["{id}", "{{2}} $1 $&", "'{'", "<b>x</b>", "#", "", "\u0000", "\ud800", "{count, plural, other {x}}"])
    expect(render(made("a.branch", { id }))).toBe(`no such branch: ${id}`);
  expect(render(made("a.branch", { id: 0 }))).toBe("no such branch: 0");
});

test("[ME4] what cannot be rendered reads as its code with its parameters", () => {
  const render = rendererOf(words, "en");
  for (const each of [made("a.gone", { x: 1 }), made("a.branch"), made("a.broken", { end: "x" }), made("__proto__"), made("constructor")])
    expect(render(each)).toBe(codeText(each));
  expect(codeText(made("a.gone", { x: 1 }))).toBe('a.gone {"x":1}');
  expect([textOf(verbatim("as it is {x}")), render(verbatim("as it is {x}"))]).toEqual(["as it is {x}", "as it is {x}"]);
});

test("[ME5] a message that was stored under a former code reads as one of the code that it has now", () => {
  const english = { "line.drift": "{station} has changed" };
  const render = rendererOf(withFormerCodes(english, { "simulate.drift": "line.drift", "simulate.gone": "line.gone" }), "en");
  expect(render({ code: "simulate.drift", params: { station: "S010" } })).toBe("S010 has changed");
  expect(render({ code: "simulate.gone", params: {} })).toBe("simulate.gone");
});
