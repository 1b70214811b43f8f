import { isMessage, message, verbatim, type Message } from "@doppelwerk/messages";
import { CallMethodRequest, coerceNodeId, DataType, LocalizedText, Variant, VariantArrayType, type NodeId } from "node-opcua";
import type { MethodArgument } from "@doppelwerk/world";
import { parseAddress, toNodeIdText } from "../opcua/address.ts";
import { openLink, type Link } from "../opcua/link.ts";
import { describeMethods } from "../opcua/methods.ts";
import { opcuaSettings } from "../opcua/settings.ts";
import { reasonOf } from "../samples/reason-of.ts";
import { openSecretStore } from "../secrets/secret-store.ts";
import { actOnCondition, isConditionAct } from "./condition-call.ts";
import type { Called, CallInput, CallOrder } from "./write-order.ts";

/** Call (Part 4, 5.12.2) with inputs in the types the server declares. Throws only where nothing was sent. */
export async function callOpcua({ connection, call, dataDir, settleMs }: CallOrder): Promise<Called> {
  const security = opcuaSettings.parse(connection.settings ?? {});
  const secret = connection.secret === undefined ? undefined : openSecretStore(dataDir).read(connection.secret);
  const link = await openLink({ url: connection.url, dataDir, security, ...(secret === undefined ? {} : { secret }) });
  try {
    if (isConditionAct(call.method))
      return await actOnCondition(link, { address: call.object, act: call.method, inputs: call.inputs, withinMs: settleMs, send });
    const [object, method] = [nodeOf(link, call.object), nodeOf(link, call.method)];
    if (object === undefined || method === undefined) return { kind: "refused", why: message("connectors.objectOrMethodUnknown") };
    const [declared] = await describeMethods(link, [{ object, method, path: [] }]);
    const inputs = inputsOf(declared!.inputs, call.inputs);
    return isMessage(inputs) ? { kind: "refused", why: inputs } : await send(link, object, method, inputs);
  } finally {
    await link.close();
  }
}

function nodeOf(link: Link, address: string): NodeId | undefined {
  const parsed = parseAddress(address);
  const text = parsed === undefined || parsed.inside.length > 0 ? undefined : toNodeIdText(parsed, link.namespaces);
  return text === undefined ? undefined : coerceNodeId(text);
}

async function send(link: Link, objectId: NodeId, methodId: NodeId, inputArguments: Variant[]): Promise<Called> {
  let result;
  try {
    result = await link.session.call(new CallMethodRequest({ objectId, methodId, inputArguments }));
  } catch (error) {
    return { kind: "unknown", why: message("connectors.noAnswerCall", { reason: reasonOf(error) }) };
  }
  const { statusCode, outputArguments } = result;
  if (!statusCode.isGood()) return { kind: "refused", why: verbatim(statusCode.name) };
  return { kind: "called", outputs: (outputArguments ?? []).map(outputOf) };
}

const INTEGERS: Readonly<Record<string, readonly [number, number]>> = {
  SByte: [-128, 127],
  Byte: [0, 255],
  Int16: [-32_768, 32_767],
  UInt16: [0, 65_535],
  Int32: [-2_147_483_648, 2_147_483_647],
  UInt32: [0, 4_294_967_295],
};

/** A message = why they do not fit what the method declares. */
export function inputsOf(declared: readonly MethodArgument[], given: readonly CallInput[]): Variant[] | Message {
  if (declared.length !== given.length) return message("connectors.inputsOtherNumber", { declared: declared.length, given: given.length });
  const variants: Variant[] = [];
  for (const [n, argument] of declared.entries()) {
    const { name, dataType, array, supported } = argument;
    if (!supported) return message("connectors.inputNotWritable", { name, type: dataType });
    const value = given[n]!;
    if (Array.isArray(value) !== (array === true))
      return array === true
        ? message("connectors.inputIsList", { name, type: dataType })
        : message("connectors.inputIsNoList", { name, type: dataType });
    const values = (Array.isArray(value) ? value : [value]) as readonly (number | string | boolean)[];
    const converted = values.map((each) => typed(dataType, each));
    const wrong = converted.findIndex((each) => each === undefined);
    if (wrong >= 0) return message("connectors.inputOfWrongType", { name, type: dataType, given: JSON.stringify(values[wrong]) });
    const type = DataType[dataType as keyof typeof DataType];
    variants.push(
      array === true
        ? new Variant({ dataType: type, arrayType: VariantArrayType.Array, value: converted })
        : new Variant({ dataType: type, value: converted[0] }),
    );
  }
  return variants;
}

function typed(dataType: string, value: number | string | boolean): unknown {
  const range = INTEGERS[dataType];
  if (range !== undefined) return Number.isInteger(value) && Number(value) >= range[0] && Number(value) <= range[1] ? value : undefined;
  switch (dataType) {
    case "Float":
    case "Double":
      return typeof value === "number" && Number.isFinite(value) ? value : undefined;
    case "Boolean":
      return typeof value === "boolean" ? value : undefined;
    case "String":
      return typeof value === "string" ? value : undefined;
    case "LocalizedText":
      return typeof value === "string" ? new LocalizedText({ text: value }) : undefined;
    case "DateTime": {
      const time = typeof value === "string" ? new Date(value) : undefined;
      return time === undefined || Number.isNaN(time.getTime()) ? undefined : time;
    }
    default:
      return undefined;
  }
}

function outputOf({ value }: Variant): CallInput | null {
  const one = (each: unknown): string | number | boolean => {
    if (typeof each === "number" || typeof each === "boolean" || typeof each === "string") return each;
    const text = (each as { text?: unknown } | null)?.text;
    if (typeof text === "string") return text;
    return each instanceof Date ? each.toISOString() : String(each);
  };
  if (value === null || value === undefined) return null;
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !Buffer.isBuffer(value))
    ? [...(value as unknown as Iterable<unknown>)].slice(0, MAX_OUTPUT).map(one)
    : one(value);
}

const MAX_OUTPUT = 1_000;
