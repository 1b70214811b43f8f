import { message, type Message } from "@doppelwerk/kit";
import type { ExpressionFault } from "@doppelwerk/operations";
import type {} from "../message-codes.ts";

/** What is wrong with the text of a formula, for people; positions count from 1. */
export function faultText({ kind, at, found = "", expected = "" }: ExpressionFault): Message {
  const position = at + 1;
  switch (kind) {
    case "tooLong":
      return message("kpis.formula.tooLong", { most: at });
    case "tooDeep":
      return message("kpis.formula.tooDeep", { position });
    case "character":
      return message("kpis.formula.character", { position, found });
    case "unknownFunction":
      return message("kpis.formula.unknownFunction", { position, found });
    case "arguments":
      return message("kpis.formula.arguments", { position, found, function: expected });
    case "number":
      return message("kpis.formula.number", { position, found });
    case "unfinished":
      return message("kpis.formula.unfinished", { expected: kindOf(expected) });
    case "expected":
      return message("kpis.formula.expected", { position, found, expected: kindOf(expected) });
  }
}

/** What would have to stand there: one of a few kinds, or a sign. */
function kindOf(expected: string): string {
  return expected === "operand" || expected === "operator" || expected === "signal" ? expected : "bracket";
}
