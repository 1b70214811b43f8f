import type { JobFields } from "./job-kind.ts";

/** Begins a step that is done only under lock-out. */
export const LOCKED = "[LOTO] ";

export interface JobTexts {
  code: string;
  title: string;
  minutes: number | string;
  steps: string;
  lockOut: string;
  parts: string;
}

type Language = "en" | "zh";

export const linesOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");

export function stepOfLine(line: string): { readonly text: string; readonly needsLockOut: boolean } {
  const needsLockOut = line.startsWith(LOCKED.trim());
  return { text: needsLockOut ? line.slice(LOCKED.trim().length).trim() : line, needsLockOut };
}

/** `number = quantity`; without a quantity one. */
export function partOfLine(line: string): { readonly part: string; readonly quantity: number } {
  const at = line.lastIndexOf("=");
  return at < 0 ? { part: line, quantity: 1 } : { part: line.slice(0, at).trim(), quantity: Number(line.slice(at + 1)) };
}

export const lineOfPart = ({ part, quantity }: { readonly part: string; readonly quantity: number }): string => `${part} = ${quantity}`;
export const lineOfStep = (text: string, needsLockOut: boolean): string => (needsLockOut ? LOCKED : "") + text;

/** A job plan in one language, a line each. */
export function textsOfJob(job: JobFields | undefined, language: Language): JobTexts {
  return {
    code: job?.code ?? "",
    title: job?.title[language] ?? "",
    minutes: job?.minutes ?? "",
    steps: (job?.steps ?? []).map(({ text, needsLockOut }) => lineOfStep(text[language], needsLockOut)).join("\n"),
    lockOut: (job?.lockOut ?? []).map(({ text }) => text[language]).join("\n"),
    parts: (job?.parts ?? []).map(lineOfPart).join("\n"),
  };
}

/** What was typed in one language; a text that stayed as it was keeps the other language, another one is both. */
export function jobOfTexts(texts: JobTexts, before: JobFields | undefined, language: Language): JobFields {
  const known = new Map<string, { readonly en: string; readonly zh: string }>();
  for (const text of before === undefined
    ? []
    : [before.title, ...before.steps.map((step) => step.text), ...before.lockOut.map((point) => point.text)])
    known.set(text[language], text);
  const both = (text: string) => known.get(text) ?? { en: text, zh: text };
  return {
    code: texts.code.trim(),
    title: both(texts.title.trim()),
    steps: linesOf(texts.steps).map((line) => {
      const { text, needsLockOut } = stepOfLine(line);
      return { text: both(text), needsLockOut };
    }),
    lockOut: linesOf(texts.lockOut).map((text) => ({ text: both(text) })),
    parts: linesOf(texts.parts).map(partOfLine),
    ...(Number(texts.minutes) > 0 && { minutes: Number(texts.minutes) }),
  };
}
