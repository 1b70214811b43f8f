import { expect, test } from "vitest";
import { fanText } from "./fan-text.ts";

test("[U166] the total of a forecast is written short where it has little room, and not over what is past", () => {
  const widthOf = (text: string): number => text.length * 7;
  const texts = ["forecast 513 units since 10:44", "forecast 513"];
  expect(fanText(texts, 400, widthOf)).toBe(texts[0]);
  expect(fanText(texts, 90, widthOf)).toBe(texts[1]);
  expect(fanText(texts, 40, widthOf)).toBeUndefined();
});
