import { z } from "@doppelwerk/kit";
import { encode } from "uqr";
import { code128Widths, isCode128 } from "./code128.ts";

export const LABEL_KINDS = ["serial", "lot", "order"] as const;
const printable = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]*$/u);

export const LabelFields = z.object({
  kind: z.enum(LABEL_KINDS),
  value: printable,
  product: printable.optional(),
  /** A line of one's own. */
  text: printable.optional(),
  symbol: z.enum(["qr", "code128"]).default("qr"),
  copies: z.int().min(1).max(100).default(1),
});
export type LabelFields = z.output<typeof LabelFields>;

/** Millimetres. */
export const LABEL = { width: 70, height: 40 } as const;
const DOTS_PER_MM = 8;

/**
 * A field of ZPL II: `^FH` with every letter that is not plain as its bytes of UTF-8 in hexadecimal, so that no input is ever a command. `_` is the sign of
 * the hexadecimal bytes, and is written so itself.
 */
export function zplField(text: string): string {
  const hex = [...new TextEncoder().encode(text)].map((byte) => {
    const letter = String.fromCharCode(byte);
    return /[A-Za-z0-9 .,:/()+-]/.test(letter) ? letter : `_${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  });
  return `^FH_^FD${hex.join("")}^FS`;
}

/** Lines of a label below its code: what it is, the value, the product, a text. */
function linesOf({ kind, value, product, text }: LabelFields, titles: Readonly<Record<LabelFields["kind"], string>>): readonly string[] {
  return [titles[kind], value, ...(product === undefined ? [] : [product]), ...(text === undefined ? [] : [text])];
}

/** For printers with 8 dots a millimetre. */
export function zplLabel(label: LabelFields, titles: Readonly<Record<LabelFields["kind"], string>>): string {
  const { value, symbol, copies } = label;
  const lines = linesOf(label, titles);
  const isWide = symbol === "code128" && isCode128(value);
  const code = isWide ? `^FO24,24^BY2^BCN,110,N,N,N${zplField(value)}` : `^FO24,24^BQN,2,5^FH_${zplField(`QA,${value}`).slice(4)}`;
  const [x, y] = isWide ? [24, 150] : [280, 40];
  return [
    "^XA",
    "^CI28",
    `^PW${LABEL.width * DOTS_PER_MM}`,
    `^LL${LABEL.height * DOTS_PER_MM}`,
    code,
    ...lines.map((line, at) => `^FO${x},${y + at * 40}^A0N,${at === 1 ? 32 : 26}${zplField(line.slice(0, 60))}`),
    `^PQ${copies}`,
    "^XZ",
    "",
  ].join("\n");
}

const POINTS_PER_MM = 72 / 25.4;
const num = (value: number): string => String(Number(value.toFixed(3)));
/** UTF-16 in hexadecimal, as a font of the Adobe-GB1 collection takes it. */
const wide = (text: string): string =>
  Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, "0")).join("");

function textAt(x: number, y: number, size: number, text: string): string {
  const isLatin = /^[\x20-\x7e]*$/.test(text);
  const escaped = isLatin ? `(${text.replace(/[\\()]/g, "\\$&")})` : `<${wide(text)}>`;
  return `BT 0 g /${isLatin ? "F1" : "F2"} ${size} Tf ${num(x)} ${num(y)} Td ${escaped} Tj ET`;
}

/** Filled boxes of the code, in points from the lower left corner. */
function codeBoxes({ value, symbol }: LabelFields, height: number): readonly string[] {
  if (symbol === "code128" && isCode128(value)) {
    const widths = code128Widths(value);
    const module = Math.min(1, 182 / widths.reduce((sum, each) => sum + each, 0));
    const boxes: string[] = [];
    let x = 9;
    for (const [at, width] of widths.entries()) {
      if (at % 2 === 0) boxes.push(`${num(x)} ${num(height - 48)} ${num(width * module)} 40 re f`);
      x += width * module;
    }
    return boxes;
  }
  const { data, size } = encode(value, { ecc: "M", border: 0 });
  const module = 82 / size;
  return data.flatMap((row, y) =>
    row.flatMap((isDark, x) =>
      isDark ? [`${num(9 + x * module)} ${num(height - 14 - (y + 1) * module)} ${num(module)} ${num(module)} re f`] : [],
    ),
  );
}

/** A page a label (PDF 1.7), of the size of the label. */
export function pdfLabel(label: LabelFields, titles: Readonly<Record<LabelFields["kind"], string>>): Uint8Array<ArrayBuffer> {
  const [width, height] = [LABEL.width * POINTS_PER_MM, LABEL.height * POINTS_PER_MM];
  const isWide = label.symbol === "code128" && isCode128(label.value);
  const [x, top] = isWide ? [9, height - 62] : [98, height - 22];
  const room = isWide ? 36 : 18;
  const content = [
    ...codeBoxes(label, height),
    ...linesOf(label, titles).map((line, at) =>
      textAt(x, top - at * 15, at === 1 ? 11 : 8, line.length > room ? `${line.slice(0, room - 1)}-` : line),
    ),
  ].join("\n");
  const pages = Array.from({ length: label.copies }, (_, at) => 6 + at);
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${pages.map((page) => `${page} 0 R`).join(" ")}] /Count ${pages.length} >>`,
    "<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> /F2 << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] >> >>",
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ...pages.map(
      () => `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${num(width)} ${num(height)}] /Resources << /Font 3 0 R >> /Contents 5 0 R >>`,
    ),
  ];
  let file = "%PDF-1.7\n";
  const places: number[] = [];
  for (const [at, object] of objects.entries()) {
    places.push(file.length);
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
  }
  const start = file.length;
  const rows = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return new TextEncoder().encode(file);
}
