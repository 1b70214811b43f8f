import { expect, test } from "vitest";
import { parseClientMessage } from "./client-message.ts";

test("[SV134] a message that is nested too deeply is refused by name", () => {
  for (const depth of [300, 100_000]) {
    const deep = `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
    const record = `{"id":"x","kind":"comment","deep":${deep}}`;
    const push = `{"kind":"push","clientId":"c","branch":"live","reason":"","changes":[{"op":"create","record":${record}}]}`;
    for (const text of [deep, push])
      expect(() => parseClientMessage(text)).toThrow(
        expect.objectContaining({ code: "DW_INVALID", message: expect.stringContaining("200 levels") }),
      );
  }
});
