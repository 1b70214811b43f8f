import { strToU8, zipSync } from "fflate";
import { DoppelwerkError } from "@doppelwerk/kit";
import type { ListTable } from "@doppelwerk/ports";
import { expect, test } from "vitest";
import { readCsv } from "./read-csv.ts";
import { readXlsx } from "./read-xlsx.ts";
import { rowsOfSheet } from "./rows-of-sheet.ts";
import type { Cell } from "./sheet.ts";
import { writeCsv } from "./write-csv.ts";
import { writeXlsx } from "./write-xlsx.ts";

const ROWS: readonly (readonly Cell[])[] = [
  ["id", "Title (English)", "limit", "enabled"],
  ["a", '=HYPERLINK("http://evil")', 1.5, true],
  ["b", "'=already", -3, false],
  ["c", 'comma, "quotes"; semicolon\nand a line', undefined, undefined],
  ["d", "中文 ﬀ 😀", 1e-7, true],
  ["e", "+1 and -1 @home", 0, undefined],
];
const cellsOf = ({ rows }: ReturnType<typeof readCsv>) => rows.map(({ cells }) => cells);
const trimmed = (row: readonly Cell[]) => row.slice(0, row.findLastIndex((cell) => cell !== undefined) + 1);

/** A workbook with one sheet, from the parts of it. */
function workbook(sheet: string, more: Readonly<Record<string, string>> = {}): Uint8Array {
  const files = {
    "xl/workbook.xml": `<workbook xmlns:r="r"><workbookPr/><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
    "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${sheet}</sheetData></worksheet>`,
    ...more,
  };
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}
const refusal = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof DoppelwerkError) return error.message;
    throw error;
  }
  return "read";
};

