import { expect, test } from "vitest";
import { assetIdsOfLink, gs1CheckDigit, gs1LinkOf, parseGs1Link, parseHandle, parseIdentification, spellingsOfHandle } from "./index.ts";

const keys = (link: string): string | undefined =>
  parseGs1Link(link)
    ?.keys.map(({ ai, value }) => `(${ai})${value}`)
    .join("");

test("[SV298] links of the GS1 standard and its implementation guideline are read: keys, qualifiers, a path before them, attributes", () => {
  const published: Record<string, string> = {
    "https://id.gs1.org/01/09506000134352": "(01)09506000134352",
    "https://id.gs1.org/01/9520123456788": "(01)09520123456788",
    "https://example.com/some/path/01/9520123456788": "(01)09520123456788",
    "https://id.gs1.org/01/09520123456788/10/ABC1/21/12345?17=180426": "(01)09520123456788(10)ABC1(21)12345",
    "https://id.gs1.org/01/9520123456788/22/2A": "(01)09520123456788(22)2A",
    "https://id.gs1.org/01/09520123456788?3103=000195&3922=0299&17=201225": "(01)09520123456788",
    "https://id.gs1.org/00/952012345678912345?02=09520123456788&37=25&10=ABC123": "(00)952012345678912345",
    "https://id.gs1.org/414/9520123456788": "(414)9520123456788",
    "https://id.gs1.org/414/9520123456788/254/32a%2Fb": "(414)9520123456788(254)32a/b",
    "https://id.gs1.org/8004/9520614141234567?01=9520123456788": "(8004)9520614141234567",
    "HTTPS://ID.GS1.ORG/01/09506000134352/21/abc-1": "(01)09506000134352(21)abc-1",
    "http://example.org:8080/01/9520123456788/": "(01)09520123456788",
  };
  for (const [link, said] of Object.entries(published)) expect(keys(link), link).toBe(said);
  expect(parseGs1Link("https://example.com/01/9520123456788?17=201225&3103=000195&linktype=gs1:pip")!.attributes).toEqual([
    { ai: "17", value: "201225" },
    { ai: "3103", value: "000195" },
  ]);
});

test("[SV298] a wrong check digit, an unknown key, a qualifier of another key or twice, and what is no address of the web are no link", () => {
  for (const link of [
    "https://id.gs1.org/01/09506000134353",
    "https://id.gs1.org/01/0950600013435",
    "https://id.gs1.org/01/095060001343521",
    "https://id.gs1.org/00/952012345678912346",
    "https://id.gs1.org/02/09506000134352",
    "https://id.gs1.org/414/9520123456788/21/1",
    "https://id.gs1.org/01/09506000134352/21/1/21/2",
    "https://id.gs1.org/01/09506000134352/21",
    "https://id.gs1.org/01/09506000134352/21/123456789012345678901",
    "https://id.gs1.org/01/09506000134352/21/%00",
    "https://id.gs1.org/01/09506000134352/21/%FF",
    "https://user:secret@id.gs1.org/01/09506000134352",
    "ftp://id.gs1.org/01/09506000134352",
    "javascript:alert(1)//01/09506000134352",
    "https://id.gs1.org\\@evil.example/01/09506000134352",
    "https://id.gs1.org",
    "",
  ])
    expect(keys(link), link).toBeUndefined();
  // General Specifications, 7.9: 629104150021 → 3; SSCC 37610425002123456 → 9
  expect([gs1CheckDigit("629104150021"), gs1CheckDigit("37610425002123456")]).toEqual([3, 9]);
});

test("[SV298] one spelling is built from what was read, in the order of the standard, and reads as the same", () => {
  const read = parseGs1Link("https://example.com/x/01/9520123456788/21/a%2Fb/10/L%2F1?17=201225")!;
  expect(gs1LinkOf(read)).toBe("https://id.gs1.org/01/09520123456788/10/L%2F1/21/a%2Fb");
  expect(gs1LinkOf(read, "https://plant.example")).toBe("https://plant.example/01/09520123456788/10/L%2F1/21/a%2Fb");
  expect(parseGs1Link(gs1LinkOf(read))!.keys).toEqual(read.keys);
});

