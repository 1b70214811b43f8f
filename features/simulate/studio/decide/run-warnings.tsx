import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import { messageText } from "@doppelwerk/kit/studio";

/** What the figures of a run or an experiment cannot vouch for, in the reader's language. */
export function RunWarnings({ result }: { readonly result: Pick<RunResult, "warnings" | "warningMessages"> }): ReactNode {
  return result.warnings.map((warning, index) => (
    <p key={warning} className="dw-note">
      {messageText(warning, result.warningMessages?.[index])}
    </p>
  ));
}
