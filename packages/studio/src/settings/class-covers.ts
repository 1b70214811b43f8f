import type { ClassCovers } from "@doppelwerk/client";

const LINE = /^(semanticId|path|kind|commands):\s*(\S.*)$/;

/** One a line: `path: TechnicalData.Limits`. */
export function textOfCovers(covers: readonly ClassCovers[]): string {
  return covers.flatMap((one) => Object.entries(one).map(([of, text]) => `${of}: ${text}`)).join("\n");
}

/** What the lines say, or the number of the first that says nothing. */
export function coversOf(text: string): readonly ClassCovers[] | { readonly line: number } {
  const covers: ClassCovers[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const [, of, what] = LINE.exec(line.trim()) ?? [];
    if (of === undefined) return { line: index + 1 };
    covers.push({ [of]: what } as unknown as ClassCovers);
  }
  return covers;
}
