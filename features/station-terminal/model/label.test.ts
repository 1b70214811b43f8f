import { expect, test } from "vitest";
import { code128Symbols, code128Widths, isCode128 } from "./code128.ts";
import { isWithin } from "./instruction-kind.ts";
import { LabelFields, pdfLabel, zplField, zplLabel } from "./label.ts";
import { lifeState, workedHours } from "./life-kind.ts";

const TITLES = { serial: "Serial", lot: "Lot", order: "Order" };
const label = (value: string, more: Partial<LabelFields> = {}): LabelFields => LabelFields.parse({ kind: "serial", value, ...more });

test("[TM12] no input is a command of the printer", () => {
  for (const text of ["^XZ^XA^FDx", "~JR", "a_5Eb", "^FS~HS\\", "A^B~C_D", "密封圈", '"<&>']) {
    const field = zplField(text);
    const inner = field.slice("^FH_^FD".length, -"^FS".length);
    expect(inner).not.toMatch(/[\^~\\]/);
    // what a printer makes of it is the text again
    const bytes = inner.replace(/_([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    expect(Buffer.from(bytes, "latin1").toString("utf8")).toBe(text);
    const zpl = zplLabel(label(text, { product: text, text }), TITLES);
    expect(zpl.match(/\^XA/g)).toHaveLength(1);
    expect(zpl.match(/\^XZ/g)).toHaveLength(1);
    expect(zpl).not.toContain("~");
  }
  for (const wrong of ["", "a\nb", "a\u0000", "x".repeat(201)])
    expect(LabelFields.safeParse({ kind: "lot", value: wrong }).success).toBe(false);
});

test("[TM12] Code 128 has the symbols of ISO/IEC 15417, with its check symbol", () => {
  expect(code128Symbols("PJJ123C")).toEqual([104, 48, 42, 42, 17, 18, 19, 35, 55, 106]);
  expect(code128Symbols("1234")).toEqual([105, 12, 34, 82, 106]);
  // digits in pairs, the odd one before them
  expect(code128Symbols("AB1234567").slice(0, 8)).toEqual([104, 33, 34, 17, 99, 23, 45, 67]);
  const widths = code128Widths("26-114-0871");
  const modules = widths.reduce((sum, width) => sum + width, 0);
  expect(modules).toBe(11 * (code128Symbols("26-114-0871").length - 1) + 13);
  expect(widths.slice(-7)).toEqual([2, 3, 3, 1, 1, 1, 2]);
  expect(["", "ü", "x".repeat(49)].map(isCode128)).toEqual([false, false, false]);
  expect(zplLabel(label("26-114-0871", { symbol: "code128" }), TITLES)).toContain("^BCN");
  // what it cannot write is a QR code
  expect(zplLabel(label("密封圈", { symbol: "code128" }), TITLES)).toContain("^BQN");
});

test("[TM12] a label as PDF has a page a copy, and no byte of its input ends a text", () => {
  const file = new TextDecoder().decode(pdfLabel(label("A(b)\\", { copies: 3, text: "密封圈" }), TITLES));
  expect(file.startsWith("%PDF-1.7")).toBe(true);
  expect(file.match(/\/Type \/Page /g)).toHaveLength(3);
  expect(file).toContain("(A\\(b\\)\\\\) Tj");
  expect(file).toContain("<5bc65c015708> Tj");
  const start = Number(/startxref\n(\d+)/.exec(file)![1]);
  expect(file.slice(start, start + 4)).toBe("xref");
  const [, first] = /\n(\d{10}) 00000 n/.exec(file)!;
  expect(file.slice(Number(first), Number(first) + 7)).toBe("1 0 obj");
});

test("[TM11] [TM9] what is not counted is not known; limits belong to what is within them", () => {
  const HOUR = 3_600_000_000;
  expect([0, 89, 90, 99.9, 100, undefined].map((used) => lifeState({ limit: 100, warnAt: 0.9 }, used))).toEqual([
    "good",
    "good",
    "soon",
    "soon",
    "due",
    "unknown",
  ]);
  const states = [
    { from: 0, state: "working" },
    { from: 2 * HOUR, state: "failed" },
    { from: 3 * HOUR, state: "working" },
  ];
  expect(workedHours(states, HOUR, 5 * HOUR)).toBe(3);
  expect(workedHours([], 0, HOUR)).toBe(0);
  const check = { kind: "value", unit: "mm", low: 1.5, high: 2.5 } as const;
  expect([1.4, 1.5, 2.5, 2.6].map((value) => isWithin(check, { value }))).toEqual([false, true, true, false]);
  expect(isWithin(check, {})).toBe(false);
  expect(isWithin({ kind: "yesNo" }, { isOk: true })).toBe(true);
  expect(isWithin(undefined, {})).toBeUndefined();
});
