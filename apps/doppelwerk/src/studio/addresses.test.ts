import { createRegistry, formatAddress, parseAddress } from "@doppelwerk/kit/studio";
import { expect, test } from "vitest";
import { screensOf } from "@doppelwerk/studio/screens";
import { views } from "./views-of-product.ts";
import golden from "./addresses.golden.json" with { type: "json" };

test("[U16] every address of the first release leads where it led", () => {
  const screens = screensOf(createRegistry(views));
  expect(golden.length).toBeGreaterThan(40);
  for (const { url, address, link } of golden) {
    const { pathname, search } = new URL(url, "http://studio");
    const parsed = parseAddress(pathname, search, screens);
    expect(JSON.parse(JSON.stringify(parsed)), url).toEqual(address);
    expect(formatAddress(parsed, screens), url).toBe(link);
  }
});
