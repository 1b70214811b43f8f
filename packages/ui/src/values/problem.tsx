import type { ReactNode } from "react";
import { useWords } from "../session/context.tsx";
import type { Task } from "../session/use-task.ts";

/** What failed, why and what to do, over the whole width of where it stands. `code` is what to search for; it leads to its row in the guide of errors. */
export function Problem({ text, code }: { readonly text: string; readonly code: string | undefined }): ReactNode {
  return (
    <p className="dw-note is-trouble dw-problem" role="alert">
      <span>{text}</span>
      <ErrorCode code={code} />
    </p>
  );
}

/** Why the last run of a task was rejected; nothing where it was not. */
export function TaskProblem({ task }: { readonly task: Pick<Task, "failure" | "code"> }): ReactNode {
  return task.failure === undefined ? null : <Problem text={task.failure} code={task.code} />;
}

/** The same for the line of errors of an input. */
export function taskError({ failure, code }: Pick<Task, "failure" | "code">): ReactNode {
  if (failure === undefined) return undefined;
  return (
    <>
      {failure} <ErrorCode code={code} />
    </>
  );
}

/** What to do about an error, and its code, which leads to its row in the guide of errors. The text of a failed connection says what to do itself. */
export function ErrorCode({ code }: { readonly code: string | undefined }): ReactNode {
  const { t } = useWords();
  if (code === undefined) return null;
  const remedy = t.or(`error.remedy.${code}`, "");
  return (
    <span className="dw-error-code">
      {remedy !== "" && <>{remedy} </>}
      <a href={`/guide/errors#${code}`} target="_blank" rel="noreferrer" title={t("frame.errorCode")}>
        {code}
      </a>
    </span>
  );
}