test("[SV298] Handles and DOIs are read in each of their spellings, which are ids of one asset", () => {
  const spelled = [
    "hdl:20.1000/100",
    "info:hdl/20.1000/100",
    "https://hdl.handle.net/20.1000/100",
    "http://hdl.handle.net/20.1000/100?noredirect",
  ];
  for (const text of spelled) expect(parseHandle(text), text).toEqual({ prefix: "20.1000", suffix: "100" });
  const doi = { prefix: "10.1000", suffix: "182" };
  for (const text of ["doi:10.1000/182", "https://doi.org/10.1000/182", "https://dx.doi.org/10.1000/182", "hdl:10.1000/182"])
    expect(parseHandle(text), text).toEqual(doi);
  expect(parseHandle("https://hdl.handle.net/88.118.1/a%20b")).toEqual(undefined);
  expect(parseHandle("https://hdl.handle.net/4263537/a%2Fb")).toEqual({ prefix: "4263537", suffix: "a/b" });
  for (const text of [
    "doi:20.1000/1",
    "https://doi.org/20.1000/1",
    "hdl:/1",
    "hdl:1",
    "20.1000/100",
    "https://evil.example/hdl.handle.net/20.1000/1",
    "hdl:a/\0",
    "hdl:20.1/\ud800",
  ])
    expect(parseHandle(text), text).toBeUndefined();
  for (const text of spellingsOfHandle(doi)) expect(parseHandle(text), text).toEqual(doi);
});

test("[SV299] as many ids are looked for whatever the code says of an item, those of the item before those of its kind", () => {
  const { exact, wider } = assetIdsOfLink(parseIdentification("https://example.com/01/9520123456788/21/12")!);
  expect(exact.slice(0, 3).map(([first]) => first!.value)).toEqual([
    "https://example.com/01/9520123456788/21/12",
    "https://id.gs1.org/01/09520123456788/21/12",
    "https://example.com/01/09520123456788/21/12",
  ]);
  expect(exact).toContainEqual([
    { name: "GTIN", value: "09520123456788" },
    { name: "serialNumber", value: "12" },
  ]);
  expect(wider.map((all) => all.length)).toEqual([1, 1, 1, 1, 1]);
  const other = assetIdsOfLink(parseIdentification("https://example.com/01/9520123456788/21/13")!);
  expect([other.exact.length, other.wider.length]).toEqual([exact.length, wider.length]);
  expect(assetIdsOfLink(parseIdentification("https://maker.example/pump?sn=7")!)).toEqual({
    exact: [[{ name: "globalAssetId", value: "https://maker.example/pump?sn=7" }]],
    wider: [],
  });
  for (const text of ["", " ", "urn:uuid:1", "javascript:alert(1)", "x".repeat(3_000), "//evil.example"])
    expect(parseIdentification(text)).toBeUndefined();
});

/** mulberry32, so that a seed says it all. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test("[SV298] whatever is scanned, the reader neither throws nor takes long, and what it reads it writes and reads again the same", () => {
  const seed = Number(process.env.FUZZ_SEED ?? 20261130);
  console.info(`seed of the fuzz of identification links: ${seed} (FUZZ_SEED)`);
  const random = randomOf(seed);
  const pieces = [
    "https://",
    "http://",
    "id.gs1.org",
    "/01/",
    "/21/",
    "/10/",
    "/8004/",
    "/00/",
    "09506000134352",
    "952012345678912345",
    "hdl:",
    "doi:",
    "10.1000/",
    "hdl.handle.net/",
    "?17=",
    "#",
    "%",
    "%2F",
    "%FF",
    "\0",
    "\\",
    "@",
    "..",
    "//",
    " ",
    "é",
    "\u{1F600}",
    "\ud800",
    "a".repeat(50),
    "1".repeat(30),
    "[::1]",
    ":99999",
    "&",
    "=",
  ];
  let read = 0;
  for (let turn = 0; turn < 20_000; turn++) {
    const start = random() < 0.6 ? `https://id.gs1.org${random() < 0.5 ? "/01/09506000134352" : ""}` : "";
    const text = start + Array.from({ length: Math.floor(random() * 8) }, () => pieces[Math.floor(random() * pieces.length)]).join("");
    const found = parseIdentification(text);
    if (found === undefined) continue;
    read++;
    expect(assetIdsOfLink(found).exact.length, `seed ${seed}: ${text}`).toBeGreaterThan(0);
    if (found.kind === "gs1") expect(parseGs1Link(gs1LinkOf(found.gs1))?.keys, `seed ${seed}: ${text}`).toEqual(found.gs1.keys);
    if (found.kind === "handle") expect(spellingsOfHandle(found.handle).length).toBeGreaterThan(1);
  }
  expect(read).toBeGreaterThan(1_000);
  const before = performance.now();
  for (const text of [`https://id.gs1.org${"/01".repeat(600)}`, `hdl:${"a.".repeat(900)}`, `https://id.gs1.org/01/${"1".repeat(1_900)}`])
    parseIdentification(text);
  expect(performance.now() - before).toBeLessThan(1_000);
});
