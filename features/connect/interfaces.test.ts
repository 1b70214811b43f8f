import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSiteApp } from "@doppelwerk/server/site";
import { expect, test } from "vitest";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { BY_OPTION, INTERFACES } from "./studio/interfaces.ts";

const guides = fileURLToPath(new URL("../../docs/guide", import.meta.url));

test("[CN16] every interface that is listed answers where it says, and its page of the guide is there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-interfaces-"));
  const site = await openProduct(folder);
  const app = await createSiteApp(site);
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  for (const each of INTERFACES) {
    if ("open" in each) expect((await fetch(origin + each.open)).status, each.open).toBe(200);
    // there, and it names the parameter that is missing; worlds.test.ts opens the socket
    else if (each.path !== "/ws")
      expect(await (await fetch(origin + each.path)).json(), each.path).toMatchObject({ error: { code: "DW_INVALID" } });
  }
  for (const { guide } of [...INTERFACES, ...BY_OPTION]) expect(existsSync(join(guides, `${guide}.md`)), guide).toBe(true);
  await app.close();
  await site.close();
  rmSync(folder, { recursive: true });
});
