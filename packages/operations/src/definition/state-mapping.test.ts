import { expect, test } from "vitest";
import { mapState, stateCauseOf, stationStateOf, type RawState, type StateMapping } from "./state-mapping.ts";

const MAPPING: StateMapping = {
  version: 2,
  words: { "40": { state: "microStop", cause: "internal" }, "81": { state: "idle", cause: "material" } },
  blockedBit: true,
  starvedBit: true,
  neighbours: true,
};
const NOTHING: RawState = {
  itemState: undefined,
  operationMode: undefined,
  vendorState: undefined,
  blocked: undefined,
  starved: undefined,
};
const map = (raw: Partial<RawState>, mapping: Partial<StateMapping> = {}, hint?: "blocked" | "starved") => {
  const { state, cause, inferred } = mapState({ ...MAPPING, ...mapping }, { ...NOTHING, ...raw }, hint);
  return `${state} ${cause}${inferred ? " inferred" : ""}`;
};

test("[O10] words of OPC UA Machinery, by name or by number, and the bits beside them", () => {
  expect(map({ itemState: 3, blocked: false, starved: false })).toBe("working internal");
  expect(map({ itemState: "Executing" })).toBe("working internal");
  expect(map({ itemState: "NotExecuting", blocked: true })).toBe("blocked downstream");
  expect(map({ itemState: 2, starved: true })).toBe("starved upstream");
  expect(map({ itemState: 2, blocked: false, starved: false })).toBe("idle unknown");
  expect(map({ itemState: 2, operationMode: 2 })).toBe("setUp internal");
  expect(map({ itemState: 3, operationMode: "Maintenance" })).toBe("maintenance internal");
  expect(map({ itemState: 1 })).toBe("failed unknown inferred");
  expect(map({ itemState: 0 })).toBe("off unknown");
});

test("[O11] PackML: Held has its cause inside, Suspended outside of the machine", () => {
  expect(map({ itemState: "Execute" })).toBe("working internal");
  expect(map({ itemState: "Held" })).toBe("failed internal");
  expect(map({ itemState: "Suspended", blocked: true })).toBe("blocked downstream");
  expect(map({ itemState: "Suspended", blocked: false, starved: false })).toBe("idle unknown");
  expect(map({ itemState: "Suspended" }, { starvedBit: false }, "starved")).toBe("starved upstream inferred");
  expect(map({ itemState: "Aborted" })).toBe("failed internal");
});

test("[O12] the vendor's mapped word is stronger than the standard's; a word that means nothing leaves the state unknown", () => {
  expect(map({ itemState: 0, vendorState: "40" })).toBe("microStop internal");
  expect(map({ itemState: 2, vendorState: "81", blocked: false, starved: false }, { blockedBit: false }, "blocked")).toBe("idle material");
  expect(map({ vendorState: "99" })).toBe("unknown unknown");
  expect(map({ itemState: "Whatever" })).toBe("unknown unknown");
  expect(map({})).toBe("unknown unknown");
});

test("[O13] neighbours conclude only where the bit is missing, and what they conclude is marked", () => {
  expect(map({ itemState: 2, starved: false }, { blockedBit: false }, "blocked")).toBe("blocked downstream inferred");
  expect(map({ itemState: 2, blocked: false, starved: false }, {}, "blocked")).toBe("idle unknown");
  expect(map({ itemState: 2, starved: false }, { blockedBit: false })).toBe("unknown unknown");
  expect(map({ itemState: 2, starved: false }, { blockedBit: false, neighbours: false }, "blocked")).toBe("unknown unknown");
});

test("[O10] words of engineering files in our words", () => {
  expect(["Working", "set-up", "Fault", "minor stop", "break", "gibberish"].map(stationStateOf)).toEqual([
    "working",
    "setUp",
    "failed",
    "microStop",
    "break",
    undefined,
  ]);
  expect([stateCauseOf("Upstream"), stateCauseOf(undefined), stateCauseOf("weather")]).toEqual(["upstream", "unknown", "unknown"]);
});
