import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask as askServer, browserFlags, cookieOf, invitationOf, serveReached, type Answer, type ReachedServer } from "./reached-server.ts";
import { startBrowser } from "./running-site.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-codes-"));
const data = join(root, "data");
const API = "/api/doppelwerk/v1";
const NAME = "plant.example";
const PASSWORD = "seven green pumps";
const AMPLE_MS = 180_000;
/** GS1 Digital Link Standard, examples of 01 with 21. */
const GTIN = "09506000134352";
const HTML = { accept: "text/html,application/xhtml+xml" };

let server: ReachedServer;
let browser: Browser;
const cookies: Record<string, string> = {};
const ask = (who: string | undefined, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  askServer(server, "GET", path, { cookie: who && cookies[who], headers: { host: `${NAME}:${server.port}`, ...headers } });
const encoded = (id: string): string => Buffer.from(id).toString("base64url");
const pageOf = (id: string): string => `/assets/shells~a.${encoded(id)}`;

beforeAll(async () => {
  const links = [["mara", "administrator"] as const, ["otto", "viewer"] as const].map(
    ([login, role]) => [login, invitationOf(data, login, role)] as const,
  );
  server = await serveReached(data, "--name", NAME);
  for (const [login, token] of links)
    cookies[login] = cookieOf(await askServer(server, "POST", `${API}/session/join`, { body: { token, password: PASSWORD } }));
  const put = async (name: string, assetInformation: object): Promise<void> => {
    const shell = { modelType: "AssetAdministrationShell", id: `https://evil.example/${name}`, idShort: name, assetInformation };
    expect((await askServer(server, "POST", "/api/v3/shells", { cookie: cookies["mara"], body: shell })).status).toBe(201);
  };
  await put("Pump1", { assetKind: "Instance", globalAssetId: `https://id.gs1.org/01/${GTIN}/21/P1` });
  await put("Hidden", { assetKind: "Instance", globalAssetId: `https://id.gs1.org/01/${GTIN}/21/P2` });
  await put("PumpType", { assetKind: "Type", globalAssetId: "urn:type:pump", specificAssetIds: [{ name: "GTIN", value: GTIN }] });
  await put("Motor", { assetKind: "Instance", globalAssetId: "https://hdl.handle.net/20.1000/100" });
  await put("Valve", { assetKind: "Instance", globalAssetId: "https://maker.example/valve?sn=7" });
  const objects = ["Pump1", "PumpType", "Motor", "Valve"].map(
    (name) => `IDENTIFIABLE "(AssetAdministrationShell)https://evil.example/${name}"`,
  );
  const rule = `ACCESSRULE:
  ATTRIBUTES:
    CLAIM("role")
  RIGHTS: READ
  ACCESS: ALLOW
  OBJECTS:
    ${objects.join(" ")}
  FORMULA:
    CLAIM("role") $eq "viewer"
`;
  const hide = await askServer(server, "POST", `${API}/branches/live/changes`, {
    cookie: cookies["mara"],
    body: {
      reason: "test",
      changes: [{ op: "create", record: { id: "accessRules:plant", kind: "accessRules", name: "Plant", enabled: true, text: rule } }],
    },
  });
  expect([hide.status, hide.body.error]).toEqual([200, undefined]);
  browser = await startBrowser(browserFlags(server, NAME));
}, AMPLE_MS);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
}, AMPLE_MS);

/** What tells nothing of what was asked for. */
const bare = ({ status, text }: Answer): readonly [number, string] => [status, text.replaceAll(/P\d|99/g, "")];

