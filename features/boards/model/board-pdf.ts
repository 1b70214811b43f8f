import { message, textIn, type Language } from "@doppelwerk/kit";
import { LIVE } from "@doppelwerk/world";
import type { TileColumn, TileTable } from "@doppelwerk/ports";
import type {} from "../message-codes.ts";
import { cellText, headText } from "./cell-text.ts";
import { A4, fitted, PdfDocument, textWidth, wrapped, type PdfPage } from "./pdf-writer.ts";
import type { ReadBoard, ReadTile } from "./read-tile.ts";

const EDGE = 40;
const WIDTH = A4.width - 2 * EDGE;
const LINE = 12;
const SIZE = 9;
/** Rows of a table; the CSV has all. */
const MAX_ROWS = 40;
const MUTED = 0.4;
const GREY: readonly [number, number, number] = [0.72, 0.76, 0.8];
const STATES: Readonly<Record<string, readonly [number, number, number]>> = {
  failed: [0.88, 0.27, 0.22],
  stopped: [0.85, 0.55, 0.2],
  microStop: [0.85, 0.55, 0.2],
  working: GREY,
  blocked: [0.85, 0.87, 0.9],
  starved: [0.85, 0.87, 0.9],
};

/** A board on pages of A4: each tile with its data, in the order that they are read in. */
export function boardPdf(board: ReadBoard, language: Language): Uint8Array {
  const sheet = new Sheet();
  const at = `${new Date(board.at / 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  sheet.room(40);
  sheet.page.text(EDGE, sheet.y - 14, 16, fitted(board.title, 16, WIDTH), { isBold: true });
  sheet.page.text(EDGE, sheet.y - 30, SIZE, at, { grey: MUTED });
  sheet.y -= 44;
  for (const tile of board.tiles) drawTile(sheet, tile, language);
  return sheet.document.bytes(board.title);
}

/** The page that is drawn on, from its upper edge down. */
class Sheet {
  readonly document = new PdfDocument();
  page: PdfPage = this.document.page();
  y: number = A4.height - EDGE;

  /** What follows is not cut by the end of a page. */
  room(height: number): void {
    if (this.y - height >= EDGE) return;
    this.page = this.document.page();
    this.y = A4.height - EDGE;
  }

  row(text: string, look: { readonly size?: number; readonly isBold?: boolean; readonly grey?: number } = {}): void {
    const { size = SIZE, ...more } = look;
    for (const line of wrapped(text, size, WIDTH).slice(0, 200)) {
      this.room(LINE);
      this.page.text(EDGE, this.y - size, size, line, more);
      this.y -= size + 3;
    }
  }
}

function drawTile(sheet: Sheet, { title, branch, shape, table, failure }: ReadTile, language: Language): void {
  sheet.room(60);
  sheet.page.line(
    [
      [EDGE, sheet.y],
      [EDGE + WIDTH, sheet.y],
    ],
    0.5,
    0.8,
  );
  sheet.y -= 6;
  const marks = [
    ...(branch === LIVE ? [] : [textIn(message("boards.onBranch", { branch }), language)]),
    ...(table?.isSimulated === true ? [textIn(message("boards.simulated"), language)] : []),
  ];
  sheet.row([title[language], ...marks].join(" · "), { size: 11, isBold: true });
  if (table === undefined) sheet.row(failure?.[language] ?? "", { grey: MUTED });
  else {
    if (table.note !== undefined) sheet.row(table.note[language], { grey: MUTED });
    if (table.rows.length > 0) draw(sheet, table, shape, language);
  }
  sheet.y -= 8;
}

function draw(sheet: Sheet, table: TileTable, shape: ReadTile["shape"], language: Language): void {
  if (shape === "text") sheet.row(String(table.rows[0]?.["text"] ?? ""));
  else if (shape === "bars") drawBars(sheet, table, language);
  else if (shape === "states") drawStates(sheet, table, language);
  else if (shape === "trend") drawTrends(sheet, table, language);
  else drawTable(sheet, table, language);
}

function drawTable(sheet: Sheet, { columns, rows }: TileTable, language: Language): void {
  const shown = columns.filter(({ key }) => rows.some((row) => row[key] !== undefined && row[key] !== null && row[key] !== ""));
  const lines = [
    shown.map((column) => headText(column, language)),
    ...rows.slice(0, MAX_ROWS).map((row) => shown.map((column) => shortText(row[column.key], column, language))),
  ];
  const needed = shown.map((_, index) => Math.max(...lines.map((line) => textWidth(line[index]!, SIZE))) + 10);
  const scale = Math.min(1, WIDTH / needed.reduce((sum, width) => sum + width, 0));
  const widths = needed.map((width) => width * scale);
  for (const [at, line] of lines.entries()) {
    sheet.room(LINE);
    let x = EDGE;
    line.forEach((text, index) => {
      const cut = fitted(text, SIZE, widths[index]! - 6);
      const isNumber = shown[index]!.kind !== "text" && shown[index]!.kind !== "instant";
      const left = isNumber ? x + widths[index]! - 8 - textWidth(cut, SIZE) : x;
      sheet.page.text(left, sheet.y - SIZE, SIZE, cut, { grey: at === 0 ? MUTED : 0 });
      x += widths[index]!;
    });
    sheet.y -= LINE;
  }
  if (rows.length > MAX_ROWS) sheet.row(textIn(message("boards.moreRows", { count: rows.length - MAX_ROWS }), language), { grey: MUTED });
}

function drawBars(sheet: Sheet, { columns, rows }: TileTable, language: Language): void {
  const column = columns.find(({ key }) => key === "value")!;
  const values = rows.map((row) => Number(row["value"] ?? 0));
  const most = Math.max(...values, 1e-9);
  rows.slice(0, MAX_ROWS).forEach((row, index) => {
    sheet.room(LINE);
    const name = cellText(row["name"], { ...column, kind: "text" }, language);
    sheet.page.text(EDGE, sheet.y - SIZE, SIZE, fitted(name, SIZE, 190));
    sheet.page.box(EDGE + 200, sheet.y - SIZE, Math.max(1, (values[index]! / most) * 220), 8, GREY);
    sheet.page.text(EDGE + 430, sheet.y - SIZE, SIZE, shortText(row["value"], column, language));
    sheet.y -= LINE;
  });
}

function drawStates(sheet: Sheet, { rows, from, at, columns }: TileTable, language: Language): void {
  const begin = from ?? at;
  const names = new Map<string, TileTable["rows"]>();
  for (const row of rows) {
    const name = cellText(row["name"], columns[0]!, language);
    names.set(name, [...(names.get(name) ?? []), row]);
  }
  const scale = (WIDTH - 150) / Math.max(1, at - begin);
  for (const [name, spans] of names) {
    sheet.room(LINE);
    sheet.page.text(EDGE, sheet.y - SIZE, SIZE, fitted(name, SIZE, 140));
    for (const span of spans) {
      const [left, right] = [Math.max(begin, Number(span["from"])), Math.min(at, Number(span["to"]))];
      const colour = STATES[String(span["state"])] ?? [0.93, 0.94, 0.95];
      if (right > left)
        sheet.page.box(EDGE + 150 + (left - begin) * scale, sheet.y - SIZE, Math.max(0.3, (right - left) * scale), 8, colour);
    }
    sheet.y -= LINE;
  }
  axis(sheet, begin, at, 150);
}

function drawTrends(sheet: Sheet, { columns, rows, from, at }: TileTable, language: Language): void {
  const begin = from ?? at;
  for (const column of columns.filter(({ key }) => key !== "at")) {
    const values = rows.flatMap((row) => (typeof row[column.key] === "number" ? [row[column.key] as number] : []));
    sheet.row(`${headText(column, language)}  ${values.length === 0 ? "–" : shortText(values.at(-1), column, language)}`);
    if (values.length === 0) continue;
    sheet.room(50);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    let run: [number, number][] = [];
    const flush = (): void => {
      sheet.page.line(run, 0.8, 0.2);
      run = [];
    };
    for (const row of rows) {
      const value = row[column.key];
      if (typeof value !== "number") flush();
      else {
        const x = EDGE + ((Number(row["at"]) - begin) / Math.max(1, at - begin)) * (WIDTH - 60);
        run.push([x, sheet.y - 42 + (high === low ? 20 : ((value - low) / (high - low)) * 40)]);
      }
    }
    flush();
    sheet.page.text(EDGE + WIDTH - 54, sheet.y - 8, 7, shortText(high, column, language), { grey: MUTED });
    sheet.page.text(EDGE + WIDTH - 54, sheet.y - 42, 7, shortText(low, column, language), { grey: MUTED });
    sheet.y -= 48;
  }
  axis(sheet, begin, at, 0);
}

function axis(sheet: Sheet, from: number, to: number, left: number): void {
  const clock = (at: number): string => new Date(at / 1000).toISOString().slice(5, 16).replace("T", " ");
  sheet.room(LINE);
  sheet.page.text(EDGE + left, sheet.y - 7, 7, clock(from), { grey: MUTED });
  sheet.page.text(EDGE + WIDTH - textWidth(clock(to), 7), sheet.y - 7, 7, clock(to), { grey: MUTED });
  sheet.y -= LINE;
}

/** As people read it: minutes of a time, four digits of a number. */
function shortText(cell: TileTable["rows"][number][string] | undefined, column: TileColumn, language: Language): string {
  if (typeof cell !== "number") return cellText(cell, column, language);
  if (column.kind === "instant") return new Date(cell / 1000).toISOString().slice(5, 16).replace("T", " ");
  if (column.kind === "seconds") return cell < 60 ? `${Math.round(cell)} s` : `${Math.round(cell / 60)} min`;
  if (column.kind === "ratio") return `${(cell * 100).toFixed(1)} %`;
  return String(Number(cell.toPrecision(4)));
}
