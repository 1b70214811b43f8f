import type { Finding } from "@doppelwerk/aas";
import { message, verbatim, type Message } from "@doppelwerk/messages";

/** What is wrong, behind its place where it has one. */
export function faultOf({ path, message: text, reason = verbatim(text) }: Finding): Message {
  return path === "" ? reason : message("aasServer.faultAt", { path, reason });
}

/** The same with the rule that is broken. */
export function ruleOf(finding: Finding): Message {
  return message("aasServer.faultOfRule", { fault: faultOf(finding), constraint: finding.constraint });
}
