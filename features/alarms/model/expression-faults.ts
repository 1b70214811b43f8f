import { message, type Message } from "@doppelwerk/kit";
import { MAX_EXPRESSION, MAX_NODES, MAX_SIGNALS, type ConditionFault, type UnknownCondition } from "@doppelwerk/operations";
import type {} from "../message-codes.ts";

/** Why a text is no expression of a rule, with the position of the character, from 1. */
export function expressionFaultText(fault: ConditionFault): Message {
  const position = fault.at + 1;
  const found = fault.found ?? "";
  switch (fault.kind) {
    case "tooLong":
      return message("alarms.expression.tooLong", { most: MAX_EXPRESSION });
    case "tooDeep":
      return message("alarms.expression.tooDeep", { position });
    case "character":
      return message("alarms.expression.character", { position, found });
    case "unfinished":
      return message("alarms.expression.unfinished", { expected: fault.expected ?? "sign" });
    case "expected":
      return message("alarms.expression.expected", { position, found, expected: fault.expected ?? "sign" });
    case "unknownFunction":
      return message("alarms.expression.unknownFunction", { position, found });
    case "arguments":
      return message("alarms.expression.arguments", { position, found, function: fault.expected ?? "" });
    case "number":
      return message("alarms.expression.number", { position, found });
    case "name":
      return message("alarms.expression.name", { position, found });
    case "aggregate":
      return message("alarms.expression.aggregate", { position, found });
    case "tooCostly":
      return message("alarms.expression.tooCostly", { found, most: MAX_NODES });
    case "tooManySignals":
      return message("alarms.expression.tooManySignals", { found, most: MAX_SIGNALS });
    case "needsNumber":
      return message("alarms.expression.needsNumber", { position });
    case "needsTruth":
      return message("alarms.expression.needsTruth", { position });
    case "noInput":
      return message("alarms.expression.noInput");
  }
}

/** Why a rule cannot be evaluated. `nameOf` names a signal. */
export function unknownText(why: UnknownCondition, nameOf: (signal: string) => string): Message {
  switch (why.kind) {
    case "dividedByZero":
    case "rootOfNegative":
    case "overflow":
      return message(`alarms.unevaluated.${why.kind}`, { position: why.at + 1 });
    case "noValue":
    case "badQuality":
    case "notANumber":
    case "gone":
      return message(`alarms.unevaluated.${why.kind}`, { signal: nameOf(why.of) });
    case "noState":
      return message("alarms.unevaluated.noState", { station: why.of });
    case "tooShort":
      return message("alarms.unevaluated.tooShort");
  }
}
