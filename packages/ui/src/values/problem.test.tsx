import { verbatim } from "@doppelwerk/messages";
import { DoppelwerkError, errorStatus, type ErrorCode } from "@doppelwerk/world";
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { readFileSync } from "node:fs";
import type { ReactNode } from "react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../studio/src/app/page.fixture.tsx";
import { Notices } from "../../../studio/src/frame/notices.tsx";
import { shownError } from "../language/error-text.ts";
import { useStudio } from "../session/context.tsx";
import { useTask } from "../session/use-task.ts";
import { Failure } from "./card.tsx";
import { TaskProblem } from "./problem.tsx";

afterEach(() => {
  cleanup();
  closePages();
});

const wordsOf = (language: string) =>
  JSON.parse(readFileSync(`${import.meta.dirname}/../../words/${language}.json`, "utf8")) as Readonly<Record<string, string>>;
const refused = (code: ErrorCode) => new DoppelwerkError(code, verbatim("the disk is full"));

/** What is shown of an error: the text of its frame, and where its code leads. */
function shownOf(code: string): readonly [text: string | null, href: string | null] {
  const link = screen.getByRole("link", { name: code });
  return [link.closest("[role=alert], .dw-notice")!.textContent, link.getAttribute("href")];
}

test("[ui V15] a failure shows what failed, why, the remedy of its code, and the code, which leads to the guide", async () => {
  const codes = [...Object.keys(errorStatus), "DW_BUG"] as readonly (ErrorCode | "DW_BUG")[];
  for (const code of codes) {
    const error = code === "DW_BUG" ? new TypeError("x is undefined") : refused(code);
    await openPage(<Failure {...shownError(error)} />, { answers: {} });
    const [text, href] = shownOf(code);
    for (const part of ["This could not be loaded", error.message, wordsOf("en")[`error.remedy.${code}`]!]) expect(text).toContain(part);
    expect(href).toBe(`/guide/errors#${code}`);
    expect(wordsOf("zh")[`error.remedy.${code}`], code).toMatch(/\p{Script=Han}.*。$/u);
    cleanup();
  }
});

function Press({ error, isNotice }: { readonly error: Error; readonly isNotice: boolean }): ReactNode {
  const studio = useStudio();
  const task = useTask(isNotice ? (_, rejected) => studio.notifyFailure(rejected, "Nothing was stored") : undefined);
  return (
    <>
      <button onClick={() => task.run(() => Promise.reject(error))}>store</button>
      {!isNotice && <TaskProblem task={task} />}
      <Notices />
    </>
  );
}

test.each([true, false])("[ui V15] so do a button that is rejected, and a notice (notice: %s)", async (isNotice) => {
  const error = refused("DW_CONFLICT");
  await openPage(<Press error={error} isNotice={isNotice} />, { answers: {} });
  await act(async () => void fireEvent.click(screen.getByRole("button", { name: "store" })));
  const [text, href] = shownOf("DW_CONFLICT");
  for (const part of [...(isNotice ? ["Nothing was stored"] : []), "the disk is full", "Load the current state, then try again."])
    expect(text).toContain(part);
  expect(href).toBe("/guide/errors#DW_CONFLICT");
});
