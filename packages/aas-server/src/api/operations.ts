import { message as messageOf, type Message, textOf } from "@doppelwerk/messages";
import { failureOf } from "@doppelwerk/world";
import {
  applyValue,
  validate,
  valueOf,
  type Operation,
  type OperationVariable,
  type SubmodelElement,
  type ValueOnly,
} from "@doppelwerk/aas";
import type { OperationRunner } from "./aas-source.ts";
import { badRequest } from "./answers.ts";
import { faultOf, ruleOf } from "./finding-messages.ts";

/** Arguments of a request, checked against the variables of the Operation. */
export interface CheckedCall {
  readonly inputs: readonly SubmodelElement[];
  readonly inoutputs: readonly SubmodelElement[];
  /** Undefined = the server's own patience. */
  readonly timeoutMs: number | undefined;
}

/** IDTA-01002, ExecutionState. */
type ExecutionState = "Initiated" | "Running" | "Completed" | "Canceled" | "Failed" | "Timeout";

/** The outcome in the metamodel's words; the two forms of OperationResult are made of it. */
export interface Outcome {
  readonly executionState: ExecutionState;
  readonly outputs: readonly SubmodelElement[];
  readonly inoutputs: readonly SubmodelElement[];
  /** Why it did not complete. */
  readonly why?: string;
  /** The same for a screen of another language: a Result has no place for it. */
  readonly reason?: Message;
}

/** How long a call may take when the client says nothing, and at most. */
const DEFAULT_PATIENCE_MS = 30_000;
const MAX_PATIENCE_MS = 600_000;

/** The normal form: arguments are OperationVariables. */
export function callOf(operation: Operation, body: unknown): CheckedCall {
  const request = requestOf(body);
  const argumentsOf = (name: "inputArguments" | "inoutputArguments", variables: readonly OperationVariable[] | undefined) => {
    const given = request[name] ?? [];
    if (!Array.isArray(given)) throw badRequest(messageOf("aasServer.mustArrayOperationVariables", { name }));
    const elements = given.map((variable: unknown, index) => {
      const wrong = validate(variable, "OperationVariable").find(({ severity }) => severity === "error");
      if (wrong !== undefined) throw badRequest(ruleOf({ ...wrong, path: `${name}[${index}].${wrong.path}` }));
      return (variable as OperationVariable).value;
    });
    return matched(name, elements, variables);
  };
  return {
    inputs: argumentsOf("inputArguments", operation.inputVariables),
    inoutputs: argumentsOf("inoutputArguments", operation.inoutputVariables),
    timeoutMs: timeoutOf(request),
  };
}

/** The value-only form: arguments are values named by the idShort of their variable. */
export function valueCallOf(operation: Operation, body: ValueOnly): CheckedCall {
  const request = requestOf(body);
  const argumentsOf = (name: "inputArguments" | "inoutputArguments", variables: readonly OperationVariable[] | undefined) => {
    const given = request[name] ?? {};
    if (typeof given !== "object" || given === null || Array.isArray(given))
      throw badRequest(messageOf("aasServer.mustObjectValuesIdShort", { name }));
    const byName = new Map((variables ?? []).map(({ value }) => [value.idShort ?? "", value]));
    const elements = Object.entries(given as Record<string, ValueOnly>).map(([idShort, value]) => {
      const variable = byName.get(idShort);
      if (variable === undefined) throw badRequest(messageOf("aasServer.noVariable", { name, idShort }));
      const applied = applyValue(variable, value);
      if (applied.kind === "refused")
        throw badRequest(
          messageOf("aasServer.faultAt", {
            path: `${name}.${idShort}`,
            reason: applied.findings.map((finding) => faultOf({ ...finding, path: "" })),
          }),
        );
      return applied.element;
    });
    return matched(name, elements, variables);
  };
  return {
    inputs: argumentsOf("inputArguments", operation.inputVariables),
    inoutputs: argumentsOf("inoutputArguments", operation.inoutputVariables),
    timeoutMs: timeoutOf(request),
  };
}

