import type { ReactNode } from "react";
import { useWords } from "../session/context.tsx";

/** What failed, why and what to do, over the whole width of where it stands. `code` is what to search for; it leads to its row in the guide of errors. */
export function Problem({ text, code }: { readonly text: string; readonly code: string | undefined }): ReactNode {
  return (
    <p className="dw-note is-trouble dw-problem" role="alert">
      <span>{text}</span>
      <ErrorCode code={code} />
    </p>
  );
}

export function ErrorCode({ code }: { readonly code: string | undefined }): ReactNode {
  const { t } = useWords();
  if (code === undefined) return null;
  return (
    <a className="dw-error-code" href={`/guide/errors#${code}`} target="_blank" rel="noreferrer" title={t("frame.errorCode")}>
      {code}
    </a>
  );
}
