import { mkdtempSync, rmSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { startBrowser, startServer } from "../e2e/running-site.ts";
import { connectTo } from "../packages/connectors/src/opcua-out/test-client.ts";
mkdirSync("/tmp/opcua/shots", { recursive: true });
const folder = mkdtempSync("/tmp/opcua/s-");
const server = await startServer(join(folder, "data"), ["--opcua-port", "0"]);
const url = String(server.ready["url"]).replace(/\/$/, "");
const api = url + "/api/doppelwerk/v1";
const j = { "content-type": "application/json" };
const { url: ua } = await (await fetch(api + "/opcua-server")).json() as any;
await connectTo(ua, { pkiFolder: join(folder, "pki") }).catch((e) => console.log("refused", e.message.split("\n")[0]));
console.log(await (await fetch(api + "/certificates")).json());
await fetch(api + "/opcua-server/readers/scada", { method: "PUT", headers: j, body: JSON.stringify({ password: "lang-genug", role: "viewer" }) });
await fetch(api + "/opcua-server/readers/historian", { method: "PUT", headers: j, body: JSON.stringify({ password: "lang-genug", role: "engineer" }) });
const browser = await startBrowser();
for (const [w, h, language, theme] of [[1440, 900, "en", "light"], [390, 844, "zh", "dark"]] as const) {
  const page = await browser.newPage({ viewport: { width: w, height: h } });
  await page.addInitScript((held) => localStorage.setItem("doppelwerk.preferences", held), JSON.stringify({ name: "Ada", theme, language }));
  await page.goto(url + "/connect");
  await page.waitForTimeout(2500);
  await page.screenshot({ path: `/tmp/opcua/shots/trust-${w}-${language}-${theme}.png`, fullPage: false });
  await page.close();
}
await browser.close();
await server.stop();
rmSync(folder, { recursive: true, force: true });
process.exit(0);
