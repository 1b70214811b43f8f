import { expect, test } from "vitest";
import { besideIdShort } from "./meaning.ts";

test("[U42] beside an idShort stands what its name tells more, never the idShort again", () => {
  expect(besideIdShort("S090 Leak test", "S090")).toBe("Leak test");
  expect(besideIdShort("Serial number", "SerialNumber")).toBeUndefined();
  expect(besideIdShort("S0901 Other", "S090")).toBe("S0901 Other");
  expect(besideIdShort("a.b c", "a.")).toBe("a.b c");
  expect(besideIdShort("Pump", undefined)).toBe("Pump");
});
