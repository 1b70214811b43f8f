import { expect, test } from "vitest";
import type { Translate } from "@doppelwerk/kit/studio";
import { parameterWords } from "./parameter-words.ts";

const known: Readonly<Record<string, string>> = {
  "simulate.parameter.of.failure": "failures",
  "simulate.parameter.setUp": "set-up",
};
const t = Object.assign((code: string, params: object = {}) => [code, ...Object.values(params)].join(" "), {
  or: (code: string, fallback: string, params: { readonly what?: string } = {}) =>
    code === "simulate.parameter.travel"
      ? `time to ${params.what}`
      : code === "simulate.parameter.share"
        ? `share of ${params.what}`
        : (known[code] ?? fallback),
}) as unknown as Translate;

test("[SV142] ids of stations and products keep the letters of the plant; an attribute of one word is spelled out", () => {
  expect(parameterWords("travel/S100", t)).toBe("time to S100");
  expect(parameterWords("share/WM7", t)).toBe("share of WM7");
  expect(parameterWords("travel/LeakTest", t)).toBe("time to LeakTest");
  expect(parameterWords("setUp/BottleSize", t)).toBe("set-up, bottle size");
  expect(parameterWords("setUp/RFID", t)).toBe("set-up, RFID");
  expect(parameterWords("setUp/class_A", t)).toBe("set-up, class_A");
});
