import { expect, test } from "vitest";
import { faultOfPassword, strengthOfPassword } from "./index.ts";

const words = ["mara", "Mara", "Lindqvist"];

test("[server SV181] the meter of a password says first what the server refuses, then how long it is", () => {
  for (const [password, fault] of [
    ["seven green", "tooShort"],
    ["x".repeat(129), "tooLong"],
    ["aaaaaaaaaaaa", "easilyGuessed"],
    ["qwertyuiopas", "easilyGuessed"],
    ["Lindqvist2026", "easilyGuessed"],
  ] as const)
    expect([faultOfPassword(password, words), strengthOfPassword(password, words)], password).toEqual([fault, { level: 0, fault }]);
  expect(strengthOfPassword("green pumps!", words)).toEqual({ level: 1 });
  expect(strengthOfPassword("seven green pumps", words)).toEqual({ level: 2 });
  expect(strengthOfPassword("seven green pumps and a valve", words)).toEqual({ level: 3 });
  // long, but of few characters
  expect(strengthOfPassword("abcab deabc abcde abced", words)).toEqual({ level: 2 });
  // counted as people count, not as they are stored
  expect(strengthOfPassword("七个绿色的泵和一个阀门", words)).toEqual({ level: 0, fault: "tooShort" });
});
