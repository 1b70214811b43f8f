import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import { OriginLegend, OriginMarks, originsOf } from "./origin-marks.tsx";
import { views } from "./views.ts";

afterEach(closePages);

test("[HQ13] a trend names each origin of its values once, measured ones too; without values it has none", () => {
  expect(originsOf({ mean: [1, null] })).toEqual(["measured"]);
  expect(originsOf({ mean: [null, null] })).toEqual([]);
  expect(originsOf({ mean: [1, 2, null, 4], origin: ["simulated", "entered", null, "entered"] })).toEqual(["entered", "simulated"]);
});

test("[HQ13] each origin is a word, and the legend says what every one of them means, in both languages", async () => {
  const page = (language: "en" | "zh") =>
    openPage(
      <>
        <OriginMarks origins={["entered", "simulated"]} />
        <OriginLegend />
      </>,
      { views, address: "/trends", answers: {}, language },
    );
  const english = await page("en");
  const texts = (selector: string) => [...document.querySelectorAll(selector)].map(({ textContent }) => textContent);
  expect(texts(".dw-origin-marks .dw-badge")).toEqual(["entered", "simulated machine"]);
  expect(texts(".dw-origin-legend > span")).toHaveLength(5);
  expect(texts(".dw-origin-legend > span")[1]).toBe("entered entered by a person");
  expect(await english.accessibilityFindings()).toEqual([]);
  closePages();
  await page("zh");
  expect(texts(".dw-origin-legend > span").join("")).not.toMatch(/[a-z]{3}/u);
});
