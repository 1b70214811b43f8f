import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeId } from "@doppelwerk/aas";
import { getElement, getShell, getSubmodel, listSubmodelReferences, putShell, writeValue } from "@doppelwerk/client";
import type { AasApi, Client } from "@doppelwerk/client";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { manyShells } from "./explorer-plant.ts";
import { clientOf, eventually, startBrowser, startServer } from "./running-site.ts";
import type { Program } from "./running-site.ts";

// The explorer in a real browser against a real server; the studio is the built one, as `npm test` builds it first.
const SHELLS = 3_000;
let folder: string;
let server: Program;
let browser: Browser;
let client: Client;
let url: string;
let api: AasApi;
const troubles: string[] = [];
/** Shells whose names begin as no other does. */
const rare = ["Crane", "Dryer", "Fan", "Gate", "Hoist", "Kiln"];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-explorer-"));
  server = await startServer(join(folder, "data"));
  url = String(server.ready["url"]).replace(/\/$/, "");
  api = { url: `${url}/api/v3`, fetch: (to, init) => fetch(to, init as RequestInit) };
  client = clientOf(url, "Ada");
  const many = manyShells(SHELLS);
  const shells = many.assetAdministrationShells!.map((each, index) => ({ ...each, idShort: rare[index - 100] ?? each.idShort! }));
  const file = JSON.stringify({ ...many, assetAdministrationShells: shells });
  await client.importFile("many.json", new TextEncoder().encode(file) as Uint8Array<ArrayBuffer>);
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(path: string, size = { width: 1440, height: 900 }, language = "en"): Promise<Page> {
  const page = await browser.newPage({ viewport: size });
  // A busy machine is slow, not wrong: the limit of the test decides.
  page.on("pageerror", (error) => troubles.push(error.message));
  await page.addInitScript(
    (held) => {
      localStorage.setItem("doppelwerk.preferences", held);
    },
    JSON.stringify({ name: "Ada", theme: "light", language }),
  );
  await page.goto(url + path);
  return page;
}

/** A PDF of two pages, each with a black square and a line of text. */
function twoPages(): string {
  const content = (text: string): string => `100 100 100 100 re f BT /F1 24 Tf 40 240 Td (${text}) Tj ET`;
  const stream = (text: string): string => `<< /Length ${content(text).length} >>\nstream\n${content(text)}\nendstream`;
  const page = (contents: number): string =>
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents ${contents} 0 R /Resources << /Font << /F1 7 0 R >> >> >>`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>",
    "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
    page(5),
    page(6),
    stream("First page"),
    stream("Second page"),
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  return `%PDF-1.4\n${objects.map((object, index) => `${index + 1} 0 obj\n${object}\nendobj\n`).join("")}trailer << /Root 1 0 R /Size 8 >>\n%%EOF`;
}

const place = (...parts: readonly (readonly [letter: string, text: string])[]): string =>
  `/assets/shells${parts.map(([letter, text]) => `~${letter}.${encodeId(text)}`).join("")}`;
const shell = ["a", "https://example.com/aas/7"] as const;
const data = ["s", "urn:data"] as const;

test("[U41] three thousand shells are a tree of a screen's rows, walked by keys, found by search, kept in the address", async () => {
  const page = await open("/assets/shells");
  const tree = page.getByRole("tree");
  await tree.getByRole("treeitem").first().waitFor();
  expect(await tree.getByRole("treeitem").count()).toBeLessThan(60);
  await page.getByRole("textbox", { name: /idShort/ }).fill("Pump00007");
  await page.getByText("Shells: 1", { exact: true }).waitFor();
  await tree.focus();
  await page.keyboard.press("ArrowRight");
  await tree.getByRole("treeitem", { name: "Data" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Data" }).waitFor();
  await tree.getByRole("treeitem", { name: "Speed" }).waitFor();
  const there = page.url();
  await page.goto(there);
  await page.getByRole("heading", { name: "Data" }).waitFor();
  await page.goto(there);
  await page.getByRole("heading", { name: "Data" }).waitFor();
  expect(await page.getByRole("treeitem", { name: "Data" }).getAttribute("aria-selected")).toBe("true");
  await page.close();
});

test("[U41] the first letters of a name lead to what is not loaded yet", async () => {
  const page = await open("/assets/shells");
  const loaded = async (): Promise<number> => Number(/^(\d+) so far/.exec(await page.getByRole("status").first().innerText())?.[1]);
  const before = await eventually(async () => ((await loaded()) > 1_000 ? await loaded() : undefined), "two pages are loaded");
  await page.getByRole("tree").focus();
  for (const [index, name] of rare.entries()) {
    await page.keyboard.press("Home");
    await page.keyboard.type(name.charAt(0).toLowerCase());
    const id = encodeURIComponent(`https://example.com/aas/${100 + index}`);
    // evaluated by the browser itself: the page's policy forbids what evaluates texts inside it
    const active = () => page.evaluate<string | null>(`document.activeElement.getAttribute("aria-activedescendant")`);
    await expect.poll(async () => (await active())?.endsWith(id)).toBe(true);
  }
  expect(await loaded(), "some were asked for").toBeGreaterThan(before);
  await page.close();
});

