import { expect, test } from "vitest";
import { insertedSignal, signalsThatFit, wordBefore } from "./complete-expression.ts";

const SIGNALS = [
  { id: "signal:oven.temp", name: "M2 Temperature" },
  { id: "signal:temp-2", name: "Temperature of the oil" },
  { id: 'signal:"odd"', name: "Odd" },
];

test("[AL62] a word of an expression offers the signals that fit, and one that is taken stands there as its last value", () => {
  const text = "2 * tem > 3";
  const word = wordBefore(text, 7);
  expect(word).toEqual({ text: "tem", from: 4 });
  expect(signalsThatFit(word.text, SIGNALS).map(({ id }) => id)).toEqual(["signal:temp-2", "signal:oven.temp"]);
  expect(insertedSignal(text, word, "signal:temp-2")).toEqual({ text: '2 * last("signal:temp-2") > 3', caret: 25 });
  expect(insertedSignal("odd", wordBefore("odd", 3), 'signal:"odd"').text).toBe('last("signal:\\"odd\\"")');
  // within quotation marks, of functions and of one letter nothing is offered
  expect(wordBefore('last("tem', 9).text).toBe("");
  expect(signalsThatFit("last", SIGNALS)).toEqual([]);
  expect(signalsThatFit("t", SIGNALS)).toEqual([]);
});
