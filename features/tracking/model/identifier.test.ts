import { expect, test } from "vitest";
import { canonicalIdentifier, shortName } from "./identifier.ts";

test("[TK8] the URN and the web address of a thing are one identifier; others stay as they are", () => {
  const link = (path: string) => `https://id.gs1.org/${path}`;
  for (const [given, canonical] of [
    ["urn:epc:id:sgtin:0614141.112345.400", link("01/10614141123459/21/400")],
    ["urn:epc:id:sgtin:0614141.112345.32a%2Fb", link("01/10614141123459/21/32a%2Fb")],
    ["urn:epc:idpat:sgtin:0614141.112345.*", link("01/10614141123459")],
    ["urn:epc:class:lgtin:4012345.012345.998877", link("01/04012345123456/10/998877")],
    ["urn:epc:id:sscc:0614141.1234567890", link("00/106141412345678908")],
    ["urn:epc:id:sgln:0614141.12345.400", link("414/0614141123452/254/400")],
    ["urn:epc:id:sgln:0614141.12345.0", link("414/0614141123452")],
    ["urn:epc:id:giai:0614141.12345400", link("8004/061414112345400")],
    ["urn:epc:id:grai:0614141.12345.400", link("8003/00614141123452400")],
    ["https://shop.example.com/a/01/10614141123459/21/400?lang=de", link("01/10614141123459/21/400")],
    ["urn:epc:id:sgtin:wrong", "urn:epc:id:sgtin:wrong"],
    ["urn:uuid:4b7a3f0e-0000-4000-8000-000000000001", "urn:uuid:4b7a3f0e-0000-4000-8000-000000000001"],
    ["DRUM-17/4", "DRUM-17/4"],
  ] as const) {
    expect(canonicalIdentifier(given), given).toBe(canonical);
    expect(canonicalIdentifier(canonical), canonical).toBe(canonical);
  }
});

test("[TK8] people read the serial, the lot or the number of a container", () => {
  expect(shortName("https://id.gs1.org/01/10614141123459/21/32a%2Fb")).toBe("32a/b");
  expect(shortName("https://id.gs1.org/00/106141412345678908")).toBe("(00) 106141412345678908");
  expect(shortName("https://id.gs1.org/01/10614141123459/21/%E0%A4%A")).toBe("%E0%A4%A");
  expect(shortName("DRUM-17/4")).toBe("DRUM-17/4");
});