test("[U42, U44, API25, API26] a property is checked by its type, saved with a reason, seen in its history and restored from it", async () => {
  const page = await open(place(shell, data, ["p", "Speed"]));
  const value = page.getByRole("textbox", { name: "Value" });
  await page.getByText("Rotational speed").waitFor();
  await value.fill("fast");
  await page.getByText("Not a valid xs:int").waitFor();
  expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
  await value.fill("1500");
  await page.getByRole("textbox", { name: "Reason" }).fill("measured again");
  await page.getByRole("button", { name: "Save" }).click();
  const stored = () => getElement(api, { submodel: "urn:data", path: "Speed" }) as Promise<{ readonly value?: string }>;
  await eventually(async () => (await stored()).value === "1500" || undefined, "the value is stored");
  expect((await client.log({ limit: 1 }))[0]).toMatchObject({ reason: "measured again", name: "Ada" });
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByRole("button", { name: /Imported many.json/ }).click();
  await page.getByRole("button", { name: "Restore this version" }).click();
  await eventually(async () => (await stored()).value === "1450" || undefined, "the value is restored");
  await page.getByRole("button", { name: /measured again/ }).waitFor();
  const versions = await client.versions(encodeId("urn:data"), { branch: "live", path: "Speed" });
  expect(versions.map(({ reason }) => reason)).toEqual([expect.stringContaining("Speed as of"), "measured again", "Imported many.json"]);
  await expect(client.versions(encodeId("urn:data"), { branch: "live", path: "Nothing" })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  const wordless = await fetch(`${api.url}/submodels`, { headers: { "doppelwerk-reason": "%E0%A4%A" } });
  expect(wordless.status).toBe(400);
  await page.close();
});

test("[U42, API33] what is being written stays while others write, is held beside what they wrote, and is saved over it only knowingly", async () => {
  const at = { submodel: "urn:data", path: "Band" };
  const stored = () => getElement(api, at) as Promise<{ readonly min?: string; readonly max?: string }>;
  const page = await open(place(shell, data, ["p", "Band"]));
  const most = page.getByRole("textbox", { name: "Maximum" });
  await most.fill("5");
  // What is written elsewhere in the same submodel is no hindrance; neither leaves the screen.
  await writeValue(api, { submodel: "urn:data", path: "Title" }, [{ en: "Pump of the north" }] as never);
  await writeValue(api, at, { min: 1, max: 4 });
  await page.getByText(/while you were editing\. Now: 1 – 4/).waitFor();
  expect(await most.inputValue()).toBe("5");
  await page.getByRole("button", { name: "Save mine instead" }).click();
  await eventually(async () => (await stored()).max === "5" || undefined, "mine is saved");
  await page.getByText(/while you were editing/).waitFor({ state: "detached" });
  await most.fill("6");
  await writeValue(api, at, { min: 1, max: 7 });
  await page.getByRole("button", { name: "Take theirs" }).click();
  await eventually(async () => (await most.inputValue()) === "7" || undefined, "theirs is shown");
  // Attributes: each is written over what the others are by now.
  await page.goto(url + place(shell) + "~t.attributes");
  await page.getByRole("textbox", { name: "Type", exact: true }).fill("urn:type:pump");
  const { assetInformation, ...rest } = await getShell(api, shell[1]);
  await putShell(api, { ...rest, description: [{ language: "en", text: "of the north" }], assetInformation });
  await page.getByText("of the north").first().waitFor();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await eventually(async () => (await getShell(api, shell[1])).assetInformation.assetType === "urn:type:pump" || undefined, "it is saved");
  expect((await getShell(api, shell[1])).description).toEqual([{ language: "en", text: "of the north" }]);
  // Who looked at an older revision is refused by the server.
  const read = await fetch(`${api.url}/submodels/${encodeId("urn:data")}/submodel-elements/Band`);
  const looked = read.headers.get("doppelwerk-revision")!;
  await writeValue(api, at, { min: 1, max: 8 });
  const put = (since: string) =>
    fetch(`${api.url}/submodels/${encodeId("urn:data")}/submodel-elements/Band/$value`, {
      method: "PATCH",
      headers: { "content-type": "application/json", "doppelwerk-unchanged-since": since },
      body: JSON.stringify({ min: 1, max: 9 }),
    });
  expect([(await put(looked)).status, (await put("soon")).status]).toEqual([412, 400]);
  expect((await stored()).max).toBe("8");
  await page.close();
});

test("[U42] a picture is put behind a File and shown; an item of a list is moved", async () => {
  const page = await open(place(shell, data, ["p", "Picture"]));
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  await page.getByText("The file is not stored here.").waitFor();
  await page.locator("input[type=file]").setInputFiles({ name: "pump.png", mimeType: "image/png", buffer: png });
  await page.getByRole("img", { name: "pump.png" }).waitFor();
  await page.goto(url + place(shell, data, ["p", "Steps[0]"]));
  await page.getByRole("button", { name: "Move down" }).click();
  const items = async () =>
    ((await getElement(api, { submodel: "urn:data", path: "Steps" })) as unknown as { value: { value: string }[] }).value;
  await eventually(async () => (await items()).map(({ value }) => value).join() === "second,first" || undefined, "the item is moved");
  await page.close();
});

test("[U49] a PDF is painted page by page in any browser; what a stored drawing or page would run does not run", async () => {
  const page = await open(place(shell, data, ["p", "Picture"]));
  const put = (name: string, mimeType: string, text: string) =>
    page
      .locator(".dw-file input[type=file], input[type=file]")
      .first()
      .setInputFiles({ name, mimeType, buffer: Buffer.from(text, "latin1") });
  await page.getByRole("button", { name: "Upload a file" }).waitFor();
  await put("manual.pdf", "application/pdf", twoPages());
  await page.locator(".dw-pdf-page[data-page='1'] canvas").waitFor();
  const dark = () =>
    page.evaluate<number>(`(() => {
      const canvas = document.querySelector(".dw-pdf-page canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let dark = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at] < 128) dark++;
      return dark / (data.length / 4);
    })()`);
  expect(await dark(), "a black square on white").toBeGreaterThan(0.01);
  expect(await dark()).toBeLessThan(0.5);
  await page.getByText("First page").waitFor();
  await page.getByRole("button", { name: "Next page" }).click();
  await page.locator(".dw-pdf-page[data-page='2'] canvas").waitFor();
  await page.getByText("Second page").waitFor();
  const evil = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="top.hacked=1"><script>top.hacked=1</script></svg>`;
  await put("evil.svg", "image/svg+xml", evil);
  await page.getByRole("img", { name: "evil.svg" }).waitFor();
  await put("evil.html", "text/html", "<script>top.hacked=1</script>");
  await page.getByText("<script>top.hacked=1</script>").waitFor();
  expect(await page.evaluate("window.hacked")).toBeUndefined();
  const direct = await fetch(`${api.url}/submodels/${encodeId("urn:data")}/submodel-elements/Picture/attachment`);
  expect(direct.headers.get("content-disposition")).toMatch(/^attachment/);
  expect(direct.headers.get("content-security-policy")).toMatch(/^sandbox; default-src 'none'/);
  expect((await fetch(`${url}/assets/shells`, { headers: { accept: "text/html" } })).headers.get("content-security-policy")).toMatch(
    /script-src 'self' 'wasm-unsafe-eval' 'sha256-[^' ]+';/,
  );
  await page.close();
});

test("[U41, U42] a shell is made, found by the first letters of its name, deleted and brought back", async () => {
  const page = await open("/assets/shells");
  await page.getByRole("treeitem").first().waitFor();
  await page.getByRole("button", { name: "New shell" }).click();
  await page.getByRole("textbox", { name: "idShort", exact: true }).fill("Zebra");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("heading", { name: "Zebra" }).waitFor();
  await page.getByRole("button", { name: "Load all, by name" }).click();
  await page.getByText(`Shells: ${SHELLS + 1}`, { exact: true }).waitFor();
  await page.getByRole("tree").focus();
  await page.keyboard.press("Home");
  await page.keyboard.type("zeb");
  await page.keyboard.press("Enter");
  expect(await page.getByRole("treeitem", { name: "Zebra" }).getAttribute("aria-selected")).toBe("true");
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Confirm deletion" }).click();
  await page.getByText(`Shells: ${SHELLS}`, { exact: true }).waitFor();
  await page.getByRole("button", { name: "Undo" }).last().click();
  const found = async () => (await (await fetch(`${api.url}/shells?idShort=Zebra`)).json()) as { readonly result: unknown[] };
  await eventually(async () => (await found()).result.length === 1 || undefined, "the shell is back");
  await page.close();
});

test("[U45] a shell is printed as a document: what it is, as of when, every element", async () => {
  const page = await open(place(shell));
  await page.evaluate("window.print = () => { window.printed = true; }");
  await page.getByRole("button", { name: "Print or save as PDF" }).click();
  await eventually(() => page.evaluate<true | undefined>("window.printed"), "it is printed");
  await page.emulateMedia({ media: "print" });
  const shown = await page.locator(".dw-document").innerText();
  for (const part of ["Pump00007", "https://example.com/asset/7", "revision", "Ada (unverified name)", "1450", "1/min", "urn:elsewhere"])
    expect(shown, part).toContain(part);
  expect(await page.locator("#studio").isVisible(), "nothing of the screen is on paper").toBe(false);
  expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(10_000);
  await page.close();
});

test("[U46] a file is judged, repaired by a click and imported", async () => {
  const page = await open("/assets/import");
  const broken = {
    submodels: [
      {
        modelType: "Submodel",
        id: "urn:broken",
        idShort: "Broken",
        submodelElements: [{ modelType: "Property", idShort: "On", valueType: "xs:boolean", value: "Yes" }],
      },
    ],
  };
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "b.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(broken)) });
  await page.getByText(/Errors left: 1/).waitFor();
  await page.getByRole("button", { name: /Repair the form/ }).click();
  await page.getByText(/Nothing prevents an import/).waitFor();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await page.getByRole("button", { name: "Show what was imported" }).waitFor();
  expect(await getElement(api, { submodel: "urn:broken", path: "On" })).toMatchObject({ value: "true" });
  await page.getByRole("region", { name: "b.json" }).getByRole("button", { name: "Undo" }).last().click();
  const gone = async () => (await fetch(`${api.url}/submodels/${encodeId("urn:broken")}`)).status === 404 || undefined;
  await eventually(gone, "the import is taken back");
  await page.close();
});

test("[U46, U19] what stands in the repository against the metamodel is repaired by a click, told in Chinese, and taken back", async () => {
  const broken = [{ modelType: "Property", idShort: "On", valueType: "xs:boolean", value: "Yes" }];
  const faulty = { submodels: [{ modelType: "Submodel", id: "urn:faulty", idShort: "Faulty", submodelElements: broken }] };
  await client.importFile("faulty.json", new TextEncoder().encode(JSON.stringify(faulty)) as Uint8Array<ArrayBuffer>);
  const page = await open(`${place(["s", "urn:faulty"])}~t.check`, { width: 1440, height: 900 }, "zh");
  const value = async () => ((await getElement(api, { submodel: "urn:faulty", path: "On" })) as { readonly value?: string }).value;
  expect(await value()).toBe("Yes");
  await page.getByRole("button", { name: '将值写为 "true"。' }).click();
  await eventually(async () => (await value()) === "true" || undefined, "the value is repaired");
  await page.getByRole("button", { name: "撤销" }).last().click();
  await eventually(async () => (await value()) === "Yes" || undefined, "the repair is taken back");
  await page.close();
});

test("[U42] an operation is run with its inputs, and what came of it stands below", async () => {
  const page = await open(place(shell, data, ["p", "Start"]));
  await page.getByRole("group", { name: /Ramp/ }).getByRole("textbox").fill("fast");
  expect(await page.getByRole("button", { name: "Run the operation" }).isDisabled()).toBe(true);
  await page.getByRole("group", { name: /Ramp/ }).getByRole("textbox").fill("5");
  await page.getByRole("button", { name: "Run the operation" }).click();
  await page.getByRole("status").filter({ hasText: "nothing is bound" }).waitFor();
  await page.close();
});

test("[U42, API32] an element is renamed with what refers to it; a shell has its history", async () => {
  const names = {
    submodels: [
      {
        modelType: "Submodel",
        id: "urn:names",
        idShort: "Names",
        submodelElements: [
          { modelType: "Property", idShort: "Old", valueType: "xs:int", value: "1" },
          {
            modelType: "ReferenceElement",
            idShort: "To",
            value: {
              type: "ModelReference",
              keys: [
                { type: "Submodel", value: "urn:names" },
                { type: "Property", value: "Old" },
              ],
            },
          },
        ],
      },
    ],
  };
  await client.importFile("names.json", new TextEncoder().encode(JSON.stringify(names)) as Uint8Array<ArrayBuffer>);
  const page = await open(place(["s", "urn:names"], ["p", "Old"]));
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  const form = page.getByRole("form", { name: "Rename" });
  await form.getByRole("textbox", { name: "idShort" }).fill("1 new");
  expect(await form.getByRole("button", { name: "Rename" }).isDisabled()).toBe(true);
  await form.getByRole("textbox", { name: "idShort" }).fill("New");
  await form.getByRole("button", { name: "Rename" }).click();
  await page.getByRole("heading", { name: "New" }).waitFor();
  const to = async () =>
    (await getElement(api, { submodel: "urn:names", path: "To" })) as {
      readonly value?: { readonly keys: readonly { readonly value: string }[] };
    };
  expect((await to()).value?.keys[1]?.value).toBe("New");
  await page.getByRole("button", { name: "Undo" }).last().click();
  await page.getByRole("heading", { name: "Old" }).waitFor();
  expect((await to()).value?.keys[1]?.value).toBe("Old");
  await page.goto(`${url}${place(shell)}~t.history`);
  await page.getByRole("button", { name: /Imported many.json/ }).waitFor();
  await page.close();
});

test("[U87] another asset is put into a place; the place tells who stands there, the asset where it stands", async () => {
  const page = await open(place(["a", "https://example.com/aas/8"]));
  const block = page.getByRole("region", { name: "Place and serial" });
  await block.getByRole("button", { name: "Record what is installed here" }).click();
  await block
    .getByLabel(/Shell of the asset/)
    .first()
    .fill("Pump00009");
  await page.getByRole("option", { name: "https://example.com/aas/9" }).click();
  await block.getByRole("button", { name: "Installed here from now on" }).click();
  await block.getByRole("button", { name: /Pump00009\s*since/ }).click();
  await page.getByRole("heading", { name: "Pump00009" }).waitFor();
  await block.getByRole("button", { name: /Located in Pump00008\s*since .* in total/ }).waitFor();
  await page.close();
});

test("[U47] a template is a form; what is made of it belongs to the shell and is held to the template", async () => {
  const page = await open(`/assets/templates~${shell[0]}.${encodeId(shell[1])}~s.${encodeId("urn:template")}`);
  const interval = page.getByRole("textbox", { name: "Interval" });
  await interval.fill("often");
  await page.getByText("Values not of their type: 1").waitFor();
  await page.locator("button:disabled", { hasText: "Create the submodel" }).waitFor();
  await interval.fill("60");
  await page.getByText("SMT/AllowedRange").waitFor();
  await interval.fill("4");
  await page.getByText("SMT/AllowedRange").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Create the submodel" }).click();
  await page.getByRole("heading", { name: "Care" }).waitFor();
  await page.getByRole("button", { name: "Check the values" }).click();
  await page.getByText("It conforms to its template Care").waitFor();
  const references: string[] = [];
  for await (const { keys } of listSubmodelReferences(api, shell[1])) references.push(keys[0]!.value);
  expect(references).toHaveLength(3);
  expect(await getSubmodel(api, { submodel: references[2]! })).toMatchObject({
    kind: "Instance",
    administration: { templateId: "urn:template" },
    submodelElements: [{ idShort: "Interval", value: "4" }],
  });
  await page.close();
});

test("[U48] the link of an asset opens its page on a phone, in Chinese too, with its code", async () => {
  const page = await open(place(["g", "https://example.com/asset/7"]), { width: 390, height: 844 }, "zh");
  await page.getByRole("heading", { name: "Pump00007" }).waitFor();
  expect(await page.getByRole("tree").count()).toBe(0);
  await page.getByRole("img", { name: /二维码/ }).waitFor();
  await page.getByText(/只指本机/).waitFor();
  expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  await page.getByRole("button", { name: "Data", exact: true }).click();
  await page.getByRole("tab").first().waitFor();
  const heights = await page.getByRole("tab").evaluateAll((tabs) => tabs.map((tab) => tab.getBoundingClientRect().height));
  expect(Math.min(...heights), "fingers hit the tabs").toBeGreaterThanOrEqual(40);
  await page.close();
});

test("[U40] nothing of this broke inside the page", () => {
  expect(troubles).toEqual([]);
});