test("[TB1] [TB2] what goes out as CSV and as a workbook comes in as it was, and nothing of it is a formula", async () => {
  const csv = writeCsv(ROWS);
  const text = new TextDecoder().decode(csv);
  expect(text).toContain(`"'=HYPERLINK(""http://evil"")"`);
  for (const line of text.split("\r\n")) expect(line.split(",").filter((field) => /^"?[=+@]/.test(field))).toEqual([]);
  const asText = ROWS.map((row) => row.map((cell) => (cell === undefined ? undefined : String(cell))));
  expect(cellsOf(readCsv(csv)).map(trimmed)).toEqual(asText.map(trimmed));
  const book = await writeXlsx("Alarm rules: [1]/?", ROWS);
  expect(cellsOf(readXlsx(book)).map(trimmed)).toEqual(ROWS.map(trimmed));
  expect(readXlsx(book).notes).toEqual([]);
});

test("[TB5] commas, semicolons with decimal commas and tabs; lines are counted as an editor counts them", () => {
  const columns = [
    { key: "id", title: { en: "Id", zh: "标识" }, kind: "text" },
    { key: "limit", title: { en: "Limit", zh: "限值" }, kind: "number", unit: "bar" },
  ] as const satisfies ListTable["columns"];
  const table = { columns, key: "id" };
  const read = (text: string) => rowsOfSheet(table, readCsv(new TextEncoder().encode(text)));
  const limits = (text: string) => read(text).rows.map(({ values }) => values.get("limit"));
  expect(limits("id,limit\na,1.5\n")).toEqual([1.5]);
  expect(limits("标识;限值\r\na;1,5\r\n\r\nb;2\r\n")).toEqual([1.5, 2]);
  expect(limits("Limit (bar)\tID\n-1e3\ta\n")).toEqual([-1000]);
  const { findings, rows } = read('id,limit,other\n"a\nb",x\na,1\na,2\n,3\n');
  expect(rows.map(({ line, values }) => [line, values.get("id")])).toEqual([[4, "a"]]);
  expect(findings.map(({ line, column, isFault }) => [line, column, isFault])).toEqual([
    [1, undefined, false],
    [3, "limit", true],
    [5, "id", true],
    [6, "id", true],
  ]);
});

test("[TB5] dates, formulas, merged cells, rich texts, errors and gaps of a workbook", () => {
  const styles = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm&quot;m&quot;"/><numFmt numFmtId="165" formatCode="0.0&quot;d&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`;
  const shared = `<sst><si><t>plain</t></si><si><r><t>ri</t></r><r><t>ch</t></r><rPh><t>phonetic</t></rPh></si></sst>`;
  const sheet = `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c><c r="D2" t="inlineStr"><is><t>in</t></is></c></row>
    <row r="5"><c r="A5" s="1"><v>45992</v></c><c r="B5" s="2"><v>45992.25</v></c><c r="C5" s="3"><v>45992</v></c><c r="D5" s="1"><v>1</v></c><c r="E5" t="b"><v>1</v></c><c r="F5" t="e"><v>#DIV/0!</v></c><c r="G5"><f>1+1</f><v>2</v></c></row>`;
  const more = { "xl/styles.xml": styles, "xl/sharedStrings.xml": shared };
  const read = readXlsx(
    workbook(sheet, {
      ...more,
      "xl/worksheets/sheet1.xml": `<x:worksheet xmlns:x="s"><x:sheetData>${sheet.replaceAll("<", "<x:").replaceAll("<x:/", "</x:")}</x:sheetData><x:mergeCells><x:mergeCell ref="A2:B2"/></x:mergeCells></x:worksheet>`,
    }),
  );
  expect(read.rows).toEqual([
    { line: 2, cells: ["plain", undefined, "rich", "in"] },
    { line: 5, cells: ["2025-12-01", "2025-12-01T06:00:00", 45_992, "1900-01-01", true, "#DIV/0!", 2] },
  ]);
  expect(read.notes.map(({ code }) => code)).toEqual(["lists.formulas", "lists.merged"]);
  const of1904 = workbook(`<row r="1"><c r="A1" s="1"><v>0</v></c></row>`, {
    ...more,
    "xl/workbook.xml": `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet r:id="rId1"/></sheets></workbook>`,
  });
  expect(readXlsx(of1904).rows[0]!.cells).toEqual(["1904-01-01"]);
});

test("[TB6] what is no sheet, too much of one, or attacks its reader is refused with what is wrong", () => {
  expect(refusal(() => readCsv(new Uint8Array([0xff, 0xfe, 0x41, 0])))).toContain("UTF-8");
  expect(refusal(() => readCsv(new TextEncoder().encode('a,b\n"open')))).toMatch(/line \d/);
  expect(refusal(() => readXlsx(new Uint8Array([0x50, 0x4b, 1, 2])))).toContain("no Excel workbook");
  expect(refusal(() => readXlsx(zipSync({ "a.txt": strToU8("x") })))).toContain("no sheet");
  expect(refusal(() => readXlsx(workbook("", { "xl/worksheets/sheet1.xml": `<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>` })))).toContain(
    "DOCTYPE",
  );
  expect(refusal(() => readXlsx(workbook("<row><c>")))).toContain("no Excel workbook");
  expect(refusal(() => readXlsx(workbook(`<row><c r="ZZZ1"><v>1</v></c></row>`)))).toContain("columns");
  expect(refusal(() => readXlsx(workbook(`<row>${"<c><v>1</v></c>".repeat(201)}</row>`)))).toContain("200 columns");
  expect(refusal(() => readXlsx(workbook("<row><c><v>1</v></c></row>".repeat(20_002))))).toContain("20000 rows");
  expect(refusal(() => readXlsx(workbook(`<row><c t="str"><v>${"x".repeat(10_001)}</v></c></row>`)))).toContain("10000 characters");
  const bomb = zipSync({ "xl/workbook.xml": new Uint8Array(65 * 2 ** 20) });
  expect(refusal(() => readXlsx(bomb))).toContain("no Excel workbook");
});

test("[TB6] any bytes are a sheet or one fault", async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  let drawn = seed;
  const random = (below: number): number => {
    drawn = (Math.imul(drawn, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((drawn / 2 ** 31) * below);
  };
  const [csv, book, plain] = [
    writeCsv(ROWS),
    await writeXlsx("S", ROWS),
    workbook(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><f>A1</f><v>2</v></c></row>`),
  ];
  for (let n = 0; n < 600; n++) {
    const [read, base] = (
      [
        [readCsv, csv],
        [readXlsx, book],
        [readXlsx, plain],
      ] as const
    )[n % 3]!;
    const bytes = base.slice(0, random(8) === 0 ? random(base.length) : base.length);
    for (let flips = 1 + random(6); flips > 0; flips--) bytes[random(Math.max(1, bytes.length))] = random(256);
    expect(refusal(() => read(bytes)).length, `seed ${seed}, ${n}`).toBeGreaterThan(0);
  }
});
