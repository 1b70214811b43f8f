import { unpackArchive, type Finding } from "@doppelwerk/aas";
import { DoppelwerkError, message, type Message } from "@doppelwerk/kit";
import { SaxesParser, type SaxesTagPlain } from "saxes";
import type {} from "../message-codes.ts";
import { MAX_CELL, MAX_COLUMNS, MAX_ROWS, type Cell, type Sheet } from "./sheet.ts";

const LIMITS = { mostEntries: 1_000, mostEntryBytes: 64 * 2 ** 20, mostBytes: 128 * 2 ** 20, mostRatio: 200 };

/**
 * The first sheet of a workbook (ECMA-376, SpreadsheetML): values as they are stored, of a formula the value that was computed last; none is ever computed.
 * Dates are texts (`2026-11-30`, with a time `2026-11-30T06:00:00`). Merged cells have a value only in the first of them, and a note. Throws DW_INVALID.
 */
export function readXlsx(bytes: Uint8Array): Sheet {
  const findings: Finding[] = [];
  const files = unpackArchive(bytes, LIMITS, findings, "xlsx");
  if (files === undefined) throw new DoppelwerkError("DW_INVALID", message("lists.notXlsx", { reason: findings.at(-1)?.message ?? "" }));
  const path = firstSheet(files);
  const sheet = path === undefined ? undefined : files.get(path);
  if (sheet === undefined) throw new DoppelwerkError("DW_INVALID", message("lists.noSheet"));
  const texts = sharedTexts(files.get("/xl/sharedStrings.xml"));
  const dates = dateStyles(files.get("/xl/styles.xml"));
  const is1904 = isOf1904(files.get("/xl/workbook.xml"));
  return readSheet(sheet, { texts, dates, is1904 });
}

/** Of the workbook: the sheet that stands first in it. */
function firstSheet(files: ReadonlyMap<string, Uint8Array>): string | undefined {
  let id: string | undefined;
  walk(files.get("/xl/workbook.xml"), {
    open: ({ name, attributes }) => {
      if (name === "sheet" && id === undefined) id = attributes["r:id"] ?? attributes["id"];
    },
  });
  let target: string | undefined;
  walk(files.get("/xl/_rels/workbook.xml.rels"), {
    open: ({ name, attributes }) => {
      if (name === "Relationship" && attributes["Id"] === id) target = attributes["Target"];
    },
  });
  if (target === undefined) return undefined;
  return target.startsWith("/") ? target : `/xl/${target}`;
}

function isOf1904(bytes: Uint8Array | undefined): boolean {
  let is1904 = false;
  walk(bytes, {
    open: ({ name, attributes }) => {
      if (name === "workbookPr") is1904 ||= attributes["date1904"] === "1" || attributes["date1904"] === "true";
    },
  });
  return is1904;
}

/** Texts that cells name by their position; of rich text the runs, without phonetic ones. */
function sharedTexts(bytes: Uint8Array | undefined): readonly string[] {
  const texts: string[] = [];
  let [text, inText, inPhonetic] = ["", false, false];
  walk(bytes, {
    open({ name }) {
      if (name === "si") text = "";
      else if (name === "rPh") inPhonetic = true;
      else if (name === "t") inText = true;
    },
    text(more) {
      if (inText && !inPhonetic) text = joined(text, more);
    },
    close(name) {
      if (name === "si") texts.push(text);
      else if (name === "rPh") inPhonetic = false;
      else if (name === "t") inText = false;
    },
  });
  return texts;
}

/** Formats of numbers that are dates or times in every workbook. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

/** Which styles of cells show their number as a date. */
function dateStyles(bytes: Uint8Array | undefined): readonly boolean[] {
  const own = new Map<number, boolean>();
  const styles: boolean[] = [];
  let inStyles = false;
  walk(bytes, {
    open({ name, attributes }) {
      if (name === "numFmt") own.set(Number(attributes["numFmtId"]), isDateFormat(attributes["formatCode"] ?? ""));
      else if (name === "cellXfs") inStyles = true;
      else if (name === "xf" && inStyles) {
        const id = Number(attributes["numFmtId"] ?? 0);
        styles.push(own.get(id) ?? isBuiltInDate(id));
      }
    },
    close(name) {
      if (name === "cellXfs") inStyles = false;
    },
  });
  return styles;
}

