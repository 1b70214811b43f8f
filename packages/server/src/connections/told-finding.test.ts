import { expect, test } from "vitest";
import { toldReason } from "../log/told-reason.ts";
import { toldFinding } from "./told-finding.ts";

test("[SV62] what the server says of a connection or writes as a reason comes in English and as code with values; other words stay as they are", () => {
  expect(toldFinding({ kind: "clockOffset", source: "S100", offsetS: 37.04 })).toEqual({
    text: "clock of S100 is 37.0 s ahead; times are corrected",
    told: { code: "clockAhead", values: { source: "S100", seconds: "37.0" } },
  });
  const address = "nsu=urn:plant;s=S090";
  expect(toldFinding({ kind: "finding", message: "a string where double is declared", address })).toEqual({
    text: `a string where double is declared (${address})`,
    told: { code: "wrongType", values: { got: "a string", type: "double", address } },
  });
  expect(toldFinding({ kind: "finding", message: "as never said before" })).toEqual({ text: "as never said before", told: null });

  expect(toldReason({ reason: "fork: seventh place" })).toEqual({ code: "fork", values: { name: "seventh place" } });
  expect(toldReason({ reason: "undo: S090 places 6 → 7", undo: { revision: 9 } })).toEqual({
    code: "undo",
    values: { name: "S090 places 6 → 7" },
  });
  expect(toldReason({ reason: "because I say so" })).toBeUndefined();
});
