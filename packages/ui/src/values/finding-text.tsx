import type { ReactNode } from "react";
import type { Finding } from "@doppelwerk/aas";
import { findingDetailZh } from "../language/finding-details-zh.ts";
import { findingsZh } from "../language/findings-zh.ts";
import { useWords } from "../session/context.tsx";
import "./finding-text.css";

/** What a finding says: in English its own sentence; in Chinese what the constraint asks, and beneath it what that means here, with its values. */
export function FindingText({
  finding: { constraint, message },
}: {
  readonly finding: Pick<Finding, "constraint" | "message">;
}): ReactNode {
  const { language } = useWords();
  if (language !== "zh") return message;
  const [asked, detail] = [findingsZh[constraint], findingDetailZh(message)];
  if (asked === undefined) return detail || message;
  if (detail === "") return asked;
  return (
    <>
      {asked}
      <small className="dw-finding-detail" lang={detail === undefined ? "en" : "zh-CN"}>
        {detail ?? message}
      </small>
    </>
  );
}