/** A format with day, month, year, hour or second outside of quotation marks and brackets. */
function isDateFormat(code: string): boolean {
  return /[dmyhs]/i.test(code.replaceAll(/"[^"]*"|\[[^\]]*\]|\\./g, ""));
}

interface Known {
  readonly texts: readonly string[];
  readonly dates: readonly boolean[];
  readonly is1904: boolean;
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly isDate: boolean;
  text: string;
  isFormula: boolean;
}

function readSheet(bytes: Uint8Array, known: Known): Sheet {
  const rows: { readonly line: number; readonly cells: Cell[] }[] = [];
  let [line, formulas, merged] = [0, 0, 0];
  let cells: Cell[] = [];
  let cell: OpenCell | undefined;
  let takes = false;
  walk(bytes, {
    open({ name, attributes }) {
      if (name === "row") {
        line = Number(attributes["r"]) || line + 1;
        cells = [];
      } else if (name === "c") {
        const column = columnOf(attributes["r"]) ?? cells.length;
        if (column >= MAX_COLUMNS) throw new DoppelwerkError("DW_INVALID", message("lists.tooManyColumns", { most: MAX_COLUMNS }));
        cell = {
          column,
          type: attributes["t"] ?? "n",
          isDate: known.dates[Number(attributes["s"] ?? -1)] ?? false,
          text: "",
          isFormula: false,
        };
      } else if (name === "f" && cell) cell.isFormula = true;
      else if (name === "v" || name === "t") takes = true;
      else if (name === "mergeCell") merged++;
    },
    text(more) {
      if (takes && cell) cell.text = joined(cell.text, more);
    },
    close(name) {
      if (name === "v" || name === "t") takes = false;
      else if (name === "c" && cell) {
        if (cell.isFormula) formulas++;
        while (cells.length < cell.column) cells.push(undefined);
        cells[cell.column] = valueOf(cell, known);
        cell = undefined;
      } else if (name === "row" && cells.some((each) => each !== undefined)) {
        rows.push({ line, cells });
        if (rows.length > MAX_ROWS + 1) throw new DoppelwerkError("DW_INVALID", message("lists.tooManyRows", { most: MAX_ROWS }));
      }
    },
  });
  const notes: Message[] = [
    ...(formulas > 0 ? [message("lists.formulas", { count: formulas })] : []),
    ...(merged > 0 ? [message("lists.merged", { count: merged })] : []),
  ];
  return { rows, hasDecimalComma: false, notes };
}

function valueOf({ type, text, isDate }: OpenCell, { texts, is1904 }: Known): Cell {
  if (text === "") return undefined;
  if (type === "s") return texts[Number(text)] || undefined;
  if (type === "b") return text === "1" || text === "true";
  // an error of the spreadsheet, such as #DIV/0!
  if (type === "e" || type === "str" || type === "inlineStr" || type === "d") return text;
  const number = Number(text);
  if (!Number.isFinite(number)) return text;
  return isDate ? dateText(number, is1904) : number;
}

const DAY_MS = 86_400_000;

/** Days since the end of 1899 (a spreadsheet has a 29 February 1900), or since 1904. */
function dateText(serial: number, is1904: boolean): string | number {
  const days = is1904 ? serial + 1_462 : serial < 60 ? serial + 1 : serial;
  const at = new Date(Math.round(Date.UTC(1899, 11, 30) + days * DAY_MS));
  if (!Number.isFinite(at.getTime()) || days < 0) return serial;
  const text = at.toISOString().slice(0, 19);
  return text.endsWith("T00:00:00") ? text.slice(0, 10) : text;
}

/** `AB12` is column 27. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^([A-Z]{1,3})\d+$/.exec(reference ?? "")?.[1];
  return letters === undefined ? undefined : [...letters].reduce((sum, letter) => sum * 26 + letter.codePointAt(0)! - 64, 0) - 1;
}

function joined(text: string, more: string): string {
  if (text.length + more.length > MAX_CELL) throw new DoppelwerkError("DW_INVALID", message("lists.cellTooLong", { most: MAX_CELL }));
  return text + more;
}

interface Walker {
  open(tag: { readonly name: string; readonly attributes: Readonly<Record<string, string>> }): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Tags by their names without a prefix. A document type is refused: nothing in a workbook needs one. Throws DW_INVALID. */
function walk(bytes: Uint8Array | undefined, { open, text, close }: Walker): void {
  if (bytes === undefined) return;
  const parser = new SaxesParser({});
  const local = (name: string): string => name.slice(name.indexOf(":") + 1);
  const refused = (reason: string): never => {
    throw new DoppelwerkError("DW_INVALID", message("lists.notXlsx", { reason: reason.slice(0, 200) }));
  };
  parser.on("error", ({ message: reason }) => refused(reason));
  parser.on("doctype", () => refused("DOCTYPE"));
  parser.on("opentag", ({ name, attributes }: SaxesTagPlain) => open({ name: local(name), attributes }));
  parser.on("text", (more) => text?.(more));
  parser.on("closetag", ({ name }) => close?.(local(name)));
  parser.write(new TextDecoder().decode(bytes)).close();
}
