import { message, verbatim } from "@doppelwerk/messages";
import { expect, test } from "vitest";
import { messageOfEntry } from "@doppelwerk/world";
import { connectionFindingOf } from "./connection-finding.ts";

test("[SV62] what the server says of a connection or writes as a reason comes in English and as code with values; other words stay as they are", () => {
  expect(connectionFindingOf({ kind: "clockOffset", source: "S100", offsetS: 37.04 })).toEqual({
    text: "clock of S100 is 37.0 s ahead; times are corrected",
    told: message("connect.clockAhead", { source: "S100", seconds: "37.0" }),
  });
  const address = "nsu=urn:plant;s=S090";
  const found = message("connectors.valueOfOtherType", { found: message("connectors.foundString"), declared: "double" });
  expect(connectionFindingOf({ kind: "finding", message: found, address })).toEqual({
    text: `a string where double is declared (${address})`,
    told: message("connect.findingAt", { finding: found, address }),
  });
  expect(connectionFindingOf({ kind: "finding", message: verbatim("as never said before") })).toEqual({
    text: "as never said before",
    told: verbatim("as never said before"),
  });
  const why = message("connectors.payloadsTooLarge", { maxBytes: 100 });
  expect(connectionFindingOf({ kind: "dropped", count: 3, why })).toEqual({
    text: "3 samples dropped: payloads larger than 100 bytes",
    told: message("connect.samplesDropped", { count: 3, why }),
  });

  const stored = message("changes.logFork", { name: "eighth" });
  expect(messageOfEntry({ reason: "whatever it reads", undo: { revision: 9 }, message: stored })).toBe(stored);
  // of releases whose logs hold the text alone
  expect(messageOfEntry({ reason: "fork: seventh place" })).toEqual({ code: "changes.logFork", params: { name: "seventh place" } });
  expect(messageOfEntry({ reason: "undo: S090 places 6 → 7", undo: { revision: 9 } })).toEqual({
    code: "changes.logUndo",
    params: { name: "S090 places 6 → 7" },
  });
  expect(messageOfEntry({ reason: "because I say so" })).toBeUndefined();
});