/** Runs what stands behind an Operation; what goes wrong, and that nothing stands behind it, is the outcome (IDTA-01002: executionState Failed). */
export async function outcomeOf(runner: OperationRunner | undefined, { inputs, inoutputs, timeoutMs }: CheckedCall): Promise<Outcome> {
  const ended = (executionState: "Failed" | "Timeout", why: string, reason: Message | undefined): Outcome => ({
    executionState,
    outputs: [],
    inoutputs,
    why,
    ...(reason && { reason }),
  });
  if (runner === undefined) {
    const reason = messageOf("aasServer.nothingBoundOperation");
    return ended("Failed", textOf(reason), reason);
  }
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), Math.min(timeoutMs ?? DEFAULT_PATIENCE_MS, MAX_PATIENCE_MS));
  const tooLate = new Promise<"late">((resolve) => patience.signal.addEventListener("abort", () => resolve("late"), { once: true }));
  try {
    const done = await Promise.race([runner({ inputs, inoutputs, signal: patience.signal }), tooLate]);
    if (done === "late") {
      const reason = messageOf("aasServer.operationTookLongerAllowed");
      return ended("Timeout", textOf(reason), reason);
    }
    return { executionState: "Completed", ...done };
  } catch (error) {
    const { message, reason } = failureOf(error);
    return ended("Failed", message, reason);
  } finally {
    clearTimeout(timer);
  }
}

/** OperationResult, with arguments as OperationVariables. */
export function resultOf(outcome: Outcome, correlationId: string): Record<string, unknown> {
  const variables = (elements: readonly SubmodelElement[]) => elements.map((value): OperationVariable => ({ value }));
  return {
    ...baseResult(outcome, correlationId),
    ...(outcome.outputs.length > 0 && { outputArguments: variables(outcome.outputs) }),
    ...(outcome.inoutputs.length > 0 && { inoutputArguments: variables(outcome.inoutputs) }),
  };
}

/** OperationResultValueOnly. */
export function valueResultOf(outcome: Outcome, correlationId: string): Record<string, ValueOnly> {
  const values = (elements: readonly SubmodelElement[]) =>
    Object.fromEntries(elements.flatMap((element) => [[element.idShort ?? "", valueOf(element) ?? null] as const]));
  return {
    ...(baseResult(outcome, correlationId) as Record<string, ValueOnly>),
    ...(outcome.outputs.length > 0 && { outputArguments: values(outcome.outputs) }),
    ...(outcome.inoutputs.length > 0 && { inoutputArguments: values(outcome.inoutputs) }),
  };
}

function baseResult({ executionState, why }: Outcome, correlationId: string): Record<string, unknown> {
  const message = { code: executionState, correlationId, messageType: "Error", text: why, timestamp: new Date().toISOString() };
  return { executionState, success: executionState === "Completed", ...(why !== undefined && { messages: [message] }) };
}

/** What is still running. */
export const RUNNING = { executionState: "Running" } as const;

function requestOf(body: unknown): Record<string, unknown> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw badRequest(messageOf("aasServer.bodyMustOperationRequest"));
  return body as Record<string, unknown>;
}

/** The arguments in the order of their variables: each variable once, of its class and type, and nothing else. */
function matched(
  name: string,
  given: readonly SubmodelElement[],
  variables: readonly OperationVariable[] | undefined,
): readonly SubmodelElement[] {
  const left = [...given];
  const found = (variables ?? []).map(({ value: variable }) => {
    const index = left.findIndex(({ idShort }) => idShort === variable.idShort);
    if (index < 0) throw badRequest(messageOf("aasServer.lacksVariable", { name, idShort: variable.idShort ?? "without idShort" }));
    const [element] = left.splice(index, 1);
    const typeOf = (each: SubmodelElement) => `${each.modelType} ${"valueType" in each ? each.valueType : ""}`.trim();
    if (typeOf(element!) !== typeOf(variable))
      throw badRequest(
        messageOf("aasServer.mustNot", { name, idShort: variable.idShort!, variable: typeOf(variable), element: typeOf(element!) }),
      );
    return element!;
  });
  if (left.length > 0) throw badRequest(messageOf("aasServer.noVariable", { name, idShort: left[0]!.idShort ?? "without idShort" }));
  return found;
}

const DURATION =
  /^(-?)P(?=.)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})D)?(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{0,9}(?:\.\d{1,9})?)S)?)?$/;
const [DAY_S, MONTH_DAYS, YEAR_DAYS] = [86_400, 30, 365];

/** `clientTimeoutDuration`, an xs:duration; what lies behind us leaves no time at all. */
function timeoutOf({ clientTimeoutDuration: text }: Record<string, unknown>): number | undefined {
  if (text === undefined) return undefined;
  const parts = typeof text === "string" ? DURATION.exec(text) : null;
  if (parts === null) throw badRequest(messageOf("aasServer.clientTimeoutDurationMustDurationPt60s"));
  const [years, months, days, hours, minutes, seconds] = parts.slice(2).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const total = (years * YEAR_DAYS + months * MONTH_DAYS + days) * DAY_S + (hours * 60 + minutes) * 60 + seconds;
  return parts[1] === "-" ? 0 : total * 1_000;
}
