import type { ReactNode } from "react";
import type { Finding } from "@doppelwerk/aas";
import { findingsZh } from "../language/findings-zh.ts";
import { useWords } from "../session/context.tsx";
import "./finding-text.css";

/** What a finding says: in English its own sentence; in Chinese what the constraint asks, and beneath it the sentence with its values. */
export function FindingText({
  finding: { constraint, message },
}: {
  readonly finding: Pick<Finding, "constraint" | "message">;
}): ReactNode {
  const { language } = useWords();
  const own = language === "zh" ? findingsZh[constraint] : undefined;
  if (own === undefined) return message;
  return (
    <>
      {own}
      <small className="dw-finding-detail" lang="en">
        {message}
      </small>
    </>
  );
}
