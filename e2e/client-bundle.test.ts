import { expect, test } from "vitest";
import { bundle } from "./bundle.ts";

test("[client C16] who lists shells carries no live session, no frames and no metamodel", async () => {
  const small = await bundle('import { listShells } from "/src/index.ts"; globalThis.run = (api) => listShells(api).next();');
  const whole = await bundle('import * as all from "/src/index.ts"; globalThis.run = all;');
  for (const part of ["PROTOCOL_VERSION", "WebSocket", "text/event-stream", "SubmodelElementCollection"])
    expect({ part, isThere: small.includes(part) }).toEqual({ part, isThere: false });
  expect(small.length).toBeLessThan(whole.length / 4);
});
