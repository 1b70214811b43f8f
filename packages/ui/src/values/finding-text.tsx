import type { ReactNode } from "react";
import type { Finding } from "@doppelwerk/aas";
import { messageText } from "../language/catalogues.ts";
import { useWords } from "../session/context.tsx";

/** What a finding says in the reader's language; of one that is older than its code, the text it came with. */
export function FindingText({ finding: { message, reason } }: { readonly finding: Pick<Finding, "message" | "reason"> }): ReactNode {
  useWords();
  return messageText(message, reason);
}