test(
  "[E135] a code resolves to the shell for who may read it; a shell that is hidden and one that does not exist are one answer, and nobody is sent elsewhere",
  async () => {
    const code = (serial: string): string => `/01/${GTIN}/21/${serial}`;
    expect(bare(await ask(undefined, code("P1")))).toEqual(bare(await ask(undefined, code("P99"))));
    expect((await ask(undefined, code("P1"))).status).toBe(401);
    const page = await ask(undefined, code("P1"), HTML);
    expect([page.status, page.text]).toEqual([200, (await ask(undefined, code("P99"), HTML)).text]);

    const found = await ask("otto", code("P1"));
    expect([found.status, found.headers["location"]]).toEqual([307, pageOf("https://evil.example/Pump1")]);
    // of its kind, where only that has a shell: the same answer for a serial number that is hidden, and for one that nobody has
    for (const serial of ["P2", "P99"])
      expect((await ask("otto", code(serial))).headers["location"]).toBe(pageOf("https://evil.example/PumpType"));
    expect((await ask("mara", code("P2"))).headers["location"]).toBe(pageOf("https://evil.example/Hidden"));
    expect((await ask("otto", "/01/9520123456788")).status).toBe(404);
    expect((await ask("otto", `/01/${GTIN.slice(0, -1)}3`)).status).toBe(404);

    for (const path of [`${code("P1")}?linkType=all`, `${code("P1")}?linktype=linkset`]) {
      const answer = await ask("otto", path);
      expect(answer.headers["content-type"]).toContain("application/linkset+json");
      const origin = `https://${NAME}:${server.port}`;
      expect(answer.body["linkset"]).toMatchObject([
        {
          anchor: `https://id.gs1.org/01/${GTIN}/21/P1`,
          "https://gs1.org/voc/defaultLink": [{ href: origin + pageOf("https://evil.example/Pump1"), title: "Pump1" }],
        },
      ]);
      expect(answer.text).not.toContain(encoded("https://evil.example/Hidden"));
    }
    expect((await ask("otto", `${code("P1")}?linkType=gs1:recallStatus`)).status).toBe(404);
    expect((await ask(undefined, "/.well-known/gs1resolver")).body).toMatchObject({
      resolverRoot: `https://${NAME}:${server.port}`,
      supportedPrimaryKeys: ["all"],
    });
    for (const path of [
      "//evil.example/01/09506000134352",
      "/01/%2F%2Fevil.example",
      "/01/..%2F..%2F%2Fevil.example",
      `/01/${GTIN}/21/P1?linkType=//evil.example`,
      "/hdl/%0d%0alocation:%20https://evil.example",
    ]) {
      const answer = await ask("otto", path);
      expect([answer.status, answer.headers["location"]], path).toEqual([expect.any(Number), undefined]);
    }
    expect((await ask("otto", "/hdl/20.1000/100")).headers["location"]).toBe(pageOf("https://evil.example/Motor"));

    const named = async (who: string, link: string): Promise<unknown> =>
      (
        (await ask(who, `${API}/identification?${new URLSearchParams({ link })}`)).body["shells"] as readonly {
          idShort: string;
          exact: boolean;
        }[]
      ).map(({ idShort, exact }) => `${idShort}${exact ? "" : "?"}`);
    for (const [link, shells] of [
      [`https://id.gs1.org/01/${GTIN}/21/P1`, ["Pump1", "PumpType?"]],
      [`https://brand.example/x/01/${GTIN.slice(1)}/21/P1?17=261130`, ["Pump1", "PumpType?"]],
      [`https://id.gs1.org/01/${GTIN}/21/P2`, ["PumpType?"]],
      [`https://id.gs1.org/01/${GTIN}`, ["PumpType"]],
      ["hdl:20.1000/100", ["Motor"]],
      ["http://hdl.handle.net/20.1000/100", ["Motor"]],
      ["https://maker.example/valve?sn=7", ["Valve"]],
      ["https://maker.example/valve?sn=8", []],
    ] as const)
      expect(await named("otto", link), link).toEqual(shells);
    expect((await ask("otto", `${API}/identification?link=nothing`)).status).toBe(400);

    // how long the answer takes tells nothing either; printed, as a busy machine is no proof
    const medianOf = async (serial: string): Promise<number> => {
      const times: number[] = [];
      for (let turn = 0; turn < 15; turn++) {
        const began = performance.now();
        await ask("otto", `${API}/identification?${new URLSearchParams({ link: `https://id.gs1.org/01/${GTIN}/21/${serial}` })}`);
        times.push(performance.now() - began);
      }
      return times.toSorted((a, b) => a - b)[7]!;
    };
    console.info(`median of a hidden code and of none: ${(await medianOf("P2")).toFixed(1)} and ${(await medianOf("P99")).toFixed(1)} ms`);
  },
  AMPLE_MS,
);

test(
  "[E165] [SV341] a code whose shell is in another world leads there, exact before wider and the home world first; one that is hidden there leads nowhere",
  async () => {
    const mara = (method: string, path: string, body?: unknown) => askServer(server, method, path, { cookie: cookies["mara"], body });
    for (const name of ["annex", "barn"]) expect((await mara("POST", `${API}/worlds`, { name })).status).toBe(201);
    const put = async (world: string, name: string, globalAssetId: string): Promise<void> => {
      const shell = {
        modelType: "AssetAdministrationShell",
        id: `urn:${world}:${name}`,
        idShort: name,
        assetInformation: { assetKind: "Instance", globalAssetId },
      };
      expect((await mara("POST", `/worlds/${world}/branches/live/api/v3/shells`, shell)).status).toBe(201);
    };
    const item = (serial: string): string => `https://id.gs1.org/01/${GTIN}/21/${serial}`;
    await put("barn", "Far", item("P7"));
    await put("annex", "Near", item("P7"));
    await put("barn", "Only", "https://hdl.handle.net/20.1000/700");
    await put("annex", "Secret", item("P8"));
    const rule =
      'ACCESSRULE:\n  ATTRIBUTES:\n    CLAIM("role")\n  RIGHTS: READ\n  ACCESS: ALLOW\n  OBJECTS:\n    IDENTIFIABLE "(AssetAdministrationShell)urn:annex:Near"\n  FORMULA:\n    CLAIM("role") $eq "viewer"\n';
    const hide = { op: "create", record: { id: "accessRules:annex", kind: "accessRules", name: "Annex", enabled: true, text: rule } };
    const hidden = await mara("POST", `${API}/worlds/annex/branches/live/changes`, { reason: "test", changes: [hide] });
    expect([hidden.status, hidden.text]).toEqual([200, expect.any(String)]);

    const at = async (who: string, path: string): Promise<unknown> => (await ask(who, path)).headers["location"];
    const page = (world: string, name: string): string => `${pageOf(`urn:${world}:${name}`)}?world=${world}`;
    // the home world has its type alone
    expect(await at("otto", `/01/${GTIN}/21/P7`)).toBe(page("annex", "Near"));
    expect(await at("otto", "/hdl/20.1000/700")).toBe(page("barn", "Only"));
    expect(await at("otto", `/01/${GTIN}/21/P1`)).toBe(pageOf("https://evil.example/Pump1"));
    expect(await at("mara", `/01/${GTIN}/21/P8`)).toBe(page("annex", "Secret"));
    const wider = [await at("otto", `/01/${GTIN}/21/P8`), await at("otto", `/01/${GTIN}/21/P99`)];
    expect(wider).toEqual(Array(2).fill(pageOf("https://evil.example/PumpType")));
    const { body } = await ask("otto", `${API}/codes?${new URLSearchParams({ link: item("P7") })}`);
    expect(
      (body["shells"] as readonly { idShort: string; world?: string; exact: boolean }[]).map(({ idShort, world, exact }) => [
        idShort,
        world,
        exact,
      ]),
    ).toEqual([
      ["Near", "annex", true],
      ["Far", "barn", true],
      ["PumpType", undefined, false],
    ]);
    expect((await ask("otto", `/01/${GTIN}/21/P7?linkType=all`)).text).toContain(encoded("urn:barn:Far"));
    expect((await ask(undefined, `${API}/codes?${new URLSearchParams({ link: item("P7") })}`)).status).toBe(401);
    // in the archive it is looked for no more
    expect((await mara("PATCH", `${API}/worlds/barn`, { archived: true })).status).toBe(200);
    expect((await ask("otto", "/hdl/20.1000/700")).status).toBe(404);
  },
  AMPLE_MS,
);

test(
  "[E135] [U200] who scans a code with a telephone logs in first and is at the shell then; a code that leads nowhere says so",
  async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(`https://${NAME}:${server.port}/01/${GTIN}/21/P1`);
    await page.getByLabel("Login").fill("otto");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Log in", exact: true }).click();
    await page.waitForURL(`**${pageOf("https://evil.example/Pump1")}`);
    await page.getByText("Pump1").first().waitFor();
    await page.goto(`https://${NAME}:${server.port}/hdl/20.1000/404`);
    await page.getByText("Nothing that you may read here has this code.").waitFor();
    await context.close();
  },
  AMPLE_MS,
);
