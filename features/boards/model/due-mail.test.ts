import { zoneOffsetOf } from "@doppelwerk/operations";
import { expect, test } from "vitest";
import { lastDue } from "./due-mail.ts";

const at = (text: string): number => Date.parse(text) * 1_000;
const shown = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant / 1_000).toISOString();

test("[BD19] a mail is due at its time of the plant on its days, also over the changes of summer time", () => {
  const berlin = zoneOffsetOf("Europe/Berlin");
  const daily = { at: "06:00", days: [0, 1, 2, 3, 4, 5, 6] };
  expect(shown(lastDue(daily, at("2026-03-28T05:00:00Z"), berlin))).toBe("2026-03-28T05:00:00.000Z");
  expect(shown(lastDue(daily, at("2026-03-28T04:59:59Z"), berlin))).toBe("2026-03-27T05:00:00.000Z");
  expect(shown(lastDue(daily, at("2026-03-29T12:00:00Z"), berlin))).toBe("2026-03-29T04:00:00.000Z");
  expect(shown(lastDue(daily, at("2026-10-25T12:00:00Z"), berlin))).toBe("2026-10-25T05:00:00.000Z");
  // 2026-11-30 is a Monday
  expect(shown(lastDue({ at: "06:00", days: [1] }, at("2026-12-03T12:00:00Z"), berlin))).toBe("2026-11-30T05:00:00.000Z");
  expect(lastDue({ at: "06:00", days: [] }, at("2026-12-03T12:00:00Z"), berlin)).toBeUndefined();
});
