// PDF 1.7 (ISO 32000-1) of text and simple figures. Latin letters are in Helvetica, everything else in a font of the Adobe-GB1 collection that readers have.

/** Points: 1/72 inch, from the lower left corner. */
export const A4 = { width: 595, height: 842 } as const;

export interface PdfPage {
  text(x: number, y: number, size: number, text: string, look?: { readonly isBold?: boolean; readonly grey?: number }): void;
  line(points: readonly (readonly [x: number, y: number])[], width: number, grey: number): void;
  /** `colour`: red, green, blue of 0 to 1. */
  box(x: number, y: number, width: number, height: number, colour: readonly [number, number, number]): void;
}

/** Widths of Helvetica from space to tilde, thousandths of the size. */
const WIDTHS =
  "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"
    .split(" ")
    .map(Number);
/** Of WinAnsiEncoding beyond ISO 8859-1. */
const WIN: Readonly<Record<string, number>> = {
  "–": 0x96,
  "—": 0x97,
  "‘": 0x91,
  "’": 0x92,
  "“": 0x93,
  "”": 0x94,
  "…": 0x85,
  "•": 0x95,
  "€": 0x80,
};
/** What files of numbers have and fonts do not. */
const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/[\u202f\u2009\u00a0]/g, " "],
  [/\u2212/g, "-"],
  [/\p{Cc}/gu, " "],
];

const plain = (text: string): string => PLAIN.reduce((all, [pattern, by]) => all.replace(pattern, by), text);
const codeOf = (char: string): number | undefined => {
  const code = char.codePointAt(0)!;
  return (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff) ? code : WIN[char];
};

interface Run {
  readonly isLatin: boolean;
  readonly text: string;
}

function runsOf(text: string): readonly Run[] {
  const runs: Run[] = [];
  for (const char of plain(text)) {
    const isLatin = codeOf(char) !== undefined;
    const last = runs.at(-1);
    if (last?.isLatin === isLatin) runs[runs.length - 1] = { isLatin, text: last.text + char };
    else runs.push({ isLatin, text: char });
  }
  return runs;
}

const widthOfRun = ({ isLatin, text }: Run): number =>
  [...text].reduce((sum, char) => sum + (isLatin ? (WIDTHS[char.charCodeAt(0) - 32] ?? 556) : 1_000), 0);

/** Points that a text takes. */
export function textWidth(text: string, size: number, isBold = false): number {
  return (runsOf(text).reduce((sum, run) => sum + widthOfRun(run), 0) * size * (isBold ? 1.07 : 1)) / 1_000;
}

/** The text, or as much of it as fits with an ellipsis. */
export function fitted(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  const chars = [...text];
  let [low, high] = [0, chars.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (textWidth(`${chars.slice(0, middle).join("")}…`, size) <= width) low = middle;
    else high = middle - 1;
  }
  return `${chars.slice(0, low).join("")}…`;
}

/** Lines of a text that fit; a word that is too long is cut. */
export function wrapped(text: string, size: number, width: number): readonly string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines: string[] = [];
    let line = "";
    for (const word of paragraph.split(/(?<=\s)|(?<=[\u3000-\u9fff\uff00-\uffef])/)) {
      if (line !== "" && textWidth(line + word.trimEnd(), size) > width) {
        lines.push(line.trimEnd());
        line = "";
      }
      line += word;
      while (textWidth(line, size) > width && line.length > 1) {
        const head = fitted(line, size, width).slice(0, -1);
        lines.push(head);
        line = line.slice(Math.max(1, head.length));
      }
    }
    return [...lines, line.trimEnd()];
  });
}

const number = (value: number): string => String(Number(value.toFixed(2)));
const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");

function literal({ isLatin, text }: Run): string {
  if (isLatin) return `<${[...text].map((char) => hex(codeOf(char)!, 2)).join("")}>`;
  return `<${Array.from({ length: text.length }, (_, index) => hex(text.charCodeAt(index), 4)).join("")}>`;
}

class Page implements PdfPage {
  readonly content: string[] = [];

  text(
    x: number,
    y: number,
    size: number,
    text: string,
    { isBold = false, grey = 0 }: { readonly isBold?: boolean; readonly grey?: number } = {},
  ): void {
    let at = x;
    for (const run of runsOf(text)) {
      const font = run.isLatin ? (isBold ? "/F2" : "/F1") : "/F3";
      this.content.push(`BT ${number(grey)} g ${font} ${number(size)} Tf ${number(at)} ${number(y)} Td ${literal(run)} Tj ET`);
      at += (widthOfRun(run) * size * (isBold && run.isLatin ? 1.07 : 1)) / 1_000;
    }
  }

  line(points: readonly (readonly [x: number, y: number])[], width: number, grey: number): void {
    if (points.length < 2) return;
    const path = points.map(([x, y], index) => `${number(x)} ${number(y)} ${index === 0 ? "m" : "l"}`).join(" ");
    this.content.push(`${number(grey)} G ${number(width)} w ${path} S`);
  }

  box(x: number, y: number, width: number, height: number, [red, green, blue]: readonly [number, number, number]): void {
    this.content.push(
      `${number(red)} ${number(green)} ${number(blue)} rg ${number(x)} ${number(y)} ${number(width)} ${number(height)} re f`,
    );
  }
}

/** A document of pages, each drawn when it is asked for. */
export class PdfDocument {
  readonly #pages: Page[] = [];

  page(): PdfPage {
    const page = new Page();
    this.#pages.push(page);
    return page;
  }

  bytes(title: string): Uint8Array {
    const pages = this.#pages;
    const first = 8;
    const kids = pages.map((_, index) => `${first + 2 * index} 0 R`).join(" ");
    const utf16 = `feff${Array.from({ length: title.length }, (_, index) => hex(title.charCodeAt(index), 4)).join("")}`;
    const objects = [
      "<< /Type /Catalog /Pages 2 0 R >>",
      `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
      "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [6 0 R] >>",
      "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>",
      `<< /Title <${utf16}> /Producer (Doppelwerk) >>`,
      ...pages.flatMap((page, index) => {
        const content = page.content.join("\n");
        return [
          `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${A4.width} ${A4.height}] /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >> /Contents ${first + 2 * index + 1} 0 R >>`,
          `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
        ];
      }),
    ];
    // every character is ASCII: its place in the text is its place in the file
    let file = "%PDF-1.7\n";
    const places = objects.map((object, index) => {
      const at = file.length;
      file += `${index + 1} 0 obj\n${object}\nendobj\n`;
      return at;
    });
    const start = file.length;
    const rows = places.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
    file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 7 0 R >>\nstartxref\n${start}\n%%EOF\n`;
    return new TextEncoder().encode(file);
  }
}
